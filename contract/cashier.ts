/** The cashier on the wire, for the guest: places, menus, tabs, orders, time, checkout, bindings, dockets. */
import { Type } from 'typebox'
import {
  BindingScope,
  BindingView,
  CatalogueView,
  DocketKind,
  DocketRowView,
  DocketView,
  Gateway,
  GoodsOrderId,
  GoodsOrderView,
  ItemId,
  PlaceView,
  PlanId,
  PurseId,
  TabId,
  TabRowView,
  TabView,
  Token,
  tops,
} from './cashier.views.ts'
import { Sum, days, desk, till } from './custody.ts'
import { route } from './route.ts'
import { Closed, IdOf, Instant, Key, Money, PageOf, paging, Text } from './words.ts'

const { limit, cursor } = paging
const ofPurse = Closed({ purse: PurseId })
const ofTab = Closed({ tab: TabId })
const ofOrder = Closed({ order: GoodsOrderId })
const guest = ['consumer'] as const
const both = ['consumer', ...till] as const
const state = Type.Optional(Type.Enum(['open', 'closed', 'merged']))

export const readPlace = route({
  method: 'GET',
  path: '/v1/cashier/places/:token',
  summary: 'Where one sits, by the QR there: whose place it is, and what comes on top',
  by: guest,
  on: 'self',
  params: Closed({ token: Token }),
  reply: Closed({
    ...PlaceView.properties,
    ...{ merchantName: Type.String(), trade: Type.String() },
    /** For who sits down now; an open tab keeps the rates that it was opened with. */
    ...tops,
  }),
})
export const readMenu = route({
  method: 'GET',
  path: '/v1/cashier/places/:token/menu',
  summary: 'What can be ordered there, at the prices of this moment',
  by: guest,
  on: 'self',
  params: Closed({ token: Token }),
  reply: CatalogueView,
})
export const openTab = route({
  method: 'POST',
  path: '/v1/cashier/purses/:purse/tabs',
  summary: 'Sit down: a tab at a place, one however often asked',
  by: guest,
  on: 'purse',
  status: 201,
  params: ofPurse,
  body: Closed({ token: Token }),
  reply: TabView,
})
export const listOwnTabs = route({
  method: 'GET',
  path: '/v1/cashier/purses/:purse/tabs',
  summary: 'My tabs, newest first',
  by: guest,
  on: 'purse',
  exports: true,
  params: ofPurse,
  query: Closed({ limit, cursor, state }),
  reply: PageOf(TabRowView),
})
export const readTab = route({
  method: 'GET',
  path: '/v1/cashier/tabs/:tab',
  summary: 'A tab with its orders, as it stands now',
  by: [...both, ...desk],
  on: 'either',
  params: ofTab,
  reply: TabView,
})
export const placeOrder = route({
  method: 'POST',
  path: '/v1/cashier/tabs/:tab/orders',
  summary: 'Order: what it costs is held from the purse, or `top_up_needed`',
  by: guest,
  on: 'either',
  money: true,
  status: 201,
  params: ofTab,
  body: Closed({
    lines: Type.Array(
      Closed({
        item: ItemId,
        count: Type.Integer({ minimum: 1, maximum: 99 }),
        modifiers: Type.Optional(Type.Array(Text(40), { maxItems: 10 })),
      }),
      { minItems: 1, maxItems: 50 },
    ),
    note: Type.Optional(Text(100)),
    /** What was shown, with all that comes on top: if it differs now, `prices_changed` says to what. */
    total: Type.Optional(Sum),
  }),
  reply: GoodsOrderView,
})
export const outcomeOfOrder = route({
  method: 'GET',
  path: '/v1/cashier/tabs/:tab/orders',
  summary: 'The orders of a tab, oldest first; by `key`, the one that it made',
  by: guest,
  on: 'either',
  params: ofTab,
  query: Closed({ key: Type.Optional(Key) }),
  reply: PageOf(GoodsOrderView),
})
export const startTimer = route({
  method: 'POST',
  path: '/v1/cashier/tabs/:tab/timers',
  summary: 'Time begins by a plan: a goods order that grows, held ahead',
  by: guest,
  on: 'either',
  money: true,
  status: 201,
  params: ofTab,
  body: Closed({
    plan: PlanId,
    /** What was shown: if any of it differs now, `prices_changed`, and no time begins. */
    shown: Type.Optional(
      Closed({
        base: Sum,
        baseMinutes: Type.Integer({ minimum: 0 }),
        step: Sum,
        stepMinutes: Type.Integer({ minimum: 1 }),
        ...tops,
      }),
    ),
  }),
  reply: GoodsOrderView,
})
const timed = (step: 'pause' | 'resume' | 'stop') =>
  route({
    method: 'POST',
    path: `/v1/cashier/orders/:order/${step}`,
    summary: `Time: ${step}`,
    by: both,
    on: 'either',
    params: ofOrder,
    body: Closed({}),
    reply: GoodsOrderView,
  })
export const pauseTimer = timed('pause')
export const resumeTimer = timed('resume')
export const stopTimer = timed('stop')
export const cancelOrder = route({
  method: 'POST',
  path: '/v1/cashier/orders/:order/cancel',
  summary: 'Cancel before delivery; the guest only what nobody has accepted. What was held is free',
  by: both,
  on: 'either',
  params: ofOrder,
  body: Closed({ reason: Type.Optional(Text(200)) }),
  reply: GoodsOrderView,
})
export const checkOut = route({
  method: 'POST',
  path: '/v1/cashier/tabs/:tab/checkout',
  summary:
    'Check out, told by the guest or by the merchant: what is held is paid, the tab is closed',
  by: both,
  on: 'either',
  money: true,
  params: ofTab,
  body: Closed({
    /** The guest's own. */
    tip: Type.Optional(Sum),
    /** What was shown, without the tip: if it differs now, `total_changed`. */
    total: Type.Optional(Sum),
  }),
  reply: TabView,
})

export const listBindings = route({
  method: 'GET',
  path: '/v1/cashier/purses/:purse/bindings',
  summary: 'The platform accounts that my purse is bound to, and the platforms that could be',
  by: guest,
  on: 'purse',
  params: ofPurse,
  reply: Closed({
    rows: Type.Array(BindingView),
    gateways: Type.Array(Gateway),
    /** Whether the operator has a licence that holds. */
    platformScope: Type.Boolean(),
  }),
})
export const startBinding = route({
  method: 'POST',
  path: '/v1/cashier/purses/:purse/visits',
  summary: 'Go to a platform to let us know an account there; answers where',
  by: guest,
  on: 'purse',
  status: 201,
  params: ofPurse,
  body: Closed({
    gateway: Gateway,
    scope: Type.Optional(BindingScope),
    returnUrl: Type.String({ maxLength: 300, pattern: '^https?://', description: 'On this site.' }),
  }),
  reply: Closed({ url: Type.String() }),
})
export const bindPurse = route({
  method: 'POST',
  path: '/v1/cashier/purses/:purse/bindings',
  summary: 'Back from the platform, with what it gave: the purse is bound to that account',
  by: guest,
  on: 'purse',
  status: 201,
  params: ofPurse,
  body: Closed({ gateway: Gateway, state: Text(100), code: Text(500) }),
  reply: BindingView,
})
export const unbindPurse = route({
  method: 'POST',
  path: '/v1/cashier/purses/:purse/bindings/:gateway/end',
  summary: 'End a binding; what is in the purse goes back first',
  by: guest,
  on: 'purse',
  money: true,
  params: Closed({ purse: PurseId, gateway: Gateway }),
  body: Closed({}),
  reply: Closed({ ended: BindingView, refund: Type.Optional(IdOf('wdr')) }),
})
export const previewRefund = route({
  method: 'GET',
  path: '/v1/cashier/purses/:purse/refund-preview',
  summary: 'What would go back where; the command is `POST /v1/custody/purses/:purse/withdrawals`',
  by: guest,
  on: 'purse',
  params: ofPurse,
  query: Closed({
    amount: Type.Optional(
      Type.String({ pattern: '^(0|[1-9]\\d{0,15})\\.\\d{2}$', description: 'absent: all' }),
    ),
  }),
  reply: Closed({
    amount: Money,
    /** What could go back at most. */
    most: Money,
    /** Held by open tabs: it stays. */
    held: Money,
    /** Asked to the guest’s own account at a bank, not paid yet. */
    toBank: Money,
    /** In the purse, but nothing of this gateway’s top-ups stands behind it. */
    residue: Money,
    /** Of it, what came by top-ups that their platform pays back no more: it can go to a bank account. */
    past: Money,
    parts: Type.Array(
      Closed({
        topUp: IdOf('top'),
        number: Type.String(),
        toppedUpAt: Instant,
        toppedUp: Money,
        amount: Money,
      }),
    ),
  }),
})
export const listOwnDockets = route({
  method: 'GET',
  path: '/v1/cashier/purses/:purse/dockets',
  summary: 'My four kinds of orders with their numbers, newest first',
  by: guest,
  on: 'purse',
  exports: true,
  params: ofPurse,
  query: Closed({ limit, cursor, kind: Type.Optional(DocketKind), ...days }),
  reply: PageOf(DocketRowView),
})
export const readDocket = route({
  method: 'GET',
  path: '/v1/cashier/dockets/:docket',
  summary: 'A numbered order, by what it is about, with those that it belongs to',
  by: [...both, ...desk],
  on: 'either',
  params: Closed({
    docket: Type.String({ pattern: '^(top|gds|tab|wdr)_[0-9a-hjkmnp-tv-z]{26}$' }),
  }),
  reply: DocketView,
})
