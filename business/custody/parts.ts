/**
 * The parts of withdrawals, from "sending" to their end. The platform is called outside of any
 * transaction; what it says is then written and posted in one, under the part's lock.
 *
 *   sending → confirmed → done       transit out → custody
 *   sending → stuck                  nothing: the platform keeps it until a person sees to it there
 *   sending → returned               transit out → purse, or → suspense for money that came from there
 *
 * A refusal gives the money back, so it is believed only when the platform, asked, knows of no refund, and no
 * other call for it may still be under way: each is counted before it is made, and forgotten after a minute, or as soon
 * as it is refused. What is stuck is asked about every ten minutes, and ends as what is sending does.
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
import { alone } from './hitches.ts'
import { returnExcess } from './returns.ts'
import type { Route } from './wallet.ts'

export type WithdrawalId = Id<'wdr'>
export type PartId = Id<'wdp'>

type Open = Readonly<{
  id: PartId
  orderNo: string
  minor: bigint
  currency: string
  state: 'sending' | 'stuck' | 'confirmed'
}>
type Held = Open &
  Readonly<{
    book: number
    gateway: string
    tries: number
    topUp: Id<'top'> | null
    purse: PurseId | null
    suspense: Id<'sus'> | null
  }>

export type Which = Readonly<{
  withdrawal?: WithdrawalId
  /** Somebody wants to know of this one now: it does not wait for its turn. */
  part?: PartId
  olderThanMs?: number
  limit?: number
}>

/** Sends all that was not answered yet, and posts what custody could not bear before, `limit` at a time. */
export async function sendParts(books: Books, route: Route, which: Which): Promise<void> {
  for (let after: PartId | null = null; ;) {
    const open: Open[] = await openAfter(books, route, after, which)
    const tries = await countTries(books, open)
    // At once: a member waits for one silence of the platform, not for one per part.
    // Each alone: one that throws stops none of the others.
    await Promise.all(
      open.map(part =>
        alone(books, 'part', part.id, () => send(books, route, part, tries.get(part.id))),
      ),
    )
    after = open.at(-1)?.id ?? null
    if (after === null) return
  }
}

const openAfter = (
  books: Books,
  { gateway }: Route,
  after: PartId | null,
  { withdrawal, part, olderThanMs = 0, limit = 50 }: Which,
): Promise<Open[]> =>
  books.sql<Open>`
    select p.id, p.order_no as "orderNo", p.minor, w.currency, p.state
    from custody.part p join custody.withdrawal w on w.id = p.withdrawal
    left join custody.hitch h on h.subject = p.id
    where p.state in ('sending', 'stuck', 'confirmed') and p.gateway = ${gateway}
      and (${part ?? null}::text is null or p.id = ${part ?? null})
      and (${part ?? null}::text is not null
        or ((p.state <> 'stuck' or p.tried_at < now() - interval '10 minutes')
          and (h.subject is null or h.next_at <= now())))
      and (${withdrawal ?? null}::text is null or p.withdrawal = ${withdrawal ?? null})
      and p.asked_at <= now() - make_interval(secs => ${olderThanMs / 1000}::float8)
      and (${after}::text is null or (p.asked_at, p.id) >
        (select asked_at, id from custody.part where id = ${after}))
    order by p.asked_at, p.id limit ${limit}`

/** Which try of its part this is, and whether an earlier one may still be under way. */
type Try = Readonly<{ id: PartId; tries: number; alone: boolean; before: Date | null }>

async function countTries(books: Books, open: readonly Open[]): Promise<Map<PartId, Try>> {
  const ids = open.filter(({ state }) => state !== 'confirmed').map(({ id }) => id)
  if (ids.length === 0) return new Map()
  const tries = await books.sql<Try>`
    with before as (
      select id, tried_at from custody.part
      where id = any(${ids}::text[]) and state in ('sending', 'stuck') order by id for update)
    update custody.part p set tries = p.tries + 1, tried_at = clock_timestamp()
    from before b where b.id = p.id
    returning p.id, p.tries, b.tried_at as before,
      coalesce(b.tried_at < clock_timestamp() - interval '1 minute', true) as alone`
  return new Map(tries.map(one => [one.id, one]))
}

async function send(books: Books, route: Route, part: Open, mine: Try | undefined): Promise<void> {
  const { id: refund, orderNo: order, minor, currency } = part
  if (part.state !== 'confirmed') {
    if (!mine) return
    const said = await route.refund({ order, refund, amount: { minor, currency } })
    const refused = typeof said === 'object' && 'refused' in said ? said.refused : undefined
    const found = refused === undefined ? said : await route.refundQuery({ order, refund })
    if (found === 'none' && refused !== undefined)
      return mine.alone ? giveBack(books, mine, refused) : forget(books, mine)
    if (typeof found === 'object' && 'stuck' in found) return stick(books, mine, found.stuck)
    if (found !== 'done') return
    await books.sql`
      update custody.part set state = 'confirmed', reason = null
      where id = ${refund} and state in ('sending', 'stuck')`
  }
  await post(books, refund)
}

/**
 * This call was answered, and what the one before it does is waited for: asked every five seconds, a platform that
 * refuses would else never be believed.
 */
const forget = (books: Books, { id, tries, before }: Try) =>
  books.sql`
    update custody.part set tried_at = ${before}
    where id = ${id} and state in ('sending', 'stuck') and tries = ${tries}`.then(() => undefined)

/** Accepted, and not deliverable: the money stays claimed. Only the last answer says so. */
const stick = (books: Books, { id, tries }: Try, reason: string) =>
  books.sql`
    update custody.part set state = 'stuck', reason = ${reason}
    where id = ${id} and state in ('sending', 'stuck') and tries = ${tries}`.then(() => undefined)

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
async function giveBack(books: Books, mine: Try, reason: string): Promise<void> {
  try {
    await returned(books, mine, reason)
  } catch (error) {
    if (!(error instanceof Refusal)) throw error
    // The purse was filled or barred meanwhile.
    await returned(books, mine, reason, suspense)
  }
}

function returned(books: Books, mine: Try, reason: string, instead?: Account): Promise<void> {
  const { id, tries } = mine
  return books.write(async tx => {
    const part = await hold(tx, id)
    // Somebody has asked for it again since: then that answer decides.
    if (!part || !['sending', 'stuck'].includes(part.state) || part.tries !== tries) return
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

const suspend = (tx: Transaction, { id, book, gateway, orderNo, minor, currency }: Held) =>
  tx.sql`
    insert into custody.suspense
      (id, book, gateway, about, source, trade_no, minor, currency, reason)
    values (${newId('sus')}, ${book}, ${gateway}, ${orderNo}, ${orderNo}, ${id}, ${minor}, ${currency},
      'could_not_return')`

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
           p.tries, p.gateway, w.currency, w.purse, w.suspense
    from custody.part p join custody.withdrawal w on w.id = p.withdrawal
    where p.id = ${id} for update of p`
  return part
}

/** The worker's round: sends back what may not stay, and asks again what nobody answered. */
export async function pollWithdrawals(
  books: Books,
  route: Route,
  { limit = 50, olderThanMs = 5000 }: { limit?: number; olderThanMs?: number } = {},
): Promise<void> {
  await returnExcess(books, route.gateway, limit)
  await sendParts(books, route, { olderThanMs, limit })
}
