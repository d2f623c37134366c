import assert from 'node:assert/strict'
import { execFile } from 'node:child_process'
import fs from 'node:fs'
import { createRequire } from 'node:module'
import os from 'node:os'
import path from 'node:path'
import { after, before, test } from 'node:test'
import { promisify } from 'node:util'
import { newId } from '@bursar/kernel'
import { useWechat } from './testing.ts'

const wechat = useWechat()
const run = promisify(execFile)
const wxpay = path.join(
  path.dirname(createRequire(import.meta.url).resolve('wechatpay-axios-plugin')),
  'bin/cli.js',
)
let folder: string

before(() => void (folder = fs.mkdtempSync(path.join(os.tmpdir(), 'wxpay-'))))
after(() => fs.rmSync(folder, { recursive: true }))

const file = (name: string, text: string): string => {
  const at = path.join(folder, name)
  fs.writeFileSync(at, text)
  return at
}
/** The platform's own command line, as anybody would use it. */
async function say(...words: string[]): Promise<string> {
  const { callUrl } = wechat.sandbox
  const { stdout, stderr } = await run(process.execPath, [wxpay, ...words, '-u', `${callUrl}/`])
  return `${stdout}${stderr}`
}
const asMerchant = () => {
  const { mchid, merchant, platform } = wechat.keys
  const [key, certificate] = [
    file('key.pem', merchant.privateKey),
    file('cert.pem', platform.shown),
  ]
  const keys = ['--config.privateKey', key, `--config.certs.${platform.id}`, certificate]
  return ['--config.mchid', mchid, '--config.serial', merchant.id, ...keys]
}

test('wxpay, the command line, orders and pays back at the played platform', async () => {
  const { mchid, appid } = wechat.keys
  const order = newId('top')
  const made = await say(
    ...['v3.pay.transactions.native', ...asMerchant(), '-d.mchid', mchid, '-d.appid', appid],
    ...[
      '-d.out_trade_no',
      order,
      '-d.description',
      'tea',
      '-d.notify_url',
      'https://shop.example/n',
    ],
    ...['-d.amount.total', '100', '-d.amount.currency', 'CNY'],
  )
  assert.match(made, /code_url/)
  assert.deepEqual(await wechat.wallet.query(order), { state: 'waiting' })

  wechat.sandbox.pay(order)
  const paidBack = await say(
    ...['v3.refund.domestic.refunds', ...asMerchant(), '-d.out_trade_no', order],
    ...['-d.out_refund_no', newId('wdr'), '-d.amount.refund', '40', '-d.amount.total', '100'],
    ...['-d.amount.currency', 'CNY'],
  )
  assert.match(paidBack, /PROCESSING/)
})

test('wxpay gets the certificates, and believes the signature beside them', async () => {
  const said = await say('v3.certificates', '-m', 'get', ...asMerchant())
  assert.match(said, new RegExp(`'wechatpay-serial': '${wechat.keys.platform.id}'`))
  assert.match(said, /'wechatpay-signature-type': 'WECHATPAY2-SHA256-RSA2048'/)
})

test('wxpay crt is answered, and fails at what fails everywhere: 0.9.6 checks with the keys from before', async () => {
  const { mchid, merchant, platform, apiV3Key } = wechat.keys
  const key = file('key.pem', merchant.privateKey)
  const whole = ['-m', mchid, '-s', merchant.id, '-f', key, '-k', apiV3Key, '-o', folder]
  const said = await say('crt', ...whole)
  assert.match(said, /status: 200/)
  assert.match(said, new RegExp(platform.id))
})
