/** The ways to pay that need more than a page: inside Alipay, in an app with its kit; and what becomes of a lost create. */
import assert from 'node:assert/strict'
import { once } from 'node:events'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { test } from 'node:test'
import { setTimeout as sleep } from 'node:timers/promises'
import type { Notice } from '@bursar/custody/wallet'
import { newId } from '@bursar/kernel'
import { cny } from '@bursar/money'
import { adapter, authorised, control, orderOf, paid, until, useAlipay } from './testing.ts'

const ground = useAlipay()
const form = (act: string) => new URLSearchParams({ act })
/** The SDK asks again by itself where the connection broke. */
const twice = 2

test('P5-15 within Alipay a page hands the trade over, which the bound payer alone can confirm', async () => {
  const { payer, cookie } = await authorised()
  const ask = { ...orderOf(), way: 'inside' as const, payer }
  const offer = await ground.wallet.create(ask)
  assert.ok(offer.way === 'inside')
  assert.deepEqual(Object.keys(offer.call), ['tradeNO'])
  assert.deepEqual(await ground.wallet.create(ask), offer, 'asked for twice it is the same trade')
  assert.deepEqual(
    await ground.wallet.query(ask.order),
    { state: 'waiting' },
    'it is there at once',
  )
  const bridge = `${ground.sandbox.url}/tradePay?${String(new URLSearchParams(offer.call))}`
  assert.equal((await fetch(bridge)).status, 404, 'a stranger')
  const seen = await fetch(bridge, { headers: { cookie } })
  await fetch(seen.url, { method: 'POST', body: form('pay'), headers: { cookie } })
  await until(() => ground.heard.length === 1)
  const notice = ground.heard[0] as Notice
  assert.deepEqual([notice.payer, notice.tradeNo], [payer, offer.call['tradeNO']])
})

test('within Alipay somebody has to be known: who is not, and who is nobody there, is told so', async () => {
  const ask = { ...orderOf(), way: 'inside' as const }
  await assert.rejects(ground.wallet.create(ask), { code: 'way_not_offered' })
  const nobody = ground.wallet.create({ ...ask, payer: '2088999999999999' })
  await assert.rejects(nobody, { facts: { gateway: 'alipay', refused: 'ACQ.BUYER_NOT_EXIST' } })
})

test('who has an open_id is named by it, and a contract for JSAPI names the app', async () => {
  const said: URLSearchParams[] = []
  const ear = createServer(async (request, reply) => {
    let body = ''
    for await (const part of request) body += String(part)
    said.push(new URLSearchParams(body))
    reply.end()
  }).listen(0, '127.0.0.1')
  await once(ear, 'listening')
  const gateway = `http://127.0.0.1:${(ear.address() as AddressInfo).port}/`
  const wallet = adapter({ gateway, jsapiAppId: '2021000000000001' })
  const payer = '074a1CcTG1LelxKe4xQC0zgNdId0nxi95b5lsNpazWYoCo5'
  const wish = wallet.create({ ...orderOf(), way: 'inside', payer })
  await assert.rejects(wish, { code: 'gateway_silent' })
  ear.close()
  const content = JSON.parse(said[0]!.get('biz_content')!) as Record<string, string>
  const { buyer_open_id: buyer, buyer_id: number, product_code: product, op_app_id: app } = content
  assert.deepEqual(
    [buyer, number, product, app],
    [payer, undefined, 'JSAPI_PAY', '2021000000000001'],
  )
})

test('P1-08 an order whose create was never answered is cancelled: closed, unheard of, or paid and given back', async () => {
  const { wallet } = ground
  const lost = { ...orderOf(), way: 'inside' as const, payer: (await authorised()).payer }
  await control({ on: 'alipay', fault: 'lost_answer', times: twice, call: 'alipay.trade.create' })
  await assert.rejects(wallet.create(lost), { code: 'gateway_silent' })
  assert.equal((await wallet.query(lost.order)).state, 'waiting', 'it was carried out')
  await control({ on: 'alipay', fault: 'silence', call: 'alipay.trade.cancel' })
  assert.equal(await wallet.cancel!(lost.order), 'unknown')
  assert.equal(await wallet.cancel!(lost.order), 'closed')
  assert.equal(ground.sandbox.pay(lost.order), 'closed')

  const unseen = { ...orderOf(), way: 'qr' as const }
  await wallet.create(unseen)
  assert.equal(await wallet.cancel!(unseen.order), 'closed')
  assert.equal(ground.sandbox.pay(unseen.order), 'closed', 'its code is dead')
  assert.equal(await wallet.cancel!(newId('top')), 'closed', 'Alipay has never heard of it')

  const { order, amount } = await paid()
  assert.equal(await wallet.cancel!(order), 'returned')
  const part = { order, refund: newId('wdp'), amount }
  assert.equal(await wallet.refund(part), 'done', 'the payer has it: it does not go back twice')
  const other = { ...part, refund: newId('wdp'), amount: cny('1.00') }
  assert.deepEqual(await wallet.refund(other), { refused: 'ACQ.REFUND_AMT_NOT_EQUAL_TOTAL' })
})

test('P5-03 an app that has Alipay’s kit is handed a signed text, and the payment is told like every other', async () => {
  const ask = orderOf()
  const offer = await ground.wallet.create({ ...ask, way: 'app' })
  assert.ok(offer.way === 'app')
  const said = Object.fromEntries(new URLSearchParams(offer.text))
  assert.equal(said['method'], 'alipay.trade.app.pay')
  assert.equal(said['notify_url'], ground.notifyUrl)
  const content = JSON.parse(said['biz_content']!) as Record<string, string>
  assert.equal(content['product_code'], 'QUICK_MSECURITY_PAY')
  const kit = (text: string) => fetch(`${ground.sandbox.alipay.pages}?${text}`)
  assert.equal((await kit(offer.text.replace('100.00', '1.00'))).status, 400, 'changed on its way')
  const seen = await kit(offer.text)
  await fetch(seen.url, { method: 'POST', body: form('pay'), redirect: 'manual' })
  await until(() => ground.heard.length === 1)
  assert.equal((ground.heard[0] as Notice).order, ask.order)
})

test('a late answer is silence, and what was carried out late is found', async () => {
  const ask = { ...orderOf(), way: 'inside' as const, payer: (await authorised()).payer }
  await control({ on: 'alipay', fault: 'late', ms: 2_500, call: 'alipay.trade.create' })
  await assert.rejects(ground.wallet.create(ask), { code: 'gateway_silent' })
  assert.deepEqual(await ground.wallet.query(ask.order), { state: 'unknown' })
  for (let left = 500; (await ground.wallet.query(ask.order)).state !== 'waiting'; left--) {
    assert.ok(left > 0, 'It was not carried out.')
    await sleep(20)
  }
  await control({ on: 'alipay', fault: 'delay', ms: 3_000, call: 'alipay.trade.query' })
  assert.deepEqual(await ground.wallet.query(ask.order), { state: 'unknown' })
})
