/** The cashier on the wire: what places, menus, tabs, orders, time, bindings and dockets look like. */
import { Type, type Static } from 'typebox'
import { Sum } from './custody.ts'
import { Closed, Day, IdOf, Instant, Money } from './words.ts'

const Merchant = IdOf('mer')
export const PurseId = IdOf('pur')
const Outlet = IdOf('out')
const Person = IdOf('per')
export const TabId = IdOf('tab')
export const GoodsOrderId = IdOf('gds')
export const ItemId = IdOf('itm')
export const PlaceId = IdOf('plc')
export const PlanId = IdOf('pln')
export const CategoryId = IdOf('cat')
/** What a place's QR says, behind `/cashier/places/`. */
export const Token = Type.String({ pattern: '^[0-9a-hjkmnp-tv-z]{26}$' })
export const Gateway = Type.String({ pattern: '^[a-z][a-z0-9-]{0,31}$' })
export const Minute = Type.Integer({ minimum: 0, maximum: 1439 })

/** Off the usual price, which leaves the rest rounded to the coin, half to even. */
const Off = Type.Integer({
  minimum: 1,
  maximum: 9999,
  description: 'basis points: 2000 is 20 %',
})

/** As an owner sets it: a price of its own, or so much off the usual one. */
export const HappyHour = Type.Union([
  Closed({ price: Sum, from: Minute, to: Minute }),
  Closed({ off: Off, from: Minute, to: Minute }),
])

export const PlaceView = Closed({
  id: PlaceId,
  merchant: Merchant,
  outlet: Outlet,
  outletName: Type.String(),
  kind: Type.Enum(['table', 'seat', 'pc']),
  name: Type.String(),
  token: Token,
  open: Type.Boolean(),
})
export const PictureId = IdOf('pic')
/** Where it is: `GET /v1/cashier/pictures/<id>`. */
export const PictureView = Closed({
  id: PictureId,
  width: Type.Integer(),
  height: Type.Integer(),
})
export const ItemView = Closed({
  id: ItemId,
  category: CategoryId,
  name: Type.String(),
  station: Type.Enum(['bar', 'kitchen']),
  price: Money,
  /** From `from` to `to`, minutes after the outlet's midnight; over midnight where `to` is smaller. */
  happyHour: Type.Optional(
    Closed({ price: Money, off: Type.Optional(Off), from: Minute, to: Minute }),
  ),
  /** What it costs just now, where an outlet was asked for. */
  now: Type.Optional(Money),
  /** Absent: not counted. */
  stock: Type.Optional(Type.Integer()),
  soldOut: Type.Boolean(),
  offered: Type.Boolean(),
  rank: Type.Integer(),
  picture: Type.Optional(PictureView),
  modifiers: Type.Array(Closed({ name: Type.String(), price: Money })),
})
export const CategoryView = Closed({
  id: CategoryId,
  name: Type.String(),
  rank: Type.Integer(),
  offered: Type.Boolean(),
})
/** `base` covers `baseMinutes`, or the night; then each step that begins costs `step`. */
export const PlanView = Closed({
  id: PlanId,
  name: Type.String(),
  base: Money,
  baseMinutes: Type.Integer(),
  step: Money,
  stepMinutes: Type.Integer(),
  night: Type.Optional(Closed({ from: Minute, to: Minute })),
  pausable: Type.Boolean(),
  offered: Type.Boolean(),
})
export const CatalogueView = Closed({
  categories: Type.Array(CategoryView),
  items: Type.Array(ItemView),
  plans: Type.Array(PlanView),
})

export const LineView = Closed({
  item: Type.Optional(ItemId),
  name: Type.String(),
  modifiers: Type.Array(Type.String()),
  station: Type.Enum(['bar', 'kitchen', 'time']),
  unit: Money,
  count: Type.Integer(),
  amount: Money,
})
export const TimerView = Closed({
  plan: PlanId,
  state: Type.Enum(['running', 'paused', 'stopped']),
  startedAt: Instant,
  stoppedAt: Type.Optional(Instant),
  pausable: Type.Boolean(),
  /** That have begun, pauses left out. */
  minutes: Type.Integer(),
  /** What they cost, service charge and tax included; the order's own sums are what is held ahead. */
  cost: Money,
  /** When what is held is used up, as long as it runs; by then more is held, unless the purse is short. */
  endsAt: Type.Optional(Instant),
  /** The purse bears no more: warn, and ask for a top-up before `endsAt`. */
  short: Type.Boolean(),
})
export const GoodsOrderState = Type.Enum([
  'placed',
  'accepted',
  'delivered',
  'refused',
  'cancelled',
])
const goodsOrder = {
  id: GoodsOrderId,
  number: Type.String(),
  tab: TabId,
  state: GoodsOrderState,
  goods: Money,
  service: Money,
  tax: Money,
  total: Money,
  note: Type.Optional(Type.String()),
  reason: Type.Optional(Type.String()),
  placedAt: Instant,
  answeredAt: Type.Optional(Instant),
  endedAt: Type.Optional(Instant),
  lines: Type.Array(LineView),
  timer: Type.Optional(TimerView),
}
export const GoodsOrderView = Closed(goodsOrder)
export type GoodsOrderView = Static<typeof GoodsOrderView>
/** On the merchant's screen: where it goes, and to whom. */
export const DeskOrderView = Closed({
  ...goodsOrder,
  place: PlaceId,
  placeName: Type.String(),
  person: Person,
  personName: Type.Optional(Type.String()),
})

const tab = {
  id: TabId,
  merchant: Merchant,
  merchantName: Type.String(),
  outlet: Outlet,
  outletName: Type.String(),
  place: PlaceId,
  placeName: Type.String(),
  purse: PurseId,
  person: Person,
  personName: Type.Optional(Type.String()),
  state: Type.Enum(['open', 'closed', 'merged']),
  openedAt: Instant,
  /** Forgotten, it is checked out by itself then: the end of the outlet's business day. */
  closesAt: Instant,
  servedBy: Type.Optional(Person),
  /** What is held for it; 0 once it has ended. */
  held: Money,
  discount: Money,
  discountReason: Type.Optional(Type.String()),
  tip: Money,
  /** What it comes to as it stands: its orders less the discount; at the end with the tip. */
  total: Money,
  spend: Type.Optional(IdOf('spd')),
  number: Type.Optional(Type.String({ description: 'of the checkout order' })),
  ended: Type.Optional(Type.Enum(['guest', 'merchant', 'forgotten'])),
  closedAt: Type.Optional(Instant),
  /** Time on it stops then: the purse bears no more. */
  stopsAt: Type.Optional(Instant),
}
export const TabRowView = Closed(tab)
/** What comes on top of the goods, in basis points: service charge on them, tax on both, each rounded half to even. */
export const tops = { serviceBps: Type.Integer(), taxBps: Type.Integer() }
export const TabView = Closed({
  ...tab,
  ...tops,
  goods: Money,
  service: Money,
  tax: Money,
  orders: Type.Array(GoodsOrderView),
  steps: Type.Array(
    Closed({
      name: Type.Enum(['move', 'merge', 'split', 'hand_over', 'discount']),
      about: Type.String(),
      by: Type.Optional(Person),
      at: Instant,
      reason: Type.Optional(Type.String()),
    }),
  ),
})
export type TabView = Static<typeof TabView>
export const BindingScope = Type.Union([Type.Literal('merchant'), Type.Literal('platform')], {
  description: 'at this merchant, or, under the operator’s licence, at every one',
})
export const BindingView = Closed({
  id: IdOf('bnd'),
  gateway: Gateway,
  scope: BindingScope,
  name: Type.Optional(Type.String({ description: 'masked, as the platform tells it' })),
  boundAt: Instant,
  openUntil: Type.Optional(
    Type.String({
      format: 'date-time',
      description:
        'The account was shown anew: until then another one may be bound, though there is money.',
    }),
  ),
})
export const DocketKind = Type.Enum(['top_up', 'goods', 'checkout', 'refund'])
const docket = {
  number: Type.String({ description: 'T top-up, G goods, C checkout, R refund; day; place in it' }),
  kind: DocketKind,
  subject: Type.String({ description: 'the top-up, goods order, tab or withdrawal' }),
  day: Day,
  at: Instant,
  amount: Money,
  /** Of its subject; of a checkout, how it ended. */
  state: Type.Enum([
    ...(['credited', 'placed', 'accepted', 'delivered', 'refused', 'cancelled'] as const),
    ...([
      'guest',
      'merchant',
      'forgotten',
      'sending',
      'stuck',
      'done',
      'partly',
      'returned',
    ] as const),
  ]),
  merchant: Merchant,
  outlet: Type.Optional(Outlet),
  purse: PurseId,
  personName: Type.Optional(Type.String()),
  gateway: Type.Optional(Type.String()),
}
export const DocketRowView = Closed(docket)
const { number, kind, subject, state: docketState, amount } = docket
/**
 * `links`: of a checkout its goods orders and back, of a refund the top-ups that it goes back to and back, with what of
 * the one goes back by the other. `order`: what was ordered, of a goods order.
 */
export const DocketView = Closed({
  ...docket,
  merchantName: Type.String(),
  order: Type.Optional(GoodsOrderView),
  links: Type.Array(Closed({ number, kind, subject, state: docketState, amount })),
})
