/** Settlement on the wire: a merchant asks, somebody else reviews, the bank pays. */
import { Type, type Static } from 'typebox'
import { Sum } from './custody.ts'
import { route } from './route.ts'
import { Closed, IdOf, Instant, Key, Money, PageOf, paging, Text } from './words.ts'

const Merchant = IdOf('mer')
const Person = IdOf('per')
const RequestId = IdOf('stl')
const official = ['admin', 'reviewer', 'custodian', 'supervisor'] as const
const atMerchant = Closed({ merchant: Merchant })
const ofRequest = Closed({ request: RequestId })

export const RequestState = Type.Enum([
  'submitted',
  'approved',
  'rejected',
  'withdrawn',
  'paying',
  'paid',
  'bounced',
])
const PayoutState = Type.Enum(['sending', 'closing', 'accepted', 'unbooked', 'paid', 'bounced'])
const breakOf = {
  /** One of them. */
  payout: Type.Optional(IdOf('pay')),
  residue: Type.Optional(IdOf('rsd')),
  kind: Type.Enum(['unbooked', 'wrong_amount', 'wrong_state']),
  said: Type.Enum(['paid', 'bounced', 'closed', 'none'], {
    description: 'what the bank says of it; `none`: that it knows of none',
  }),
  /** The sum of which the bank speaks. */
  saidAmount: Type.Optional(Money),
  serial: Type.Optional(Type.String({ description: 'the bank’s own number of the payment' })),
  foundAt: Instant,
  endedAt: Type.Optional(Instant),
}
const row = {
  id: RequestId,
  merchant: Merchant,
  merchantName: Type.String(),
  amount: Money,
  state: RequestState,
  /** As at submission. */
  payee: Closed({
    bank: Type.String(),
    account: Type.String({ description: 'in lists its last four digits' }),
    name: Type.String(),
  }),
  requestedBy: Person,
  requestedByName: Type.String(),
  requestedAt: Instant,
  reviewedBy: Type.Optional(Person),
  reviewedByName: Type.Optional(Type.String()),
  /** Why it was rejected, or why it came back. */
  reason: Type.Optional(Type.String()),
}
export const RequestView = Closed(row)
export type RequestView = Static<typeof RequestView>
export const RequestDetailsView = Closed({
  ...row,
  terms: Type.String({ description: 'the digest of payee and sum: send it with the approval' }),
  steps: Type.Array(
    Closed({
      name: Type.Enum(['submit', 'approve', 'reject', 'withdraw', 'send', 'pay', 'bounce']),
      by: Type.String({ description: 'a person, or the bank’s gateway' }),
      byName: Type.Optional(Type.String()),
      at: Instant,
      reason: Type.Optional(Type.String()),
    }),
  ),
  payout: Type.Optional(
    Closed({
      id: IdOf('pay'),
      state: PayoutState,
      serial: Type.Optional(Type.String({ description: 'the bank’s own number of the payment' })),
      sentAt: Instant,
      endedAt: Type.Optional(Instant),
    }),
  ),
  /** Where the bank’s word on the payout and the books differ, or did. */
  breaks: Type.Array(Closed(breakOf)),
})
export type RequestDetailsView = Static<typeof RequestDetailsView>

export const position = route({
  method: 'GET',
  path: '/v1/settlement/merchants/:merchant/position',
  summary: 'What a merchant has earned, what of it can be asked for, and what it has asked for',
  by: ['owner', 'staff', 'admin', 'reviewer', 'supervisor'],
  on: 'merchant',
  params: atMerchant,
  reply: Closed({ earned: Money, requestable: Money, requested: Money }),
})
export const requestSettlement = route({
  method: 'POST',
  path: '/v1/settlement/merchants/:merchant/requests',
  summary: 'Ask for earned money: the sum is set aside until somebody else has decided',
  by: ['owner'],
  on: 'merchant',
  money: true,
  status: 201,
  params: atMerchant,
  body: Closed({ amount: Sum }),
  reply: RequestDetailsView,
})
const lists = {
  ...paging,
  cursor: Type.Optional(Type.String({ pattern: '^\\d{13}\\.stl_[0-9a-z]{26}$' })),
  state: Type.Optional(RequestState),
}
export const listOwnRequests = route({
  method: 'GET',
  path: '/v1/settlement/merchants/:merchant/requests',
  summary: 'A merchant’s settlement requests, newest first; by `key`, the one that it made',
  by: ['owner', 'staff', ...official],
  on: 'merchant',
  exports: true,
  params: atMerchant,
  query: Closed({ ...lists, key: Type.Optional(Key) }),
  reply: PageOf(RequestView),
})
export const listRequests = route({
  method: 'GET',
  path: '/v1/settlement/requests',
  summary:
    'All settlement requests, newest first; those that wait (`submitted`, `approved`) oldest first',
  by: official,
  on: 'institution',
  exports: true,
  query: Closed(lists),
  reply: PageOf(RequestView),
})
export const readRequest = route({
  method: 'GET',
  path: '/v1/settlement/requests/:request',
  summary: 'One request, with who took which step, and its payout',
  by: ['owner', 'staff', ...official],
  on: 'either',
  params: ofRequest,
  reply: RequestDetailsView,
})
export const readEvidence = route({
  method: 'GET',
  path: '/v1/settlement/requests/:request/evidence',
  summary: 'What a request rests on: spends and refunds since the last one, with the running sum',
  by: ['owner', ...official],
  on: 'either',
  exports: true,
  params: ofRequest,
  query: Closed({
    limit: paging.limit,
    cursor: Type.Optional(Type.String({ pattern: '^\\d{1,18}$' })),
  }),
  reply: Closed({
    opening: Money,
    spent: Money,
    spends: Type.Integer(),
    refunded: Money,
    refunds: Type.Integer(),
    other: Money,
    total: Money,
    rows: Type.Array(
      Closed({
        seq: Type.String({ description: 'its place in the pool’s book' }),
        at: Instant,
        event: Type.String(),
        subject: Type.Optional(Type.String()),
        person: Type.Optional(Person),
        personName: Type.Optional(Type.String()),
        change: Money,
        sum: Money,
      }),
    ),
    next: Type.Optional(Type.String()),
  }),
})
export const BreakView = Closed({
  /** Of a payout its request; of a residue the guest whose account it goes to. */
  request: Type.Optional(RequestId),
  holder: Type.Optional(Type.String()),
  ...{ merchant: Merchant, merchantName: Type.String() },
  /** What was approved. */
  amount: Money,
  ...breakOf,
})
export type BreakView = Static<typeof BreakView>
export const listBreaks = route({
  method: 'GET',
  path: '/v1/settlement/breaks',
  summary:
    'Where the bank’s word on a payout, or on a payment to a guest’s account, and the books differ, newest first',
  by: official,
  on: 'institution',
  exports: true,
  query: Closed({
    ...paging,
    cursor: Type.Optional(
      Type.String({ pattern: '^\\d{13}\\.(?:pay|rsd)_[0-9a-z]{26}\\.[a-z_]{1,20}$' }),
    ),
    state: Type.Optional(Type.Enum(['open', 'ended'])),
    merchant: Type.Optional(Merchant),
  }),
  reply: PageOf(BreakView),
})
export const approveRequest = route({
  method: 'POST',
  path: '/v1/settlement/requests/:request/approve',
  summary: 'Agree to a request: its payout goes to the bank',
  by: ['reviewer'],
  on: 'institution',
  params: ofRequest,
  body: Closed({ terms: Type.Optional(Type.String({ pattern: '^[0-9a-f]{64}$' })) }),
  reply: RequestDetailsView,
})
export const rejectRequest = route({
  method: 'POST',
  path: '/v1/settlement/requests/:request/reject',
  summary: 'Turn a request down, with the reason: the money is the merchant’s to ask for again',
  by: ['reviewer'],
  on: 'institution',
  params: ofRequest,
  body: Closed({ reason: Text(500) }),
  reply: RequestDetailsView,
})
export const withdrawRequest = route({
  method: 'POST',
  path: '/v1/settlement/requests/:request/withdraw',
  summary: 'The merchant takes back a request that nobody has decided yet',
  by: ['owner'],
  on: 'either',
  params: ofRequest,
  reply: RequestDetailsView,
})
