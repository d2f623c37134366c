/**
 * What becomes of money in suspense, in two hands. The money moves when the second one confirms.
 *
 *   propose   somebody says whose it is, or that it goes back      nothing moves
 *   confirm   somebody else agrees      to assign                  suspense → purse
 *                                       to return                  suspense → transit out (returns.ts)
 *   reject    somebody else does not, and says why                 nothing moves; it is open again
 *
 * Neither of them has anything to gain: nobody decides for their own purse, or for one of a merchant where they sit.
 */
import {
  newId,
  Refusal,
  transferId,
  type Books,
  type Id,
  type MerchantId,
  type PersonId,
  type PurseId,
  type Transaction,
} from '@bursar/kernel'
import type { Money } from '@bursar/money'
import { purseAccount, suspense } from './accounts.ts'
import type { Refused } from './refused.ts'
import { sendBack, type Returned } from './returns.ts'
import { explainLicence } from './scope.ts'
import type { SuspenseId, SuspenseState } from './suspense.ts'

export type ProposalId = Id<'pro'>
export type Proposal = Readonly<{
  id: ProposalId
  suspense: SuspenseId
  kind: 'assign' | 'return'
  /** Whose it is to be. */
  purse: PurseId | null
  reason: string
  state: 'proposed' | 'confirmed' | 'rejected'
  proposedBy: PersonId
  decidedBy: PersonId | null
}>
/** With a purse the money is to be assigned to it, without one it is to go back. */
export type ProposalAsk = Readonly<{
  id: ProposalId
  suspense: SuspenseId
  purse?: PurseId
  reason: string
  by: PersonId
  at?: Date
}>
export type Decision = Readonly<{
  id: ProposalId
  step: 'confirm' | 'reject'
  by: PersonId
  /** A rejection must have one. */
  reason?: string
  at?: Date
}>

type Rule = Readonly<{
  from: SuspenseState
  to: Readonly<Record<Proposal['kind'], SuspenseState>>
  state: Proposal['state']
}>

/** What a step makes of the row in suspense, and of the proposal. No other step can be taken. */
const steps = {
  propose: { from: 'unclaimed', to: { assign: 'proposed', return: 'proposed' }, state: 'proposed' },
  confirm: {
    from: 'proposed',
    to: { assign: 'assigned', return: 'returning' },
    state: 'confirmed',
  },
  reject: { from: 'proposed', to: { assign: 'unclaimed', return: 'unclaimed' }, state: 'rejected' },
} as const satisfies Record<string, Rule>

type Held = Returned & Readonly<{ state: SuspenseState; bookCurrency: string }>

/** The caller chooses the id, so proposing twice is proposing once. */
export function propose(books: Books, ask: ProposalAsk): Promise<Proposal> {
  const { id, by, at = new Date(), purse = null } = ask
  const reason = ask.reason.trim()
  return books.write(async tx => {
    const held = await hold(tx, ask.suspense)
    const known = await find(tx, id)
    if (known) return same({ ...ask, reason }, known)
    if (!reason) throw new Refusal<Refused>('reason_missing', { field: 'reason' })
    if (held.state !== steps.propose.from)
      throw new Refusal<Refused>('suspense_decided', { suspense: held.id, state: held.state })
    if (held.currency !== held.bookCurrency)
      throw new Refusal('other_currency', { amount: sumOf(held) })
    if (purse) await mustTake(books, tx, purse, held, by)
    const kind = purse ? 'assign' : 'return'
    await tx.sql`
      insert into custody.proposal (id, suspense, kind, purse, reason, proposed_by, proposed_at)
      values (${id}, ${held.id}, ${kind}, ${purse}, ${reason}, ${by}, ${at})`
    await take(tx, held, { id, kind, step: 'propose', by, at, reason })
    return { ...ask, reason, purse, kind, state: 'proposed', proposedBy: by, decidedBy: null }
  })
}

/** Deciding again the same way changes nothing, so a lost answer may be asked for again. */
export async function decide(books: Books, ask: Decision): Promise<Proposal> {
  const { id, step, by, at = new Date() } = ask
  const reason = ask.reason?.trim() || null
  const work = async (tx: Transaction): Promise<Proposal> => {
    const held = await hold(tx, await suspenseOf(tx, id))
    const proposal = (await find(tx, id))!
    const { kind, purse, proposedBy } = proposal
    if (by === proposedBy) throw new Refusal<Refused>('own_proposal', { proposal: id })
    const { state } = steps[step]
    if (proposal.state === state && proposal.decidedBy === by) return proposal
    if (proposal.state !== 'proposed')
      throw new Refusal<Refused>('proposal_decided', { proposal: id, state: proposal.state })
    if (step === 'reject' && !reason)
      throw new Refusal<Refused>('reason_missing', { field: 'reason' })
    if (step === 'confirm' && purse) await mustTake(books, tx, purse, held, by)
    await tx.sql`
      update custody.proposal set state = ${state}, decided_by = ${by} where id = ${id}`
    await take(tx, held, { id, kind, step, by, at, reason })
    if (step === 'confirm') await move(tx, held, proposal)
    return { ...proposal, state, decidedBy: by }
  }
  return await books.write(work).catch(explainLicence)
}

type Taking = Readonly<{
  id: ProposalId
  kind: Proposal['kind']
  step: keyof typeof steps
  by: PersonId
  at: Date
  reason: string | null
}>

async function take({ sql }: Transaction, held: Held, taking: Taking): Promise<void> {
  const { id, kind, step, by, at, reason } = taking
  await sql`
    insert into custody.proposal_step (proposal, name, taken_by, taken_at, reason)
    values (${id}, ${step}, ${by}, ${at}, ${reason})`
  await sql`update custody.suspense set state = ${steps[step].to[kind]} where id = ${held.id}`
}

async function move(tx: Transaction, held: Held, { id, purse }: Proposal): Promise<void> {
  if (!purse) return sendBack(tx, held, id)
  await keepSource(tx, held, id, purse)
  tx.append(held.book, {
    kind: 'post',
    id: transferId(id, 'assign'),
    event: 'suspense_assigned',
    subject: held.id,
    debit: suspense,
    credit: purseAccount(purse),
    amount: sumOf(held),
  })
}

/** So that the member can take it back to where it came from. What came back from a top-up has its row. */
async function keepSource(
  { sql }: Transaction,
  { book, gateway, source, tradeNo, minor, currency }: Held,
  proposal: ProposalId,
  purse: PurseId,
): Promise<void> {
  if (tradeNo.startsWith('wdp_')) return
  await sql`
    insert into custody.top_up (id, book, purse, minor, currency, gateway, asked_by, state, trade_no,
      order_no, proposal, expires_at, ended_at)
    select ${newId('top')}, ${book}::int, u.id, ${minor}::bigint, ${currency}, ${gateway}, u.person,
      'credited', ${tradeNo}, ${source}, ${proposal}, now(), now()
    from custody.purse u where u.id = ${purse}`
}

const sumOf = ({ minor, currency }: Held): Money => ({ minor, currency })

type Home = Readonly<{
  book: number
  merchant: MerchantId
  name: string
  state: string
  takesTopUps: boolean
  lawful: boolean
  own: boolean
}>

/** A purse of this pool, with room, at a merchant that takes new money, and of no interest to who decides. */
async function mustTake(
  books: Books,
  tx: Transaction,
  purse: PurseId,
  held: Held,
  by: PersonId,
): Promise<void> {
  const [home] = await tx.sql<Home>`
    select u.book, u.merchant, m.name, m.state, c.takes_top_ups as "takesTopUps",
      c.scope = 'merchant' or parties.platform_scope_is_lawful() as lawful,
      u.person = ${by} or exists (
        select from parties.seat
        where organisation = u.merchant and person = ${by} and ended_at is null) as own
    from custody.purse u
    join custody.merchant c on c.merchant = u.merchant
    join parties.merchant m on m.id = u.merchant
    where u.id = ${purse}`
  if (!home) throw new Refusal<Refused>('no_such_purse', { purse })
  const { merchant, name, state } = home
  if (home.book !== held.book) throw new Refusal<Refused>('purse_of_another_pool', { purse })
  if (home.own) throw new Refusal<Refused>('own_purse', { purse })
  if (state !== 'active') throw new Refusal<Refused>('merchant_not_open', { merchant, name, state })
  if (!home.lawful) throw new Refusal<Refused>('platform_scope_unlicensed', { purse })
  if (!home.takesTopUps) throw new Refusal<Refused>('merchant_takes_no_top_ups', { merchant, name })
  const side = await books.balance(held.book, purseAccount(purse))
  const room = side?.ceiling == null ? null : side.ceiling - side.posted - side.in
  if (room !== null && room < held.minor)
    throw new Refusal<Refused>('above_ceiling', {
      amount: sumOf(held),
      room: { minor: room < 0n ? 0n : room, currency: held.currency },
    })
}

/** The row of suspense is held first: all that is proposed about it takes turns. */
async function hold({ sql }: Transaction, id: SuspenseId): Promise<Held> {
  await sql`select from custody.suspense where id = ${id} for update`
  const [row] = await sql<Held>`
    select id, book, gateway, source, "tradeNo", minor, currency, state, "bookCurrency"
    from custody.suspended where id = ${id}`
  if (!row) throw new Refusal<Refused>('no_such_suspense', { suspense: id })
  return row
}

async function suspenseOf({ sql }: Transaction, id: ProposalId): Promise<SuspenseId> {
  const [row] = await sql<{ suspense: SuspenseId }>`
    select suspense from custody.proposal where id = ${id}`
  if (!row) throw new Refusal<Refused>('no_such_proposal', { proposal: id })
  return row.suspense
}

async function find({ sql }: Transaction, id: ProposalId): Promise<Proposal | undefined> {
  const [row] = await sql<Proposal>`
    select id, suspense, kind, purse, reason, state, proposed_by as "proposedBy",
      decided_by as "decidedBy"
    from custody.proposal where id = ${id}`
  return row
}

/** The same id must mean the same proposal. */
function same(ask: ProposalAsk, known: Proposal): Proposal {
  const alike =
    ask.suspense === known.suspense &&
    (ask.purse ?? null) === known.purse &&
    ask.reason === known.reason &&
    ask.by === known.proposedBy
  if (!alike) throw new Refusal('id_already_used', { id: ask.id })
  return known
}
