/** Breaks as they are read: the desk's list, and one with both sides and what was decided about it. */
import { Refusal, type Books, type Day, type Id, type PersonId } from '@bursar/kernel'
import type { Money } from '@bursar/money'
import type { BreakKind, Of } from './compare.ts'
import type { Refused } from './refused.ts'

export type BreakId = Id<'brk'>
export type ProposalId = Id<'rcp'>
export type BreakState = 'open' | 'proposed' | 'booking' | 'settled' | 'ended'
export type Reason = 'timing' | 'platform_fault' | 'our_fault' | 'by_hand' | 'rounding' | 'other'
export type Break = Readonly<{
  id: BreakId
  gateway: string
  day: Day
  of: Of
  kind: BreakKind
  state: BreakState
  order: string
  refund: string | null
  trade: string | null
  there: Readonly<{ amount: Money; fee: Money; at: Date }> | null
  here: Readonly<{ id: string; amount: Money; state: string; at: Date | null }> | null
  /** By how much they differ. */
  atStake: Money
  /** What the platform was to keep, where it is agreed and is the question. */
  agreedFee: Money | null
  foundAt: Date
  endedAt: Date | null
}>
export type Proposal = Readonly<{
  id: ProposalId
  kind: 'explain' | 'book'
  reason: Reason
  note: string
  /** `alone`: what is worth little may be explained by one person. */
  state: 'proposed' | 'confirmed' | 'rejected' | 'alone'
  proposedBy: PersonId
  proposedByName: string
  proposedAt: Date
  decidedBy: PersonId | null
  decidedByName: string | null
  decidedAt: Date | null
  answer: string | null
  outcome: string | null
}>
export type BreakFilter = Readonly<{
  /** `waiting`: open, or proposed and not decided. */
  state?: BreakState | 'waiting'
  kind?: BreakKind
  gateway?: string
  from?: Day
  to?: Day
  q?: string
  /** The last id of the page before. */
  cursor?: string
  limit?: number
}>

type Row = Omit<Break, 'there' | 'here' | 'atStake' | 'agreedFee'> &
  Readonly<{
    currency: string
    thereMinor: bigint | null
    thereFee: bigint | null
    thereAt: Date | null
    hereId: string | null
    hereMinor: bigint | null
    hereState: string | null
    hereAt: Date | null
    atStake: bigint
    agreedFee: bigint | null
  }>

function breakOf({ currency, ...row }: Row): Break {
  const { thereMinor, thereFee, thereAt, hereId, hereMinor, hereState, hereAt, ...rest } = row
  const money = (minor: bigint): Money => ({ minor, currency })
  return {
    ...rest,
    there: thereAt && { amount: money(thereMinor!), fee: money(thereFee!), at: thereAt },
    here:
      hereId === null
        ? null
        : { id: hereId, amount: money(hereMinor!), state: hereState!, at: hereAt },
    atStake: money(rest.atStake),
    agreedFee: rest.agreedFee === null ? null : money(rest.agreedFee),
  }
}

/** Newest first. Words are looked for in the numbers, from their beginning. */
export async function listBreaks({ sql }: Books, filter: BreakFilter = {}): Promise<Break[]> {
  const { state = null, kind = null, gateway = null, from = null, to = null } = filter
  const { cursor = null, limit = 50 } = filter
  const q = filter.q?.trim()
    ? `${filter.q.trim().replace(/[\\%_]/g, letter => `\\${letter}`)}%`
    : null
  const rows = await sql<Row>`
    select b.id, b.gateway, b.day::text as day, b.of, b.kind, b.state, b.order_no as order, b.refund_no as refund,
      b.trade_no as trade, b.currency, b.there_minor as "thereMinor", b.there_fee as "thereFee",
      b.there_at as "thereAt", b.here_id as "hereId", b.here_minor as "hereMinor", b.here_state as "hereState",
      b.here_at as "hereAt", b.at_stake as "atStake", b.agreed_fee as "agreedFee", b.found_at as "foundAt",
      b.ended_at as "endedAt"
    from reconciliation.break b
    where (${state}::text is null or b.state = ${state}
        or (${state} = 'waiting' and b.state in ('open', 'proposed', 'booking')))
      and (${kind}::text is null or b.kind = ${kind})
      and (${gateway}::text is null or b.gateway = ${gateway})
      and (${from}::date is null or b.day >= ${from}::date)
      and (${to}::date is null or b.day <= ${to}::date)
      and (${q}::text is null or b.id like ${q} or b.order_no like ${q} or b.refund_no like ${q}
        or b.trade_no like ${q})
      and (${cursor}::text is null or (b.found_at, b.id) <
        (select found_at, id from reconciliation.break where id = ${cursor}))
    order by b.found_at desc, b.id desc limit ${limit}`
  return rows.map(breakOf)
}

export async function readBreak(
  books: Books,
  id: BreakId,
): Promise<Break & Readonly<{ proposals: readonly Proposal[] }>> {
  const [row] = await books.sql<Row>`
    select b.id, b.gateway, b.day::text as day, b.of, b.kind, b.state, b.order_no as order, b.refund_no as refund,
      b.trade_no as trade, b.currency, b.there_minor as "thereMinor", b.there_fee as "thereFee",
      b.there_at as "thereAt", b.here_id as "hereId", b.here_minor as "hereMinor", b.here_state as "hereState",
      b.here_at as "hereAt", b.at_stake as "atStake", b.agreed_fee as "agreedFee", b.found_at as "foundAt",
      b.ended_at as "endedAt"
    from reconciliation.break b where b.id = ${id}`
  if (!row) throw new Refusal<Refused>('no_such_break', { break: id })
  const proposals = await books.sql<Proposal>`
    select p.id, p.kind, p.reason, p.note, p.state, p.proposed_by as "proposedBy", who.name as "proposedByName",
      p.proposed_at as "proposedAt", p.decided_by as "decidedBy", other.name as "decidedByName",
      p.decided_at as "decidedAt", p.answer, p.outcome
    from reconciliation.proposal p
    join parties.person who on who.id = p.proposed_by
    left join parties.person other on other.id = p.decided_by
    where p.break = ${id} order by p.proposed_at desc, p.id desc`
  return { ...breakOf(row), proposals }
}

export type WaitingBreaks = Readonly<{ kind: BreakKind; count: number; oldest: Date | null }>

/** How many of each kind nobody has settled, and since when: for the log and for metrics. */
export async function waitingBreaks({ sql }: Books): Promise<WaitingBreaks[]> {
  return await sql<WaitingBreaks>`
    select kind, count(*)::int as count, min(found_at) as oldest
    from reconciliation.break where state in ('open', 'proposed', 'booking') group by kind order by kind`
}
