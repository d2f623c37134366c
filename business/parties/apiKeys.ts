/**
 * API keys: how a merchant's own program says who it is. `bk_`, eight letters that are shown, 32 random bytes
 * that are with the program alone; their SHA-256 is with us.
 *
 *   make     by an owner; the secret is shown once
 *   rotate   a new secret, while the old one still opens for some hours
 *   end      at once, for good
 *
 * A key is the merchant's, not its maker's: it stays when its maker leaves. Which routes it opens is said in the
 * contract, scope by scope.
 */
import { createHash, randomBytes } from 'node:crypto'
import {
  newId,
  Refusal,
  type ApiKeyId,
  type Books,
  type Integrator,
  type MerchantId,
  type PersonId,
  type Scope,
} from '@bursar/kernel'
import type { Refused } from './refusal.ts'

export type ApiKey = Readonly<{
  id: ApiKeyId
  merchant: MerchantId
  name: string
  scopes: readonly Scope[]
  /** How its newest secret begins. */
  hint: string
  madeBy: PersonId
  madeAt: Date
  expiresAt: Date | null
  usedAt: Date | null
  endedAt: Date | null
  /** Until when an older secret still opens. */
  overlapEndsAt: Date | null
}>
export type ApiKeyAsk = Readonly<{
  merchant: MerchantId
  name: string
  scopes: readonly Scope[]
  by: PersonId
  expiresAt?: Date
  at?: Date
}>
export type MadeApiKey = Readonly<{ apiKey: ApiKey; secret: string }>
type Named = Readonly<{ merchant: MerchantId; id: ApiKeyId; at?: Date }>

const minute = 60_000
const hour = 60 * minute
/** At one merchant, those that have not ended. */
const keysMost = 20
const digestOf = (secret: string) => createHash('sha256').update(secret).digest('base64url')
const letters = '0123456789abcdefghjkmnpqrstvwxyz'

function newSecret(): { secret: string; hint: string; digest: string } {
  const hint = `bk_${[...randomBytes(8)].map(byte => letters[byte % 32]).join('')}`
  const secret = `${hint}_${randomBytes(32).toString('base64url')}`
  return { secret, hint, digest: digestOf(secret) }
}

export async function makeApiKey(books: Books, ask: ApiKeyAsk): Promise<MadeApiKey> {
  const { merchant, name, scopes, by, expiresAt = null, at = new Date() } = ask
  if (expiresAt && expiresAt <= at)
    throw new Refusal<Refused>('expiry_passed', { field: 'expiresAt' })
  const id = newId('key', at.getTime())
  const { secret, hint, digest } = newSecret()
  await books.write(async tx => {
    // Whoever makes another at the same moment waits here, so that the count is exact.
    await tx.sql`select from parties.merchant where id = ${merchant} for update`
    const live = await tx.sql`
      select from parties.api_key where merchant = ${merchant} and ended_at is null`
    if (live.length >= keysMost) throw new Refusal<Refused>('too_many_api_keys', { most: keysMost })
    await tx.sql`
      insert into parties.api_key (id, merchant, name, scopes, made_by, made_at, expires_at)
      values (${id}, ${merchant}, ${name}, ${[...new Set(scopes)]}, ${by}, ${at}, ${expiresAt})`
    await tx.sql`
      insert into parties.api_key_secret (digest, api_key, hint, made_at)
      values (${digest}, ${id}, ${hint}, ${at})`
  })
  return { apiKey: await apiKeyOf(books, { merchant, id, at }), secret }
}

/** The old secret goes on for `overlapHours`; one that was to end sooner does so. */
export async function rotateApiKey(
  books: Books,
  { merchant, id, overlapHours, at = new Date() }: Named & Readonly<{ overlapHours: number }>,
): Promise<MadeApiKey> {
  const { secret, hint, digest } = newSecret()
  await books.write(async tx => {
    const [key] = await tx.sql<{ endedAt: Date | null }>`
      select ended_at as "endedAt" from parties.api_key
      where id = ${id} and merchant = ${merchant} for update`
    if (!key) throw new Refusal<Refused>('no_such_api_key', { apiKey: id })
    if (key.endedAt) throw new Refusal<Refused>('api_key_ended', { apiKey: id })
    const until = new Date(at.getTime() + overlapHours * hour)
    await tx.sql`
      update parties.api_key_secret set ends_at = least(ends_at, ${until}::timestamptz)
      where api_key = ${id} and (ends_at is null or ends_at > ${until})`
    await tx.sql`
      insert into parties.api_key_secret (digest, api_key, hint, made_at)
      values (${digest}, ${id}, ${hint}, ${at})`
  })
  return { apiKey: await apiKeyOf(books, { merchant, id, at }), secret }
}

/** Ending it again changes nothing. */
export async function endApiKey(
  books: Books,
  { merchant, id, by, at = new Date() }: Named & Readonly<{ by: PersonId }>,
): Promise<ApiKey> {
  await books.sql`
    update parties.api_key set ended_at = ${at}, ended_by = ${by}
    where id = ${id} and merchant = ${merchant} and ended_at is null`
  return apiKeyOf(books, { merchant, id, at })
}

async function apiKeyOf(books: Books, { merchant, id, at = new Date() }: Named): Promise<ApiKey> {
  const [found] = await keysOf(books, { merchant, id, at })
  if (!found) throw new Refusal<Refused>('no_such_api_key', { apiKey: id })
  return found
}

/** Newest first, those that ended last: what still opens is always there. */
export const listApiKeys = (
  books: Books,
  merchant: MerchantId,
  at = new Date(),
): Promise<ApiKey[]> => keysOf(books, { merchant, id: null, at })

type Which = Readonly<{ merchant: MerchantId; id: ApiKeyId | null; at: Date }>

const keysOf = (books: Books, { merchant, id, at }: Which): Promise<ApiKey[]> =>
  books.sql<ApiKey>`
    select k.id, k.merchant, k.name, k.scopes, s.hint, k.made_by as "madeBy", k.made_at as "madeAt",
           k.expires_at as "expiresAt", k.used_at as "usedAt", k.ended_at as "endedAt",
           (select max(o.ends_at) from parties.api_key_secret o
            where o.api_key = k.id and o.ends_at > ${at}) as "overlapEndsAt"
    from parties.api_key k
    join parties.api_key_secret s on s.api_key = k.id and s.ends_at is null
    where k.merchant = ${merchant} and (${id}::text is null or k.id = ${id})
    order by k.ended_at is not null, k.made_at desc, k.id desc limit 200`

/** Who brings these secrets: one question for all that arrived together. */
export async function integratorsOf(
  books: Books,
  secrets: readonly string[],
  at = new Date(),
): Promise<ReadonlyMap<string, Integrator>> {
  const byDigest = new Map(secrets.map(secret => [digestOf(secret), secret]))
  const rows = await books.sql<Integrator & { digest: string; usedAt: Date | null }>`
    select s.digest, k.id as "apiKey", k.merchant, k.scopes, k.used_at as "usedAt"
    from parties.api_key_secret s join parties.api_key k on k.id = s.api_key
    where s.digest = any(${[...byDigest.keys()]}::text[])
      and (s.ends_at is null or s.ends_at > ${at}::timestamptz)
      and k.ended_at is null and (k.expires_at is null or k.expires_at > ${at}::timestamptz)`
  const stale = rows.filter(({ usedAt }) => !usedAt || at.getTime() - usedAt.getTime() > minute)
  if (stale.length)
    await books.sql`
      update parties.api_key set used_at = date_trunc('minute', ${at}::timestamptz)
      where id = any(${stale.map(({ apiKey }) => apiKey)}::text[])`
  return new Map(
    rows.map(({ digest, apiKey, merchant, scopes }) => [
      byDigest.get(digest)!,
      { apiKey, merchant, scopes },
    ]),
  )
}
