/** Reconciliation on the wire: the platforms' bills day by day, where they and the books differ, what becomes of it. */
import { Type, type Static } from 'typebox'
import { route } from './route.ts'
import { Closed, Day, IdOf, Instant, Money, PageOf, paging, Text } from './words.ts'

const BreakId = IdOf('brk')
const ProposalId = IdOf('rcp')
const Person = IdOf('per')
const Gateway = Type.String({ pattern: '^[a-z][a-z0-9-]{0,39}$', description: 'a platform' })
/** A platform's bill is of all pools together: it is the operator's, and a supervisor's who watches over each of them. */
const readers = ['admin', 'reviewer', 'supervisor'] as const
const reviewer = ['reviewer'] as const

const side = {
  payments: Type.Integer(),
  paid: Money,
  refunds: Type.Integer(),
  refunded: Money,
}
export const BillDayView = Closed({
  day: Day,
  gateway: Gateway,
  state: Type.Enum(['waiting', 'read', 'differs', 'closed']),
  problem: Type.Optional(
    Type.Enum(['not_ready', 'silent', 'broken'], {
      description: 'why the last try to have it came to nothing',
    }),
  ),
  tries: Type.Integer(),
  /** Asked for again, though it is known. */
  asked: Type.Boolean(),
  takenAt: Type.Optional(Instant),
  there: Closed({ ...side, fee: Money }),
  here: Closed(side),
  matched: Type.Integer({ description: 'rows of the bill that agree' }),
  breaks: Type.Integer(),
  waiting: Type.Integer({ description: 'breaks that nobody has settled' }),
})
export type BillDayView = Static<typeof BillDayView>
const spans = { from: Type.Optional(Day), to: Type.Optional(Day) }

export const listBillDays = route({
  method: 'GET',
  path: '/v1/reconciliation/days',
  summary:
    'The platforms’ bills beside the books, newest day first: count, sum, breaks, closed or not',
  by: readers,
  on: 'institution',
  exports: true,
  query: Closed({
    limit: paging.limit,
    cursor: Type.Optional(Type.String({ pattern: '^\\d{4}-\\d{2}-\\d{2}\\.[a-z0-9-]{1,40}$' })),
    ...spans,
    gateway: Type.Optional(Gateway),
    state: Type.Optional(Type.Enum(['waiting', 'read', 'differs', 'closed'])),
  }),
  reply: PageOf(BillDayView),
})
export const takeBillAgain = route({
  method: 'POST',
  path: '/v1/reconciliation/days/:gateway/:day/take',
  summary: 'Ask the platform for a day’s bill once more; taken twice, it comes to the same',
  by: reviewer,
  on: 'institution',
  status: 202,
  params: Closed({ gateway: Gateway, day: Day }),
  reply: Closed({}),
})

const BreakKind = Type.Enum([
  'missing_here',
  'missing_there',
  'wrong_amount',
  'wrong_state',
  'wrong_number',
  'wrong_fee',
  'duplicate',
])
const row = {
  id: BreakId,
  day: Day,
  gateway: Gateway,
  of: Type.Enum(['payment', 'refund']),
  kind: BreakKind,
  state: Type.Enum(['open', 'proposed', 'booking', 'settled', 'ended']),
  order: Type.String({ description: 'our number of the payment, as it stands in the bill' }),
  refund: Type.Optional(Type.String({ description: 'our number of the refund' })),
  tradeNo: Type.Optional(Type.String({ description: 'the platform’s number of the payment' })),
  /** What the bill has. */
  there: Type.Optional(Closed({ amount: Money, fee: Money, at: Instant })),
  /** What the books have. */
  here: Type.Optional(
    Closed({ id: Type.String(), amount: Money, state: Type.String(), at: Type.Optional(Instant) }),
  ),
  atStake: Money,
  agreedFee: Type.Optional(Money),
  foundAt: Instant,
  endedAt: Type.Optional(Instant),
}
export const BillBreakView = Closed(row)
export type BillBreakView = Static<typeof BillBreakView>
const Reason = Type.Enum(['timing', 'platform_fault', 'our_fault', 'by_hand', 'rounding', 'other'])
export const BillBreakDetailsView = Closed({
  ...row,
  /** Whether its payment may be taken in. */
  bookable: Type.Boolean(),
  /** Whether one person may explain it. */
  alone: Type.Boolean(),
  proposals: Type.Array(
    Closed({
      id: ProposalId,
      kind: Type.Enum(['explain', 'book']),
      state: Type.Enum(['proposed', 'confirmed', 'rejected', 'alone']),
      reason: Reason,
      note: Type.String(),
      proposedBy: Person,
      proposedByName: Type.String(),
      proposedAt: Instant,
      decidedByName: Type.Optional(Type.String()),
      decidedAt: Type.Optional(Instant),
      answer: Type.Optional(Type.String()),
      outcome: Type.Optional(Type.String({ description: 'where custody has put what was booked' })),
    }),
  ),
})
export type BillBreakDetailsView = Static<typeof BillBreakDetailsView>
const ofBreak = Closed({ break: BreakId })
const ofProposal = Closed({ break: BreakId, proposal: ProposalId })

export const listBillBreaks = route({
  method: 'GET',
  path: '/v1/reconciliation/breaks',
  summary:
    'Where the bills and the books differ, newest first; `waiting`: what nobody has settled. `q`: the beginning of a number',
  by: readers,
  on: 'institution',
  exports: true,
  query: Closed({
    ...paging,
    ...spans,
    gateway: Type.Optional(Gateway),
    kind: Type.Optional(BreakKind),
    state: Type.Optional(Type.Enum(['waiting', 'open', 'proposed', 'booking', 'settled', 'ended'])),
  }),
  reply: PageOf(BillBreakView),
})
export const readBillBreak = route({
  method: 'GET',
  path: '/v1/reconciliation/breaks/:break',
  summary: 'One break: both sides, and what was proposed and decided',
  by: readers,
  on: 'institution',
  params: ofBreak,
  reply: BillBreakDetailsView,
})
export const proposeSettling = route({
  method: 'POST',
  path: '/v1/reconciliation/breaks/:break/proposals',
  summary:
    'Say why it differs, or that its payment be booked. What is worth little is explained at once; else somebody else confirms',
  by: reviewer,
  on: 'institution',
  money: true,
  status: 201,
  params: ofBreak,
  body: Closed({ kind: Type.Enum(['explain', 'book']), reason: Reason, note: Text(500) }),
  reply: BillBreakDetailsView,
})
export const confirmSettling = route({
  method: 'POST',
  path: '/v1/reconciliation/breaks/:break/proposals/:proposal/confirm',
  summary:
    'Agree to what somebody else has proposed: it is settled, and booked if that was proposed',
  by: reviewer,
  on: 'institution',
  money: true,
  params: ofProposal,
  reply: BillBreakDetailsView,
})
export const rejectSettling = route({
  method: 'POST',
  path: '/v1/reconciliation/breaks/:break/proposals/:proposal/reject',
  summary: 'Turn a proposal down, with the reason: the break is open again',
  by: reviewer,
  on: 'institution',
  params: ofProposal,
  body: Closed({ reason: Text(500) }),
  reply: BillBreakDetailsView,
})

const FeeView = Closed({
  gateway: Gateway,
  feeBps: Type.Optional(Type.Integer({ minimum: 0, maximum: 1000 })),
})
export const listFees = route({
  method: 'GET',
  path: '/v1/reconciliation/platforms',
  summary:
    'The platforms that make bills, and what each keeps of a payment, as agreed, in basis points',
  by: readers,
  on: 'institution',
  reply: Closed({ rows: Type.Array(FeeView) }),
})
export const setFee = route({
  method: 'PUT',
  path: '/v1/reconciliation/platforms/:gateway',
  summary:
    'What a platform keeps of a payment, as agreed: 60 is 0.60 %. For bills compared from now on',
  by: ['admin'],
  on: 'institution',
  params: Closed({ gateway: Gateway }),
  body: Closed({ feeBps: Type.Integer({ minimum: 0, maximum: 1000 }) }),
  reply: FeeView,
})
