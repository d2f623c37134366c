/** What a merchant's own programs are told. The bodies of the webhooks, as they are signed and sent. */
import { Type, type Static, type TProperties } from 'typebox'
import { Initiator, SpendId } from './custody.ts'
import { OrderId } from './integrators.ts'
import { Closed, IdOf, Instant, Money } from './words.ts'

const told = <const T extends string, P extends TProperties>(type: T, data: P) =>
  Closed({ type: Type.Literal(type), timestamp: Instant, data: Closed(data) })

const order = {
  order: OrderId,
  reference: Type.String(),
  subject: Type.String(),
  amount: Money,
}
/** Of a spend that pays an order, which. */
const ordered = { order: Type.Optional(OrderId), reference: Type.Optional(Type.String()) }
const spend = <const S extends string>(state: S) =>
  told(`spend.${state}`, {
    ...{ spend: SpendId, state: Type.Literal(state), amount: Money },
    /** Not of a balance that is good at other merchants, too. */
    purse: Type.Optional(IdOf('pur')),
    initiator: Initiator,
    outlet: Type.Optional(IdOf('out')),
    note: Type.Optional(Type.String()),
    ...ordered,
  })
const settlement = { request: IdOf('stl'), amount: Money }

export const webhookEvents = {
  'order.paid': told('order.paid', { ...order, spend: SpendId }),
  'order.closed': told('order.closed', {
    ...order,
    reason: Type.Enum(['shop', 'time', 'declined']),
  }),
  'spend.waiting': spend('waiting'),
  'spend.done': spend('done'),
  'spend.declined': spend('declined'),
  'spend.expired': spend('expired'),
  'spend.refunded': told('spend.refunded', {
    ...{ refund: IdOf('rfd'), spend: SpendId, amount: Money, reason: Type.String() },
    ...ordered,
  }),
  'settlement.paid': told('settlement.paid', settlement),
  'settlement.bounced': told('settlement.bounced', settlement),
  ping: told('ping', { endpoint: IdOf('whe') }),
} as const

/** By its `type`, TypeScript knows its `data`. */
export type WebhookEvent = Static<(typeof webhookEvents)[keyof typeof webhookEvents]>
