/** Bursar for a merchant's own program. README.md tells how. */
import {
  closeOrder,
  createOrder,
  listEvents,
  listOrders,
  listSpends,
  readEvent,
  readOrder,
  readSpend,
  refundSpend,
  type BodyOf,
  type QueryOf,
} from '@bursar/contract'
import { call, type Options } from './call.ts'

export { Refused, Unknown, uuid7 } from './call.ts'
export { NotSigned, verifyWebhook, type Heard, type WebhookEvent } from './webhook.ts'

export type Client = ReturnType<typeof openClient>
type Keyed = Readonly<{ key?: string }>

export function openClient(options: Options & Readonly<{ merchant: `mer_${string}` }>) {
  const { merchant } = options
  const params = { merchant }
  return {
    /** Send the guest to its `payUrl`, and wait for `order.paid`. */
    createOrder: (body: BodyOf<typeof createOrder>, keyed: Keyed = {}) =>
      call(options, createOrder, { params, body, ...keyed }),
    readOrder: (order: `ord_${string}`) => call(options, readOrder, { params: { order } }),
    listOrders: (query: QueryOf<typeof listOrders> = {}) =>
      call(options, listOrders, { params, query }),
    /** Nobody pays it any more. */
    closeOrder: (order: `ord_${string}`) => call(options, closeOrder, { params: { order } }),
    /** Back to the purse that paid, in whole or in part. */
    refundSpend: (spend: `spd_${string}`, body: BodyOf<typeof refundSpend>, keyed: Keyed = {}) =>
      call(options, refundSpend, { params: { spend }, body, ...keyed }),
    readSpend: (spend: `spd_${string}`) => call(options, readSpend, { params: { spend } }),
    listSpends: (query: QueryOf<typeof listSpends> = {}) =>
      call(options, listSpends, { params, query }),
    listEvents: (query: QueryOf<typeof listEvents> = {}) =>
      call(options, listEvents, { params, query }),
    readEvent: (event: `evt_${string}`) =>
      call(options, readEvent, { params: { ...params, event } }),
  }
}
