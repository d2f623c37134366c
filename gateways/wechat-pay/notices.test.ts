import assert from 'node:assert/strict'
import { randomBytes } from 'node:crypto'
import { test } from 'node:test'
import type { Notice } from '@bursar/custody/wallet'
import { wechatEnvelope, wechatSeal } from '@bursar/sandbox'
import { reasonOf, until, useWechat } from './testing.ts'

const wechat = useWechat()
const { start, control, told } = wechat

type More = Readonly<{ apiV3Key?: string; time?: number; type?: string } & Record<string, unknown>>

/** A notice as the platform would send it, with something other than usual in it. */
function written(more: More = {}) {
  const { mchid, appid, apiV3Key, platform } = wechat.keys
  const { apiV3Key: key = apiV3Key, time, type = 'TRANSACTION.SUCCESS', ...said } = more
  const amount = { total: 100, payer_total: 100, currency: 'CNY', payer_currency: 'CNY' }
  const order = {
    mchid,
    appid,
    out_trade_no: 'top_1',
    transaction_id: '4200',
    trade_state: 'SUCCESS',
  }
  const at = { success_time: '2026-11-29T12:00:00+08:00', payer: { openid: 'oSomebody' } }
  const resource = { ...order, ...at, amount, ...said }
  const body = wechatEnvelope(key, 'EV-1', { type, original: 'transaction', resource })
  return { headers: wechatSeal(platform, body, time), body: Buffer.from(body) }
}
const hear = ({ headers, body }: ReturnType<typeof written>, wallet = wechat.wallet) =>
  wallet.verify(headers, body)
const refusedFor = (what: ReturnType<typeof written>, wallet = wechat.wallet) =>
  hear(what, wallet).then(() => 'heard', reasonOf)

test('P1-08 what the platform signed is heard, again and again', async () => {
  const told = written()
  assert.equal((await hear(told)).id, 'EV-1')
  assert.equal((await hear(told)).id, 'EV-1')
  assert.deepEqual((await hear(told)).at, new Date('2026-11-29T04:00:00Z'))
})

test('a notice that is changed by one byte, older than five minutes, or unsigned, is refused', async () => {
  const { headers, body } = written()
  const changed = Buffer.from(body.toString().replace('EV-1', 'EV-2'))
  assert.equal(await refusedFor({ headers, body: changed }), 'bad_signature: does not fit')
  const now = Math.floor(Date.now() / 1000)
  for (const time of [now - 301, now + 301])
    assert.equal(await refusedFor(written({ time })), 'bad_signature: not of now')
  for (const name of Object.keys(headers).filter(name =>
    /-(serial|nonce|timestamp|signature)$/.test(name),
  )) {
    const { [name]: _, ...rest } = headers
    assert.equal(await refusedFor({ headers: rest, body }), `bad_signature: ${name} is missing`)
  }
  const probe = { ...headers, 'wechatpay-signature': 'WECHATPAY/SIGNTEST/abc' }
  assert.equal(await refusedFor({ headers: probe, body }), 'bad_signature: does not fit')
  const merchant = wechatSeal(wechat.keys.merchant, body.toString())
  assert.equal(await refusedFor({ headers: merchant, body }), 'bad_signature: unknown key')
  const posing = { ...merchant, 'wechatpay-serial': wechat.keys.platform.id }
  assert.equal(await refusedFor({ headers: posing, body }), 'bad_signature: does not fit')
})

test('a notice that is sealed with another APIv3 key is refused, and so is one for another key of ours', async () => {
  const other = randomBytes(16).toString('hex')
  assert.equal(await refusedFor(written({ apiV3Key: other })), 'bad_signature: not sealed for us')
  const changed = wechat.adapter({ apiV3Key: () => other })
  await wechat.wallet.query('top_1')
  assert.match(
    await refusedFor(written(), changed),
    /^bad_signature: (unknown key|not sealed for us)$/,
  )
})

test('a payment to another merchant, or through another app, is of another account', async () => {
  const { account } = wechat.wallet
  assert.equal((await hear(written())).account, account)
  assert.equal((await hear(written({ mchid: '1900000001' }))).account, '1900000001')
  assert.equal((await hear(written({ appid: 'wx1' }))).account, `${account}/wx1`)
})

test('a notice of something else is a reason to ask, and no payment', async () => {
  for (const more of [
    { trade_state: 'PAYERROR' },
    { type: 'REFUND.SUCCESS', refund_status: 'SUCCESS' },
  ])
    assert.equal((await hear(written(more))).state, 'closed')
  for (const more of [
    { out_trade_no: undefined },
    { transaction_id: 7 },
    { amount: { total: 1.5, currency: 'CNY' } },
    { amount: { total: '100', currency: 'CNY' } },
    { amount: { total: 100 } },
    { success_time: 'yesterday' },
  ])
    assert.equal(await refusedFor(written(more)), 'bad_signature: not a notice')
})

test('a forged notice is refused, and the true one that follows is heard', async () => {
  await control({ on: 'wechat', fault: 'forged_signature' })
  wechat.sandbox.pay((await start()).order)
  await until(() => told.length === 2)
  assert.equal(told[0]!.heard, 'bad_signature: does not fit')
  assert.equal((told[1]!.heard as Notice).state, 'paid')
})
