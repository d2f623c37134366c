/** What stands in suspense, and why; and the purses that it may belong to. */
import { type Books, type Id, type PoolId, type PurseId } from '@bursar/kernel'
import type { Money } from '@bursar/money'

export type SuspenseId = Id<'sus'>
export type SuspenseReason =
  | 'unknown_order'
  | 'wrong_amount'
  | 'wrong_account'
  | 'wrong_currency'
  | 'order_ended'
  | 'over_ceiling'
  | 'other_payer'
  | 'purse_barred'
  | 'unexpected_credit'
  | 'unknown_payer'
  | 'could_not_return'
export type SuspenseState = 'unclaimed' | 'proposed' | 'assigned' | 'returning' | 'returned'
export type Suspended = Readonly<{
  id: SuspenseId
  book: number
  pool: PoolId
  poolName: string
  gateway: string
  /** The order or the reference that came with the money. */
  about: string
  /** The platform's, or the bank's, own number of the payment. */
  tradeNo: string
  amount: Money
  reason: SuspenseReason
  state: SuspenseState
  at: Date
  /** Of a bank's credit: who paid, as the bank names them. */
  payerName: string | null
  payerAccount: string | null
}>
export type SuspenseFilter = Readonly<{
  /** Only of these pools, by their books. */
  within?: readonly number[]
  pool?: PoolId
  /** `open`: nobody has decided yet, which is read from the oldest; all else newest first. */
  state?: SuspenseState | 'open'
  reason?: SuspenseReason
  /** Part of the order, the payment's number, or the payer. */
  q?: string
  /** The last id of the page before. */
  cursor?: string
  limit?: number
}>

export type SuspendedRow = Omit<Suspended, 'amount'> & { minor: bigint; currency: string }

export const suspendedOf = ({ minor, currency, ...row }: SuspendedRow): Suspended => ({
  ...row,
  amount: { minor, currency },
})

export async function listSuspense(books: Books, filter: SuspenseFilter): Promise<Suspended[]> {
  const rows = await (filter.state === 'open'
    ? oldestFirst(books, filter)
    : newestFirst(books, filter))
  return rows.map(suspendedOf)
}

/** Words to look for: `%` and `_` mean themselves. */
const containing = (q: string): string =>
  `%${q.trim().replace(/[\\%_]/g, letter => `\\${letter}`)}%`

function termsOf({ within, pool, state, reason, q, cursor, limit = 50 }: SuspenseFilter) {
  const words = q?.trim() ? containing(q) : null
  const whose = { within: within ?? null, pool: pool ?? null }
  return {
    ...whose,
    state: state ?? null,
    reason: reason ?? null,
    words,
    cursor: cursor ?? null,
    limit,
  }
}

function newestFirst(books: Books, filter: SuspenseFilter): Promise<SuspendedRow[]> {
  const { within, pool, state, reason, words, cursor, limit } = termsOf(filter)
  return books.sql<SuspendedRow>`
    select id, book, pool, "poolName", gateway, about, "tradeNo", minor, currency, reason, state, at,
      "payerName", "payerAccount"
    from custody.suspended
    where (${within}::int[] is null or book = any(${within}::int[]))
      and (${pool}::text is null or pool = ${pool})
      and (${state}::text is null or state = ${state})
      and (${reason}::text is null or reason = ${reason})
      and (${words}::text is null or about ilike ${words} or "tradeNo" ilike ${words}
        or "payerName" ilike ${words} or "payerAccount" ilike ${words})
      and (${cursor}::text is null or (at, id) <
        (select at, id from custody.suspense where id = ${cursor}))
    order by at desc, id desc limit ${limit}`
}

function oldestFirst(books: Books, filter: SuspenseFilter): Promise<SuspendedRow[]> {
  const { within, pool, reason, words, cursor, limit } = termsOf(filter)
  return books.sql<SuspendedRow>`
    select id, book, pool, "poolName", gateway, about, "tradeNo", minor, currency, reason, state, at,
      "payerName", "payerAccount"
    from custody.suspended
    where state in ('unclaimed', 'proposed')
      and (${within}::int[] is null or book = any(${within}::int[]))
      and (${pool}::text is null or pool = ${pool})
      and (${reason}::text is null or reason = ${reason})
      and (${words}::text is null or about ilike ${words} or "tradeNo" ilike ${words}
        or "payerName" ilike ${words} or "payerAccount" ilike ${words})
      and (${cursor}::text is null or (at, id) >
        (select at, id from custody.suspense where id = ${cursor}))
    order by at, id limit ${limit}`
}

export type Astray = Readonly<{
  amount: Money
  reason: SuspenseReason
  /** `returned` as soon as the platform has sent it back, `kept` while nobody has decided. */
  state: 'kept' | 'returning' | 'returned'
}>

/** The last payment of this order that was not credited, for whoever paid it. What could not be sent back is a desk's matter. */
export async function astrayOf(
  { sql }: Books,
  { id, gateway }: Readonly<{ id: Id<'top'>; gateway: string }>,
): Promise<Astray | undefined> {
  const [row] = await sql<{ minor: bigint; currency: string } & Omit<Astray, 'amount'>>`
    select s.minor, s.currency, s.reason, case
      when s.state = 'returned' or p.state in ('confirmed', 'done') then 'returned'
      when s.state = 'returning' then 'returning' else 'kept' end as state
    from custody.suspense s
    left join custody.withdrawal w on w.suspense = s.id and s.state = 'returning'
    left join custody.part p on p.withdrawal = w.id
    where s.about = ${id} and s.gateway = ${gateway} and s.reason <> 'could_not_return' and s.state <> 'assigned'
    order by s.at desc, s.id desc, w.id desc limit 1`
  if (!row) return undefined
  const { minor, currency, ...rest } = row
  return { amount: { minor, currency }, ...rest }
}

export type FoundPurse = Readonly<{
  purse: PurseId
  personName: string | null
  merchantName: string
}>

/** Purses of the pool that the money lies in, by the member's or the merchant's name, or the id: 20 at most. */
export const findPurses = (books: Books, id: SuspenseId, q: string): Promise<FoundPurse[]> => {
  const words = containing(q)
  return books.sql<FoundPurse>`
    select u.id as purse, n.name as "personName", m.name as "merchantName"
    from custody.suspense s
    join custody.purse u on u.book = s.book
    join parties.merchant m on m.id = u.merchant
    left join parties.person n on n.id = u.person
    where s.id = ${id} and (u.id = ${q.trim()} or n.name ilike ${words} or m.name ilike ${words})
    order by n.name, u.id limit 20`
}
