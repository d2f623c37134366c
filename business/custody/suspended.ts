/** One row of suspense with all that is known of it: for the people who find its owner. */
import { Refusal, type Books, type PersonId, type PurseId } from '@bursar/kernel'
import type { Money } from '@bursar/money'
import type { Proposal, ProposalId } from './proposals.ts'
import type { Refused } from './refused.ts'
import { suspendedOf, type Suspended, type SuspendedRow, type SuspenseId } from './suspense.ts'

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
    books.sql<SuspendedRow>`
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
