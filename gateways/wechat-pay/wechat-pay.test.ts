import assert from 'node:assert/strict'
import { createServer } from 'node:http'
import { once } from 'node:events'
import type { AddressInfo } from 'node:net'
import { test } from 'node:test'
import { setTimeout as sleep } from 'node:timers/promises'
import type { Notice } from '@bursar/custody/wallet'
import { newId } from '@bursar/kernel'
import { cny } from '@bursar/money'
import { until, useWechat } from './testing.ts'

const wechat = useWechat()
const { start, control, told, adapter } = wechat
const form = (act: string) => new URLSearchParams({ act })
const paidBy = (order: string) => told.filter(({ heard }) => (heard as Notice).order === order)

/** Somebody with a browser of their own, who confirms on the wallet's page and goes where it leads. */
async function confirm(url: string, cookie = ''): Promise<Response> {
  const seen = await fetch(url, { headers: { cookie, 'accept-language': 'zh-CN' } })
  assert.match(await seen.clone().text(), /确认付款 100\.00 元/)
  const kept = cookie || seen.headers.getSetCookie()[0]!.split(';')[0]!
  const asked = { method: 'POST', body: form('pay'), headers: { cookie: kept } }
  return fetch(seen.url, { ...asked, redirect: 'manual' })
}

/** Lets the app know who somebody is, and answers the code and the somebody. */
async function authorised(state: string) {
  const link = wechat.wallet.binding!.bind({ state, returnUrl: 'http://127.0.0.1:9/bound' })
  const seen = await fetch(link)
  const cookie = seen.headers.getSetCookie()[0]!.split(';')[0]!
  const asked = { method: 'POST', body: form('allow'), headers: { cookie } }
  const back = await fetch(link, { ...asked, redirect: 'manual' })
  return { cookie, to: new URL(back.headers.get('location')!) }
}

test('P1-02 P5-02 a payer scans the code, confirms, and we are told with a signature', async () => {
  const { order, amount, offer } = await start()
  assert.ok(offer.way === 'qr')
  assert.deepEqual(await wechat.wallet.query(order), { state: 'waiting' })
  assert.match(await (await confirm(offer.text)).text(), /已付款/)
  await until(() => told.length === 1)
  const { id, at, ...notice } = told[0]!.heard as Notice
  const found = await wechat.wallet.query(order)
  assert.ok(found.state === 'paid' && found.payer)
  const { tradeNo, payer } = found
  assert.deepEqual(found.amount, amount)
  const { account } = wechat.wallet
  assert.deepEqual(notice, { order, state: 'paid', amount, tradeNo, account, payer })
  assert.ok(id && Math.abs(at.getTime() - Date.now()) < 5_000)
})

test('P5-02 from a phone’s browser the payer comes to the wallet’s page, and back to ours', async () => {
  const { offer, returnUrl } = await start('100.00', 'phone')
  assert.ok(offer.way === 'phone')
  const paid = await confirm(offer.url)
  assert.deepEqual([paid.status, paid.headers.get('location')], [303, returnUrl])
  await until(() => told.length === 1)
})

test('P5-01 P5-02 within WeChat a page hands the payment over, which the bound payer alone can confirm', async () => {
  const { cookie, to } = await authorised('visit-7')
  assert.equal(to.searchParams.get('state'), 'visit-7')
  const code = to.searchParams.get('code')!
  const { payer } = await wechat.wallet.binding!.bound(code)
  await assert.rejects(wechat.wallet.binding!.bound(code), { code: 'gateway_refused' })

  const { offer, order } = await start('100.00', 'inside', { payer })
  assert.ok(offer.way === 'inside')
  const bridge = `${wechat.sandbox.url}/bridge?${String(new URLSearchParams(offer.call))}`
  assert.equal((await fetch(bridge)).status, 404, 'a stranger')
  const forged = new URLSearchParams({ ...offer.call, nonceStr: 'another' })
  const stolen = await fetch(`${wechat.sandbox.url}/bridge?${forged.toString()}`, {
    headers: { cookie },
  })
  assert.equal(stolen.status, 404, 'a call that we did not sign')
  await confirm(bridge, cookie)
  await until(() => paidBy(order).length === 1)
  assert.equal((paidBy(order)[0]!.heard as Notice).payer, payer)
  const nobody = wechat.wallet.create({ ...(await start()), way: 'inside' })
  await assert.rejects(nobody, { code: 'way_not_offered' })
  const other = start('1.00', 'inside', { payer: 'oNobody' })
  await assert.rejects(other, { code: 'gateway_refused' })
})

test('an order asked for twice is the same order; at another sum it is refused', async () => {
  const { offer, ...ask } = await start()
  assert.deepEqual(await wechat.wallet.create(ask), offer)
  const other = wechat.wallet.create({ ...ask, amount: cny('100.01') })
  await assert.rejects(other, {
    code: 'gateway_refused',
    facts: { gateway: 'wechat-pay', refused: 'out_trade_no_used' },
  })
  await assert.rejects(wechat.wallet.create({ ...ask, way: 'desk' }), { code: 'way_not_offered' })
})

test('a notice is repeated until we thank for it, signed anew, with the same id', async () => {
  wechat.answer({ status: 200, type: 'application/json', body: '{"code":"FAIL"}' })
  wechat.sandbox.pay((await start()).order)
  await until(() => told.length === 2)
  wechat.answer({ status: 204, type: 'text/plain', body: '' })
  await until(() => told.length === 3)
  await sleep(80)
  assert.equal(told.length, 3)
  assert.equal(new Set(told.map(({ heard }) => (heard as Notice).id)).size, 1)
  assert.equal(new Set(told.map(({ headers }) => headers['wechatpay-nonce'])).size, 3)
})

test('notices come twice, and in the other order', async () => {
  await control({ on: 'wechat', fault: 'duplicate', count: 60 })
  wechat.sandbox.pay((await start()).order)
  await until(() => told.length === 60)
  assert.equal(new Set(told.map(({ heard }) => (heard as Notice).id)).size, 1)
  told.length = 0
  await control({ on: 'wechat', fault: 'reorder', count: 2 })
  const [first, second] = [await start(), await start()]
  wechat.sandbox.pay(first.order)
  wechat.sandbox.pay(second.order)
  await until(() => told.length === 2)
  const orders = told.map(({ heard }) => (heard as Notice).order)
  assert.deepEqual(orders, [second.order, first.order])
})

test('a notice can rightly say a wrong sum: that is for the business to compare', async () => {
  await control({ on: 'wechat', fault: 'wrong_amount' })
  wechat.sandbox.pay((await start()).order)
  await until(() => told.length === 1)
  assert.deepEqual((told[0]!.heard as Notice).amount, cny('101.00'))
})

for (const fault of ['silence', 'lost_answer', 'html'] as const)
  test(`after ${fault}, nothing is known, and asking again tells`, async () => {
    const { order, offer: _, ...ask } = await start()
    const { wallet } = wechat
    await control({ on: 'wechat', fault, call: 'query' })
    assert.deepEqual(await wallet.query(order), { state: 'unknown' })
    assert.deepEqual(await wallet.query(order), { state: 'waiting' })

    await control({ on: 'wechat', fault, call: 'close' })
    assert.equal(await wallet.close(order), 'unknown')
    assert.equal(await wallet.close(order), 'closed')
    assert.deepEqual(await wallet.query(order), { state: 'closed' })

    await control({ on: 'wechat', fault, call: 'native' })
    const again = { ...ask, order: newId('top') }
    await assert.rejects(wallet.create(again), { code: 'gateway_silent' })
    assert.equal((await wallet.create(again)).way, 'qr')

    wechat.sandbox.pay(again.order)
    const part = { order: again.order, refund: newId('wdr'), amount: cny('60.00') }
    await control({ on: 'wechat', fault, call: 'refund' })
    assert.equal(await wallet.refund(part), 'unknown')
    await until(async () => (await wallet.refund(part)) === 'done')
    assert.equal(await wallet.refundQuery(part), 'done')
    const rest = { ...part, refund: newId('wdr'), amount: cny('40.01') }
    assert.deepEqual(await wallet.refund(rest), { refused: 'invalid_request' })
    assert.equal(await wallet.refundQuery(rest), 'none')
  })

test('a late answer is silence, and what was carried out late is found', async () => {
  const { wallet } = wechat
  const { offer: _, ...ask } = await start()
  const late = { ...ask, order: newId('top') }
  await control({ on: 'wechat', fault: 'late', ms: 900, call: 'native' })
  await assert.rejects(wallet.create(late), { code: 'gateway_silent' })
  assert.deepEqual(await wallet.query(late.order), { state: 'unknown' })
  await until(async () => (await wallet.query(late.order)).state === 'waiting')
  await control({ on: 'wechat', fault: 'delay', ms: 900, call: 'query' })
  assert.deepEqual(await wallet.query(late.order), { state: 'unknown' })
})

test('what the platform declines is a "no"; that it is busy, or does not know us, is none', async () => {
  const { wallet } = wechat
  const { order, offer: _, ...ask } = await start()
  wechat.sandbox.pay(order)
  const part = { order, refund: newId('wdr'), amount: cny('1.00') }
  const declined = async (code: string, call: string) =>
    void (await control({ on: 'wechat', fault: 'declined', code, call }))
  for (const code of ['NOT_ENOUGH', 'USER_ACCOUNT_ABNORMAL', 'INVALID_REQUEST', 'NO_AUTH']) {
    await declined(code, 'refund')
    assert.deepEqual(await wallet.refund(part), { refused: code.toLowerCase() })
    assert.equal(await wallet.refundQuery(part), 'none')
  }
  for (const code of ['SYSTEM_ERROR', 'FREQUENCY_LIMITED', 'SIGN_ERROR']) {
    await declined(code, 'refund')
    assert.equal(await wallet.refund(part), 'unknown', code)
    // A question of the test before, given up and still on its way, may have taken it.
    await until(async () => {
      await declined(code, 'query')
      return (await wallet.query(order)).state === 'unknown'
    })
    await declined(code, 'native')
    await assert.rejects(wallet.create({ ...ask, order: newId('top') }), { code: 'gateway_silent' })
  }
  for (const [code, state] of [
    ['ORDER_CLOSED', 'closed'],
    ['ORDERNOTEXIST', 'closed'],
    ['ORDERPAID', 'paid'],
    ['SYSTEMERROR', 'unknown'],
    ['INVALID_REQUEST', 'unknown'],
  ] as const) {
    await declined(code, 'close')
    assert.equal(await wallet.close(order), state, code)
  }
  assert.equal(await wallet.close(order), 'paid')
  assert.deepEqual(await wallet.query(newId('top')), { state: 'unknown' })
  await until(async () => (await wallet.refund(part)) === 'done')
})

test('P1-24 a refund is done when the payer has it', async () => {
  const { wallet } = wechat
  const { order } = await start()
  assert.deepEqual(await wallet.refund({ order, refund: newId('wdr'), amount: cny('1.00') }), {
    refused: 'order_not_paid',
  })
  wechat.sandbox.pay(order)
  await until(() => paidBy(order).length === 1)
  const part = { order, refund: newId('wdr'), amount: cny('30.00') }
  assert.equal(await wallet.refund(part), 'unknown', 'accepted is not done')
  await until(async () => (await wallet.refundQuery(part)) === 'done')
  await until(() => paidBy(order).length === 2)
  const { state, amount } = paidBy(order)[1]!.heard as Notice
  assert.deepEqual([state, amount], ['closed', cny('100.00')], 'a reason to ask, and no payment')
  assert.equal((await wallet.query(order)).state, 'paid', 'REFUND was paid all the same')
})

test('P1-14 P5-13 a refund that the payer’s card does not take is stuck, until the merchant has seen to it at the platform', async () => {
  const { wallet } = wechat
  const { order } = await start()
  wechat.sandbox.pay(order)
  const stuck = async (yuan: string) => {
    await control({ on: 'wechat', fault: 'abnormal' })
    const part = { order, refund: newId('wdr'), amount: cny(yuan) }
    assert.equal(await wallet.refund(part), 'unknown')
    await until(async () => (await wallet.refundQuery(part)) !== 'unknown')
    assert.deepEqual(await wallet.refundQuery(part), { stuck: 'refund_abnormal' })
    assert.deepEqual(await wallet.refund(part), { stuck: 'refund_abnormal' }, 'it is no refusal')
    return part
  }
  const [first, second] = [await stuck('60.00'), await stuck('40.00')]
  const more = { order, refund: newId('wdr'), amount: cny('0.01') }
  assert.deepEqual(
    await wallet.refund(more),
    { refused: 'invalid_request' },
    'its money is claimed',
  )
  await control({ do: 'refund', refund: first.refund })
  assert.equal(await wallet.refund(first), 'done')
  await control({ do: 'refund', refund: second.refund, to: 'merchant' })
  assert.equal(await wallet.refundQuery(second), 'none', 'the payer has not got it')
  assert.deepEqual(await wallet.refund(second), { refused: 'refund_to_merchant' })
})

test('a closed order cannot be paid; a slow platform pays it late, and we hear of it', async () => {
  const { order } = await start()
  assert.equal(await wechat.wallet.close(order), 'closed')
  assert.equal(wechat.sandbox.pay(order), 'closed')
  await control({ do: 'pay', order, late: true })
  await until(() => told.length === 1)
  assert.equal((told[0]!.heard as Notice).state, 'paid')
  assert.equal((await wechat.wallet.query(order)).state, 'paid')
})

test('who does not sign as the merchant is answered nothing; a redirect is not followed', async () => {
  const { order } = await start()
  const stranger = adapter({ mchid: '1900000001' })
  assert.deepEqual(await stranger.query(order), { state: 'unknown' })
  const elsewhere = createServer(
    (_, reply) => void reply.writeHead(307, { location: wechat.sandbox.callUrl }).end(),
  )
  elsewhere.listen(0, '127.0.0.1')
  await once(elsewhere, 'listening')
  const pay = `http://127.0.0.1:${(elsewhere.address() as AddressInfo).port}`
  assert.deepEqual(await adapter({ urls: { pay } }).query(order), { state: 'unknown' })
  elsewhere.close()
})
