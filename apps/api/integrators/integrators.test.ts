import assert from 'node:assert/strict'
import { test } from 'node:test'
import { webhookEvents } from '@bursar/contract'
import { listEvents, readBooks } from '@bursar/integrators'
import { cny, pay, useShops, wish } from '../custody/testing.ts'
import { flawsOfReply } from '../validation.ts'

const shops = await useShops()
const { api } = shops
const body = { amount: cny('12.00'), subject: '龙井', reference: 'A-1' }
const program = async (merchant: `mer_${string}`) => api.program(merchant, await api.person())

test('P1-24 a lost order is found by its key; a key used for something else is refused', async () => {
  const { id } = await shops.shop()
  const [one, twin] = [await program(id), await program(id)]
  const url = `/v1/integrators/merchants/${id}/orders`
  const key = wish()
  const made = await one.post(url, body, key)
  assert.equal(made.statusCode, 201)
  assert.deepEqual((await twin.post(url, body, key)).json(), made.json())
  assert.deepEqual((await twin.get(`${url}?key=${key.key}`)).json().rows, [made.json()])
  const other = await one.post(url, { ...body, reference: 'A-2' }, key)
  assert.deepEqual([other.statusCode, other.json().code], [422, 'idempotency_key_reused'])
  assert.equal((await one.get(`${url}?key=never`)).json().code, 'unknown_key')
  assert.equal((await one.post(url, body)).json().code, 'idempotency_key_required')
  const script = await one.post(url, { ...body, returnUrl: 'javascript:alert(1)' }, wish())
  assert.deepEqual(script.json().errors[0].pointer, '/returnUrl')
})

test('P1-24 an order is another merchant’s program’s as if it were not there; a guest with the link sees what to pay', async () => {
  const [mine, other] = [await shops.shop(), await shops.shop()]
  const shop = await program(mine.id)
  const url = `/v1/integrators/merchants/${mine.id}/orders`
  const { id } = (await shop.post(url, body, wish())).json()
  const stranger = await program(other.id)
  for (const answer of [
    await stranger.get(`/v1/integrators/orders/${id}`),
    await stranger.delete(`/v1/integrators/orders/${id}`),
    await stranger.get(url),
    await other.till.get(`/v1/integrators/orders/${id}`),
  ])
    assert.equal(answer.statusCode, 404)
  const guest = await api.as('consumer')
  const page = (await guest.get(`/v1/integrators/orders/${id}/page`)).json()
  assert.deepEqual([page.state, page.amount, page.purse], ['open', cny('12.00'), undefined])
  assert.equal((await shop.delete(`/v1/integrators/orders/${id}`)).json().state, 'closed')
  assert.equal((await guest.get(`/v1/integrators/orders/${id}/page`)).json().state, 'closed')
})

test('P5-19 an owner names an address, tests it, looks up what was told, and has it told again', async () => {
  const { id, till } = await shops.shop()
  const boss = await api.as('owner', { merchant: id })
  const at = `/v1/integrators/merchants/${id}`
  const events = Object.keys(webhookEvents).filter(type => type !== 'ping')
  const made = await boss.post(`${at}/endpoints`, { url: 'https://shop.example/hook', events })
  const { endpoint, secret } = made.json()
  assert.match(secret, /^whsec_[A-Za-z0-9+/]{43}=$/)
  assert.ok(!(await boss.get(`${at}/endpoints`)).body.includes(secret.slice(6)))
  const own = `${at}/endpoints/${endpoint.id}`
  const ping = await boss.post(`${own}/ping`, {})
  assert.deepEqual([ping.statusCode, ping.json().type], [202, 'ping'])
  const rotated = (await boss.post(`${own}/rotate`, { overlapHours: 2 })).json()
  assert.notEqual(rotated.secret, secret)
  assert.ok(rotated.endpoint.overlapEndsAt)

  const { who, purse } = await shops.member(id, '20.00')
  await pay(who, purse, id, '3.00')
  await api.books.sql`update parties.merchant set confirms_spends = true where id = ${id}`
  await readBooks(api.books)
  const { rows } = (await boss.get(`${at}/events?type=spend.done`)).json()
  assert.equal(rows.length, 1)
  const detail = (await boss.get(`${at}/events/${rows[0].id}`)).json()
  assert.deepEqual([detail.event, detail.attempts], [rows[0], []])
  const again = await boss.post(`${at}/events/${rows[0].id}/replay`, {})
  assert.deepEqual(again.json(), { deliveries: 1 })
  const span = { from: new Date(0).toISOString(), to: new Date(Date.now() + 60_000).toISOString() }
  assert.deepEqual((await boss.post(`${own}/replay`, span)).json(), { events: 1 })
  for (const { type, body: said } of await listEvents(api.books, { merchant: id }))
    assert.deepEqual(flawsOfReply(webhookEvents[type], JSON.parse(said)), [], type)

  const off = await boss.patch(own, { state: 'disabled' })
  assert.deepEqual([off.json().state, off.json().why], ['disabled', 'owner'])
  assert.equal((await boss.post(`${own}/ping`, {})).json().code, 'endpoint_not_live')
  assert.equal((await boss.delete(own)).json().state, 'ended')
  assert.equal((await boss.patch(own, { state: 'live' })).json().code, 'endpoint_ended')
  assert.equal((await till.get(`${at}/endpoints`)).statusCode, 403)
})
