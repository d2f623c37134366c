/**
 * A member takes the balance back, to where it came from:
 *
 *   ask        shared out over the member's top-ups, newest first          purse → transit out
 *   send       each part is refunded by its platform, under the part's id  nothing moves
 *   confirmed  the platform has paid the person                            transit out → custody
 *   refused    it has not, and will not                                    transit out → purse
 *   stuck      the person's account cannot take it, and the platform keeps it    nothing moves
 *
 * What a platform pays back no more (too old, too often) is left out (givenUp.ts). Silence is asked again under the same id, which the platform pays once. A part whose confirmation
 * finds custody short (the platform has not paid us out yet) waits as `confirmed` until the money is there.
 */
import {
  newId,
  Refusal,
  transferId,
  type Books,
  type Id,
  type PersonId,
  type PurseId,
  type Transaction,
} from '@bursar/kernel'
import { equal, type Money } from '@bursar/money'
import { purseAccount, transitOut } from './accounts.ts'
import { directoryOf } from './directory.ts'
import { sendParts, type PartId, type WithdrawalId } from './parts.ts'
import type { Refused } from './refused.ts'
import type { Wallet } from './wallet.ts'

export type Part = Readonly<{
  id: PartId
  topUp: Id<'top'> | null
  amount: Money
  state: 'sending' | 'stuck' | 'confirmed' | 'done' | 'returned'
  reason: string | null
  endedAt: Date | null
}>
export type Withdrawal = Readonly<{
  id: WithdrawalId
  purse: PurseId | null
  amount: Money
  by: PersonId | null
  at: Date
  parts: readonly Part[]
  /** `sending` until every part has ended, also one that is stuck; then `done`, `returned`, or `partly` both. */
  state: 'sending' | 'done' | 'partly' | 'returned'
}>
export type WithdrawalAsk = Readonly<{
  id: WithdrawalId
  purse: PurseId
  amount: Money
  by: PersonId
  at?: Date
}>

export async function withdraw(
  books: Books,
  wallets: readonly Wallet[],
  ask: WithdrawalAsk,
): Promise<Withdrawal> {
  const { id, purse, amount, by, at = null } = ask
  const { person, book, currency } = await directoryOf(books).purse(purse)
  if (person !== by) throw new Refusal<Refused>('no_such_purse', { purse })
  await books.write(async tx => {
    await tx.sql`select from custody.purse where id = ${purse} for no key update`
    const [known] = await tx.sql<{ purse: PurseId; minor: bigint; currency: string; by: PersonId }>`
      select purse, minor, currency, asked_by as by from custody.withdrawal where id = ${id}`
    if (known) {
      const alike = known.purse === purse && known.by === by && equal(amount, known)
      if (!alike) throw new Refusal('id_already_used', { id })
      return
    }
    if (amount.minor <= 0n) throw new Refusal('amount_out_of_range', { amount })
    if (amount.currency !== currency) throw new Refusal('other_currency', { amount })
    await tx.sql`
      insert into custody.withdrawal (id, book, purse, minor, currency, asked_by, at)
      values (${id}, ${book}, ${purse}, ${amount.minor}, ${currency}, ${by},
        coalesce(${at}::timestamptz, now()))`
    await shareOut(tx, wallets, book, ask)
    tx.append(book, {
      kind: 'post',
      id: transferId(id, 'send'),
      event: 'withdrawal',
      subject: id,
      debit: purseAccount(purse),
      credit: transitOut,
      amount,
    })
  })
  await Promise.all(wallets.map(wallet => sendParts(books, wallet, { withdrawal: id })))
  return readWithdrawal(books, id)
}

type Source = Readonly<{ id: Id<'top'>; left: bigint }>

/** Never more goes back to a payment than came from it, and no later nor more often than its platform does it. */
async function shareOut(
  tx: Transaction,
  wallets: readonly Wallet[],
  book: number,
  { id, purse, amount, at }: WithdrawalAsk,
): Promise<void> {
  const gateways = wallets.map(({ gateway }) => gateway)
  const [days, times] = [
    wallets.map(({ refundable }) => refundable.days),
    wallets.map(({ refundable }) => refundable.times ?? null),
  ]
  const sources = await tx.sql<Source>`
    select t.id, t.minor - t.returned as left
    from custody.top_up t
    join unnest(${gateways}::text[], ${days}::int[], ${times}::int[])
      as route (gateway, days, times) on route.gateway = t.gateway
    where t.purse = ${purse} and t.state = 'credited' and t.returned < t.minor
      and t.ended_at > coalesce(${at ?? null}::timestamptz, now()) - make_interval(days => route.days)
      and (route.times is null or route.times >
        (select count(*) from custody.part p where p.top_up = t.id and p.state <> 'returned'))
    order by t.created_at desc, t.id desc for update of t`
  const parts: { part: PartId; topUp: Id<'top'>; minor: bigint }[] = []
  let wanted = amount.minor
  for (const { id: topUp, left } of sources) {
    if (wanted === 0n) break
    const minor = left < wanted ? left : wanted
    parts.push({ part: newId('wdp'), topUp, minor })
    wanted -= minor
  }
  if (wanted > 0n) {
    const most = { minor: amount.minor - wanted, currency: amount.currency }
    throw new Refusal<Refused>('source_short', { amount, most })
  }
  const columns = {
    ids: parts.map(one => one.part),
    topUps: parts.map(one => one.topUp),
    minors: parts.map(one => one.minor),
  }
  await tx.sql`
    insert into custody.part (id, withdrawal, book, gateway, order_no, top_up, minor, asked_at)
    select part, ${id}, ${book}, t.gateway, coalesce(t.order_no, t.id), t.id, shared.minor,
      coalesce(${at ?? null}::timestamptz, now())
    from unnest(${columns.ids}::text[], ${columns.topUps}::text[], ${columns.minors}::bigint[])
      as shared (part, top_up, minor)
    join custody.top_up t on t.id = shared.top_up`
  await tx.sql`
    update custody.top_up t set returned = returned + shared.minor
    from unnest(${columns.topUps}::text[], ${columns.minors}::bigint[]) as shared (top_up, minor)
    where t.id = shared.top_up`
}

export async function readWithdrawal(books: Books, id: WithdrawalId): Promise<Withdrawal> {
  const [row] = await books.sql<
    Omit<Withdrawal, 'parts' | 'state' | 'amount'> & { minor: bigint; currency: string }
  >`
    select id, purse, minor, currency, asked_by as by, at from custody.withdrawal where id = ${id}`
  if (!row) throw new Refusal<Refused>('no_such_withdrawal', { withdrawal: id })
  const { minor, currency, ...rest } = row
  const rows = await books.sql<Omit<Part, 'amount'> & { minor: bigint }>`
    select id, top_up as "topUp", minor, state, reason, ended_at as "endedAt"
    from custody.part where withdrawal = ${id} order by id`
  const parts = rows.map(({ minor: some, ...part }) => ({
    ...part,
    amount: { minor: some, currency },
  }))
  return { ...rest, amount: { minor, currency }, parts, state: stateOf(parts) }
}

function stateOf(parts: readonly Part[]): Withdrawal['state'] {
  if (parts.some(({ state }) => state === 'sending' || state === 'stuck')) return 'sending'
  if (parts.every(({ state }) => state === 'returned')) return 'returned'
  return parts.some(({ state }) => state === 'returned') ? 'partly' : 'done'
}
