/** The cashier on the wire, for the merchant: catalogue, places, the screen of new orders, tabs, dockets. */
import { Type } from 'typebox'
import {
  CatalogueView,
  CategoryId,
  CategoryView,
  DeskOrderView,
  DocketKind,
  DocketRowView,
  GoodsOrderId,
  GoodsOrderState,
  GoodsOrderView,
  HappyHour,
  ItemId,
  ItemView,
  Minute,
  PlaceId,
  PlaceView,
  PlanId,
  PlanView,
  TabId,
  TabRowView,
  TabView,
} from './cashier.views.ts'
import { days, Sum, till } from './custody.ts'
import { route } from './route.ts'
import { Closed, Day, IdOf, Instant, Money, Name, PageOf, paging, Text } from './words.ts'

const Merchant = IdOf('mer')
const Outlet = IdOf('out')
const atMerchant = Closed({ merchant: Merchant })
const owner = ['owner'] as const
const Bps = Type.Integer({ minimum: 0, maximum: 3000, description: 'basis points: 1000 is 10 %' })
const Rank = Type.Integer({ minimum: 0, maximum: 9999 })

const OutletSettings = Closed({ cutOff: Minute, serviceBps: Bps, taxBps: Bps })
export const listOutletSettings = route({
  method: 'GET',
  path: '/v1/cashier/merchants/:merchant/outlets',
  summary: 'The outlets: when their business day ends, what comes on top',
  by: till,
  on: 'merchant',
  params: atMerchant,
  reply: Closed({
    rows: Type.Array(
      Closed({
        outlet: Outlet,
        name: Type.String(),
        zone: Type.String(),
        ...OutletSettings.properties,
      }),
    ),
  }),
})
export const setOutlet = route({
  method: 'PUT',
  path: '/v1/cashier/merchants/:merchant/outlets/:outlet',
  summary: 'When an outlet’s business day ends, and what comes on top; for tabs opened from now on',
  by: owner,
  on: 'merchant',
  params: Closed({ merchant: Merchant, outlet: Outlet }),
  body: OutletSettings,
  reply: OutletSettings,
})
export const readCatalogue = route({
  method: 'GET',
  path: '/v1/cashier/merchants/:merchant/catalogue',
  summary: 'All that is sold, or was: categories, items, plans',
  by: till,
  on: 'merchant',
  params: atMerchant,
  reply: CatalogueView,
})
export const putCategory = route({
  method: 'PUT',
  path: '/v1/cashier/merchants/:merchant/categories/:category',
  summary: 'A category; its id is the caller’s to make',
  by: owner,
  on: 'merchant',
  params: Closed({ merchant: Merchant, category: CategoryId }),
  body: Closed({ name: Name(40), rank: Rank, offered: Type.Boolean() }),
  reply: CategoryView,
})
export const putItem = route({
  method: 'PUT',
  path: '/v1/cashier/merchants/:merchant/items/:item',
  summary: 'An item with its modifiers; its id is the caller’s to make. Stock: `setStock`',
  by: owner,
  on: 'merchant',
  params: Closed({ merchant: Merchant, item: ItemId }),
  body: Closed({
    category: CategoryId,
    name: Name(60),
    station: Type.Enum(['bar', 'kitchen']),
    price: Sum,
    happyHour: Type.Optional(HappyHour),
    rank: Rank,
    offered: Type.Boolean(),
    modifiers: Type.Array(Closed({ name: Name(40), price: Sum }), { maxItems: 30 }),
  }),
  reply: ItemView,
})
export const setStock = route({
  method: 'PATCH',
  path: '/v1/cashier/merchants/:merchant/items/:item',
  summary: 'Sold out, or how many there are; null: not counted',
  by: till,
  on: 'merchant',
  params: Closed({ merchant: Merchant, item: ItemId }),
  body: Closed({
    soldOut: Type.Optional(Type.Boolean()),
    stock: Type.Optional(Type.Union([Type.Integer({ minimum: 0, maximum: 999_999 }), Type.Null()])),
  }),
  reply: ItemView,
})
export const putPlan = route({
  method: 'PUT',
  path: '/v1/cashier/merchants/:merchant/plans/:plan',
  summary: 'What time costs; its id is the caller’s to make. A timer keeps the rates it began with',
  by: owner,
  on: 'merchant',
  params: Closed({ merchant: Merchant, plan: PlanId }),
  body: Closed({
    name: Name(40),
    base: Sum,
    baseMinutes: Type.Integer({ minimum: 0, maximum: 10_080 }),
    step: Sum,
    stepMinutes: Type.Integer({ minimum: 1, maximum: 1440 }),
    night: Type.Optional(Closed({ from: Minute, to: Minute })),
    pausable: Type.Boolean(),
    offered: Type.Boolean(),
  }),
  reply: PlanView,
})
export const listPlaces = route({
  method: 'GET',
  path: '/v1/cashier/merchants/:merchant/places',
  summary: 'Tables, seats and PCs, by outlet and name, with the tokens of their QR codes',
  by: till,
  on: 'merchant',
  params: atMerchant,
  query: Closed({ outlet: Type.Optional(Outlet) }),
  reply: Closed({ rows: Type.Array(PlaceView) }),
})
export const putPlace = route({
  method: 'PUT',
  path: '/v1/cashier/merchants/:merchant/places/:place',
  summary: 'A table, a seat or a PC; its id is the caller’s to make, its token is ours',
  by: owner,
  on: 'merchant',
  params: Closed({ merchant: Merchant, place: PlaceId }),
  body: Closed({
    outlet: Outlet,
    kind: Type.Enum(['table', 'seat', 'pc']),
    name: Name(20),
    open: Type.Boolean(),
  }),
  reply: PlaceView,
})

export const listGoodsOrders = route({
  method: 'GET',
  path: '/v1/cashier/merchants/:merchant/orders',
  summary:
    'Goods orders, newest first; `waiting`: what is not delivered yet, oldest first; station `made`: all but time. Poll with If-None-Match',
  by: [...till, 'supervisor'],
  on: 'merchant',
  exports: true,
  params: atMerchant,
  query: Closed({
    ...paging,
    ...days,
    state: Type.Optional(GoodsOrderState),
    waiting: Type.Optional(Type.Boolean()),
    outlet: Type.Optional(Outlet),
    place: Type.Optional(PlaceId),
    station: Type.Optional(Type.Enum(['bar', 'kitchen', 'made', 'time'])),
  }),
  reply: PageOf(DeskOrderView),
})
export const watchGoodsOrders = route({
  method: 'GET',
  path: '/v1/cashier/merchants/:merchant/orders/told',
  summary:
    'Server-sent events: `orders` with the rows that were placed or have changed, `missed` to read the list again. Ends after five minutes: come again',
  by: [...till, 'supervisor'],
  on: 'merchant',
  params: atMerchant,
  reply: Type.String(),
})
const answered = (step: 'accept' | 'deliver') =>
  route({
    method: 'POST',
    path: `/v1/cashier/orders/:order/${step}`,
    summary: `The merchant ${step}s an order`,
    by: till,
    on: 'either',
    params: Closed({ order: GoodsOrderId }),
    body: Closed({}),
    reply: GoodsOrderView,
  })
export const acceptOrder = answered('accept')
export const deliverOrder = answered('deliver')
export const refuseOrder = route({
  method: 'POST',
  path: '/v1/cashier/orders/:order/refuse',
  summary: 'The merchant refuses an order, with the reason: what was held is free',
  by: till,
  on: 'either',
  params: Closed({ order: GoodsOrderId }),
  body: Closed({ reason: Text(200) }),
  reply: GoodsOrderView,
})
export const listTabs = route({
  method: 'GET',
  path: '/v1/cashier/merchants/:merchant/tabs',
  summary: 'A merchant’s tabs, newest first; `q` searches id, place and guest',
  by: [...till, 'supervisor'],
  on: 'merchant',
  exports: true,
  params: atMerchant,
  query: Closed({
    ...paging,
    ...days,
    state: Type.Optional(Type.Enum(['open', 'closed', 'merged'])),
    outlet: Type.Optional(Outlet),
  }),
  reply: PageOf(TabRowView),
})
const changed = <B extends Parameters<typeof Closed>[0]>(step: string, summary: string, body: B) =>
  route({
    method: 'POST',
    path: `/v1/cashier/tabs/:tab/${step}`,
    summary,
    by: till,
    on: 'either',
    params: Closed({ tab: TabId }),
    body: Closed(body),
    reply: TabView,
  })
export const moveTab = changed('move', 'The guest sits elsewhere in the outlet', { place: PlaceId })
export const mergeTab = changed('merge', 'Into another open tab of the same guest: answers that', {
  into: TabId,
})
export const splitTab = changed('split', 'Some orders get a tab of their own: answers that', {
  orders: Type.Array(GoodsOrderId, { minItems: 1, maxItems: 50 }),
  place: PlaceId,
})
export const handOverTab = changed('hand-over', 'Another of the staff looks after it', {
  to: IdOf('per'),
})
export const discountTab = changed('discount', 'Off the total, with a reason; 0.00 takes it back', {
  amount: Sum,
  reason: Type.Optional(Text(100)),
})
export const listDockets = route({
  method: 'GET',
  path: '/v1/cashier/merchants/:merchant/dockets',
  summary: 'The four kinds of orders with their numbers, newest first; `q` searches them',
  by: [...till, 'supervisor'],
  on: 'merchant',
  exports: true,
  params: atMerchant,
  query: Closed({ ...paging, ...days, kind: Type.Optional(DocketKind) }),
  reply: PageOf(DocketRowView),
})

const Total = { count: Type.Integer(), sum: Money }
export const readDay = route({
  method: 'GET',
  path: '/v1/cashier/merchants/:merchant/outlets/:outlet/day',
  summary: 'An outlet’s business day: as it stands, or one that has ended; works with open tabs',
  by: [...till, 'supervisor'],
  on: 'merchant',
  params: Closed({ merchant: Merchant, outlet: Outlet }),
  query: Closed({ day: Type.Optional(Day) }),
  reply: Closed({
    ...{ day: Day, startsAt: Instant, endsAt: Instant, ended: Type.Boolean() },
    orders: Type.Array(Closed({ state: GoodsOrderState, ...Total })),
    /** `sum` is what was paid: less the discounts, with the tips. */
    checkouts: Type.Array(
      Closed({
        ended: Type.Enum(['guest', 'merchant', 'forgotten']),
        ...{ ...Total, tips: Money, discounts: Money },
      }),
    ),
    /** The merchant’s, since no outlet takes them. */
    platforms: Type.Array(
      Closed({ gateway: Type.String(), kind: Type.Enum(['top_up', 'refund']), ...Total }),
    ),
    /** With the first and the last number of each. */
    dockets: Type.Array(
      Closed({
        ...{ kind: DocketKind, count: Type.Integer(), first: Type.String(), last: Type.String() },
      }),
    ),
    /** Open now, and what is held for them. */
    open: Closed(Total),
  }),
})
