import assert from 'node:assert/strict'
import { test } from 'node:test'
import { setTimeout as sleep } from 'node:timers/promises'
import type { Notice } from '@bursar/custody/wallet'
import { newId } from '@bursar/kernel'
import { cny } from '@bursar/money'
import { alipayNotice, makeRsaKey } from '@bursar/sandbox'
import {
  adapter,
  authorised,
  control,
  keys,
  orderOf,
  paid,
  returnUrl,
  start,
  until,
  useAlipay,
} from './testing.ts'

const ground = useAlipay()
const account = `${keys.appId}/${keys.sellerId}`
const form = (act: string) => new URLSearchParams({ act })

for (const way of ['desk', 'phone', 'qr'] as const)
  test(`P1-02 P5-03 P5-04 a payer pays with Alipay, ${way}: on its page, and we are told with a signature`, async () => {
    const { order, amount, seen, page } = await start(way)
    assert.match(await seen.text(), /100\.00/)
    assert.deepEqual(await ground.wallet.query(order), { state: 'waiting' })
    const done = await fetch(page, { method: 'POST', body: form('pay'), redirect: 'manual' })
    if (way === 'qr') assert.equal(done.status, 200)
    else assert.deepEqual([done.status, done.headers.get('location')], [303, returnUrl])
    await until(() => ground.heard.length === 1)
    const found = await ground.wallet.query(order)
    assert.ok(found.state === 'paid' && found.payer)
    const { id, at, ...notice } = ground.heard[0] as Notice
    const { tradeNo, payer } = found
    assert.deepEqual(notice, { order, state: 'paid', amount, tradeNo, payer, account })
    assert.ok(Math.abs(at.getTime() - Date.now()) < 60_000, 'Beijing’s time, whatever ours is')
  })

test('Alipay knows of no order that nobody has looked at: that is unknown, never a "no"', async () => {
  const ask = orderOf()
  await ground.wallet.create({ ...ask, way: 'qr' })
  assert.deepEqual(await ground.wallet.query(ask.order), { state: 'unknown' })
  assert.equal(await ground.wallet.refundQuery({ order: ask.order, refund: newId('wdp') }), 'none')
})

test('an order asked for twice is the same order, and never another one', async () => {
  const ask = { ...orderOf(), way: 'qr' as const }
  const first = await ground.wallet.create(ask)
  assert.deepEqual(await ground.wallet.create(ask), first)
  const other = ground.wallet.create({ ...ask, amount: cny('100.01') })
  await assert.rejects(other, { code: 'gateway_refused' })
})

test('P5-05 a notice is repeated until we say exactly success, with the same id', async () => {
  ground.answer = 'SUCCESS'
  await paid()
  await until(() => ground.heard.length === 2)
  ground.answer = 'success'
  await until(() => ground.heard.length === 3)
  await sleep(80)
  assert.equal(ground.heard.length, 3)
  assert.equal(new Set(ground.heard.map(notice => (notice as Notice).id)).size, 1)
})

test('P5-05 a notice that comes fifty times is genuine each time, and is one notice', async () => {
  await control({ on: 'alipay', fault: 'duplicate', count: 50 })
  await paid()
  await until(() => ground.heard.length === 50)
  assert.equal(new Set(ground.heard.map(notice => (notice as Notice).id)).size, 1)
})

test('notices can come in the other order', async () => {
  await control({ on: 'alipay', fault: 'reorder', count: 2 })
  const [first, second] = [await paid(), await paid()]
  await until(() => ground.heard.length === 2)
  const orders = ground.heard.map(notice => (notice as Notice).order)
  assert.deepEqual(orders, [second.order, first.order])
})

test('a forged notice is refused, and the true one that follows is heard', async () => {
  await control({ on: 'alipay', fault: 'forged_signature' })
  await paid()
  await until(() => ground.heard.length === 2)
  assert.equal(ground.heard[0], 'forged')
  assert.notEqual(ground.heard[1], 'forged')
})

test('a genuine notice can say a wrong amount: that is for the business to compare', async () => {
  await control({ on: 'alipay', fault: 'wrong_amount' })
  await paid()
  await until(() => ground.heard.length === 1)
  assert.deepEqual((ground.heard[0] as Notice).amount, cny('101.00'))
})

const said = {
  ...{ notice: 'ntc_1', order: 'top_1', tradeNo: '2026', payer: '2088', subject: 'x' },
  ...{ amount: { amount: '1.00', currency: 'CNY' }, at: new Date().toISOString() },
}
const told = (fields = {}, side = keys) => {
  const { body, headers } = alipayNotice(side, said, fields)
  return ground.wallet.verify(headers, body)
}

for (const [what, fields] of [
  ['another app', { app_id: '2021000000000009' }],
  ['another seller', { seller_id: '2088999999999999' }],
] as const)
  test(`a genuine notice of a payment to ${what} names that account: it is not ours`, async () => {
    assert.equal((await told()).account, ground.wallet.account)
    assert.notEqual((await told(fields)).account, ground.wallet.account)
  })

test('anything but a payment is a reason to ask, and no payment', async () => {
  for (const trade_status of ['WAIT_BUYER_PAY', 'TRADE_CLOSED', 'SOMETHING_NEW'])
    assert.equal((await told({ trade_status })).state, 'closed')
  assert.equal((await told({ trade_status: 'TRADE_FINISHED' })).state, 'paid')
})

test('a notice changed by one byte, in another charset, without a field or its signature, is refused', async () => {
  const refused = { code: 'bad_signature' }
  const { body, headers } = alipayNotice(keys, said)
  const send = (text: string, type = headers['content-type']) =>
    ground.wallet.verify({ 'content-type': type }, Buffer.from(text))
  const text = body.toString()
  assert.equal((await send(text)).id, 'ntc1')
  await assert.rejects(send(text.replace('total_amount=1.00', 'total_amount=9.00')), refused)
  await assert.rejects(send(text.replace('sign_type=RSA2', 'sign_type=RSA')), refused)
  await assert.rejects(send(text.replace(/&sign=[^&]*/, '')), refused)
  await assert.rejects(send(`${text}&total_amount=9.00`), refused)
  await assert.rejects(send(JSON.stringify(said), 'application/json'), refused)
  await assert.rejects(told({ charset: 'GBK' }), refused)
  await assert.rejects(told({ total_amount: '1.0' }), refused)
  await assert.rejects(told({ out_trade_no: '' }), refused)
  await assert.rejects(told({}, { ...keys, platform: makeRsaKey('x') }), refused)
})

/** The SDK asks again by itself where the connection broke; each call has its number, so that is the same wish. */
const twice = 2

for (const fault of ['silence', 'lost_answer', 'html'] as const)
  test(`after ${fault}, a query is unknown, never a "no"`, async () => {
    const { order } = await start('qr')
    await control({ on: 'alipay', fault, times: fault === 'lost_answer' ? twice : 1 })
    assert.deepEqual(await ground.wallet.query(order), { state: 'unknown' })
    assert.equal((await ground.wallet.query(order)).state, 'waiting')
  })

test('an order whose answer was lost is asked for again, and is the same', async () => {
  const ask = { ...orderOf(), way: 'qr' as const }
  const lost = { on: 'alipay', fault: 'lost_answer', times: twice }
  await control({ ...lost, call: 'alipay.trade.precreate' })
  await assert.rejects(ground.wallet.create(ask), { code: 'gateway_silent' })
  const offer = await ground.wallet.create(ask)
  assert.ok(offer.way === 'qr')
  assert.equal((await fetch(offer.text)).status, 200)
})

test('P1-14 P5-12 P5-13 a refund whose answer was lost is asked for again, and is paid back once', async () => {
  const { order } = await paid()
  const ask = { order, refund: newId('wdp'), amount: cny('60.00') }
  assert.equal(await ground.wallet.refundQuery(ask), 'none')
  const lost = { on: 'alipay', fault: 'lost_answer', times: twice }
  await control({ ...lost, call: 'alipay.trade.refund' })
  assert.equal(await ground.wallet.refund(ask), 'unknown')
  await control({ ...lost, call: 'alipay.trade.fastpay.refund.query' })
  assert.equal(await ground.wallet.refundQuery(ask), 'unknown')
  assert.equal(await ground.wallet.refundQuery(ask), 'done')
  // Alipay now says that no money has moved: asked, it says that it had.
  assert.equal(await ground.wallet.refund(ask), 'done')
  const rest = { ...ask, refund: newId('wdp') }
  const more = await ground.wallet.refund(rest)
  assert.deepEqual(more, { refused: 'ACQ.REFUND_AMT_NOT_EQUAL_TOTAL' })
  assert.equal(await ground.wallet.refundQuery(rest), 'none')
  const other = await ground.wallet.refund({ ...ask, amount: cny('1.00') })
  assert.deepEqual(other, { refused: 'ACQ.DISCORDANT_REPEAT_REQUEST' })
  assert.equal(await ground.wallet.refund({ ...rest, amount: cny('40.00') }), 'done')
})

test('a refund that is said to have moved nothing, and that Alipay then does not confirm, is unknown', async () => {
  const { order } = await paid()
  const ask = { order, refund: newId('wdp'), amount: cny('60.00') }
  assert.equal(await ground.wallet.refund(ask), 'done')
  await control({ on: 'alipay', fault: 'silence', call: 'alipay.trade.fastpay.refund.query' })
  assert.equal(await ground.wallet.refund(ask), 'unknown')
})

test('a closed order cannot be paid, an expired one is closed; a slow platform pays it late', async () => {
  const { order, page } = await start('phone')
  assert.equal(await ground.wallet.close(order), 'closed')
  assert.equal(ground.sandbox.pay(order), 'closed')
  assert.match(await (await fetch(`${page}?lang=en`)).text(), /Order closed/)
  assert.equal(await ground.wallet.close(order), 'closed')
  const late = await start('qr', orderOf('10.00', new Date(Date.now() - 1000)))
  assert.equal((await ground.wallet.query(late.order)).state, 'closed')
  await control({ do: 'pay', order: late.order, late: true })
  await until(() => ground.heard.length === 1)
  assert.equal((await ground.wallet.query(late.order)).state, 'paid')
  assert.equal(await ground.wallet.close(late.order), 'paid')
  assert.equal(await ground.wallet.close(newId('top')), 'closed')
})

test('who does not sign as the app, or is not answered by Alipay, believes nothing', async () => {
  const { order } = await start('qr')
  const stranger = makeRsaKey('x')
  const states = [{ privateKey: stranger.privateKey }, { publicKey: stranger.publicKey }].map(
    async more => (await adapter(more).query(order)).state,
  )
  assert.deepEqual(await Promise.all(states), ['unknown', 'unknown'])
  const forged = adapter({ privateKey: stranger.privateKey })
  const offer = await forged.create({ ...orderOf(), way: 'desk' })
  assert.ok(offer.way === 'desk')
  assert.equal((await fetch(offer.url)).status, 400)
})

test('P5-02 somebody lets us know their account: the same one that pays, and a masked name', async () => {
  const { back, code, cookie, payer, name } = await authorised()
  assert.equal(back.searchParams.get('state'), 'visit 1')
  assert.equal(back.origin + back.pathname, returnUrl)
  assert.match(name!, /^.\*\*$/)
  await assert.rejects(ground.wallet.binding!.bound(code), /gateway_(silent|refused)/, 'once')

  const { page, order } = await start('phone')
  await fetch(page, { method: 'POST', body: form('pay'), headers: { cookie }, redirect: 'manual' })
  const found = await ground.wallet.query(order)
  assert.ok(found.state === 'paid')
  assert.equal(found.payer, payer)
})
