/** Webhooks on the wire: endpoints, and the log of what was told to them. */
import { Type, type Static } from 'typebox'
import { route } from './route.ts'
import { Closed, IdOf, Instant, PageOf, paging } from './words.ts'

const ofMerchant = { merchant: IdOf('mer') }
const EndpointId = IdOf('whe')
const EventId = IdOf('evt')
const ofEndpoint = Closed({ ...ofMerchant, endpoint: EndpointId })
const ofEvent = Closed({ ...ofMerchant, event: EventId })

/** What an endpoint can ask for. */
export const EventType = Type.Enum([
  'order.paid',
  'order.closed',
  'spend.waiting',
  'spend.done',
  'spend.declined',
  'spend.expired',
  'spend.refunded',
  'settlement.paid',
  'settlement.bounced',
])
const Url = Type.String({ minLength: 1, maxLength: 500 })
const Events = Type.Array(EventType, { minItems: 1, maxItems: 20 })

/** `why` it is not live: its owner, three days of failure, or its own 410. */
export const Endpoint = Closed({
  id: EndpointId,
  merchant: IdOf('mer'),
  url: Type.String(),
  events: Type.Array(EventType),
  state: Type.Enum(['live', 'disabled', 'ended']),
  why: Type.Optional(Type.Enum(['owner', 'failing', 'gone'])),
  since: Instant,
  failingSince: Type.Optional(Instant),
  madeAt: Instant,
  overlapEndsAt: Type.Optional(Instant),
})
export type Endpoint = Static<typeof Endpoint>
/** The secret is told here, once: `whsec_…`. */
const Made = Closed({ endpoint: Endpoint, secret: Type.String() })

const DeliveryState = Type.Enum(['waiting', 'delivered', 'failed'])
export const Event = Closed({
  id: EventId,
  type: Type.String(),
  subject: Type.String(),
  at: Instant,
  body: Type.String(),
  deliveries: Type.Array(
    Closed({
      endpoint: EndpointId,
      state: DeliveryState,
      tries: Type.Integer(),
      dueAt: Instant,
    }),
  ),
})
export type Event = Static<typeof Event>
/** `endedAt` is absent where nobody knows what came of it. */
const Attempt = Closed({
  endpoint: EndpointId,
  n: Type.Integer(),
  sentAt: Instant,
  endedAt: Type.Optional(Instant),
  status: Type.Optional(Type.Integer()),
  error: Type.Optional(Type.String()),
  answer: Type.Optional(Type.String()),
})

export const listEndpoints = route({
  method: 'GET',
  path: '/v1/integrators/merchants/:merchant/endpoints',
  summary: 'Where a merchant is told, newest first',
  by: ['owner'],
  on: 'merchant',
  params: Closed(ofMerchant),
  reply: PageOf(Endpoint),
})
export const makeEndpoint = route({
  method: 'POST',
  path: '/v1/integrators/merchants/:merchant/endpoints',
  summary: 'An address to be told at; its secret is shown this once',
  by: ['owner'],
  on: 'merchant',
  status: 201,
  params: Closed(ofMerchant),
  body: Closed({ url: Url, events: Events }),
  reply: Made,
})
export const changeEndpoint = route({
  method: 'PATCH',
  path: '/v1/integrators/merchants/:merchant/endpoints/:endpoint',
  summary: 'Another address, other events; disable it, or let it live again',
  by: ['owner'],
  on: 'merchant',
  params: ofEndpoint,
  body: Closed({
    url: Type.Optional(Url),
    events: Type.Optional(Events),
    state: Type.Optional(Type.Enum(['live', 'disabled'])),
  }),
  reply: Endpoint,
})
export const endEndpoint = route({
  method: 'DELETE',
  path: '/v1/integrators/merchants/:merchant/endpoints/:endpoint',
  summary: 'End an endpoint, for good',
  by: ['owner'],
  on: 'merchant',
  params: ofEndpoint,
  reply: Endpoint,
})
export const rotateSecret = route({
  method: 'POST',
  path: '/v1/integrators/merchants/:merchant/endpoints/:endpoint/rotate',
  summary: 'Another secret; the one before signs beside it for some hours more',
  by: ['owner'],
  on: 'merchant',
  status: 201,
  params: ofEndpoint,
  body: Closed({ overlapHours: Type.Optional(Type.Integer({ minimum: 0, maximum: 168 })) }),
  reply: Made,
})
export const pingEndpoint = route({
  method: 'POST',
  path: '/v1/integrators/merchants/:merchant/endpoints/:endpoint/ping',
  summary: 'Send `ping` to an endpoint, as a test',
  by: ['owner'],
  on: 'merchant',
  status: 202,
  params: ofEndpoint,
  body: Closed({}),
  reply: Event,
})
export const replaySpan = route({
  method: 'POST',
  path: '/v1/integrators/merchants/:merchant/endpoints/:endpoint/replay',
  summary: 'Send everything of a span of time to an endpoint again: 10,000 events at most',
  by: ['owner'],
  on: 'merchant',
  status: 202,
  params: ofEndpoint,
  body: Closed({ from: Instant, to: Instant }),
  reply: Closed({ events: Type.Integer() }),
})
export const listEvents = route({
  method: 'GET',
  path: '/v1/integrators/merchants/:merchant/events',
  summary: 'What was told, newest first; `q` searches ids and bodies, the shop’s reference too',
  by: ['owner'],
  on: 'merchant',
  scope: 'events:read',
  params: Closed(ofMerchant),
  query: Closed({
    ...paging,
    type: Type.Optional(Type.Union([EventType, Type.Literal('ping')])),
    endpoint: Type.Optional(EndpointId),
    state: Type.Optional(DeliveryState),
    from: Type.Optional(Instant),
    to: Type.Optional(Instant),
  }),
  reply: PageOf(Event),
})
export const readEvent = route({
  method: 'GET',
  path: '/v1/integrators/merchants/:merchant/events/:event',
  summary: 'An event, with every try to tell it and what came back',
  by: ['owner'],
  on: 'merchant',
  scope: 'events:read',
  params: ofEvent,
  reply: Closed({ event: Event, attempts: Type.Array(Attempt) }),
})
export const replayEvent = route({
  method: 'POST',
  path: '/v1/integrators/merchants/:merchant/events/:event/replay',
  summary: 'Send an event again, to every live endpoint that wants it',
  by: ['owner'],
  on: 'merchant',
  status: 202,
  params: ofEvent,
  body: Closed({}),
  reply: Closed({ deliveries: Type.Integer() }),
})
