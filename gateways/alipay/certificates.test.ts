/** Alipay by certificates, and over its newer wire: a door of its own, the unmodified SDK at it. */
import assert from 'node:assert/strict'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, test } from 'node:test'
import type { Wallet } from '@bursar/custody/wallet'
import { newId } from '@bursar/kernel'
import { cny } from '@bursar/money'
import { certified, makeAlipayKeys, makeKeys, startSandbox } from '@bursar/sandbox'
import { alipayWallet, settingsOf } from './alipay.ts'
import { orderOf } from './testing.ts'
import { beijing } from './words.ts'

const side = { ...(await certified(makeAlipayKeys())) }
const sandbox = await startSandbox({ keys: makeKeys(), alipay: side, retry: [20] })
const folder = mkdtempSync(join(tmpdir(), 'alipay-'))
after(async () => {
  await sandbox.stop()
  rmSync(folder, { recursive: true })
})

const file = (name: string, text: string) => {
  writeFileSync(join(folder, name), text)
  return join(folder, name)
}
const files = {
  privateKey: file('app.pem', side.app.privateKey),
  certificates: {
    app: file('app.crt', side.certificates!.app),
    alipay: file('alipay.crt', side.certificates!.platform),
    root: file('root.crt', side.certificates!.root),
  },
}
const { appId, sellerId } = side
type More = Readonly<{ protocol?: 'v1' | 'v3'; report?: (sentence: string) => void }>
const options = (more: More = {}) => ({
  ...{
    appId,
    sellerId,
    ...files,
    ...sandbox.alipay,
    timeout: 800,
    notifyUrl: 'http://127.0.0.1:9/',
  },
  ...more,
})
async function trade(wallet: Wallet) {
  const ask = orderOf()
  const offer = await wallet.create({ ...ask, way: 'qr' })
  assert.ok(offer.way === 'qr')
  await fetch(offer.text)
  return ask
}

for (const protocol of ['v1', 'v3'] as const)
  test(`P5-03 P5-13 by certificates, ${protocol}: made, asked for, paid, paid back, in the bill, closed, refused`, async () => {
    const wallet = alipayWallet(options({ protocol }))
    const nobody = newId('top')
    assert.deepEqual(await wallet.query(nobody), { state: 'unknown' })
    const { order, amount, ...ask } = await trade(wallet)
    assert.deepEqual(await wallet.query(order), { state: 'waiting' })
    const other = wallet.create({ ...ask, order, amount: cny('1.00'), way: 'qr' })
    const facts = { gateway: 'alipay', refused: 'ACQ.CONTEXT_INCONSISTENT' }
    await assert.rejects(other, { code: 'gateway_refused', facts })
    assert.equal(sandbox.pay(order), 'paid')
    const found = await wallet.query(order)
    assert.ok(found.state === 'paid')
    assert.deepEqual(found.amount, amount)
    const part = { order, refund: newId('wdp'), amount: cny('60.00') }
    assert.equal(await wallet.refundQuery(part), 'none')
    assert.equal(await wallet.refund(part), 'done')
    assert.equal(await wallet.refundQuery(part), 'done')
    const more = await wallet.refund({ ...part, refund: newId('wdp') })
    assert.deepEqual(more, { refused: 'ACQ.REFUND_AMT_NOT_EQUAL_TOTAL' })
    const rows = await Array.fromAsync(wallet.bill!(beijing(new Date()).slice(0, 10)))
    const ours = rows.filter(row => row.order === order).map(row => row.refund ?? row.kind)
    assert.deepEqual(ours, ['payment', part.refund])
    await assert.rejects(Array.fromAsync(wallet.bill!('2031-01-01')), { code: 'bill_not_ready' })
    const second = await trade(wallet)
    assert.equal(await wallet.close(second.order), 'closed')
    const page = await wallet.create({ ...orderOf(), way: 'desk' })
    assert.ok(page.way === 'desk')
    assert.match(page.url, /app_cert_sn=\w{32}&.*alipay_root_cert_sn=\w{32}_\w{32}/)
    assert.equal((await fetch(page.url)).status, 200)
  })

for (const fault of ['silence', 'lost_answer', 'html'] as const)
  test(`over v3 too, after ${fault} nothing is known, and who is not let in has heard no "no"`, async () => {
    const wallet = alipayWallet(options({ protocol: 'v3' }))
    const { order } = await trade(wallet)
    const times = fault === 'lost_answer' ? 2 : 1
    await fetch(`${sandbox.url}/control`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ on: 'alipay', fault, times }),
    })
    assert.deepEqual(await wallet.query(order), { state: 'unknown' })
    assert.deepEqual(await wallet.query(order), { state: 'waiting' })
    const stranger = alipayWallet({ ...options({ protocol: 'v3' }), appId: '2021000000000009' })
    assert.deepEqual(await stranger.query(order), { state: 'unknown' })
    const part = { order, refund: newId('wdp'), amount: cny('1.00') }
    assert.equal(await stranger.refund(part), 'unknown')
  })

test('both sides change their certificates without a restart, and Alipay’s change is told before ours', async () => {
  const said: string[] = []
  const report = (sentence: string) => void said.push(sentence)
  const both = [undefined, 'v3' as const].map(protocol =>
    alipayWallet(options({ report, ...(protocol && { protocol }) })),
  )
  const { order } = await trade(both[0]!)
  const states = () => Promise.all(both.map(async wallet => (await wallet.query(order)).state))
  const next = await certified(makeAlipayKeys())
  const { platform, app } = next.certificates!
  const root = side.certificates!.root
  // Our certificate is there, and its key not yet: the pair before them signs.
  file('app.crt', app)
  assert.deepEqual(await states(), ['waiting', 'waiting'])
  file('app.pem', next.app.privateKey)
  Object.assign(side, { app: next.app, certificates: { ...side.certificates!, app } })
  assert.deepEqual(await states(), ['waiting', 'waiting'])
  Object.assign(side, { platform: next.platform, certificates: { app, platform, root } })
  assert.deepEqual(await states(), ['unknown', 'unknown'])
  assert.equal(said.length, 2)
  assert.match(said.join(), /Alipay signs with the certificate \w{32}, and ALIPAY_PUBLIC_CERT is/)
  file('alipay.crt', platform)
  assert.deepEqual(await states(), ['waiting', 'waiting'])
})

test('half of the certificates, both they and the key, or one that is another’s stops the start with a sentence', () => {
  const whole = {
    ALIPAY_APP_ID: appId,
    ALIPAY_SELLER_ID: sellerId,
    ALIPAY_PRIVATE_KEY: files.privateKey,
    ALIPAY_APP_CERT: files.certificates.app,
    ALIPAY_PUBLIC_CERT: files.certificates.alipay,
    ALIPAY_ROOT_CERT: files.certificates.root,
  }
  assert.deepEqual(settingsOf(whole)?.certificates, files.certificates)
  for (const name of ['ALIPAY_APP_CERT', 'ALIPAY_PUBLIC_CERT', 'ALIPAY_ROOT_CERT'])
    assert.throws(
      () => settingsOf({ ...whole, [name]: '' }),
      new RegExp(`half configured: ${name} is missing`),
    )
  const both = () => settingsOf({ ...whole, ALIPAY_PUBLIC_KEY: side.platform.publicKey })
  assert.throws(both, /by its key or by its certificate.*not both/)
  assert.throws(() => settingsOf({ ...whole, ALIPAY_PROTOCOL: 'v2' }), /v1 or v3/)
  const wrong = (certificates: object) => () =>
    alipayWallet({ ...options(), certificates: { ...files.certificates, ...certificates } })
  assert.throws(wrong({ app: files.certificates.alipay }), /not the certificate of/)
  assert.throws(wrong({ root: 'x' }), /ALIPAY_ROOT_CERT is not a certificate/)
})
