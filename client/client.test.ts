/** The client and the example's shop, against the real server, over HTTP, both ways. */
import assert from 'node:assert/strict'
import { once } from 'node:events'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { text } from 'node:stream/consumers'
import { after, before, test } from 'node:test'
import { Webhook } from 'standardwebhooks'
import { useApi } from '@bursar/api/testing'
import { admitMerchant, join, openPool } from '@bursar/custody'
import { openCourier } from '@bursar/gateway-webhooks'
import { openDeliverer, openVault, readBooks } from '@bursar/integrators'
import { newId, type MerchantId, type PurseId } from '@bursar/kernel'
import { cny } from '@bursar/money'
import { openClient, Refused, Unknown, uuid7, verifyWebhook, type Client } from './client.ts'
import { openTeaShop } from './example.ts'

const webhooks = { courier: openCourier({ open: true }), vault: openVault(Buffer.alloc(32, 7)) }
const api = useApi(() => ({ webhooks }))
let [address, secret, apiKey] = ['', '', '']
let merchant: MerchantId
let client: Client
let shop: ReturnType<typeof openTeaShop>
let purse: PurseId
let guest: Awaited<ReturnType<typeof api.as>>

const server = createServer((request, reply) => {
  void text(request)
    .then(body => shop.hear(request.headers as Record<string, string>, body))
    .then(status => reply.writeHead(status).end())
})

before(async () => {
  await api.ready
  address = await api.app.listen({ port: 0, host: '127.0.0.1' })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const made = await api.merchant()
  merchant = made.id
  const [pool, bank, supervisor] = [newId('pol'), newId('ins'), newId('ins')]
  await openPool(api.books, { id: pool, book: 1, name: '池', currency: 'CNY', bank, supervisor })
  await admitMerchant(api.books, { merchant, pool })
  guest = await api.as('consumer')
  purse = (await join(api.books, { person: guest.person, merchant })).id
  const sides = {
    debit: 'pool/transit-in',
    credit: `purse/${purse}`,
    amount: cny('500.00'),
  } as const
  const post = { kind: 'post', id: crypto.randomUUID(), event: 'test', ...sides } as const
  await api.books.submit({ book: 1, plan: () => ({ entries: [post] }) })
  const boss = await api.session(made.owner)
  const scopes = ['orders:read', 'orders:write', 'spends:read', 'refunds:write', 'events:read']
  const keys = `/v1/parties/merchants/${merchant}/api-keys`
  apiKey = (await boss.post(keys, { name: '网店', scopes })).json().secret
  client = openClient({ url: address, merchant, apiKey, pause: 5 })
  shop = openTeaShop(client, () => secret)
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/`
  const asked = { url, events: ['order.paid', 'order.closed', 'spend.refunded'] }
  const endpoints = `/v1/integrators/merchants/${merchant}/endpoints`
  secret = (await boss.post(endpoints, asked)).json().secret
})
after(() => server.close())

/** What the worker does, each second. */
async function work() {
  await readBooks(api.books)
  const { round, idle } = openDeliverer({ books: api.books, ...webhooks })
  await round()
  await idle()
}
async function pays(order: { id: string }) {
  const page = (await guest.get(`/v1/integrators/orders/${order.id}/page`)).json()
  const { merchantCode, amount } = page
  assert.equal(page.purse, purse)
  const url = `/v1/custody/purses/${purse}/spends`
  return guest.post(url, { merchant, amount, merchantCode }, { key: uuid7() })
}

test('P1-24 P5-19 a shop asks for money, the guest pays, the shop is told, and gives it back', async () => {
  const cart = { reference: 'A-17', subject: '龙井茶 50 g', yuan: '38.00' }
  const [order, again] = await Promise.all([shop.checkOut(cart), shop.checkOut(cart)])
  assert.deepEqual(again, order, 'two clicks are one order')
  assert.equal(order!.payUrl, `http://localhost:4000/integrators/orders/${order!.id}`)
  assert.equal((await pays(order!)).statusCode, 201)
  assert.equal((await pays(order!)).json().code, 'merchant_code_paid')
  assert.equal(shop.shipped.size, 0)
  await work()
  assert.deepEqual([...shop.shipped], ['A-17'])
  assert.equal((await client.readOrder(order!.id)).state, 'paid')

  const refund = await shop.giveBack('A-17', '缺货')
  assert.deepEqual(await shop.giveBack('A-17', '缺货'), refund)
  await work()
  const { rows } = await client.listEvents({ q: refund.id })
  const said = rows.map(({ type, deliveries }) => [type, deliveries[0]?.state])
  assert.deepEqual(said, [['spend.refunded', 'delivered']])
  assert.deepEqual((await client.readOrder(order!.id)).refunded, {
    amount: '38.00',
    currency: 'CNY',
  })
  assert.equal((await client.listSpends()).rows[0]!.id, refund.spend)
  assert.equal((await client.readSpend(refund.spend)).refunds.length, 1)
})

test('P1-24 an answer that was lost is asked for again under the same key, and is one order', async () => {
  let asked = 0
  const losing: typeof fetch = async (...ask) => {
    const reply = await fetch(...ask)
    if (++asked < 3) throw new TypeError('connection lost')
    return reply
  }
  const unlucky = openClient({ url: address, merchant, apiKey, fetch: losing, pause: 1 })
  const body = { amount: { amount: '1.00', currency: 'CNY' }, subject: '茶', reference: 'lost' }
  const order = await unlucky.createOrder(body)
  assert.equal(asked, 3)
  const { rows } = await client.listOrders({ reference: 'lost' })
  assert.deepEqual(rows, [order])

  const never = { url: address, merchant, apiKey, pause: 1 }
  const dead = openClient({ ...never, fetch: () => Promise.reject(new TypeError('no route')) })
  const unknown = await dead.createOrder(body, { key: 'mine' }).catch((error: unknown) => error)
  assert.ok(unknown instanceof Unknown && unknown.key === 'mine')
})

test('P1-24 a refusal is not tried again, and too many requests are as often as it says', async () => {
  const codes: number[] = []
  const counting: typeof fetch = async (...ask) => {
    const reply = await fetch(...ask)
    codes.push(reply.status)
    return reply
  }
  const careful = openClient({ url: address, merchant, apiKey, fetch: counting, pause: 1 })
  const refused = await careful.readOrder(newId('ord')).catch((error: unknown) => error)
  assert.ok(refused instanceof Refused)
  assert.deepEqual([refused.code, refused.status, codes], ['not_found', 404, [404]])
  const problem = { type: '', title: '', status: 429, code: 'too_many_requests', requestId: '' }
  const headers = { 'content-type': 'application/problem+json', 'retry-after': '0' }
  let times = 0
  const full = async () => {
    times++
    return new Response(JSON.stringify(problem), { status: 429, headers })
  }
  const busy = openClient({ url: address, merchant, apiKey, fetch: full, pause: 1 })
  await assert.rejects(busy.listOrders(), { code: 'too_many_requests' })
  assert.equal(times, 4)
})

test('P5-19 what the official library signs is verified, and nothing else', async () => {
  const key = `whsec_${Buffer.alloc(32, 3).toString('base64')}`
  const body = JSON.stringify({ type: 'ping', timestamp: new Date(), data: { endpoint: 'whe_1' } })
  const at = new Date()
  const headersOf = (signature: string, more = {}) => ({
    'webhook-id': 'evt_1',
    'webhook-timestamp': String(Math.floor(at.getTime() / 1000)),
    'webhook-signature': signature,
    ...more,
  })
  const signature = new Webhook(key).sign('evt_1', at, body)
  const good = { secret: key, headers: headersOf(`v1a,other ${signature}`), body }
  assert.equal((await verifyWebhook(good)).event.type, 'ping')
  assert.equal((await verifyWebhook({ ...good, headers: new Headers(good.headers) })).id, 'evt_1')
  for (const bad of [
    { ...good, body: `${body} ` },
    { ...good, secret: `whsec_${Buffer.alloc(32, 4).toString('base64')}` },
    { ...good, headers: headersOf(signature, { 'webhook-id': 'evt_2' }) },
    { ...good, headers: headersOf('v1,') },
    { ...good, headers: headersOf('v1,not base64!') },
    { ...good, headers: {} },
    { ...good, now: at.getTime() + 301_000 },
    { ...good, now: at.getTime() - 301_000 },
  ])
    await assert.rejects(verifyWebhook(bad), { name: 'Error' })
})

test('a key of our own making carries its time, and names what sorts by it', () => {
  assert.match(uuid7(), /^[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/)
  assert.ok(uuid7(1_700_000_000_000).startsWith('018bcfe5-6800-'))
})
