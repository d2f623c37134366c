import assert from 'node:assert/strict'
import { before, test } from 'node:test'
import { Hindrance } from '@bursar/database'
import { makeWechatKeys } from '@bursar/sandbox'
import { openOutside } from './outside.ts'
import { wechatPayIn } from './wechat-pay.ts'

let whole: Record<string, string>
before(async () => {
  const { mchid, appid, apiV3Key, merchant } = await makeWechatKeys()
  whole = {
    ...{ WECHAT_PAY_MCHID: mchid, WECHAT_PAY_APPID: appid, WECHAT_PAY_API_V3_KEY: apiV3Key },
    WECHAT_PAY_PRIVATE_KEY: merchant.privateKey,
    WECHAT_PAY_CERTIFICATE: merchant.shown,
  }
})
const origin = 'https://pay.example'

test('the real WeChat Pay is there when all of it is configured, and tells us at our public address', () => {
  assert.equal(wechatPayIn({}, origin), undefined)
  const { notifyUrl } = wechatPayIn(whole, origin)!
  assert.equal(notifyUrl, 'https://pay.example/v1/gateways/wechat-pay/notify')
})

test('half of it, or no https address of ours, stops the start with one sentence', () => {
  const refused = (what: RegExp) => (error: unknown) =>
    error instanceof Hindrance && what.test(error.message)
  const half = { ...whole, WECHAT_PAY_APPID: '' }
  const sentence = /^WeChat Pay is half configured: WECHAT_PAY_APPID missing\.$/
  assert.throws(() => wechatPayIn(half, origin), refused(sentence))
  assert.throws(() => wechatPayIn(whole, undefined), refused(/PUBLIC_ORIGIN/))
  assert.throws(() => wechatPayIn(whole, 'http://pay.example'), refused(/PUBLIC_ORIGIN/))
})

test('real money never goes where WeChat Pay is played', async () => {
  const wechat = wechatPayIn(whole, origin)
  const page = { host: '127.0.0.1', port: 0, publicHost: '127.0.0.1', https: undefined }
  const rest = { folder: '/nowhere', page, notify: String, report: () => undefined }
  const opened = openOutside({ ...rest, alipay: undefined, wechat, played: true })
  await assert.rejects(opened, /WeChat Pay is configured/)
})
