/**
 * The parts of withdrawals, from "sending" to their end. The platform is called outside of any
 * transaction; what it says is then written and posted in one, under the part's lock.
 *
 *   sending → confirmed → done       transit out → custody
 *   sending → returned               transit out → purse, or → suspense for money that came from there
 */
import {
  newId,
  Refusal,
  transferId,
  type Books,
  type Id,
  type PurseId,
  type Transaction,
} from '@bursar/kernel'
import type { Account } from '@bursar/ledger'
import { custody, purseAccount, suspense, transitOut } from './accounts.ts'
import type { Wallet } from './wallet.ts'

export type WithdrawalId = Id<'wdr'>
export type PartId = Id<'wdp'>

type Open = Readonly<{
  id: PartId
  orderNo: Id
  minor: bigint
  currency: string
  state: 'sending' | 'confirmed'
}>
type Held = Open &
  Readonly<{
    book: number
    topUp: Id<'top'> | null
    purse: PurseId | null
    suspense: Id<'sus'> | null
  }>

export type Which = Readonly<{ withdrawal?: WithdrawalId; olderThanMs?: number; limit?: number }>

/** Sends all that was not answered yet, and posts what custody could not bear before, `limit` at a time. */
export async function sendParts(books: Books, wallet: Wallet, which: Which): Promise<void> {
  for (let after: PartId | null = null; ;) {
    const open: Open[] = await openAfter(books, wallet, after, which)
    // At once: a member waits for one silence of the platform, not for one per part.
    await Promise.all(open.map(part => send(books, wallet, part)))
    after = open.at(-1)?.id ?? null
    if (after === null) return
  }
}

const openAfter = (
  books: Books,
  { gateway }: Wallet,
  after: PartId | null,
  { withdrawal, olderThanMs = 0, limit = 50 }: Which,
): Promise<Open[]> =>
  books.sql<Open>`
    select p.id, p.order_no as "orderNo", p.minor, w.currency, p.state
    from custody.part p join custody.withdrawal w on w.id = p.withdrawal
    where p.state in ('sending', 'confirmed') and w.gateway = ${gateway}
      and (${withdrawal ?? null}::text is null or p.withdrawal = ${withdrawal ?? null})
      and p.asked_at <= now() - make_interval(secs => ${olderThanMs / 1000}::float8)
      and (${after}::text is null or (p.asked_at, p.id) >
        (select asked_at, id from custody.part where id = ${after}))
    order by p.asked_at, p.id limit ${limit}`

async function send(books: Books, wallet: Wallet, part: Open): Promise<void> {
  const { id: refund, orderNo: order, minor, currency } = part
  if (part.state === 'sending') {
    const said = await wallet.refund({ order, refund, amount: { minor, currency } })
    if (said === 'unknown') return
    if (said !== 'done') return giveBack(books, refund, said.refused)
    await books.sql`
      update custody.part set state = 'confirmed' where id = ${refund} and state = 'sending'`
  }
  await post(books, refund)
}

/** The bank account has less than before. Left for later if it has not the money to show for it. */
async function post(books: Books, id: PartId): Promise<void> {
  try {
    await books.write(async tx => {
      const part = await hold(tx, id)
      if (part?.state !== 'confirmed') return
      await tx.sql`update custody.part set state = 'done', ended_at = now() where id = ${id}`
      if (part.suspense)
        await tx.sql`update custody.suspense set state = 'returned' where id = ${part.suspense}`
      move(tx, part, 'done', custody)
    })
  } catch (error) {
    if (!(error instanceof Refusal) || error.code !== 'no_room') throw error
  }
}

/** The platform will not pay it back: the money is the member's again, or in suspense for a person. */
async function giveBack(books: Books, id: PartId, reason: string): Promise<void> {
  try {
    await returned(books, id, reason)
  } catch (error) {
    if (!(error instanceof Refusal)) throw error
    // The purse was filled or barred meanwhile.
    await returned(books, id, reason, suspense)
  }
}

function returned(books: Books, id: PartId, reason: string, instead?: Account): Promise<void> {
  return books.write(async tx => {
    const part = await hold(tx, id)
    if (part?.state !== 'sending') return
    await tx.sql`
      update custody.part set state = 'returned', reason = ${reason}, ended_at = now() where id = ${id}`
    if (part.topUp)
      await tx.sql`
        update custody.top_up set returned = returned - ${part.minor} where id = ${part.topUp}`
    if (part.suspense)
      await tx.sql`
        update custody.suspense set state = 'unclaimed', reason = 'could_not_return' where id = ${part.suspense}`
    else if (instead) await suspend(tx, part)
    move(tx, part, 'back', instead ?? (part.purse ? purseAccount(part.purse) : suspense))
  })
}

const suspend = (tx: Transaction, { id, book, minor, currency }: Held) =>
  tx.sql`
    insert into custody.suspense (id, book, gateway, about, trade_no, minor, currency, reason)
    values (${newId('sus')}, ${book}, 'withdrawal', ${id}, ${id}, ${minor}, ${currency}, 'could_not_return')`

function move(tx: Transaction, part: Held, step: 'done' | 'back', credit: Account): void {
  const { id, book, minor, currency } = part
  tx.append(book, {
    kind: 'post',
    id: transferId(id, step),
    event: step === 'done' ? 'withdrawal_done' : 'withdrawal_returned',
    subject: id,
    debit: transitOut,
    credit,
    amount: { minor, currency },
  })
}

/** In the one order of locks: the suspense row or top-up is locked by its update, after the part. */
async function hold(tx: Transaction, id: PartId): Promise<Held | undefined> {
  const [part] = await tx.sql<Held>`
    select p.id, p.book, p.order_no as "orderNo", p.top_up as "topUp", p.minor, p.state,
           w.currency, w.purse, w.suspense
    from custody.part p join custody.withdrawal w on w.id = p.withdrawal
    where p.id = ${id} for update of p`
  return part
}

/**
 * Payments that can never be placed go back to their payers by themselves: those beyond a purse's ceiling, and
 * those that came too late, or at another sum, for an order that is over. Whose order was credited by
 * another payment, and what an authority has barred, waits for a person.
 */
async function returnExcess(books: Books, wallet: Wallet, limit: number): Promise<void> {
  const excess = await books.sql<{ id: Id<'sus'> }>`
    select s.id from custody.suspense s
    where s.state = 'unclaimed' and s.gateway = ${wallet.gateway}
      and (s.reason = 'over_ceiling' or s.reason in ('order_ended', 'wrong_amount') and exists (
        select from custody.top_up t where t.id = s.about and t.state in ('closed', 'expired')))
    order by s.at, s.id limit ${limit}`
  for (const { id } of excess) await returnOne(books, wallet.gateway, id)
}

function returnOne(books: Books, gateway: string, id: Id<'sus'>): Promise<void> {
  return books.write(async tx => {
    const [row] = await tx.sql<{ book: number; about: string; minor: bigint; currency: string }>`
      update custody.suspense set state = 'returning'
      where id = ${id} and state = 'unclaimed' returning book, about, minor, currency`
    if (!row) return
    const { book, about, minor, currency } = row
    const withdrawal = newId('wdr')
    await tx.sql`
      insert into custody.withdrawal (id, book, suspense, minor, currency, gateway)
      values (${withdrawal}, ${book}, ${id}, ${minor}, ${currency}, ${gateway})`
    await tx.sql`
      insert into custody.part (id, withdrawal, book, order_no, minor)
      values (${newId('wdp')}, ${withdrawal}, ${book}, ${about}, ${minor})`
    tx.append(book, {
      kind: 'post',
      id: transferId(withdrawal, 'send'),
      event: 'suspense_returned',
      subject: id,
      debit: suspense,
      credit: transitOut,
      amount: { minor, currency },
    })
  })
}

/** The worker's round: sends back what may not stay, and asks again what nobody answered. */
export async function pollWithdrawals(
  books: Books,
  wallet: Wallet,
  { limit = 50, olderThanMs = 5000 }: { limit?: number; olderThanMs?: number } = {},
): Promise<void> {
  await returnExcess(books, wallet, limit)
  await sendParts(books, wallet, { olderThanMs, limit })
}
