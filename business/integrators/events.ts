/** Events are written once, with a delivery for each endpoint that wants them; they are looked up, and sent again. */
import {
  idFor,
  newId,
  Refusal,
  type Books,
  type Id,
  type MerchantId,
  type Sql,
} from '@bursar/kernel'
import { bodyOf, type EventType, type Told } from './bodies.ts'
import type { Refused } from './refused.ts'

export type EventId = Id<'evt'>
export type EndpointId = Id<'whe'>
export type DeliveryState = 'waiting' | 'delivered' | 'failed'
export type Delivery = Readonly<{
  endpoint: EndpointId
  state: DeliveryState
  /** Tries since it was last begun. */
  tries: number
  dueAt: string
}>
export type Event = Readonly<{
  id: EventId
  merchant: MerchantId
  type: EventType
  subject: Id
  at: Date
  body: string
  deliveries: readonly Delivery[]
}>
export type Attempt = Readonly<{
  endpoint: EndpointId
  n: number
  sentAt: Date
  endedAt: Date | null
  status: number | null
  error: string | null
  answer: string | null
}>

/** Of a merchant without an endpoint nothing is kept. The id follows from what it is about: there once. */
export async function tell(sql: Sql, told: readonly Told[]): Promise<void> {
  if (told.length === 0) return
  const ids = told.map(one => idFor('evt', one.merchant, one.type, one.subject))
  const merchants = told.map(({ merchant }) => merchant)
  const types = told.map(({ type }) => type)
  await sql`
    with told as (
      insert into integrators.event (id, merchant, type, subject, at, body)
      select t.* from unnest(${ids}::text[], ${merchants}::text[], ${types}::text[],
        ${told.map(({ subject }) => subject)}::text[], ${told.map(({ at }) => at)}::timestamptz[],
        ${told.map(bodyOf)}::text[]) as t (id, merchant, type, subject, at, body)
      where exists (
        select from integrators.endpoint e where e.merchant = t.merchant and e.state <> 'ended')
      on conflict do nothing
      returning id, merchant, type, at)
    insert into integrators.delivery (event, endpoint, due_at)
    select t.id, e.id, t.at from told t
    join integrators.endpoint e on e.merchant = t.merchant and e.state = 'live' and t.type = any(e.events)`
}

/** What the test button sends: to one endpoint, whatever else it wants. */
export async function ping(
  books: Books,
  ask: Readonly<{ merchant: MerchantId; endpoint: EndpointId; at?: Date }>,
): Promise<Event> {
  const { merchant, endpoint, at = new Date() } = ask
  const id = newId('evt', at.getTime())
  const told: Told = { merchant, type: 'ping', subject: endpoint, at, data: { endpoint } }
  const made = await books.sql`
    with live as (
      select id from integrators.endpoint
      where id = ${endpoint} and merchant = ${merchant} and state = 'live'),
    told as (
      insert into integrators.event (id, merchant, type, subject, at, body)
      select ${id}, ${merchant}, 'ping', live.id, ${at}, ${bodyOf(told)} from live returning id)
    insert into integrators.delivery (event, endpoint, due_at)
    select told.id, live.id, ${at} from told, live returning event`
  if (!made.length) throw new Refusal<Refused>('endpoint_not_live', { endpoint })
  return (await readEvent(books, { merchant, event: id })).event
}

export type EventsAsk = Readonly<{
  merchant: MerchantId
  type?: EventType
  endpoint?: EndpointId
  state?: DeliveryState
  from?: Date
  to?: Date
  /** Part of an id, or of what it says: the shop's own reference, too. */
  q?: string
  cursor?: string
  limit?: number
}>

/** Newest first; `cursor` is the last id of the page before. */
export async function listEvents(books: Books, ask: EventsAsk): Promise<Event[]> {
  const { merchant, type = null, endpoint = null, state = null, from = null, to = null } = ask
  const { cursor = null, limit = 50 } = ask
  const q = ask.q ? `%${ask.q.replace(/[\\%_]/g, letter => `\\${letter}`)}%` : null
  return await books.sql<Event>`
    select v.id, v.merchant, v.type, v.subject, v.at, v.body, coalesce(d.deliveries, '[]') as deliveries
    from integrators.event v
    left join lateral (
      select jsonb_agg(jsonb_build_object('endpoint', d.endpoint, 'state', d.state, 'tries', d.tries,
                                          'dueAt', d.due_at) order by d.endpoint) as deliveries
      from integrators.delivery d where d.event = v.id) d on true
    where v.merchant = ${merchant}
      and (${type}::text is null or v.type = ${type})
      and (${from}::timestamptz is null or v.at >= ${from})
      and (${to}::timestamptz is null or v.at < ${to})
      and (${q}::text is null or v.id ilike ${q} or v.subject ilike ${q} or v.body ilike ${q})
      and ((${endpoint}::text is null and ${state}::text is null) or exists (
        select from integrators.delivery d where d.event = v.id
          and (${endpoint}::text is null or d.endpoint = ${endpoint})
          and (${state}::text is null or d.state = ${state})))
      and (${cursor}::text is null or (v.at, v.id) <
        (select at, id from integrators.event where id = ${cursor}))
    order by v.at desc, v.id desc limit ${limit}`
}

type Named = Readonly<{ merchant: MerchantId; event: EventId }>

export async function readEvent(
  books: Books,
  { merchant, event }: Named,
): Promise<{ event: Event; attempts: Attempt[] }> {
  const [row] = await books.sql<Event>`
    select v.id, v.merchant, v.type, v.subject, v.at, v.body,
      (select coalesce(jsonb_agg(jsonb_build_object('endpoint', d.endpoint, 'state', d.state,
         'tries', d.tries, 'dueAt', d.due_at) order by d.endpoint), '[]')
       from integrators.delivery d where d.event = v.id) as deliveries
    from integrators.event v where v.id = ${event} and v.merchant = ${merchant}`
  if (!row) throw new Refusal<Refused>('no_such_event', { event })
  const attempts = await books.sql<Attempt>`
    select endpoint, n, sent_at as "sentAt", ended_at as "endedAt", status, error, answer
    from integrators.attempt where event = ${event} order by sent_at desc, n desc limit 100`
  return { event: row, attempts }
}

/** One event, to every live endpoint that wants such events. Answers to how many. */
export async function replayEvent(
  books: Books,
  { merchant, event, at = new Date() }: Named & Readonly<{ at?: Date }>,
): Promise<number> {
  const { event: known } = await readEvent(books, { merchant, event })
  const begun = await books.sql`
    insert into integrators.delivery as d (event, endpoint, due_at)
    select ${event}, e.id, ${at} from integrators.endpoint e
    where e.merchant = ${merchant} and e.state = 'live'
      and (${known.type} = any(e.events) or e.id = ${known.subject})
    on conflict (event, endpoint) do update set state = 'waiting', tries = 0, due_at = ${at}
    returning endpoint`
  return begun.length
}

export type Span = Readonly<{
  merchant: MerchantId
  endpoint: EndpointId
  from: Date
  to: Date
  at?: Date
}>
const spanMost = 10_000

/** Every event of a span that the endpoint wants, those that got through among them. Answers how many. */
export async function replaySpan(books: Books, span: Span): Promise<number> {
  const { merchant, endpoint, from, to, at = new Date() } = span
  return await books.write(async tx => {
    const [live] = await tx.sql`
      select from integrators.endpoint
      where id = ${endpoint} and merchant = ${merchant} and state = 'live' for share`
    if (!live) throw new Refusal<Refused>('endpoint_not_live', { endpoint })
    const begun = await tx.sql`
      insert into integrators.delivery as d (event, endpoint, due_at)
      select v.id, e.id, ${at} from integrators.event v, integrators.endpoint e
      where e.id = ${endpoint} and v.merchant = ${merchant} and v.at >= ${from} and v.at < ${to}
        and v.type = any(e.events)
      limit ${spanMost + 1}
      on conflict (event, endpoint) do update set state = 'waiting', tries = 0, due_at = ${at}
      returning event`
    if (begun.length > spanMost) throw new Refusal<Refused>('span_too_long', { most: spanMost })
    return begun.length
  })
}

const days = 24 * 3_600_000
const keptDays = 90
const forgottenAtOnce = 1000

/** What is older than 90 days, with its deliveries and attempts. */
export async function forgetEvents(books: Books, at = new Date()): Promise<number> {
  const gone = await books.sql`
    delete from integrators.event where id in (
      select id from integrators.event where at < ${new Date(at.getTime() - keptDays * days)}
      order by at limit ${forgottenAtOnce})
    returning id`
  return gone.length
}
