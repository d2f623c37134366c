/**
 * Integrators are merchants' own programs: a web shop that asks for money, and is told what became of it.
 *
 *   order     the shop asks one guest to pay          open → paid | closed
 *   read      events come out of the books            entry → event → a delivery for each endpoint
 *   deliver   signed, at least once, by a schedule    waiting → delivered | failed
 *   replay    one event, or a span of them, again     → waiting
 *
 * No money moves here: an order is paid by custody's spend. README.md has the tables, the schedule and the choices.
 */
export {
  closeOrder,
  closeOrders,
  createOrder,
  listOrders,
  readOrder,
  type Order,
  type OrderId,
} from './orders.ts'
export {
  changeEndpoint,
  endEndpoint,
  listEndpoints,
  makeEndpoint,
  rotateSecret,
  type Endpoint,
} from './endpoints.ts'
export {
  forgetEvents,
  listEvents,
  ping,
  readEvent,
  replayEvent,
  replaySpan,
  type Attempt,
  type Event,
} from './events.ts'
export { eventTypes, type EventType } from './bodies.ts'
export { readBooks } from './reader.ts'
export { openDeliverer, schedule, untoldDeliveries, type Deliverer } from './deliveries.ts'
export { openVault, type Vault } from './secrets.ts'
export type { Refused } from './refused.ts'
