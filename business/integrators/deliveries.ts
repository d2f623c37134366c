/**
 * Deliveries go out: claimed and leased in one statement, sent with no transaction open, and what came back is
 * written. Who dies in between leaves a lease that runs out; then it is sent again, under the same id.
 *
 * Each endpoint is served by itself: while one is slow, the others are not.
 */
import { setTimeout as sleep } from 'node:timers/promises'
import type { Books, Clock, Transaction } from '@bursar/kernel'
import type { Answer, Courier } from './courier.ts'
import type { EndpointId, EventId } from './events.ts'
import { fingerprintOf, type SecretId, type Vault } from './secrets.ts'

const second = 1000
const minute = 60 * second
const hour = 60 * minute

/** How long after the try before; the first, at once. */
export const schedule = [
  ...[0, 5 * second, 5 * minute, 30 * minute],
  ...[2, 5, 10, 14, 20, 24].map(hours => hours * hour),
] as const
/** Longer than any try lasts. */
const lease = minute
/** Without one success, an endpoint is disabled. */
const failingMost = 3 * 24 * hour
const endpointsAtOnce = 50
const eachAtOnce = 10
const gone = 410
const answerLetters = 1024

type Claimed = Readonly<{
  event: EventId
  endpoint: EndpointId
  /** Which try since it was last begun, and in all. */
  tries: number
  n: number
  url: string
  body: string
  secrets: readonly { id: SecretId; fingerprint: string }[]
}>
export type DelivererOptions = Readonly<{
  books: Books
  courier: Courier
  vault: Vault
  clock?: Clock
}>
export type Deliverer = Readonly<{
  /** Sends what is due, until nothing is. Answers how many went out. */
  round(): Promise<number>
  /** Waits for what is under way. */
  idle(): Promise<void>
}>

export function openDeliverer(options: DelivererOptions): Deliverer {
  const { books, clock = () => new Date() } = options
  const serving = new Map<EndpointId, Promise<void>>()

  async function round(): Promise<number> {
    let [sent, failed]: [number, unknown] = [0, undefined]
    for (;;) {
      const claimed = await claim(books, clock(), [...serving.keys()])
      if (claimed.length === 0) break
      sent += claimed.length
      for (const [endpoint, own] of Map.groupBy(claimed, one => one.endpoint)) {
        const served = Promise.all(own.map(one => deliver(options, clock, one)))
          .then(() => undefined)
          .catch((error: unknown) => void (failed = error))
          .finally(() => serving.delete(endpoint))
        serving.set(endpoint, served)
      }
      await soon([...serving.values()])
    }
    if (failed) throw failed as Error
    return sent
  }
  return {
    round,
    idle: async () => {
      await Promise.all(serving.values())
    },
  }
}

/** Until one of them is done, or a second has passed. */
async function soon(under: readonly Promise<void>[]): Promise<void> {
  const waiting = new AbortController()
  const asleep = sleep(second, undefined, { signal: waiting.signal }).catch(() => undefined)
  await Promise.race([...under, asleep])
  waiting.abort()
}

/** Each claimed delivery has its attempt written before it is sent. */
async function claim(books: Books, at: Date, busy: readonly EndpointId[]): Promise<Claimed[]> {
  return await books.sql<Claimed>`
    with due as (
      select d.event, d.endpoint from integrators.endpoint e
      cross join lateral (
        select w.event, w.endpoint from integrators.delivery w
        where w.endpoint = e.id and w.state = 'waiting' and w.due_at <= ${at}
        order by w.due_at limit ${eachAtOnce} for update skip locked) d
      where e.state = 'live' and e.id <> all(${busy}::text[])
      limit ${endpointsAtOnce * eachAtOnce}),
    claimed as (
      update integrators.delivery d
      set due_at = ${new Date(at.getTime() + lease)}, tries = d.tries + 1, sent = d.sent + 1
      from due where d.event = due.event and d.endpoint = due.endpoint
      returning d.event, d.endpoint, d.tries, d.sent as n),
    attempted as (
      insert into integrators.attempt (event, endpoint, n, sent_at)
      select event, endpoint, n, ${at} from claimed)
    select c.event, c.endpoint, c.tries, c.n, e.url, v.body,
      (select jsonb_agg(jsonb_build_object('id', s.id, 'fingerprint', s.fingerprint) order by s.made_at desc)
       from integrators.secret s
       where s.endpoint = e.id and (s.ends_at is null or s.ends_at > ${at})) as secrets
    from claimed c
    join integrators.endpoint e on e.id = c.endpoint
    join integrators.event v on v.id = c.event`
}

async function deliver(options: DelivererOptions, clock: Clock, claimed: Claimed): Promise<void> {
  const answer = await send(options, clock(), claimed)
  await options.books.write(tx => record(tx, clock(), claimed, answer))
}

async function send(
  { courier, vault }: DelivererOptions,
  at: Date,
  claimed: Claimed,
): Promise<Answer> {
  const { url, event: id, body } = claimed
  const secrets = claimed.secrets.map(one => ({ ...one, secret: vault.secretOf(one.id) }))
  // Signed with another key than the one that was told, nobody could verify it.
  if (secrets.some(({ secret, fingerprint }) => fingerprintOf(secret) !== fingerprint))
    return { error: 'secret_lost' }
  return await courier.send({ url, id, at, body, secrets: secrets.map(({ secret }) => secret) })
}

/** A try that was overtaken, by the end of its lease or by a replay, is written down but decides nothing. */
async function record(
  tx: Transaction,
  at: Date,
  { event, endpoint, tries, n }: Claimed,
  { status = null, error = null, answer = null }: Nullable<Answer>,
): Promise<void> {
  const heard = answer === null ? null : answer.replaceAll('\0', '').slice(0, answerLetters)
  const done = status !== null && status >= 200 && status < 300
  const wait = done || status === gone ? undefined : schedule[tries]
  const state = done ? 'delivered' : wait === undefined ? 'failed' : 'waiting'
  const dueAt = wait === undefined ? at : new Date(at.getTime() + wait)
  await tx.sql`
    update integrators.delivery set state = ${state}, due_at = ${dueAt}
    where event = ${event} and endpoint = ${endpoint} and sent = ${n} and tries = ${tries}
      and state = 'waiting'`
  await tx.sql`
    update integrators.attempt set ended_at = ${at}, status = ${status}, error = ${error}, answer = ${heard}
    where event = ${event} and endpoint = ${endpoint} and n = ${n}`
  if (done)
    await tx.sql`
      update integrators.endpoint set failing_since = null
      where id = ${endpoint} and state <> 'ended' and failing_since is not null`
  else await countFailure(tx, at, endpoint, status)
}
type Nullable<T> = { [K in keyof T]?: T[K] | null }

async function countFailure(
  tx: Transaction,
  at: Date,
  endpoint: EndpointId,
  status: number | null,
): Promise<void> {
  const tooLong = new Date(at.getTime() - failingMost)
  await tx.sql`
    update integrators.endpoint e set
      failing_since = coalesce(e.failing_since, ${at}),
      state = case when ends.why is null then e.state else 'disabled' end,
      why = coalesce(ends.why, e.why),
      since = case when ends.why is null then e.since else ${at}::timestamptz end
    from (select case when ${status}::int = ${gone} then 'gone'
                      when failing_since <= ${tooLong} then 'failing' end as why
          from integrators.endpoint where id = ${endpoint}) ends
    where e.id = ${endpoint} and e.state = 'live'`
}

export type Untold = Readonly<{ state: 'waiting' | 'failed'; count: number; oldest: Date | null }>

/** What merchants' programs have not been told, and of when it is: for metrics. */
export async function untoldDeliveries({ sql }: Books): Promise<Untold[]> {
  return await sql<Untold>`
    select s.state, count(d.event)::int as count, min(e.at) as oldest
    from unnest(array['failed', 'waiting']) as s (state)
    left join integrators.delivery d on d.state = s.state and d.state <> 'delivered'
    left join integrators.event e on e.id = d.event
    group by s.state order by s.state`
}
