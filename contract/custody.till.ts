/** Custody on the wire, at the merchant's till and desk: charges, answers, refunds, lists, QR codes. */
import { Type } from 'typebox'
import {
  desk,
  ReceiptView,
  RefundView,
  SpendId,
  SpendState,
  SpendView,
  Initiator,
  MerchantCodeId,
  PurseScope,
  Sum,
  TillId,
  days,
  till,
} from './custody.ts'
import { outcomeOf, route } from './route.ts'
import { Closed, Day, IdOf, Instant, Money, PageOf, paging, Text } from './words.ts'

const Merchant = IdOf('mer')
const Outlet = IdOf('out')
const Purse = IdOf('pur')
const Person = IdOf('per')
const { limit, cursor } = paging

export const charge = route({
  method: 'POST',
  path: '/v1/custody/merchants/:merchant/charges',
  summary: 'Charge a member against the one-time code that the member shows',
  by: till,
  on: 'merchant',
  money: true,
  status: 201,
  params: Closed({ merchant: Merchant }),
  body: Closed({
    code: Type.String({ pattern: '^\\d{18}$' }),
    amount: Sum,
    outlet: Type.Optional(Outlet),
    /** At which this device stands; it says its outlet too. */
    till: Type.Optional(TillId),
    note: Type.Optional(Text(100)),
  }),
  reply: ReceiptView,
})
export const outcomeOfCharge = outcomeOf(charge)
const answer = (step: 'accept' | 'decline') =>
  route({
    method: 'POST',
    path: `/v1/custody/spends/:spend/${step}`,
    summary: `The merchant ${step}s a spend that waits for it`,
    by: till,
    on: 'either',
    params: Closed({ spend: SpendId }),
    body: Closed({}),
    reply: ReceiptView,
  })
export const acceptSpend = answer('accept')
export const declineSpend = answer('decline')
export const refundSpend = route({
  method: 'POST',
  path: '/v1/custody/spends/:spend/refunds',
  summary: 'Give back a spend, in whole or in part, to the purse that paid',
  by: till,
  on: 'either',
  scope: 'refunds:write',
  money: true,
  status: 201,
  params: Closed({ spend: SpendId }),
  body: Type.Object(
    { amount: Sum, reason: Text(200) },
    {
      additionalProperties: false,
      examples: [{ amount: { amount: '5.00', currency: 'CNY' }, reason: '少发一件' }],
    },
  ),
  reply: RefundView,
})
export const outcomeOfRefund = outcomeOf(refundSpend)
export const listSpends = route({
  method: 'GET',
  path: '/v1/custody/merchants/:merchant/spends',
  summary: 'A merchant’s spends, newest first; `q` searches id, note and member',
  by: [...till, 'supervisor'],
  on: 'merchant',
  scope: 'spends:read',
  exports: true,
  params: Closed({ merchant: Merchant }),
  query: Closed({
    ...paging,
    ...days,
    state: Type.Optional(SpendState),
    initiator: Type.Optional(Initiator),
    outlet: Type.Optional(Outlet),
    till: Type.Optional(TillId),
    purse: Type.Optional(Purse),
  }),
  reply: PageOf(SpendView),
})
const Total = Closed({ count: Type.Integer(), sum: Money })
export const takings = route({
  method: 'GET',
  path: '/v1/custody/merchants/:merchant/takings',
  summary: 'A merchant’s day: what came in, hour by hour, and what is owed to it now',
  by: [...till, 'supervisor'],
  on: 'merchant',
  params: Closed({ merchant: Merchant }),
  reply: Closed({
    day: Day,
    zone: Type.String(),
    count: Type.Integer(),
    sum: Money,
    refunds: Total,
    waiting: Total,
    hours: Type.Array(Closed({ hour: Type.Integer(), count: Type.Integer(), sum: Money })),
    earned: Money,
    requested: Money,
  }),
})
export const listMembers = route({
  method: 'GET',
  path: '/v1/custody/merchants/:merchant/members',
  summary: 'A merchant’s members, newest first, with what each has left there; not for its staff',
  by: ['owner', 'supervisor'],
  on: 'merchant',
  exports: true,
  params: Closed({ merchant: Merchant }),
  query: Closed(paging),
  reply: PageOf(
    Closed({
      purse: Purse,
      person: Person,
      name: Type.String(),
      joinedAt: Instant,
      balance: Money,
    }),
  ),
})

/** `text` is what the QR picture says, by EMVCo. */
export const MerchantCodeView = Closed({
  id: MerchantCodeId,
  merchant: Merchant,
  kind: Type.Enum(['static', 'dynamic']),
  outlet: Type.Optional(Outlet),
  outletName: Type.Optional(Type.String()),
  till: Type.Optional(TillId),
  tillName: Type.Optional(Type.String()),
  amount: Type.Optional(Money),
  label: Type.Optional(Type.String()),
  text: Type.String(),
  createdAt: Instant,
  closedAt: Type.Optional(Instant),
  paid: Type.Boolean(),
})
export const listMerchantCodes = route({
  method: 'GET',
  path: '/v1/custody/merchants/:merchant/codes',
  summary: 'A merchant’s QR codes, newest first',
  by: till,
  on: 'merchant',
  params: Closed({ merchant: Merchant }),
  query: Closed({ limit, cursor }),
  reply: PageOf(MerchantCodeView),
})
export const createMerchantCode = route({
  method: 'POST',
  path: '/v1/custody/merchants/:merchant/codes',
  summary: 'A QR code: with an amount it is paid once, without one it hangs on the wall',
  by: till,
  on: 'merchant',
  status: 201,
  params: Closed({ merchant: Merchant }),
  body: Closed({
    outlet: Type.Optional(Outlet),
    /** That it hangs at; it says its outlet too. */
    till: Type.Optional(TillId),
    amount: Type.Optional(Sum),
    label: Type.Optional(Text(40)),
  }),
  reply: MerchantCodeView,
})
export const closeMerchantCode = route({
  method: 'DELETE',
  path: '/v1/custody/merchants/:merchant/codes/:code',
  summary: 'Close a QR code: it pays nobody any more',
  by: till,
  on: 'merchant',
  params: Closed({ merchant: Merchant, code: MerchantCodeId }),
  reply: MerchantCodeView,
})

const Prepayments = Closed({
  takes: Type.Boolean(),
  steps: Type.Array(
    Closed({
      takes: Type.Boolean(),
      by: Person,
      at: Instant,
      reason: Type.Optional(Type.String()),
    }),
  ),
})
export const readPrepayments = route({
  method: 'GET',
  path: '/v1/custody/merchants/:merchant/prepayments',
  summary: 'Whether a merchant takes top-ups, and who made it so, oldest first',
  by: desk,
  on: 'merchant',
  params: Closed({ merchant: Merchant }),
  reply: Prepayments,
})
export const setTakesTopUps = route({
  method: 'PATCH',
  path: '/v1/custody/merchants/:merchant/prepayments',
  summary:
    'Bar a merchant from new top-ups, with a reason, or let it take them again; spends go on',
  by: ['admin'],
  on: 'merchant',
  params: Closed({ merchant: Merchant }),
  body: Closed({ takes: Type.Boolean(), reason: Type.Optional(Text(500, 0)) }),
  reply: Prepayments,
})

const MerchantScope = Closed({
  scope: PurseScope,
  /** The other merchant of its pool whose purses are good at every one. */
  issuer: Type.Optional(Closed({ merchant: Merchant, name: Type.String() })),
  by: Type.Optional(Person),
  at: Type.Optional(Instant),
})
export const readScope = route({
  method: 'GET',
  path: '/v1/custody/merchants/:merchant/scope',
  summary: 'Whether a merchant’s purses are good at itself alone or at every merchant of its pool',
  by: desk,
  on: 'merchant',
  params: Closed({ merchant: Merchant }),
  reply: MerchantScope,
})
export const widenScope = route({
  method: 'PUT',
  path: '/v1/custody/merchants/:merchant/scope',
  summary:
    'Make the operator’s own issuer, before its first member, good at every merchant of its pool, under the licence; kept',
  by: ['admin'],
  on: 'merchant',
  params: Closed({ merchant: Merchant }),
  body: Closed({ scope: Type.Literal('platform') }),
  reply: MerchantScope,
})
