/** What each event says. Made once, when the event is, so that every try carries the same bytes. */
import type { Id, MerchantId } from '@bursar/kernel'
import { toWire, type Money } from '@bursar/money'

export const eventTypes = [
  'order.paid',
  'order.closed',
  'spend.waiting',
  'spend.done',
  'spend.declined',
  'spend.expired',
  'spend.refunded',
  'settlement.paid',
  'settlement.bounced',
] as const
export type EventType = (typeof eventTypes)[number] | 'ping'

/** An event, before it has an id. `subject` is what it is about: with the type, it is there once. */
export type Told = Readonly<{
  merchant: MerchantId
  type: EventType
  subject: Id
  at: Date
  data: object
}>

/** The bytes that are signed and sent. */
export const bodyOf = ({ type, at, data }: Told): string =>
  JSON.stringify({ type, timestamp: at.toISOString(), data })

type OrderFacts = Readonly<{
  id: Id<'ord'>
  merchant: MerchantId
  reference: string
  subject: string
  amount: Money
}>
const orderData = ({ id, reference, subject, amount }: OrderFacts) => ({
  ...{ order: id, reference, subject },
  amount: toWire(amount),
})

/** `declined`: the merchant did not accept the payment, or let it wait too long. */
export const closedOrder = (
  order: OrderFacts,
  reason: 'shop' | 'time' | 'declined',
  at: Date,
): Told => ({
  ...{ merchant: order.merchant, type: 'order.closed', subject: order.id, at },
  data: { ...orderData(order), reason },
})

export const paidOrder = (order: OrderFacts, spend: Id<'spd'>, at: Date): Told => ({
  ...{ merchant: order.merchant, type: 'order.paid', subject: order.id, at },
  data: { ...orderData(order), spend },
})

/** Which order of the shop's it is about, where it is about one. */
type Ordered = Readonly<{ order: Id<'ord'> | null; reference: string | null }>
const ordered = ({ order, reference }: Ordered) => ({
  ...(order && { order }),
  ...(reference !== null && { reference }),
})

export type SpendFacts = Ordered &
  Readonly<{
    id: Id<'spd'>
    merchant: MerchantId
    /** Null: of an issuer. It would tell two merchants that their guest is the same. */
    purse: Id<'pur'> | null
    outlet: Id<'out'> | null
    note: string | null
    initiator: 'consumer' | 'merchant'
    amount: Money
  }>
type SpendEvent = 'spend.waiting' | 'spend.done' | 'spend.declined' | 'spend.expired'

export const toldSpend = (spend: SpendFacts, type: SpendEvent, at: Date): Told => ({
  ...{ merchant: spend.merchant, type, subject: spend.id, at },
  data: {
    ...{ spend: spend.id, state: type.slice('spend.'.length), amount: toWire(spend.amount) },
    ...(spend.purse && { purse: spend.purse }),
    initiator: spend.initiator,
    ...(spend.outlet && { outlet: spend.outlet }),
    ...(spend.note && { note: spend.note }),
    ...ordered(spend),
  },
})

export type RefundFacts = Ordered &
  Readonly<{
    id: Id<'rfd'>
    spend: Id<'spd'>
    merchant: MerchantId
    amount: Money
    reason: string
  }>
export const toldRefund = ({ id, spend, merchant, ...refund }: RefundFacts, at: Date): Told => ({
  ...{ merchant, type: 'spend.refunded', subject: id, at },
  data: {
    ...{ refund: id, spend, amount: toWire(refund.amount), reason: refund.reason },
    ...ordered(refund),
  },
})

export type RequestFacts = Readonly<{ id: Id<'stl'>; merchant: MerchantId; amount: Money }>
export const toldSettlement = (
  { id, merchant, amount }: RequestFacts,
  type: 'settlement.paid' | 'settlement.bounced',
  at: Date,
): Told => ({
  ...{ merchant, type, subject: id, at },
  data: { request: id, amount: toWire(amount) },
})
