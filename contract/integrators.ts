/** Integrators on the wire: orders of a merchant's own shop, and where it is told what became of them. */
import { Type, type Static } from 'typebox'
import { MerchantCodeId, SpendId, Sum, till } from './custody.ts'
import { route } from './route.ts'
import { Closed, IdOf, Instant, Key, Money, PageOf, paging, Text } from './words.ts'

const Merchant = IdOf('mer')
export const OrderId = IdOf('ord')
const ofMerchant = Closed({ merchant: Merchant })
const ofOrder = Closed({ order: OrderId })
const { limit, cursor } = paging
const WebUrl = Type.String({ maxLength: 500, pattern: '^https?://' })

export const OrderState = Type.Enum(['open', 'waiting', 'paid', 'closed'])
/** `payUrl` is our page, on which the guest pays; `waiting` means that the merchant has yet to accept the payment. */
export const Order = Closed({
  id: OrderId,
  merchant: Merchant,
  state: OrderState,
  amount: Money,
  refunded: Money,
  subject: Type.String(),
  reference: Type.String(),
  payUrl: Type.String(),
  returnUrl: Type.Optional(Type.String()),
  merchantCode: MerchantCodeId,
  createdAt: Instant,
  expiresAt: Instant,
  closedAt: Type.Optional(Instant),
  spend: Type.Optional(SpendId),
  paidAt: Type.Optional(Instant),
})
export type Order = Static<typeof Order>

export const createOrder = route({
  method: 'POST',
  path: '/v1/integrators/merchants/:merchant/orders',
  summary: 'Ask one guest to pay: send the guest to `payUrl`, and wait for `order.paid`',
  by: [],
  on: 'merchant',
  scope: 'orders:write',
  money: true,
  status: 201,
  params: ofMerchant,
  body: Type.Object(
    {
      amount: Sum,
      subject: Text(100),
      reference: Text(100),
      returnUrl: Type.Optional(WebUrl),
      minutes: Type.Optional(
        Type.Integer({
          minimum: 1,
          maximum: 43_200,
          description: 'How long it can be paid; a day, if not said',
        }),
      ),
    },
    {
      additionalProperties: false,
      examples: [
        {
          amount: { amount: '38.00', currency: 'CNY' },
          subject: '龙井茶 50 g',
          reference: 'A-20261129-17',
          returnUrl: 'https://shop.example/orders/17',
          minutes: 30,
        },
      ],
    },
  ),
  reply: Order,
})
export const listOrders = route({
  method: 'GET',
  path: '/v1/integrators/merchants/:merchant/orders',
  summary: 'A merchant’s orders, newest first; by `key`, the one that it created',
  by: till,
  on: 'merchant',
  scope: 'orders:read',
  params: ofMerchant,
  query: Closed({
    ...{ limit, cursor },
    reference: Type.Optional(Text(100)),
    state: Type.Optional(OrderState),
    key: Type.Optional(Key),
  }),
  reply: PageOf(Order),
})
export const readOrder = route({
  method: 'GET',
  path: '/v1/integrators/orders/:order',
  summary: 'An order as it stands now',
  by: till,
  on: 'either',
  scope: 'orders:read',
  params: ofOrder,
  reply: Order,
})
export const closeOrder = route({
  method: 'DELETE',
  path: '/v1/integrators/orders/:order',
  summary: 'Close an order that nobody has paid; closing it again changes nothing',
  by: till,
  on: 'either',
  scope: 'orders:write',
  params: ofOrder,
  reply: Order,
})
export const readOrderPage = route({
  method: 'GET',
  path: '/v1/integrators/orders/:order/page',
  summary: 'What a guest sees of an order before paying it',
  by: ['consumer'],
  on: 'nobody',
  params: ofOrder,
  reply: Closed({
    order: OrderId,
    state: OrderState,
    merchant: Merchant,
    merchantName: Type.String(),
    amount: Money,
    subject: Type.String(),
    merchantCode: MerchantCodeId,
    expiresAt: Instant,
    returnUrl: Type.Optional(Type.String()),
    spend: Type.Optional(SpendId),
    /** The caller's own purse at the merchant, where there is one. */
    purse: Type.Optional(IdOf('pur')),
  }),
})
