import assert from 'node:assert/strict'
import { Hindrance } from '@bursar/database'
import { makeAlipayKeys } from '@bursar/sandbox'
import { test } from 'node:test'
import { alipayIn } from './alipay.ts'
import { openOutside } from './outside.ts'

const { app, platform } = makeAlipayKeys()
const whole = {
  ALIPAY_APP_ID: '2021004100000001',
  ALIPAY_SELLER_ID: '2088000000000001',
  ALIPAY_PRIVATE_KEY: app.privateKey,
  ALIPAY_PUBLIC_KEY: platform.publicKey,
}
const origin = 'https://pay.example'
const quiet = () => undefined

test('the real Alipay is there when all of it is configured, and tells us at our public address', () => {
  assert.equal(alipayIn({}, origin, quiet), undefined)
  const { notifyUrl } = alipayIn(whole, origin, quiet)!
  assert.equal(notifyUrl, 'https://pay.example/v1/gateways/alipay/notify')
})

test('half of it, or no https address of ours, stops the start with one sentence', () => {
  const half = { ...whole, ALIPAY_PUBLIC_KEY: '' }
  const sentence = /^Alipay is half configured: ALIPAY_PUBLIC_KEY is missing\./
  const refused = (what: RegExp) => (error: unknown) =>
    error instanceof Hindrance && what.test(error.message)
  assert.throws(() => alipayIn(half, origin, quiet), refused(sentence))
  const wrong = { ...whole, ALIPAY_PRIVATE_KEY: 'no key' }
  const why = /^ALIPAY_PRIVATE_KEY is not an RSA private key/
  assert.throws(() => alipayIn(wrong, origin, quiet), refused(why))
  assert.throws(() => alipayIn(whole, undefined, quiet), refused(/PUBLIC_ORIGIN/))
  assert.throws(() => alipayIn(whole, 'http://pay.example', quiet), refused(/PUBLIC_ORIGIN/))
})

test('real money never goes where Alipay is played', async () => {
  const alipay = alipayIn(whole, origin, quiet)
  const page = { host: '127.0.0.1', port: 0, publicHost: '127.0.0.1', https: undefined }
  const rest = { folder: '/nowhere', wechat: undefined, page, notify: String, report: quiet }
  await assert.rejects(openOutside({ ...rest, alipay, played: true }), Hindrance)
})
