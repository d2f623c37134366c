import assert from 'node:assert/strict'
import { test } from 'node:test'
import { openLogger } from '../logger.ts'
import { useShops, cny, pay, wish } from '../custody/testing.ts'
import { keyClientOf, useApi } from '../testing.ts'

const lines: string[] = []
const logger = openLogger('info', { write: line => void lines.push(line) })
const api = useApi(() => ({ logger, limits: { key: 3, person: Infinity, address: 4 } }))
const shops = await useShops()

const keysOf = (merchant: string) => `/v1/parties/merchants/${merchant}/api-keys`

test('P1-25 an owner makes a key, sees its secret once, rotates it and ends it; what ended is refused at once', async () => {
  const { id, owner } = await shops.api.merchant()
  const boss = await shops.api.session(owner)
  const body = { name: '网店', scopes: ['spends:read'] }
  const { apiKey, secret } = (await boss.post(keysOf(id), body)).json()
  const program = keyClientOf(() => shops.api.app, secret)
  const spends = `/v1/custody/merchants/${id}/spends`
  assert.equal((await program.get(spends)).statusCode, 200)
  const listed = await boss.get(keysOf(id))
  assert.ok(!listed.body.includes(secret) && listed.body.includes(apiKey.hint))
  assert.ok(listed.json().rows[0].usedAt)

  const url = `${keysOf(id)}/${apiKey.id}`
  const rotated = (await boss.post(`${url}/rotate`, { overlapHours: 0 })).json()
  const refused = await program.get(spends)
  assert.deepEqual([refused.statusCode, refused.json().code], [401, 'api_key_unknown'])
  const newer = keyClientOf(() => shops.api.app, rotated.secret)
  assert.equal((await newer.get(spends)).statusCode, 200)
  assert.ok((await boss.delete(url)).json().endedAt)
  assert.equal((await newer.get(spends)).statusCode, 401)
  const staff = await shops.api.as('staff', { merchant: id })
  assert.equal((await staff.get(keysOf(id))).statusCode, 403)
})

test('P1-25 a key does what its scopes say, at its own merchant; a missing scope is named', async () => {
  const [mine, other] = [await shops.shop(), await shops.shop()]
  const { who, purse } = await shops.member(mine.id, '10.00')
  const spend = (await pay(who, purse, mine.id, '6.00')).json().id
  const owner = await shops.api.person()
  const reader = await shops.api.program(mine.id, owner, ['spends:read'])
  const refund = (by: typeof reader, key = wish()) =>
    by.post(`/v1/custody/spends/${spend}/refunds`, { amount: cny('1.00'), reason: '退货' }, key)

  assert.equal((await reader.get(`/v1/custody/spends/${spend}`)).json().balance, undefined)
  const lacking = await refund(reader)
  assert.deepEqual([lacking.statusCode, lacking.json().code], [403, 'scope_missing'])
  assert.match(lacking.json().detail, /refunds:write/)
  assert.equal((await reader.get('/v1/parties/me')).json().code, 'not_for_api_keys')
  const stranger = await shops.api.program(other.id, owner)
  for (const answer of [
    await refund(stranger),
    await stranger.get(`/v1/custody/spends/${spend}`),
    await stranger.get(`/v1/custody/merchants/${mine.id}/spends`),
  ])
    assert.deepEqual([answer.statusCode, answer.json().code], [404, 'not_found'])

  const [shop, twin] = await Promise.all([1, 2].map(() => shops.api.program(mine.id, owner)))
  const key = wish()
  const given = await refund(shop!, key)
  assert.match(given.json().by, /^key_/)
  assert.deepEqual((await refund(twin!, key)).json(), given.json(), 'it is the merchant’s wish')
  const url = `/v1/custody/spends/${spend}/refunds?key=${key.key}`
  assert.deepEqual((await twin!.get(url)).json(), given.json())
})

test('P1-25 a key needs no origin, a cookie does; beside a key a cookie counts for nothing', async () => {
  const { id, till } = await shops.shop()
  const program = await shops.api.program(id, await shops.api.person(), ['spends:read'])
  const foreign = { origin: 'https://elsewhere.example' }
  const url = `/v1/custody/merchants/${id}/charges`
  assert.equal((await till.post(url, {}, { headers: foreign })).json().code, 'foreign_origin')
  const both = await program.post(url, {}, { headers: { ...foreign, cookie: till.cookie } })
  assert.equal(both.json().code, 'not_for_api_keys')
  const basic = await till.get(`/v1/custody/merchants/${id}/spends`, {
    headers: { authorization: 'Basic cHJveHk6ZG9vcg==' },
  })
  assert.equal(basic.statusCode, 200, 'a proxy’s own door is none of ours')
})

test('P1-25 a request that was let in comes to its end, although its key ends meanwhile', async () => {
  const mine = await shops.shop()
  const { who, purse } = await shops.member(mine.id, '10.00')
  const spend = (await pay(who, purse, mine.id, '6.00')).json().id
  const { owner } = { owner: await shops.api.as('owner', { merchant: mine.id }) }
  const made = await owner.post(keysOf(mine.id), { name: '网店', scopes: ['refunds:write'] })
  const program = keyClientOf(() => shops.api.app, made.json().secret)
  const body = { amount: cny('1.00'), reason: '退货' }
  const refund = () => program.post(`/v1/custody/spends/${spend}/refunds`, body, wish())
  const { integrators } = shops.api.app.house
  const admitted = Promise.withResolvers<void>()
  const [of, ended] = [integrators.of, Promise.withResolvers<void>()]
  // Held between being known and being served, until the key has ended.
  Object.assign(integrators, {
    of: async (secret: string) => {
      const known = await of(secret)
      admitted.resolve()
      await ended.promise
      return known
    },
  })
  const underWay = refund()
  await admitted.promise
  Object.assign(integrators, { of })
  await owner.delete(`${keysOf(mine.id)}/${made.json().apiKey.id}`)
  ended.resolve()
  assert.equal((await underWay).statusCode, 201)
  assert.equal((await refund()).json().code, 'api_key_unknown')
})

test('P1-25 each key has its own limit, and who guesses has the address’s', async () => {
  const { id, owner } = await api.merchant()
  const [one, two] = [await api.program(id, owner), await api.program(id, owner)]
  const url = `/v1/custody/merchants/${id}/charges`
  const codes = async (by: typeof one, times: number) => {
    const said: number[] = []
    for (let i = 0; i < times; i++) said.push((await by.get(url)).statusCode)
    return said
  }
  assert.deepEqual(await codes(one, 4), [403, 403, 403, 429])
  assert.deepEqual(await codes(two, 1), [403])
  const guess = keyClientOf(() => api.app, 'bk_00000000_guess')
  assert.deepEqual(await codes(guess, 5), [401, 401, 401, 401, 429])
})

test('P1-25 no log knows a key’s secret, only which key it was', async () => {
  const { id, owner } = await api.merchant()
  lines.length = 0
  const boss = await api.session(owner)
  const made = await boss.post(keysOf(id), { name: '网店', scopes: ['spends:read'] })
  const { apiKey, secret } = made.json()
  await keyClientOf(() => api.app, secret).get('/v1/parties/me')
  logger.info({ headers: { authorization: `Bearer ${secret}` }, reply: { secret } }, 'by mistake')
  const log = lines.join('')
  assert.ok(log.includes(apiKey.id))
  assert.ok(!log.includes(secret.slice(12)))
})
