/** What stands in suspense, why, and what is known of it: for the people who find its owner. */
import {
  Refusal,
  type Books,
  type Id,
  type PersonId,
  type PoolId,
  type PurseId,
} from '@bursar/kernel'
import type { Money } from '@bursar/money'
import type { Proposal, ProposalId } from './proposals.ts'
import type { Refused } from './refused.ts'

export type SuspenseId = Id<'sus'>
export type SuspenseReason =
  | 'unknown_order'
  | 'wrong_amount'
  | 'wrong_account'
  | 'wrong_currency'
  | 'order_ended'
  | 'over_ceiling'
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

type Row = Omit<Suspended, 'amount'> & { minor: bigint; currency: string }

const suspendedOf = ({ minor, currency, ...row }: Row): Suspended => ({
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

function newestFirst(books: Books, filter: SuspenseFilter): Promise<Row[]> {
  const { within, pool, state, reason, words, cursor, limit } = termsOf(filter)
  return books.sql<Row>`
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

function oldestFirst(books: Books, filter: SuspenseFilter): Promise<Row[]> {
  const { within, pool, reason, words, cursor, limit } = termsOf(filter)
  return books.sql<Row>`
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

/** The order that the payment names, if it is one of ours. */
export type NamedOrder = Readonly<{
  purse: PurseId
  person: PersonId
  personName: string | null
  merchantName: string
  amount: Money
  state: 'waiting' | 'credited' | 'closed' | 'expired'
}>
export type ProposalStep = Readonly<{
  name: 'propose' | 'confirm' | 'reject'
  by: PersonId
  byName: string | null
  at: Date
  reason: string | null
}>
export type ToldProposal = Proposal &
  Readonly<{
    personName: string | null
    merchantName: string | null
    steps: readonly ProposalStep[]
  }>
export type SuspenseDetails = Suspended &
  Readonly<{
    /** What told us of it, word for word; absent where the money came back to us by ourselves. */
    notice: Readonly<{ at: Date; text: string }> | null
    order: NamedOrder | null
    /** Newest first. */
    proposals: readonly ToldProposal[]
  }>

/** A notice is at most 64 KiB; what matters of it is at its beginning. */
const legible = 4000

export async function readSuspense(books: Books, id: SuspenseId): Promise<SuspenseDetails> {
  const [found, notices, orders, proposals] = await Promise.all([
    books.sql<Row>`
      select id, book, pool, "poolName", gateway, about, "tradeNo", minor, currency, reason, state, at,
        "payerName", "payerAccount"
      from custody.suspended where id = ${id}`,
    books.sql<{ at: Date; body: Buffer }>`
      select i.received_at as at, i.body
      from custody.suspense s join custody.inbox i on i.gateway = s.gateway and i.event = s.notice
      where s.id = ${id}`,
    ordersOf(books, id),
    proposalsOf(books, id),
  ])
  if (!found[0]) throw new Refusal<Refused>('no_such_suspense', { suspense: id })
  const notice = notices[0]
  return {
    ...suspendedOf(found[0]),
    notice: notice ? { at: notice.at, text: notice.body.toString().slice(0, legible) } : null,
    order: orders[0] ?? null,
    proposals,
  }
}

async function ordersOf(books: Books, id: SuspenseId): Promise<NamedOrder[]> {
  const rows = await books.sql<Omit<NamedOrder, 'amount'> & { minor: bigint; currency: string }>`
    select t.purse, u.person, n.name as "personName", m.name as "merchantName", t.minor, t.currency,
      t.state
    from custody.suspense s
    join custody.top_up t on t.id = s.about and t.gateway = s.gateway
    join custody.purse u on u.id = t.purse
    join parties.merchant m on m.id = u.merchant
    left join parties.person n on n.id = u.person
    where s.id = ${id}`
  return rows.map(({ minor, currency, ...row }) => ({ ...row, amount: { minor, currency } }))
}

async function proposalsOf(books: Books, suspense: SuspenseId): Promise<ToldProposal[]> {
  const [proposals, steps] = await Promise.all([
    books.sql<Omit<ToldProposal, 'steps'>>`
      select p.id, p.suspense, p.kind, p.purse, p.reason, p.state, p.proposed_by as "proposedBy",
        p.decided_by as "decidedBy", n.name as "personName", m.name as "merchantName"
      from custody.proposal p
      left join custody.purse u on u.id = p.purse
      left join parties.person n on n.id = u.person
      left join parties.merchant m on m.id = u.merchant
      where p.suspense = ${suspense} order by p.proposed_at desc, p.id desc`,
    books.sql<ProposalStep & { proposal: ProposalId }>`
      select t.proposal, t.name, t.taken_by as by, n.name as "byName", t.taken_at as at, t.reason
      from custody.proposal p
      join custody.proposal_step t on t.proposal = p.id
      left join parties.person n on n.id = t.taken_by
      where p.suspense = ${suspense}
      order by array_position(array['propose', 'confirm', 'reject'], t.name)`,
  ])
  return proposals.map(one => ({
    ...one,
    steps: steps
      .filter(({ proposal }) => proposal === one.id)
      .map(({ proposal: _, ...step }) => step),
  }))
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
