import assert from 'node:assert/strict'
import { createPrivateKey } from 'node:crypto'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test } from 'node:test'
import { makeRsaKey } from '@bursar/sandbox'
import { settingsOf } from './alipay.ts'
import { adapter, keys, start, useAlipay } from './testing.ts'

const ground = useAlipay()
const whole = {
  ALIPAY_APP_ID: '2021004100000001',
  ALIPAY_SELLER_ID: '2088000000000001',
  ALIPAY_PRIVATE_KEY: keys.app.privateKey,
  ALIPAY_PUBLIC_KEY: keys.platform.publicKey,
}

test('nothing said of Alipay is no Alipay; all of it is; half of it stops the start with a sentence', () => {
  assert.equal(settingsOf({ PORT: '8080', ALIPAY_APP_ID: ' ' }), undefined)
  assert.equal(settingsOf(whole)?.appId, whole.ALIPAY_APP_ID)
  for (const name of Object.keys(whole)) {
    const half = () => settingsOf({ ...whole, [name]: undefined })
    assert.throws(half, new RegExp(`half configured: ${name} is missing`))
  }
  assert.throws(() => settingsOf({ ALIPAY_PAYER: '支付宝' }), /half configured/)
  assert.throws(() => settingsOf({ ...whole, ALIPAY_SELLER_ID: '123' }), /begins with 2088/)
  const open = { ...whole, ALIPAY_GATEWAY: 'http://openapi.alipay.com/gateway.do' }
  assert.throws(() => settingsOf(open), /https/)
})

test('as whom Alipay pays us out is a name, or a name and an account', () => {
  const payer = (text: string) => settingsOf({ ...whole, ALIPAY_PAYER: text })?.payer
  assert.deepEqual(payer('支付宝'), { name: '支付宝' })
  assert.deepEqual(payer('支付宝，3100 5555'), { name: '支付宝', account: '3100 5555' })
})

test('a key comes as PEM, or as one line of Base64 in either form, or as a file; anything else is refused', async () => {
  const { order } = await start('qr')
  const pkcs1 = createPrivateKey(keys.app.privateKey).export({ type: 'pkcs1', format: 'der' })
  const bare = (pem: string) => pem.replace(/-----[^-]+-----|\s/g, '')
  const publicKey = bare(keys.platform.publicKey)
  for (const privateKey of [bare(keys.app.privateKey), pkcs1.toString('base64')])
    assert.equal((await adapter({ privateKey, publicKey }).query(order)).state, 'waiting')
  const wrong = { privateKey: 'x', publicKey: keys.app.privateKey.slice(0, 200) }
  assert.throws(() => adapter({ privateKey: wrong.privateKey }), /not an RSA private key/)
  assert.throws(() => adapter({ publicKey: wrong.publicKey }), /not an RSA public key/)
  assert.throws(() => adapter({ privateKey: '/nowhere/key.pem' }), /there is no file/)
})

test('a key that is changed in its file counts from then on, without a restart; a broken one leaves the last', async t => {
  const folder = mkdtempSync(join(tmpdir(), 'alipay-'))
  t.after(() => rmSync(folder, { recursive: true }))
  const [privateKey, publicKey] = [join(folder, 'app.pem'), join(folder, 'alipay.pem')]
  const old = makeRsaKey('old')
  writeFileSync(privateKey, old.privateKey)
  writeFileSync(publicKey, keys.platform.publicKey)
  const said: string[] = []
  const wallet = adapter({ privateKey, publicKey, report: sentence => said.push(sentence) })
  const { order } = await start('qr')
  const state = async () => (await wallet.query(order)).state
  assert.equal(await state(), 'unknown')
  writeFileSync(privateKey, keys.app.privateKey)
  assert.equal(await state(), 'waiting')
  writeFileSync(privateKey, 'half a key')
  assert.equal(await state(), 'waiting')
  assert.match(said.join(), /ALIPAY_PRIVATE_KEY is not an RSA private key.*used on/)
  writeFileSync(publicKey, old.publicKey)
  assert.equal(await state(), 'unknown')
  assert.equal((await ground.wallet.query(order)).state, 'waiting')
})
