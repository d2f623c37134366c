import assert from 'node:assert/strict'
import fs from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import { before, test } from 'node:test'
import { makeWechatKeys, type WechatMerchantKeys } from '@bursar/sandbox'
import { HalfConfigured, settingsFrom } from './settings.ts'

let keys: WechatMerchantKeys
before(async () => void (keys = await makeWechatKeys()))

const whole = () => ({
  WECHAT_PAY_MCHID: keys.mchid,
  WECHAT_PAY_APPID: keys.appid,
  WECHAT_PAY_API_V3_KEY: keys.apiV3Key,
  WECHAT_PAY_PRIVATE_KEY: keys.merchant.privateKey,
  WECHAT_PAY_CERTIFICATE: keys.merchant.shown,
})
const refused = (more: Record<string, string | undefined>): string => {
  try {
    settingsFrom({ ...whole(), ...more })
    return 'taken'
  } catch (error) {
    assert.ok(error instanceof HalfConfigured)
    return error.message
  }
}

test('who says nothing of WeChat Pay has none; who says all of it has one', () => {
  assert.equal(settingsFrom({ PATH: '/bin' }), undefined)
  const { mchid, merchant, appSecret, publicKey } = settingsFrom(whole())!
  assert.deepEqual([mchid, merchant().serial], [keys.mchid, keys.merchant.id])
  assert.deepEqual([appSecret, publicKey], [undefined, undefined])
  const { payer } = settingsFrom({ ...whole(), WECHAT_PAY_PAYER: '财付通，31000' })!
  assert.deepEqual(payer, { name: '财付通', account: '31000' })
})

test('half a configuration stops with one sentence that names what is missing', () => {
  const { WECHAT_PAY_MCHID: _, ...rest } = whole()
  assert.throws(() => settingsFrom(rest), {
    message: 'WeChat Pay is half configured: WECHAT_PAY_MCHID missing.',
  })
  assert.throws(
    () => settingsFrom({ WECHAT_PAY_URL: 'https://pay.example' }),
    /MCHID, .*CERTIFICATE missing/,
  )
  assert.match(
    refused({ WECHAT_PAY_PUBLIC_KEY_ID: 'PUB_KEY_ID_1' }),
    /WECHAT_PAY_PUBLIC_KEY missing/,
  )
})

test('what is malformed is told from what is missing, and no secret is repeated', () => {
  const other = { WECHAT_PAY_CERTIFICATE: keys.platform.shown }
  assert.match(refused(other), /^WECHAT_PAY_CERTIFICATE and _PRIVATE_KEY do not belong together/)
  assert.match(
    refused({ WECHAT_PAY_API_V3_KEY: 'short' }),
    /^WECHAT_PAY_API_V3_KEY must have 32 bytes\.$/,
  )
  assert.match(
    refused({ WECHAT_PAY_PRIVATE_KEY: '/nowhere/key.pem' }),
    /_PRIVATE_KEY names a file that cannot be read/,
  )
  assert.match(
    refused({ WECHAT_PAY_URL: 'pay.example/v3' }),
    /^WECHAT_PAY_URL is not scheme, host and port alone/,
  )
  const half = { WECHAT_PAY_PUBLIC_KEY_ID: 'PUB_KEY_ID_1', WECHAT_PAY_PUBLIC_KEY: 'x' }
  assert.match(refused(half), /^WECHAT_PAY_PUBLIC_KEY is no public key in PEM/)
})

test('each secret may be in a file, which is read again when it has changed', () => {
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'wechat-'))
  const file = path.join(folder, 'api-v3-key')
  fs.writeFileSync(file, `${keys.apiV3Key}\n`)
  const { apiV3Key } = settingsFrom({ ...whole(), WECHAT_PAY_API_V3_KEY: file })!
  assert.equal(apiV3Key(), keys.apiV3Key)
  fs.writeFileSync(`${file}.new`, 'f'.repeat(32))
  fs.renameSync(`${file}.new`, file)
  assert.equal(apiV3Key(), 'f'.repeat(32))
  fs.rmSync(folder, { recursive: true })
  assert.equal(apiV3Key(), 'f'.repeat(32))
})
