import assert from 'node:assert/strict'
import { test } from 'node:test'
import { newId, type MerchantId, type PersonId } from '@bursar/kernel'
import { endApiKey, integratorsOf, listApiKeys, makeApiKey, rotateApiKey } from './apiKeys.ts'
import { useParties } from './testing.ts'

const town = useParties()
const start = new Date('2026-11-29T08:00:00Z')
const after = (hours: number) => new Date(start.getTime() + hours * 3_600_000)

async function shop(): Promise<{ merchant: MerchantId; by: PersonId }> {
  const { id: by } = await town.person()
  return { merchant: (await town.merchant(by)).id, by }
}
const make = (at: { merchant: MerchantId; by: PersonId }, more = {}) =>
  makeApiKey(town.books, { ...at, name: '网店', scopes: ['orders:write'], at: start, ...more })
const opens = async (secret: string, at: Date) =>
  (await integratorsOf(town.books, [secret], at)).get(secret)

test('a key opens what its scopes say, at its merchant; the table has its digest alone', async () => {
  const mine = await shop()
  const { apiKey, secret } = await make(mine)
  assert.match(secret, /^bk_[0-9a-z]{8}_[\w-]{43}$/)
  assert.ok(secret.startsWith(apiKey.hint))
  const { merchant } = mine
  const told = { apiKey: apiKey.id, merchant, scopes: ['orders:write'] }
  assert.deepEqual(await opens(secret, start), told)
  assert.equal(await opens(`${secret}x`, start), undefined)
  const rows = await town.books.sql`
    select k::text as k, s::text as s from parties.api_key k, parties.api_key_secret s`
  assert.ok(!JSON.stringify(rows).includes(secret.slice(12)))
})

test('rotated, both secrets open for as long as was said, and then the new one alone', async () => {
  const mine = await shop()
  const { apiKey, secret: old } = await make(mine)
  const ask = { merchant: mine.merchant, id: apiKey.id }
  const { secret } = await rotateApiKey(town.books, { ...ask, overlapHours: 24, at: start })
  assert.ok((await opens(old, after(23))) && (await opens(secret, after(23))))
  assert.equal(await opens(old, after(25)), undefined)
  assert.ok(await opens(secret, after(25)))
  const again = await rotateApiKey(town.books, { ...ask, overlapHours: 0, at: after(1) })
  assert.equal(await opens(old, after(1)), undefined, 'what was to end sooner does')
  assert.equal(await opens(secret, after(1)), undefined)
  assert.ok(await opens(again.secret, after(1)))
})

test('a key that ended or expired opens nothing, for good', async () => {
  const mine = await shop()
  const { apiKey, secret } = await make(mine, { expiresAt: after(2) })
  assert.equal(await opens(secret, after(2)), undefined)
  assert.ok(await opens(secret, after(1)))
  const end = { ...mine, id: apiKey.id, at: after(1) }
  const { endedAt } = await endApiKey(town.books, end)
  assert.deepEqual(endedAt, after(1))
  assert.equal(await opens(secret, after(1)), undefined)
  await endApiKey(town.books, { ...end, at: after(2) })
  assert.deepEqual((await listApiKeys(town.books, mine.merchant))[0]!.endedAt, after(1))
  await assert.rejects(rotateApiKey(town.books, { ...end, overlapHours: 1 }), {
    code: 'api_key_ended',
  })
  await assert.rejects(
    town.books
      .sql`update parties.api_key set ended_at = null, ended_by = null where id = ${apiKey.id}`,
    { constraint: 'a_key_that_ended_stays_ended' },
  )
  await assert.rejects(make(mine, { expiresAt: start }), { code: 'expiry_passed' })
})

test('another merchant’s key is as if it were not there', async () => {
  const [mine, other] = [await shop(), await shop()]
  const { apiKey } = await make(mine)
  for (const id of [apiKey.id, newId('key')])
    await assert.rejects(endApiKey(town.books, { ...other, id }), { code: 'no_such_api_key' })
  assert.deepEqual(await listApiKeys(town.books, other.merchant), [])
})

test('the last use is known to the minute, and written once a minute however often it is used', async () => {
  const mine = await shop()
  const { secret } = await make(mine)
  const used = async (seconds: number) => {
    await opens(secret, new Date(start.getTime() + seconds * 1000))
    const [row] = await town.books.sql<{ usedAt: Date; version: string }>`
      select used_at as "usedAt", xmin::text as version from parties.api_key
      where merchant = ${mine.merchant}`
    return row!
  }
  const first = await used(5)
  assert.deepEqual(first.usedAt, start)
  assert.deepEqual(await used(30), first)
  assert.deepEqual((await used(90)).usedAt, new Date(start.getTime() + 60_000))
})

test('a merchant has twenty keys at most, counted exactly', async () => {
  const mine = await shop()
  const made = await Promise.allSettled(Array.from({ length: 23 }, () => make(mine)))
  assert.equal(made.filter(({ status }) => status === 'fulfilled').length, 20)
})

test('a key that still opens is in the list, and is ended, after two hundred younger ones that were ended', async () => {
  const mine = await shop()
  const { apiKey: old } = await make(mine)
  for (let i = 0; i < 200; i++) {
    const { apiKey } = await make(mine, { at: after(1) })
    await endApiKey(town.books, { ...mine, id: apiKey.id, at: after(1) })
  }
  assert.equal((await listApiKeys(town.books, mine.merchant, after(1)))[0]!.id, old.id)
  const ask = { merchant: mine.merchant, id: old.id, at: after(2) }
  assert.ok((await rotateApiKey(town.books, { ...ask, overlapHours: 1 })).secret)
  assert.ok((await endApiKey(town.books, { ...ask, by: mine.by })).endedAt)
})
