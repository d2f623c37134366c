/** For tests: WeChat Pay as the sandbox plays it, and somebody who listens to its notices. */
import assert from 'node:assert/strict'
import { once } from 'node:events'
import { createServer, type IncomingHttpHeaders } from 'node:http'
import type { AddressInfo } from 'node:net'
import { after, before, beforeEach } from 'node:test'
import { setTimeout as sleep } from 'node:timers/promises'
import type { Notice, Wallet, Way } from '@bursar/custody/wallet'
import { newId } from '@bursar/kernel'
import { cny } from '@bursar/money'
import {
  makeKeys,
  makeWechatKeys,
  startSandbox,
  type Sandbox,
  type WechatMerchantKeys,
} from '@bursar/sandbox'
import { merchantOf, wechatPay, type Settings, type WechatPayOptions } from './wechat-pay.ts'

type Told = Readonly<{ headers: IncomingHttpHeaders; body: Buffer; heard: Notice | string }>

export function useWechat(refundAfter = 0) {
  const told: Told[] = []
  let [sandbox, keys, wallet]: [Sandbox?, WechatMerchantKeys?, Wallet?] = []
  let thanks: Wallet['success'] | undefined
  const server = createServer(async (request, reply) => {
    const parts: Buffer[] = []
    for await (const part of request) parts.push(part as Buffer)
    const body = Buffer.concat(parts)
    const heard = await wallet!.verify(request.headers, body).catch(reasonOf)
    told.push({ headers: request.headers, body, heard })
    const { status, type, body: said } = thanks ?? wallet!.success
    reply.writeHead(typeof heard === 'string' ? 401 : status, { 'content-type': type }).end(said)
  })
  const notifyUrl = () => `http://127.0.0.1:${(server.address() as AddressInfo).port}/notify`

  before(async () => {
    server.listen(0, '127.0.0.1')
    await once(server, 'listening')
    keys = await makeWechatKeys()
    const own = { keys: makeKeys(), wechat: keys, refundAfter, retry: [20, 20, 20, 20] }
    sandbox = await startSandbox(own)
    wallet = adapter()
  })
  beforeEach(async () => {
    told.length = 0
    thanks = undefined
    await control({ do: 'clear' })
  })
  after(async () => {
    await sandbox!.stop()
    server.close()
  })

  const settings = (more: Partial<Settings>) => ({ ...settingsOf(keys!, sandbox!), ...more })
  const adapter = (more: Partial<Settings> = {}, options: Partial<WechatPayOptions> = {}) =>
    wechatPay({ settings: settings(more), notifyUrl: notifyUrl(), timeout: 600, ...options })

  const control = (wish: object) => controlled(sandbox!, wish)
  async function start(yuan = '100.00', way: Way = 'qr', more: { payer?: string } = {}) {
    const [order, amount] = [newId('top'), cny(yuan)]
    const expiresAt = new Date(Date.now() + 60_000)
    const returnUrl = 'http://127.0.0.1:9/back?a=1'
    const ask = { order, amount, subject: '老茶馆, 充值', expiresAt, way, returnUrl, ...more }
    return { ...ask, offer: await wallet!.create(ask) }
  }

  return {
    told,
    get sandbox() {
      return sandbox!
    },
    get keys() {
      return keys!
    },
    get wallet() {
      return wallet!
    },
    /** What we say to notices from now on. */
    answer: (said: Wallet['success']) => void (thanks = said),
    ...{ adapter, control, start },
  }
}

function settingsOf(keys: WechatMerchantKeys, { url, callUrl }: Sandbox): Settings {
  const { mchid, appid, apiV3Key, appSecret, merchant } = keys
  const texts = [merchant.privateKey, merchant.shown].map(text => () => text)
  return {
    ...{ mchid, appid, apiV3Key: () => apiV3Key, appSecret: () => appSecret },
    merchant: merchantOf(texts[0]!, texts[1]!),
    urls: { pay: callUrl, open: url, api: callUrl },
  }
}

const controlled = ({ url }: Sandbox, wish: object) =>
  fetch(`${url}/control`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(wish),
  })

export const reasonOf = (error: { code?: string; facts?: Readonly<Record<string, unknown>> }) =>
  `${error.code}: ${String(error.facts?.['reason'] ?? error.facts?.['refused'] ?? '')}`

export async function until(done: () => boolean | Promise<boolean>): Promise<void> {
  for (let left = 300; !(await done()); left--) {
    assert.ok(left > 0, 'It did not happen in three seconds.')
    await sleep(10)
  }
}
