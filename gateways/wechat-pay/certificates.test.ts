import assert from 'node:assert/strict'
import fs from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import { test } from 'node:test'
import type { Notice } from '@bursar/custody/wallet'
import type { Id } from '@bursar/kernel'
import { makeWechatKeys, wechatEnvelope, wechatSeal } from '@bursar/sandbox'
import { merchantOf, secretOf } from './secrets.ts'
import { reasonOf, until, useWechat } from './testing.ts'

const wechat = useWechat()
const { start, told, adapter } = wechat

/** A stranger's notice under a serial number that nobody has. */
const named = (serial: string, wallet = wechat.wallet) => {
  const body = wechatEnvelope(wechat.keys.apiV3Key, 'EV-1', {
    type: 'x',
    original: 'refund',
    resource: {},
  })
  const headers = { ...wechatSeal(wechat.keys.merchant, body), 'wechatpay-serial': serial }
  return wallet.verify(headers, Buffer.from(body)).then(() => 'heard', reasonOf)
}

test('a serial number that every object has a word for is unknown like the rest', async () => {
  const wallet = adapter({}, {})
  for (const serial of ['constructor', '__proto__', 'toString', 'none'])
    assert.equal(await named(serial, wallet), 'bad_signature: unknown key')
})

test('after the change the old certificate is believed for half a day at most', async () => {
  const { apiV3Key, platform } = wechat.keys
  let ahead = 0
  const wallet = adapter({}, { now: () => new Date(Date.now() + ahead) })
  const type = { type: 'REFUND.CLOSED', original: 'refund' } as const
  const hear = () => {
    const resource = { out_trade_no: 'top_1', transaction_id: '42', mchid: wallet.account }
    const body = wechatEnvelope(apiV3Key, 'EV-1', { ...type, resource })
    const headers = wechatSeal(platform, body, Math.floor((Date.now() + ahead) / 1000))
    return wallet.verify(headers, Buffer.from(body)).then(({ state }) => state, reasonOf)
  }
  assert.equal(await hear(), 'closed')
  await wechat.sandbox.wechat!.changeCertificate()
  wechat.sandbox.wechat!.dropCertificates()
  ahead = 10 * 3_600_000
  assert.equal(await hear(), 'closed')
  ahead = 12 * 3_600_000
  assert.equal(await hear(), 'bad_signature: unknown key')
})

test('the platform changes its certificate while notices arrive: none is lost, and no restart is needed', async () => {
  const orders: { order: Id }[] = []
  for (let no = 0; no < 12; no++) orders.push(await start())
  const pay = (from: number, to: number) =>
    orders.slice(from, to).forEach(({ order }) => wechat.sandbox.pay(order))
  pay(0, 4)
  const serial = await wechat.sandbox.wechat!.changeCertificate()
  pay(4, 8)
  await until(() => told.length >= 8)
  wechat.sandbox.wechat!.dropCertificates()
  pay(8, 12)
  await until(() => told.length >= 12)
  assert.deepEqual(
    told.filter(({ heard }) => typeof heard === 'string'),
    [],
  )
  assert.equal(new Set(told.map(({ heard }) => (heard as Notice).order)).size, 12)
  assert.equal(told.at(-1)!.headers['wechatpay-serial'], serial)
  assert.equal(
    (await wechat.wallet.query(orders[0]!.order)).state,
    'paid',
    'an answer by the new one',
  )
})

test('a stranger who names serial numbers makes us ask five times a minute, and costs no true notice', async () => {
  const before = Date.now()
  const said = await Promise.all(Array.from({ length: 40 }, (_, no) => named(`${no}`)))
  for (let no = 40; no < 60; no++) said.push(await named(`${no}`))
  assert.deepEqual(new Set(said), new Set(['bad_signature: unknown key']))
  assert.ok(Date.now() - before < 3_000)
  wechat.sandbox.pay((await start()).order)
  await until(() => told.length === 1)
  assert.equal((told[0]!.heard as Notice).state, 'paid')
})

test('with the platform’s public key, answers and notices are signed by it', async () => {
  const { id, shown } = wechat.keys.publicKey
  const wallet = adapter({ publicKey: { id, pem: () => shown } })
  const { offer: _, ...ask } = await start()
  const order = `${ask.order}` as const
  await wallet.create({ ...ask, order })
  assert.deepEqual(await wallet.query(order), { state: 'waiting' })
  wechat.sandbox.pay(order)
  await until(() => told.length === 1)
  assert.equal(told[0]!.headers['wechatpay-serial'], id)
  assert.equal((await wallet.verify(told[0]!.headers, told[0]!.body)).state, 'paid')
  const wrong = adapter({ publicKey: { id, pem: () => wechat.keys.merchant.shown } })
  assert.deepEqual(await wrong.query(order), { state: 'unknown' })
})

test('our own key is replaced in its files, and signs from then on; half replaced, the old one does', async () => {
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'wechat-'))
  const [key, certificate] = ['key.pem', 'cert.pem'].map(name => path.join(folder, name))
  const [mine, other] = [wechat.keys.merchant, (await makeWechatKeys()).merchant]
  const put = (file: string, text: string) => fs.writeFileSync(file, text)
  put(key!, other.privateKey)
  put(certificate!, other.shown)
  const merchant = merchantOf(secretOf(key!), secretOf(certificate!))
  const { order } = await start()
  const wallet = adapter({ merchant })
  assert.deepEqual(await wallet.query(order), { state: 'unknown' })
  put(key!, mine.privateKey)
  assert.equal(merchant().serial, other.id)
  put(certificate!, mine.shown)
  assert.equal(merchant().serial, mine.id)
  assert.deepEqual(await wallet.query(order), { state: 'waiting' })
  put(key!, 'half a k')
  assert.deepEqual(await wallet.query(order), { state: 'waiting' })
  fs.rmSync(folder, { recursive: true })
  assert.deepEqual(await wallet.query(order), { state: 'waiting' })
})
