/** WeChat Pay, from the consumer's tap to the purse and back: the real SDK against the played platform, over our own HTTP. */
import assert from 'node:assert/strict'
import { once } from 'node:events'
import { createServer, type AddressInfo } from 'node:net'
import { before, test } from 'node:test'
import { setTimeout as sleep } from 'node:timers/promises'
import { pollTopUps, pollWithdrawals } from '@bursar/custody'
import { merchantOf, wechatPay } from '@bursar/gateway-wechat-pay'
import { newId } from '@bursar/kernel'
import { makeKeys, makeWechatKeys, startSandbox, wechatEnvelope, wechatSeal } from '@bursar/sandbox'
import { origin, useApi, type Client } from '../testing.ts'
import { retry, until, usePlatform } from './platform.testing.ts'
import { cny, left, wish } from './testing.ts'

const keys = await makeWechatKeys()
const own = { keys: makeKeys(), wechat: keys, retry }
const sandbox = await startSandbox(own)
const { mchid, appid, apiV3Key, merchant, platform } = keys
const settings = {
  ...{ mchid, appid, apiV3Key: () => apiV3Key, appSecret: () => keys.appSecret },
  urls: { pay: sandbox.callUrl, open: sandbox.url, api: sandbox.callUrl },
  merchant: merchantOf(
    () => merchant.privateKey,
    () => merchant.shown,
  ),
}
/** Where notices come to has to be known before the server that hears them is there. */
async function freePort(): Promise<number> {
  const probe = createServer().listen(0, '127.0.0.1')
  await once(probe, 'listening')
  const { port } = probe.address() as AddressInfo
  probe.close()
  await once(probe, 'close')
  return port
}
const port = await freePort()
const notifyUrl = `http://127.0.0.1:${port}/v1/gateways/wechat-pay/notify`
const wallet = wechatPay({ settings, notifyUrl, timeout: 800 })
const api = useApi(() => ({ wallets: [wallet] }))
const { control, member, state, credited, polled, suspended } = usePlatform(api, sandbox, wallet)
before(() => api.app.listen({ port, host: '127.0.0.1' }))

async function order(who: Client, purse: string, yuan: string, way = 'qr', key = wish()) {
  const body = { amount: cny(yuan), returnUrl: `${origin}/custody/top-ups`, way }
  return (await who.post(`/v1/custody/purses/${purse}/top-ups`, body, key)).json()
}
/** The platform has 800 ms to answer, which a busy machine may not need but sometimes takes: asked again, it is the same order. */
async function ordered(who: Client, purse: string, yuan: string, way = 'qr') {
  const key = wish()
  for (;;) {
    const answer = await order(who, purse, yuan, way, key)
    if (answer.code !== 'gateway_silent') return answer
  }
}
async function paid(who: Client, purse: string, yuan: string) {
  const { id } = await ordered(who, purse, yuan)
  assert.equal(sandbox.pay(id), 'paid')
  return id as `top_${string}`
}
/** A notice that the platform has signed, of a payment that it tells as we like. */
async function tell(order: string, more: object = {}, key = platform) {
  const resource = {
    ...{ mchid, appid, out_trade_no: order, transaction_id: newId('t'), trade_state: 'SUCCESS' },
    ...{
      success_time: new Date().toISOString(),
      amount: { total: 1000, currency: 'CNY' },
      ...more,
    },
  }
  const news = { type: 'TRANSACTION.SUCCESS', original: 'transaction', resource } as const
  const body = wechatEnvelope(apiV3Key, newId('ntc'), news)
  return await fetch(notifyUrl, { method: 'POST', body, headers: wechatSeal(key, body) })
}

test('P1-02 a consumer chooses the way: a code to scan, or a page for the phone', async () => {
  const { who, purse } = await member()
  const { rows } = (await who.get('/v1/custody/wallets')).json()
  assert.deepEqual(rows, [{ gateway: 'wechat-pay', ways: ['qr', 'phone', 'inside'] }])
  assert.match((await order(who, purse, '1.00')).qr, /^http/)
  assert.match((await order(who, purse, '1.00', 'phone')).payUrl, /checkmweb.*redirect_url=/)
  assert.equal((await order(who, purse, '1.00', 'desk')).code, 'way_not_offered')
})

test('P5-02 P5-15 in WeChat’s own browser the bound guest is handed a signed call, pays there and is credited', async () => {
  const { who, purse } = await member()
  assert.equal((await order(who, purse, '1.00', 'inside')).code, 'payer_not_bound')
  const of = `/v1/cashier/purses/${purse}`
  const gateway = { gateway: 'wechat-pay' }
  const visit = { ...gateway, returnUrl: `${origin}/cashier/purses/${purse}/bindings/wechat-pay` }
  const { url } = (await who.post(`${of}/visits`, visit)).json()
  const cookie = (await fetch(url)).headers.getSetCookie()[0]!.split(';')[0]!
  const agreed = await fetch(url, { method: 'POST', headers: { cookie }, redirect: 'manual' })
  const back = new URL(agreed.headers.get('location')!).searchParams
  const told = { ...gateway, state: back.get('state'), code: back.get('code') }
  assert.equal((await who.post(`${of}/bindings`, told, wish())).statusCode, 201)

  const { id, call, qr, payUrl } = await order(who, purse, '20.00', 'inside')
  assert.deepEqual([qr, payUrl], [undefined, undefined])
  assert.match(call.package, /^prepay_id=wx/)
  const query = new URLSearchParams(call).toString()
  const seen = await fetch(`${sandbox.url}/bridge?${query}`, { headers: { cookie } })
  const body = new URLSearchParams({ act: 'pay' })
  await fetch(seen.url, { method: 'POST', body, headers: { cookie } })
  await credited(who, id)
  assert.equal(await left(who, purse), '20.00')
})

test('P5-03 P5-04 P5-05 a payment is in the purse once, though WeChat tells of it a thousand times', async () => {
  const { who, purse } = await member()
  await control({ on: 'wechat', fault: 'duplicate', count: 1000 })
  await credited(who, await paid(who, purse, '300.00'))
  await sleep(300)
  assert.equal(await left(who, purse), '300.00')
})

test('P1-08 what a forged notice says changes nothing; another sum, or another merchant, is in suspense', async () => {
  const { who, purse } = await member()
  const { id } = await order(who, purse, '10.00')
  assert.equal((await tell(id, {}, { ...merchant, id: platform.id })).status, 401)
  assert.equal(await suspended(id), undefined)
  const thanked = await tell(id, { mchid: '1900000001' })
  assert.deepEqual([thanked.status, await thanked.text()], [200, '{"code":"SUCCESS"}'])
  assert.equal((await suspended(id))?.reason, 'wrong_account')
  const second = await order(who, purse, '11.00')
  assert.equal((await tell(second.id)).status, 200)
  assert.equal((await suspended(second.id))?.reason, 'wrong_amount')
  assert.equal(await left(who, purse), '0.00')
})

test('P1-08 notices that overtake each other end as they would in order', async () => {
  const { who, purse } = await member()
  const id = await paid(who, purse, '50.00')
  await credited(who, id)
  await who.post(`/v1/custody/purses/${purse}/withdrawals`, { amount: cny('20.00') }, wish())
  await control({ on: 'wechat', fault: 'reorder', count: 2 })
  const [first, second] = [await paid(who, purse, '7.00'), await paid(who, purse, '8.00')]
  await credited(who, first)
  await credited(who, second)
  await until(async () => (await left(who, purse)) === '45.00')
})

test('P1-08 a payment whose notice never comes is found by asking; a late one goes back by itself, and the payer is told so', async () => {
  const { who, purse } = await member()
  await control({ do: 'clear' })
  await control({ on: 'wechat', fault: 'no_notice' })
  const id = await paid(who, purse, '20.00')
  await polled(who, id, 'credited')

  const late = await ordered(who, purse, '30.00')
  await polled(who, late.id, 'expired', new Date(Date.now() + 3_600_000))
  await control({ do: 'pay', order: late.id, late: true })
  await until(async () => (await suspended(late.id)) !== undefined)
  const astray = async () => (await who.get(`/v1/custody/top-ups/${late.id}`)).json().astray
  assert.deepEqual(
    [(await astray()).amount, (await astray()).reason],
    [cny('30.00'), 'order_ended'],
  )
  await until(async () => {
    await pollWithdrawals(api.books, wallet, { olderThanMs: 0 })
    return (await astray()).state === 'returned'
  })
  assert.equal(await left(who, purse), '20.00')
})

test('P1-14 P5-12 P5-13 P5-14 what is left goes back to the account it came from, though answers are lost', async () => {
  const { who, purse } = await member()
  const id = await paid(who, purse, '122.00')
  await credited(who, id)
  await control({ on: 'wechat', fault: 'lost_answer', call: 'refund' })
  const url = `/v1/custody/purses/${purse}/withdrawals`
  const key = wish()
  const asked = (await who.post(url, { amount: cny('122.00') }, key)).json()
  assert.equal(asked.state, 'sending')
  await until(async () => {
    await pollWithdrawals(api.books, wallet, { olderThanMs: 0 })
    return (await who.post(url, { amount: cny('122.00') }, key)).json().state === 'done'
  })
  assert.equal(await left(who, purse), '0.00')
  assert.equal((await wallet.query(id)).state, 'paid', 'REFUND was paid')
})

test('P1-08 P5-04 P5-13 a platform that says nothing for an hour: what was paid is waited for, what goes back waits, each ends once', async () => {
  const { who, purse } = await member()
  await credited(who, await paid(who, purse, '50.00'))
  await control({ on: 'wechat', fault: 'no_notice' })
  const id = await paid(who, purse, '20.00')
  await control({ on: 'wechat', fault: 'silence', times: 1000 })
  const none = await order(who, purse, '5.00')
  assert.equal(none.code, 'gateway_silent')
  const [url, key] = [`/v1/custody/purses/${purse}/withdrawals`, wish()]
  const back = async () => (await who.post(url, { amount: cny('30.00') }, key)).json().state
  assert.equal(await back(), 'sending')
  const after = async (minutes: number) => {
    const now = new Date(Date.now() + minutes * 60_000)
    await pollTopUps(api.books, wallet, { olderThanMs: 0, now })
    await pollWithdrawals(api.books, wallet, { olderThanMs: 0 })
  }
  for (const minutes of [1, 16, 35, 60]) {
    await after(minutes)
    assert.deepEqual([await state(who, id), await left(who, purse)], ['waiting', '20.00'])
  }
  assert.equal(await back(), 'sending')
  await control({ do: 'clear' })
  await after(61)
  assert.equal(await state(who, id), 'credited', 'though its time was over long before')
  await until(async () => {
    await pollWithdrawals(api.books, wallet, { olderThanMs: 0 })
    return (await back()) === 'done'
  })
  await after(62)
  assert.equal(await left(who, purse), '40.00')
})
