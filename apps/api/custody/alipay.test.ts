/** Alipay, from the consumer's tap to the purse and back: the real SDK against the played platform, over our own HTTP. */
import assert from 'node:assert/strict'
import { before, test } from 'node:test'
import { setTimeout as sleep } from 'node:timers/promises'
import { pollTopUps, pollWithdrawals } from '@bursar/custody'
import { alipayWallet } from '@bursar/gateway-alipay'
import { newId } from '@bursar/kernel'
import { alipayNotice, makeAlipayKeys, makeKeys, startSandbox } from '@bursar/sandbox'
import { origin, useApi, type Client } from '../testing.ts'
import { retry, until, usePlatform } from './platform.testing.ts'
import { cny, left, wish } from './testing.ts'

const keys = makeAlipayKeys()
const sandbox = await startSandbox({ keys: makeKeys(), alipay: keys, retry })
const { appId, sellerId, app, platform } = keys
const options = {
  ...{ appId, sellerId, ...sandbox.alipay, timeout: 400, notifyUrl: '' },
  ...{ privateKey: app.privateKey, publicKey: platform.publicKey },
}
const wallet = alipayWallet(options)
const api = useApi(() => ({ wallets: [wallet, { ...wallet, gateway: 'other' }] }))
const { control, member, state, credited, polled, suspended } = usePlatform(api, sandbox, wallet)
before(async () => {
  const url = await api.app.listen({ port: 0, host: '127.0.0.1' })
  options.notifyUrl = `${url}/v1/gateways/alipay/notify`
})

async function order(who: Client, purse: string, yuan: string, how: object = { way: 'qr' }) {
  const body = { amount: cny(yuan), returnUrl: `${origin}/custody/top-ups`, ...how }
  const answer = await who.post(`/v1/custody/purses/${purse}/top-ups`, body, wish())
  return answer
}
/** Scanned, so that Alipay has heard of it, and paid. */
async function paid(who: Client, purse: string, yuan: string) {
  const { id, qr } = (await order(who, purse, yuan)).json()
  await fetch(qr)
  assert.equal(sandbox.pay(id), 'paid')
  return id as `top_${string}`
}
test('P1-02 a consumer chooses the platform and the way; another way than it has is refused', async () => {
  const { who, purse } = await member()
  const { rows } = (await who.get('/v1/custody/wallets')).json()
  const ways = ['desk', 'phone', 'qr', 'inside', 'app']
  assert.deepEqual(rows, [
    { gateway: 'alipay', ways },
    { gateway: 'other', ways },
  ])
  const desk = (await order(who, purse, '1.00', { way: 'desk', gateway: 'other' })).json()
  assert.match(desk.payUrl, /alipay\.trade\.page\.pay/)
  assert.equal(desk.gateway, 'other')
  assert.match((await order(who, purse, '1.00', {})).json().payUrl, /alipay\.trade\.wap\.pay/)
  const kit = (await order(who, purse, '1.00', { way: 'app' })).json()
  assert.match(kit.appOrder, /method=alipay\.trade\.app\.pay/)
  const none = await order(who, purse, '1.00', { gateway: 'nobody' })
  assert.deepEqual([none.statusCode, none.json().code], [422, 'way_not_offered'])
  const inside = await order(who, purse, '1.00', { way: 'inside' })
  assert.deepEqual([inside.statusCode, inside.json().code], [409, 'payer_not_bound'])
  assert.equal((await order(who, purse, '1.00', { way: 'outside' })).statusCode, 400)
})

test('P5-02 P5-15 in Alipay’s own browser the bound guest is handed a trade, pays it there and is credited', async () => {
  const { who, purse } = await member()
  const of = `/v1/cashier/purses/${purse}`
  const gateway = { gateway: 'alipay' }
  const visit = { ...gateway, returnUrl: `${origin}/cashier/purses/${purse}/bindings/alipay` }
  const { url } = (await who.post(`${of}/visits`, visit)).json()
  const cookie = (await fetch(url)).headers.getSetCookie()[0]!.split(';')[0]!
  const agreed = await fetch(url, { method: 'POST', headers: { cookie }, redirect: 'manual' })
  const back = new URL(agreed.headers.get('location')!).searchParams
  const told = { ...gateway, state: back.get('state'), code: back.get('auth_code') }
  assert.equal((await who.post(`${of}/bindings`, told, wish())).statusCode, 201)

  const { id, call, qr, payUrl } = (await order(who, purse, '20.00', { way: 'inside' })).json()
  assert.deepEqual([qr, payUrl, Object.keys(call)], [undefined, undefined, ['tradeNO']])
  const query = new URLSearchParams(call).toString()
  const seen = await fetch(`${sandbox.url}/tradePay?${query}`, { headers: { cookie } })
  const body = new URLSearchParams({ act: 'pay' })
  await fetch(seen.url, { method: 'POST', body, headers: { cookie } })
  await credited(who, id)
  assert.equal(await left(who, purse), '20.00')
})

test('P5-03 P5-04 P5-05 a payment by QR is in the purse once, though Alipay tells of it a thousand times', async () => {
  const { who, purse } = await member()
  await control({ on: 'alipay', fault: 'duplicate', count: 1000 })
  await credited(who, await paid(who, purse, '300.00'))
  await sleep(200)
  assert.equal(await left(who, purse), '300.00')
})

test('P1-08 what a forged notice says changes nothing; another sum, or another seller, is in suspense', async () => {
  const { who, purse } = await member()
  const tell = async (id: string, side: typeof keys, fields = {}, tradeNo: string = newId('t')) => {
    const at = new Date().toISOString()
    const said = {
      notice: newId('ntc'),
      order: id,
      amount: cny('10.00'),
      tradeNo,
      at,
      payer: '2088',
    }
    const { body, headers } = alipayNotice(side, said, fields)
    return (await fetch(options.notifyUrl, { method: 'POST', body, headers })).status
  }
  const { id } = (await order(who, purse, '10.00')).json()
  assert.equal(await tell(id, { ...keys, platform: makeAlipayKeys().platform }), 401)
  assert.equal(await suspended(id), undefined)
  assert.equal(await tell(id, keys, { seller_id: '2088999999999999' }), 200)
  assert.equal((await suspended(id))?.reason, 'wrong_account')
  const second = (await order(who, purse, '11.00')).json()
  assert.equal(await tell(second.id, keys), 200)
  assert.equal((await suspended(second.id))?.reason, 'wrong_amount')
  assert.equal(await left(who, purse), '0.00')
})

test('P1-08 a payment whose notice never comes is found by asking; a late one goes back by itself', async () => {
  const { who, purse } = await member()
  await control({ on: 'alipay', fault: 'no_notice' })
  const id = await paid(who, purse, '20.00')
  await polled(who, id, 'credited')

  const late = (await order(who, purse, '30.00')).json()
  await fetch(late.qr)
  await polled(who, late.id, 'expired', new Date(Date.now() + 3_600_000))
  await control({ do: 'pay', order: late.id, late: true })
  await until(async () => (await suspended(late.id)) !== undefined)
  await until(async () => {
    await pollWithdrawals(api.books, wallet, { olderThanMs: 0 })
    return (await suspended(late.id))?.state === 'returning'
  })
  assert.equal(await left(who, purse), '20.00')
})

test('P1-14 P5-12 P5-13 P5-14 what is left goes back to the account it came from, though answers are lost', async () => {
  const { who, purse } = await member()
  const id = await paid(who, purse, '122.00')
  await credited(who, id)
  await control({ on: 'alipay', fault: 'lost_answer', times: 2, call: 'alipay.trade.refund' })
  const url = `/v1/custody/purses/${purse}/withdrawals`
  const key = wish()
  const asked = await who.post(url, { amount: cny('122.00') }, key)
  assert.equal(asked.json().state, 'sending')
  await pollWithdrawals(api.books, wallet, { olderThanMs: 0 })
  const again = await who.post(url, { amount: cny('122.00') }, key)
  assert.deepEqual([again.json().id, again.json().state], [asked.json().id, 'done'])
  assert.equal(await left(who, purse), '0.00')
  const found = await wallet.query(id)
  assert.equal(found.state, 'closed', 'all of it has gone back')
})

test('P1-08 P5-04 P5-13 a platform that says nothing for an hour: what was paid is waited for, what goes back waits, each ends once', async () => {
  const { who, purse } = await member()
  await credited(who, await paid(who, purse, '50.00'))
  await control({ on: 'alipay', fault: 'no_notice' })
  const id = await paid(who, purse, '20.00')
  await control({ on: 'alipay', fault: 'silence', times: 1000 })
  const none = (await order(who, purse, '5.00')).json()
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
