import assert from 'node:assert/strict'
import { createServer } from 'node:http'
import { once } from 'node:events'
import type { AddressInfo } from 'node:net'
import { after, before, beforeEach, test } from 'node:test'
import { setTimeout as sleep } from 'node:timers/promises'
import type { Notice, Wallet, WalletOrder } from '@bursar/custody/wallet'
import { newId } from '@bursar/kernel'
import { cny } from '@bursar/money'
import { makeKeys, startSandbox, type Sandbox } from '@bursar/sandbox'
import { walletOverHttp } from './payments.ts'

const keys = makeKeys()
const strangers = makeKeys()
const heard: (Notice | 'forged')[] = []
let sandbox: Sandbox
let wallet: Wallet
let answer = 'success'

const notified = createServer(async (request, reply) => {
  const parts: Buffer[] = []
  for await (const part of request) parts.push(part as Buffer)
  const notice = await wallet
    .verify(request.headers, Buffer.concat(parts))
    .catch(() => 'forged' as const)
  heard.push(notice)
  reply.end(notice === 'forged' ? 'no' : answer)
})

before(async () => {
  notified.listen(0, '127.0.0.1')
  await once(notified, 'listening')
  const url = `http://127.0.0.1:${(notified.address() as AddressInfo).port}/`
  sandbox = await startSandbox({ keys, notifyUrls: { wallet: url }, retry: [20, 20, 20] })
  wallet = adapter()
})
beforeEach(() => {
  heard.length = 0
  answer = 'success'
})
after(async () => {
  await sandbox.stop()
  notified.close()
})

function adapter(more: { privateKey?: string; url?: string; now?: () => Date } = {}): Wallet {
  const { url = sandbox.walletUrl, privateKey = keys.operator.privateKey, ...rest } = more
  const [ours, theirs] = [{ id: 'operator-1', privateKey }, keys.wallet]
  return walletOverHttp({
    gateway: 'wallet',
    account: 'pool',
    url,
    ours,
    theirs,
    timeout: 300,
    ...rest,
  })
}
const control = (wish: object) =>
  fetch(`${sandbox.url}/control`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(wish),
  })
const until = async (done: () => boolean) => {
  for (let left = 200; !done(); left--) {
    assert.ok(left > 0, 'It did not happen in two seconds.')
    await sleep(10)
  }
}
const pageOf = async (ask: Omit<WalletOrder, 'way'>) => {
  const offer = await wallet.create({ ...ask, way: 'phone' })
  assert.ok(offer.way === 'phone')
  return offer.url
}
const start = async (expiresAt = new Date(Date.now() + 60_000)) => {
  const order = newId('top')
  const amount = cny('100.00')
  const returnUrl = 'http://127.0.0.1:9/back'
  const payUrl = await pageOf({ order, amount, subject: '<老茶馆> 充值', expiresAt, returnUrl })
  return { order, amount, payUrl, returnUrl }
}
const form = (act: string) => new URLSearchParams({ act })

test('P1-02 the payer confirms on the platform’s page, comes back, and we are told with a signature', async () => {
  const { order, amount, payUrl, returnUrl } = await start()
  assert.deepEqual(await wallet.query(order), { state: 'waiting' })
  const seen = await fetch(payUrl, { headers: { 'accept-language': 'zh-CN' } })
  const html = await seen.text()
  assert.match(html, /确认付款 100\.00 元/)
  assert.match(html, /2,000\.00/)
  assert.ok(!html.includes('<老茶馆>'), 'the subject is text, never markup')

  const cookie = seen.headers.getSetCookie()[0]!.split(';')[0]!
  const headers = { cookie }
  const paid = await fetch(payUrl, {
    method: 'POST',
    body: form('pay'),
    headers,
    redirect: 'manual',
  })
  assert.deepEqual([paid.status, paid.headers.get('location')], [303, returnUrl])
  await until(() => heard.length === 1)
  const found = await wallet.query(order)
  assert.ok(found.state === 'paid')
  const { tradeNo } = found
  const { id, at, payer, ...notice } = heard[0] as Notice
  assert.match(payer!, /^2088\d{12}$/)
  assert.equal(payer, found.payer)
  assert.deepEqual(notice, { order, state: 'paid', amount, tradeNo, account: 'pool' })
  assert.match(await (await fetch(`${payUrl}?lang=en`, { headers })).text(), /1,900\.00/)
})

test('a payer whose balance is short is told so, and pays nothing', async () => {
  const order = newId('top')
  const expiresAt = new Date(Date.now() + 60_000)
  const ask = {
    order,
    amount: cny('2000.01'),
    subject: 'x',
    expiresAt,
    returnUrl: 'http://127.0.0.1:9/',
  }
  const payUrl = await pageOf(ask)
  const seen = await fetch(`${payUrl}?lang=en`, { method: 'POST', body: form('pay') })
  assert.match(await seen.text(), /less than CNY 2,000\.01/)
  assert.equal((await wallet.query(order)).state, 'waiting')
})

test('an order asked for twice is the same order, and never another one', async () => {
  const { order, payUrl } = await start()
  const expiresAt = new Date(Date.now() + 60_000)
  const ask = {
    order,
    amount: cny('100.00'),
    subject: 'x',
    expiresAt,
    returnUrl: 'http://127.0.0.1:9/',
  }
  assert.equal(await pageOf(ask), payUrl)
  const other = wallet.create({ ...ask, way: 'phone', amount: cny('100.01') })
  await assert.rejects(other, { code: 'gateway_refused' })
})

test('a notice is repeated until we say success, with the same id', async () => {
  answer = 'not now'
  const { order } = await start()
  assert.equal(sandbox.pay(order), 'paid')
  await until(() => heard.length === 2)
  answer = 'success'
  await until(() => heard.length === 3)
  await sleep(60)
  assert.equal(heard.length, 3)
  assert.equal(new Set(heard.map(notice => (notice as Notice).id)).size, 1)
})

test('a notice that comes a thousand times is genuine each time, and is one notice', async () => {
  await control({ on: 'wallet', fault: 'duplicate', count: 1000 })
  sandbox.pay((await start()).order)
  await until(() => heard.length === 1000)
  assert.equal(new Set(heard.map(notice => (notice as Notice).id)).size, 1)
})

test('notices can come in the other order', async () => {
  await control({ on: 'wallet', fault: 'reorder', count: 2 })
  const [first, second] = [await start(), await start()]
  sandbox.pay(first.order)
  sandbox.pay(second.order)
  await until(() => heard.length === 2)
  const orders = heard.map(notice => (notice as Notice).order)
  assert.deepEqual(orders, [second.order, first.order])
})

test('a forged notice is refused, and the true one that follows is heard', async () => {
  await control({ on: 'wallet', fault: 'forged_signature' })
  sandbox.pay((await start()).order)
  await until(() => heard.length === 2)
  assert.equal(heard[0], 'forged')
  assert.notEqual(heard[1], 'forged')
})

test('a genuine notice can say a wrong amount: that is for the business to compare', async () => {
  await control({ on: 'wallet', fault: 'wrong_amount' })
  sandbox.pay((await start()).order)
  await until(() => heard.length === 1)
  assert.deepEqual((heard[0] as Notice).amount, cny('101.00'))
})

for (const fault of ['silence', 'lost_answer', 'html'] as const)
  test(`after ${fault}, a query is unknown, never a "no"`, async () => {
    const { order } = await start()
    await control({ on: 'wallet', fault })
    assert.deepEqual(await wallet.query(order), { state: 'unknown' })
    assert.equal((await wallet.query(order)).state, 'waiting')
  })

test('a refund whose answer was lost is asked for again, and is paid back once', async () => {
  const { order } = await start()
  sandbox.pay(order)
  const ask = { order, refund: newId('wdr'), amount: cny('60.00') }
  await control({ on: 'wallet', fault: 'lost_answer', call: 'refund.make' })
  assert.equal(await wallet.refundQuery(ask), 'none')
  assert.equal(await wallet.refund(ask), 'unknown')
  assert.equal(await wallet.refundQuery(ask), 'done')
  assert.equal(await wallet.refund(ask), 'done')
  const rest = { ...ask, refund: newId('wdr') }
  assert.deepEqual(await wallet.refund(rest), { refused: 'more_than_was_paid' })
  assert.equal(await wallet.refund({ ...rest, amount: cny('40.00') }), 'done')
})

test('a closed order cannot be paid, and an expired one is closed; a slow platform pays it late', async () => {
  const { order, payUrl } = await start()
  assert.equal(await wallet.close(order), 'closed')
  assert.equal(sandbox.pay(order), 'closed')
  assert.match(await (await fetch(`${payUrl}?lang=en`)).text(), /Order closed/)
  const expired = await start(new Date(Date.now() - 1))
  assert.equal((await wallet.query(expired.order)).state, 'closed')
  await control({ do: 'pay', order: expired.order, late: true })
  await until(() => heard.length === 1)
  assert.equal((await wallet.query(expired.order)).state, 'paid')
})

test('a platform that has only a page says so when a text for a QR is asked for', async () => {
  const ask = {
    order: newId('top'),
    amount: cny('1.00'),
    subject: 'x',
    returnUrl: 'http://x.test/',
  }
  const wish = wallet.create({ ...ask, expiresAt: new Date(Date.now() + 60_000), way: 'qr' })
  await assert.rejects(wish, { code: 'way_not_offered' })
})

test('who does not sign as the operator is answered nothing that we believe', async () => {
  const { order } = await start()
  const stranger = adapter({ privateKey: strangers.operator.privateKey })
  assert.deepEqual(await stranger.query(order), { state: 'unknown' })
})

test('a notice older than ten minutes, changed by one byte, or without its signature, is refused', async () => {
  const { seal } = await import('@bursar/sandbox')
  const said = { notice: 'ntc_1', order: 'top_1', state: 'paid', tradeNo: 't', account: 'pool' }
  const more = { amount: { amount: '1.00', currency: 'CNY' }, at: new Date().toISOString() }
  const body = Buffer.from(JSON.stringify({ ...said, ...more }))
  const headers = seal(keys.wallet, body)
  assert.equal((await wallet.verify(headers, body)).id, 'ntc_1')
  assert.equal((await wallet.verify(headers, body)).id, 'ntc_1')

  const refused = { code: 'bad_signature' }
  const changed = Buffer.from(body.toString().replace('1.00', '9.00'))
  await assert.rejects(wallet.verify(headers, changed), refused)
  const later = adapter({ now: () => new Date(Date.now() + 601_000) })
  await assert.rejects(later.verify(headers, body), refused)
  for (const name of Object.keys(headers).filter(name => name.startsWith('signature')))
    await assert.rejects(wallet.verify({ ...headers, [name]: undefined }, body), refused)
  await assert.rejects(wallet.verify(seal(keys.bank, body), body), refused)
  const reused = seal(keys.wallet, changed, headers['signature-nonce'])
  await assert.rejects(wallet.verify(reused, changed), refused)
  await assert.rejects(
    wallet.verify(seal(keys.wallet, Buffer.from('[]')), Buffer.from('[]')),
    refused,
  )
})

test('a redirect is not followed', async () => {
  const elsewhere = createServer(
    (_, reply) => void reply.writeHead(307, { location: sandbox.walletUrl }).end(),
  )
  elsewhere.listen(0, '127.0.0.1')
  await once(elsewhere, 'listening')
  const url = `http://127.0.0.1:${(elsewhere.address() as AddressInfo).port}/`
  assert.deepEqual(await adapter({ url }).query((await start()).order), { state: 'unknown' })
  elsewhere.close()
})
