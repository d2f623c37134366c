/** Custody on the wire: purses, top-ups, spends and charges, a merchant's day, and the pool equation. */
import { Type } from 'typebox'
import { TopUpDetailsView, TopUpView } from './custody.topUps.ts'
import { outcomeOf, route, type Role } from './route.ts'
import { Closed, Day, IdOf, Instant, Key, Money, PageOf, paging, Text } from './words.ts'

const Purse = IdOf('pur')
const Merchant = IdOf('mer')
const Person = IdOf('per')
const Outlet = IdOf('out')
export const TillId = IdOf('til')
/** A person, or a merchant's own program by its API key. */
const Hand = Type.Union([Person, IdOf('key')])
export const SpendId = IdOf('spd')
export const MerchantCodeId = IdOf('mcd')
/** A sum that somebody asks to move: never negative. */
export const Sum = Closed({
  amount: Type.String({ pattern: '^(0|[1-9]\\d{0,15})(\\.\\d{1,3})?$', examples: ['12.30'] }),
  currency: Type.String({ pattern: '^[A-Z]{3}$', examples: ['CNY'] }),
})
export const days = { from: Type.Optional(Day), to: Type.Optional(Day) }
const { limit, cursor } = paging

export const till: readonly Role[] = ['owner', 'staff']
export const desk: readonly Role[] = ['admin', 'reviewer', 'custodian', 'supervisor']

export const PurseScope = Type.Union([Type.Literal('merchant'), Type.Literal('platform')])
/** One person's prepaid money at one merchant. `available` can be spent now; `held` waits for an answer. */
export const PurseView = Closed({
  id: Purse,
  merchant: Merchant,
  merchantName: Type.String(),
  trade: Type.String(),
  /** Good at its merchant alone, or at every merchant of the pool. */
  scope: PurseScope,
  /** It was good at every merchant, and no licence holds any more: what is there can only be taken back. */
  lapsed: Type.Optional(Type.Literal(true)),
  openedAt: Instant,
  available: Money,
  held: Money,
  ceiling: Money,
})

/** A line of a statement: what changed (signed), and what it left. */
export const LineView = Closed({
  seq: Type.String({ pattern: '^\\d+$' }),
  at: Instant,
  event: Type.String(),
  kind: Type.String(),
  subject: Type.Optional(Type.String()),
  /** Where it was spent or refunded, of a purse that is good at many. */
  merchantName: Type.Optional(Type.String()),
  amount: Money,
  balance: Money,
})

/** What an archive has of the account is told where the lines end. */
export const StatementOf = Closed({
  rows: Type.Array(LineView),
  next: Type.Optional(Type.String()),
  archived: Type.Optional(
    Closed({
      entries: Type.String({ pattern: '^\\d+$', description: 'How many earlier ones there were.' }),
      before: Instant,
    }),
  ),
})

export const SpendState = Type.Enum(['done', 'waiting', 'declined', 'expired'])
export const Initiator = Type.Enum(['consumer', 'merchant'])
const spent = {
  id: SpendId,
  state: SpendState,
  amount: Money,
  refunded: Money,
  initiator: Initiator,
  merchant: Merchant,
  merchantName: Type.String(),
  outlet: Type.Optional(Outlet),
  outletName: Type.Optional(Type.String()),
  /** Where in the outlet it was taken. */
  till: Type.Optional(TillId),
  tillName: Type.Optional(Type.String()),
  person: Person,
  personName: Type.Optional(Type.String()),
  purse: Purse,
  note: Type.Optional(Type.String()),
  merchantCode: Type.Optional(MerchantCodeId),
  by: Person,
  at: Instant,
  expiresAt: Type.Optional(Instant),
  answeredAt: Type.Optional(Instant),
}
export const RefundView = Closed({
  id: IdOf('rfd'),
  spend: SpendId,
  ordinal: Type.Integer(),
  amount: Money,
  reason: Type.String(),
  by: Hand,
  at: Instant,
})
/** The proof of a payment. `balance` is shown to the consumer alone. */
export const ReceiptView = Closed({
  ...spent,
  balance: Type.Optional(Money),
  seq: Type.String({ pattern: '^\\d+$' }),
  hash: Type.Optional(Type.String()),
  refunds: Type.Array(RefundView),
})
export const SpendView = Closed(spent)

export const listPurses = route({
  method: 'GET',
  path: '/v1/custody/purses',
  summary:
    'My purses, newest first; with `at`, those that are good at that merchant now, its own first',
  by: ['consumer'],
  on: 'self',
  query: Closed({ at: Type.Optional(Merchant) }),
  reply: PageOf(PurseView),
})
export const joinMerchant = route({
  method: 'PUT',
  path: '/v1/custody/memberships/:merchant',
  summary: 'Become a member of a merchant: a purse, one however often asked',
  by: ['consumer'],
  on: 'self',
  params: Closed({ merchant: Merchant }),
  reply: PurseView,
})
export const readPurse = route({
  method: 'GET',
  path: '/v1/custody/purses/:purse',
  summary: 'One of my purses',
  by: ['consumer'],
  on: 'purse',
  params: Closed({ purse: Purse }),
  reply: PurseView,
})
export const purseStatement = route({
  method: 'GET',
  path: '/v1/custody/purses/:purse/entries',
  summary: 'The statement of a purse, newest first; days in the zone of the merchant',
  by: ['consumer'],
  on: 'purse',
  exports: true,
  params: Closed({ purse: Purse }),
  query: Closed({ limit, cursor, ...days }),
  reply: StatementOf,
})

const Gateway = Type.String({ maxLength: 40, examples: ['alipay'] })
const ways = ['desk', 'phone', 'qr', 'inside', 'app'] as const
export const listWallets = route({
  method: 'GET',
  path: '/v1/custody/wallets',
  summary:
    'The platforms that one tops up with, and how each can be paid; the first is the usual one',
  by: ['consumer'],
  on: 'self',
  reply: PageOf(Closed({ gateway: Gateway, ways: Type.Array(Type.Enum([...ways])) })),
})
export const startTopUp = route({
  method: 'POST',
  path: '/v1/custody/purses/:purse/top-ups',
  summary: 'Start a top-up: answers the page of the platform on which to pay',
  by: ['consumer'],
  on: 'purse',
  money: true,
  status: 201,
  params: Closed({ purse: Purse }),
  body: Closed({
    amount: Sum,
    gateway: Type.Optional(Gateway),
    way: Type.Optional(
      Type.Enum([...ways], {
        description:
          'Where the payer is: on a page at a desk or on a phone, before a QR code, inside the browser of the wallet that the purse is bound to, or in an app that has its kit.',
      }),
    ),
    returnUrl: Type.String({
      maxLength: 300,
      pattern: '^https?://',
      description: 'On this site. The browser comes back to it with `/<id of the top-up>` behind.',
    }),
  }),
  reply: TopUpView,
})
export const readTopUp = route({
  method: 'GET',
  path: '/v1/custody/top-ups/:topUp',
  summary: 'A top-up as it stands now',
  by: ['consumer'],
  on: 'purse',
  params: Closed({ topUp: IdOf('top') }),
  reply: TopUpDetailsView,
})
export const listTopUps = route({
  method: 'GET',
  path: '/v1/custody/purses/:purse/top-ups',
  summary: 'The top-ups of a purse, newest first; by `key`, the one that it started',
  by: ['consumer'],
  on: 'purse',
  exports: true,
  params: Closed({ purse: Purse }),
  query: Closed({ limit, cursor, key: Type.Optional(Key) }),
  reply: PageOf(TopUpView),
})

export const readScan = route({
  method: 'POST',
  path: '/v1/custody/scans',
  summary:
    'What a merchant’s QR says: whom one pays, from which purse, how much; what else is good there says the list of purses, by `at`',
  by: ['consumer'],
  on: 'self',
  body: Closed({ text: Type.String({ minLength: 1, maxLength: 10_240 }) }),
  reply: Closed({
    merchant: Merchant,
    merchantName: Type.String(),
    merchantCode: MerchantCodeId,
    outlet: Type.Optional(Outlet),
    outletName: Type.Optional(Type.String()),
    purse: Type.Optional(Purse),
    amount: Type.Optional(Money),
  }),
})
export const spend = route({
  method: 'POST',
  path: '/v1/custody/purses/:purse/spends',
  summary:
    'Pay the merchant of the purse, or, from one of platform scope, any merchant of its pool',
  by: ['consumer'],
  on: 'purse',
  money: true,
  status: 201,
  params: Closed({ purse: Purse }),
  body: Closed({
    merchant: Merchant,
    amount: Sum,
    outlet: Type.Optional(Outlet),
    note: Type.Optional(Text(100)),
    merchantCode: Type.Optional(MerchantCodeId),
  }),
  reply: ReceiptView,
})
export const outcomeOfSpend = outcomeOf(spend)
export const issueCode = route({
  method: 'POST',
  path: '/v1/custody/purses/:purse/codes',
  summary: 'A one-time code for the merchant’s till: 60 seconds, one payment',
  by: ['consumer'],
  on: 'purse',
  money: true,
  status: 201,
  params: Closed({ purse: Purse }),
  body: Closed({}),
  reply: Closed({ code: Type.String({ pattern: '^\\d{18}$' }), expiresAt: Instant }),
})
export const readSpend = route({
  method: 'GET',
  path: '/v1/custody/spends/:spend',
  summary: 'The receipt of a spend, for both sides and for who watches over them',
  by: ['consumer', ...till, ...desk],
  on: 'either',
  scope: 'spends:read',
  params: Closed({ spend: SpendId }),
  reply: ReceiptView,
})
export const withdrawBalance = route({
  method: 'POST',
  path: '/v1/custody/purses/:purse/withdrawals',
  summary: 'Take the balance back to where it came from',
  by: ['consumer'],
  on: 'purse',
  money: true,
  status: 201,
  params: Closed({ purse: Purse }),
  body: Closed({ amount: Sum }),
  reply: Closed({
    id: IdOf('wdr'),
    amount: Money,
    state: Type.Enum(['sending', 'done', 'partly', 'returned']),
    at: Instant,
    parts: Type.Array(
      Closed({
        topUp: Type.Optional(IdOf('top')),
        amount: Money,
        state: Type.Enum(['sending', 'stuck', 'confirmed', 'done', 'returned']),
        reason: Type.Optional(Type.String()),
      }),
    ),
  }),
})
export const outcomeOfWithdrawal = outcomeOf(withdrawBalance)
