/** Where a merchant is told, and of what; its secrets, of which two sign while one follows the other. */
import {
  newId,
  Refusal,
  type Books,
  type MerchantId,
  type PersonId,
  type Sql,
} from '@bursar/kernel'
import type { EventType } from './bodies.ts'
import type { Courier } from './courier.ts'
import type { EndpointId } from './events.ts'
import type { Refused } from './refused.ts'
import { fingerprintOf, type Vault } from './secrets.ts'

export type Endpoint = Readonly<{
  id: EndpointId
  merchant: MerchantId
  url: string
  events: readonly EventType[]
  state: 'live' | 'disabled' | 'ended'
  /** Why it is not live: its owner, three days of failure, or its own 410. */
  why: 'owner' | 'failing' | 'gone' | null
  since: Date
  failingSince: Date | null
  madeAt: Date
  /** Until when the secret before signs too. */
  overlapEndsAt: Date | null
}>
export type Made = Readonly<{ endpoint: Endpoint; secret: string }>
type Named = Readonly<{ merchant: MerchantId; endpoint: EndpointId; at?: Date }>
type Making = Readonly<{
  merchant: MerchantId
  url: string
  events: readonly EventType[]
  by: PersonId
  at?: Date
}>

/** At one merchant, those that have not ended. */
const endpointsMost = 10
const hour = 3_600_000

export async function makeEndpoint(
  books: Books,
  { courier, vault }: { courier: Courier; vault: Vault },
  { merchant, url, events, by, at = new Date() }: Making,
): Promise<Made> {
  mustTake(courier, url)
  const id = newId('whe', at.getTime())
  const secret = await books.write(async tx => {
    await tx.sql`select from parties.merchant where id = ${merchant} for update`
    const others = await tx.sql`
      select from integrators.endpoint where merchant = ${merchant} and state <> 'ended'`
    if (others.length >= endpointsMost)
      throw new Refusal<Refused>('too_many_endpoints', { most: endpointsMost })
    await tx.sql`
      insert into integrators.endpoint (id, merchant, url, events, since, made_by, made_at)
      values (${id}, ${merchant}, ${url}, ${[...new Set(events)]}, ${at}, ${by}, ${at})`
    return await addSecret(tx.sql, vault, id, at)
  })
  return { endpoint: await endpointOf(books, { merchant, endpoint: id, at }), secret }
}

async function addSecret(sql: Sql, vault: Vault, endpoint: EndpointId, at: Date): Promise<string> {
  const id = newId('whs', at.getTime())
  const secret = vault.secretOf(id)
  await sql`
    insert into integrators.secret (id, endpoint, fingerprint, made_at)
    values (${id}, ${endpoint}, ${fingerprintOf(secret)}, ${at})`
  return secret
}

function mustTake(courier: Courier, url: string): void {
  if (!courier.takes(url)) throw new Refusal<Refused>('url_not_allowed', { field: 'url' })
}

/** Another secret; the one before signs beside it for some hours more. */
export async function rotateSecret(
  books: Books,
  vault: Vault,
  { merchant, endpoint, overlapHours, at = new Date() }: Named & Readonly<{ overlapHours: number }>,
): Promise<Made> {
  const secret = await books.write(async tx => {
    const [held] = await tx.sql<{ state: string }>`
      select state from integrators.endpoint
      where id = ${endpoint} and merchant = ${merchant} for update`
    if (!held) throw new Refusal<Refused>('no_such_endpoint', { endpoint })
    if (held.state === 'ended') throw new Refusal<Refused>('endpoint_ended', { endpoint })
    const until = new Date(at.getTime() + overlapHours * hour)
    await tx.sql`
      update integrators.secret set ends_at = least(ends_at, ${until}::timestamptz)
      where endpoint = ${endpoint} and (ends_at is null or ends_at > ${until})`
    return await addSecret(tx.sql, vault, endpoint, at)
  })
  return { endpoint: await endpointOf(books, { merchant, endpoint, at }), secret }
}

type Change = Named &
  Readonly<{ url?: string; events?: readonly EventType[]; state?: 'live' | 'disabled' }>

/** Live again, it has a clean slate: what waited goes on, and three new days may fail. */
export async function changeEndpoint(
  books: Books,
  courier: Courier,
  { merchant, endpoint, url, events, state, at = new Date() }: Change,
): Promise<Endpoint> {
  if (url !== undefined) mustTake(courier, url)
  const changed = await books.sql`
    update integrators.endpoint set
      url = coalesce(${url ?? null}, url),
      events = coalesce(${events ? [...new Set(events)] : null}::text[], events),
      state = coalesce(${state ?? null}, state),
      since = case when ${state ?? null}::text <> state then ${at}::timestamptz else since end,
      why = case coalesce(${state ?? null}, state)
              when 'live' then null when 'disabled' then coalesce(why, 'owner') else why end,
      failing_since = case when ${state ?? null}::text = 'live' then null else failing_since end
    where id = ${endpoint} and merchant = ${merchant} and state <> 'ended' returning id`
  const now = await endpointOf(books, { merchant, endpoint, at })
  if (!changed.length) throw new Refusal<Refused>('endpoint_ended', { endpoint })
  return now
}

/** For good. What waited for it waits for nobody. */
export async function endEndpoint(
  books: Books,
  { merchant, endpoint, at = new Date() }: Named,
): Promise<Endpoint> {
  await books.sql`
    update integrators.endpoint set state = 'ended', why = 'owner', since = ${at}
    where id = ${endpoint} and merchant = ${merchant} and state <> 'ended'`
  return await endpointOf(books, { merchant, endpoint, at })
}

async function endpointOf(books: Books, { merchant, endpoint, at }: Named): Promise<Endpoint> {
  const found = (await listEndpoints(books, merchant, at)).find(({ id }) => id === endpoint)
  if (!found) throw new Refusal<Refused>('no_such_endpoint', { endpoint })
  return found
}

/** Newest first, those that ended last. */
export async function listEndpoints(
  books: Books,
  merchant: MerchantId,
  at = new Date(),
): Promise<Endpoint[]> {
  return await books.sql<Endpoint>`
    select e.id, e.merchant, e.url, e.events, e.state, e.why, e.since,
           e.failing_since as "failingSince", e.made_at as "madeAt",
           (select max(s.ends_at) from integrators.secret s
            where s.endpoint = e.id and s.ends_at > ${at}) as "overlapEndsAt"
    from integrators.endpoint e where e.merchant = ${merchant}
    order by e.state = 'ended', e.made_at desc, e.id desc limit 200`
}
