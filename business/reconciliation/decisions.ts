/**
 * What becomes of a break.
 *
 *   explain   its reason is told         nothing moves. One person, of what is worth 100.00 at most in a day; else two
 *   book      its payment is taken in    as its notice would have been (custody's arrive): into the purse of a top-up
 *                                        that waits, else into suspense. Always two
 *
 * Booking is an intent first and custody's own append after it; what was interrupted in between goes on by itself, and
 * custody takes one payment in once, however often it is told.
 */
import { arrive, type Wallet } from '@bursar/custody'
import { Refusal, type Books, type PersonId, type Transaction } from '@bursar/kernel'
import type { Money } from '@bursar/money'
import type { BreakId, BreakState, Proposal, ProposalId, Reason } from './breaks.ts'
import type { BreakKind, Of } from './compare.ts'
import type { Refused } from './refused.ts'

const aloneMost = 10_000n

/** What one person may explain: 100.00 yuan at most, and no other currency. The table holds it too. */
export const isLittle = ({ minor, currency }: Money): boolean =>
  currency === 'CNY' && minor <= aloneMost

const unbooked: readonly BreakKind[] = ['missing_here', 'wrong_state', 'wrong_number']

/** Whether there is a payment that may not be in the books. */
export const isBookable = ({ of, kind }: Readonly<{ of: Of; kind: BreakKind }>): boolean =>
  of === 'payment' && unbooked.includes(kind)

export type ProposalAsk = Readonly<{
  id: ProposalId
  break: BreakId
  kind: Proposal['kind']
  reason: Reason
  note: string
  by: PersonId
  at?: Date
}>
/** `break`: of which it must be, where the caller has named one. */
type Decided = Readonly<{ id: ProposalId; break?: BreakId; by: PersonId; at?: Date }>
type Platform = Pick<Wallet, 'gateway' | 'account' | 'query'>
type Accounts = readonly Platform[]
type Held = Readonly<{
  id: BreakId
  of: Of
  kind: BreakKind
  state: BreakState
  minor: bigint
  /** What the platform has. */
  there: bigint | null
  currency: string
}>

/** The caller chooses the id, so proposing twice is proposing once. Answers the break's state. */
export function propose(books: Books, ask: ProposalAsk): Promise<BreakState> {
  const { id, kind, reason, by, at = new Date() } = ask
  const note = ask.note.trim()
  return books.write(async tx => {
    const held = await hold(tx, ask.break)
    const [known] = await tx.sql<ProposalAsk>`
      select id, break, kind, reason, note, proposed_by as by from reconciliation.proposal where id = ${id}`
    if (known) {
      const alike = known.break === ask.break && known.kind === kind && known.by === by
      if (!alike || known.note !== note || known.reason !== reason)
        throw new Refusal('id_already_used', { id })
      return held.state
    }
    if (!note) throw new Refusal('reason_missing', { field: 'note' })
    if (held.state !== 'open')
      throw new Refusal<Refused>('break_decided', { break: held.id, state: held.state })
    if (kind === 'book' && (!isBookable(held) || held.there === 0n))
      throw new Refusal<Refused>('nothing_to_book', { break: held.id, kind: held.kind })
    await mustStand(tx, held)
    const alone = kind === 'explain' && isLittle(held) && (await isLittleYet(tx, held, by, at))
    await tx.sql`
      insert into reconciliation.proposal (id, break, kind, reason, note, state, proposed_by, proposed_at)
      values (${id}, ${held.id}, ${kind}, ${reason}, ${note}, ${alone ? 'alone' : 'proposed'}, ${by}, ${at})`
    return await step(tx, held, alone ? 'settled' : 'proposed', at)
  })
}

/** With what this person has settled alone on this day. Several at once take turns, so that the sum is exact. */
async function isLittleYet({ sql }: Transaction, { minor }: Held, by: PersonId, at: Date) {
  await sql`select pg_advisory_xact_lock(hashtextextended(${`alone ${by}`}, 0))`
  const [row] = await sql<{ minor: bigint }>`
    select reconciliation.alone_on(${by}, ${at}) as minor`
  return row!.minor + minor <= aloneMost
}

/** Somebody else agrees. Confirming again changes nothing. */
export async function confirm(books: Books, wallets: Accounts, ask: Decided): Promise<BreakState> {
  const at = ask.at ?? new Date()
  const [id, state] = await books.write(async tx => {
    const [held, proposal] = await both(tx, ask)
    if (proposal.state === 'confirmed' && proposal.decidedBy === ask.by)
      return [held.id, held.state] as const
    mustBeOpen(proposal)
    await mustStand(tx, held)
    await tx.sql`
      update reconciliation.proposal set state = 'confirmed', decided_by = ${ask.by}, decided_at = ${at}
      where id = ${ask.id}`
    const to = proposal.kind === 'book' ? 'booking' : 'settled'
    return [held.id, await step(tx, held, to, at)] as const
  })
  if (state !== 'booking') return state
  // Two have agreed; a platform that says nothing now is asked by the worker.
  return await book(books, wallets, id, at).catch((error: unknown) => {
    if (error instanceof Refusal) return 'booking' as const
    throw error
  })
}

/** Somebody else does not, and says why: the break is open again. */
export function reject(books: Books, ask: Decided & { reason: string }): Promise<BreakState> {
  const { at = new Date() } = ask
  const answer = ask.reason.trim()
  return books.write(async tx => {
    const [held, proposal] = await both(tx, ask)
    if (proposal.state === 'rejected' && proposal.decidedBy === ask.by) return held.state
    mustBeOpen(proposal)
    if (!answer) throw new Refusal('reason_missing', { field: 'reason' })
    await tx.sql`
      update reconciliation.proposal
      set state = 'rejected', decided_by = ${ask.by}, decided_at = ${at}, answer = ${answer}
      where id = ${ask.id}`
    return await step(tx, held, 'open', at)
  })
}

const mustBeOpen = ({ id, state }: Found) => {
  if (state !== 'proposed') throw new Refusal<Refused>('proposal_decided', { proposal: id, state })
}

/**
 * What was confirmed and not yet booked: a server stopped in between. What is of a platform that is not here any more
 * is not asked for, so that it stops nobody. Answers how many. One that throws stops none of
 * those behind it; the first is thrown in the end.
 */
export async function bookConfirmed(books: Books, wallets: Accounts): Promise<number> {
  const waiting = await books.sql<{ id: BreakId }>`
    select id from reconciliation.break
    where state = 'booking' and gateway = any(${wallets.map(({ gateway }) => gateway)}::text[])
    order by id limit 200`
  const failed: unknown[] = []
  for (const { id } of waiting)
    await book(books, wallets, id, new Date()).catch((error: unknown) => failed.push(error))
  if (failed.length) throw failed[0]
  return waiting.length
}

type Payment = Readonly<{
  gateway: string
  order: string
  tradeNo: string
  minor: bigint
  currency: string
  at: Date
  /** It is a top-up's: whose account has paid decides where the money goes. */
  ours: boolean
}>

async function book(books: Books, wallets: Accounts, id: BreakId, at: Date): Promise<BreakState> {
  const [found] = await books.sql<Payment>`
    select gateway, order_no as order, trade_no as "tradeNo", there_minor as minor, currency, there_at as at,
      exists (select from custody.top_up t where t.id = b.order_no) as ours
    from reconciliation.break b where b.id = ${id}`
  const wallet = wallets.find(({ gateway }) => gateway === found!.gateway)
  // Without its gateway nothing can be booked; it waits until that is there again.
  if (!wallet) return 'booking'
  const { order, tradeNo, minor, currency } = found!
  const payer = await payerOf(wallet, found!)
  if (payer === 'unknown') return 'booking'
  const paid = { order, tradeNo, amount: { minor, currency }, account: wallet.account }
  const payment = { ...paid, ...(payer && { payer }) }
  const body = Buffer.from(
    JSON.stringify({ break: id, order, tradeNo, minor: String(minor), currency }),
  )
  const told = { event: `bill/${id}`, body, at: found!.at }
  // Of nothing there is nothing to take in, and no account that would take it.
  const outcome = minor === 0n ? 'nothing' : await arrive(books, wallet, payment, told, undefined)
  return await books.write(async tx => {
    const held = await hold(tx, id)
    if (held.state !== 'booking') return held.state
    await tx.sql`
      update reconciliation.proposal set outcome = ${outcome}
      where break = ${id} and kind = 'book' and state = 'confirmed' and outcome is null`
    return await step(tx, held, 'settled', at)
  })
}

/**
 * A bill does not say whose account has paid. The platform does, and is asked outside any transaction: what it does not answer
 * stays to be booked. It answers for one payment of an order; of another we know no payer.
 */
async function payerOf(wallet: Platform, { order, tradeNo, minor, ours }: Payment) {
  if (minor === 0n) return undefined
  const found = await wallet.query(order as `top_${string}`)
  if (ours && found.state === 'unknown') return 'unknown'
  return found.state === 'paid' && found.tradeNo === tradeNo ? found.payer : undefined
}

type Found = Readonly<{
  id: ProposalId
  break: BreakId
  kind: Proposal['kind']
  state: Proposal['state']
  by: PersonId
  decidedBy: PersonId | null
}>

/** The break is held first: all that is proposed about it takes turns. */
async function both(tx: Transaction, { id, by, ...of }: Decided): Promise<[Held, Found]> {
  const [about] = await tx.sql<{ break: BreakId }>`
    select break from reconciliation.proposal where id = ${id}`
  if (!about || (of.break && of.break !== about.break))
    throw new Refusal<Refused>('no_such_proposal', { proposal: id })
  const held = await hold(tx, about.break)
  const [proposal] = await tx.sql<Found>`
    select id, break, kind, state, proposed_by as by, decided_by as "decidedBy"
    from reconciliation.proposal where id = ${id}`
  if (proposal!.by === by) throw new Refusal<Refused>('own_proposal', { proposal: id })
  return [held, proposal!]
}

async function hold({ sql }: Transaction, id: BreakId): Promise<Held> {
  const [row] = await sql<Held>`
    select id, of, kind, state, at_stake as minor, there_minor as there, currency from reconciliation.break where id = ${id} for update`
  if (!row) throw new Refusal<Refused>('no_such_break', { break: id })
  return row
}

/** Whether the bill that counts still says what is to be decided: taken again, it may name another sum. */
async function mustStand({ sql }: Transaction, { id }: Held): Promise<void> {
  const stands = await sql`
    select from reconciliation.break b where b.id = ${id} and (b.there_minor is null or exists (
      select from reconciliation.counted l
      where l.about = b.gateway || '/' || b.order_no and l.kind = b.of and l.trade_no = b.trade_no
        and l.refund_no is not distinct from b.refund_no
        and (l.minor, l.fee, l.currency) = (b.there_minor, b.there_fee, b.currency)))`
  if (!stands.length) throw new Refusal<Refused>('break_changed', { break: id })
}

async function step(
  { sql }: Transaction,
  { id }: Held,
  to: BreakState,
  at: Date,
): Promise<BreakState> {
  await sql`
    update reconciliation.break set state = ${to}, ended_at = ${to === 'settled' ? at : null} where id = ${id}`
  return to
}
