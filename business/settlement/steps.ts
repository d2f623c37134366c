/** The life of a request: which step leads where, and what it moves. */
import {
  Refusal,
  transferId,
  type Id,
  type MerchantId,
  type PersonId,
  type Sql,
  type Transaction,
} from '@bursar/kernel'
import type { Account } from '@bursar/ledger'
import type { Money } from '@bursar/money'
import { custody, earned, requested, transitOut } from './accounts.ts'
import type { Payee } from './bank.ts'
import type { Refused } from './refused.ts'

export type RequestId = Id<'stl'>
export type PayoutId = Id<'pay'>
export type State =
  | 'submitted'
  | 'approved'
  | 'rejected'
  | 'withdrawn'
  | 'paying'
  | 'paid'
  | 'bounced'
export type Request = Readonly<{
  id: RequestId
  book: number
  merchant: MerchantId
  amount: Money
  payee: Payee
  /** The digest of payee and sum, as at submission. */
  terms: string
  state: State
  requestedBy: PersonId
  requestedAt: Date
  reviewedBy: PersonId | null
  reason: string | null
}>
export type Step = keyof typeof steps
export type PayoutState = 'sending' | 'closing' | 'accepted' | 'unbooked' | 'paid' | 'bounced'

type Road = readonly [
  step: string,
  from: (of: MerchantId) => Account,
  to: (of: MerchantId) => Account,
]
type Rule = Readonly<{
  /** The states in which the step can be taken, each with what it moves from there. */
  from: Partial<Record<State, readonly Road[]>>
  to: State
  event: string
  reviews?: true
}>

const bank = () => custody
const transit = () => transitOut

/**
 * A step, or a state to take it from, that is missing from this table cannot be taken. A step that
 * moves nothing leaves a memo in the book.
 */
const steps = {
  approve: { from: { submitted: [] }, to: 'approved', event: 'settlement_approved', reviews: true },
  reject: {
    from: { submitted: [['reject', requested, earned]] },
    to: 'rejected',
    event: 'settlement_rejected',
    reviews: true,
  },
  withdraw: {
    from: { submitted: [['withdraw', requested, earned]] },
    to: 'withdrawn',
    event: 'settlement_withdrawn',
  },
  send: { from: { approved: [['send', requested, transit]] }, to: 'paying', event: 'payout_sent' },
  pay: { from: { paying: [['pay', transit, bank]] }, to: 'paid', event: 'payout_paid' },
  bounce: {
    from: {
      paying: [
        ['bounce', transit, requested],
        ['return', requested, earned],
      ],
      paid: [
        ['bounce', bank, requested],
        ['return', requested, earned],
      ],
    },
    to: 'bounced',
    event: 'payout_bounced',
  },
} as const satisfies Record<string, Rule>

type Taking = Readonly<{
  step: Step
  /** A person, or the gateway whose word it was. */
  by: string
  at: Date
  reason?: string | null
}>

/** Takes one step of a request that this transaction holds. Its entries are appended at the end. */
export async function take(tx: Transaction, held: Request, taking: Taking): Promise<Request> {
  const { step, by, reason = null } = taking
  const { id, book, merchant, amount, state } = held
  const rule: Rule = steps[step]
  const roads = rule.from[state]
  if (!roads) throw new Refusal<Refused>('step_out_of_order', { id, step, state })
  const reviewedBy = rule.reviews ? (by as PersonId) : held.reviewedBy
  const kept = reason ?? held.reason
  await tx.sql`
    update settlement.request set state = ${rule.to}, reviewed_by = ${reviewedBy}, reason = ${kept}
    where id = ${id}`
  await record(tx.sql, id, taking)
  const said = { event: rule.event, subject: id }
  if (!roads.length) tx.append(book, { kind: 'memo', id: transferId(id, step), ...said })
  for (const [name, from, to] of roads) {
    const sides = { debit: from(merchant), credit: to(merchant), amount }
    tx.append(book, { kind: 'post', id: transferId(id, name), ...said, ...sides })
  }
  return { ...held, state: rule.to, reviewedBy, reason: kept }
}

export async function record(
  sql: Sql,
  id: RequestId,
  { step, by, at, reason = null }: Omit<Taking, 'step'> & { step: Step | 'submit' },
): Promise<void> {
  await sql`
    insert into settlement.step (request, name, taken_by, taken_at, reason)
    values (${id}, ${step}, ${by}, ${at}, ${reason})`
}

type Row = Omit<Request, 'amount'> & Money

/** Reads a request and holds it: nobody else can move it until this transaction ends. */
export async function hold(tx: Transaction, id: RequestId): Promise<Request> {
  await tx.sql`select from settlement.request where id = ${id} for update`
  return await find(tx.sql, id)
}

export async function find(sql: Sql, id: RequestId): Promise<Request> {
  const [row] = await sql<Row>`
    select id, book, merchant, minor, currency, payee, terms, state, "requestedBy", "requestedAt",
      "reviewedBy", reason
    from settlement.listed where id = ${id}`
  if (!row) throw new Refusal<Refused>('no_such_request', { id })
  const { minor, currency, ...rest } = row
  return { ...rest, amount: { minor, currency } }
}
