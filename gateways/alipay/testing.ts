/** For tests: Alipay played in apps/sandbox, the real adapter over the unmodified SDK, and an ear for its notices. */
import assert from 'node:assert/strict'
import { once } from 'node:events'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { after, before, beforeEach } from 'node:test'
import { setTimeout as sleep } from 'node:timers/promises'
import type { Notice, Wallet, Way } from '@bursar/custody/wallet'
import { newId } from '@bursar/kernel'
import { cny } from '@bursar/money'
import { makeAlipayKeys, makeKeys, startSandbox, type Sandbox } from '@bursar/sandbox'
import { alipayWallet, type AlipayOptions } from './alipay.ts'
import type { Certificates } from './identity.ts'

export const keys = makeAlipayKeys()
type Heard = Notice | 'forged'
const ground = { answer: 'success', heard: [] as Heard[] } as {
  sandbox: Sandbox
  wallet: Wallet
  notifyUrl: string
  answer: string
  heard: Heard[]
}

export function useAlipay() {
  const ear = createServer(async (request, reply) => {
    const parts: Buffer[] = []
    for await (const part of request) parts.push(part as Buffer)
    const verified = ground.wallet.verify(request.headers, Buffer.concat(parts))
    const notice = await verified.catch(() => 'forged' as const)
    ground.heard.push(notice)
    reply.end(notice === 'forged' ? 'no' : ground.answer)
  })
  before(async () => {
    ear.listen(0, '127.0.0.1')
    await once(ear, 'listening')
    ground.notifyUrl = `http://127.0.0.1:${(ear.address() as AddressInfo).port}/`
    const world = { keys: makeKeys(), alipay: keys, retry: [20, 20, 20] }
    ground.sandbox = await startSandbox(world)
    ground.wallet = adapter()
  })
  beforeEach(() => {
    ground.heard.length = 0
    ground.answer = 'success'
  })
  after(async () => {
    await ground.sandbox.stop()
    ear.close()
  })
  return ground
}

type Rest = Partial<Omit<AlipayOptions, 'publicKey' | 'certificates'>>
type More = Rest & Readonly<{ publicKey?: string; certificates?: Certificates }>

export function adapter(more: More = {}): Wallet {
  const { publicKey = keys.platform.publicKey, certificates, ...rest } = more
  const { gateway, authorise } = ground.sandbox.alipay
  const { appId, sellerId } = keys
  return alipayWallet({
    ...{ appId, sellerId, gateway, authorise, timeout: 400, notifyUrl: ground.notifyUrl },
    ...{ privateKey: keys.app.privateKey, ...(certificates ? { certificates } : { publicKey }) },
    ...rest,
  })
}

export const control = (wish: object) =>
  fetch(`${ground.sandbox.url}/control`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(wish),
  })

export async function until(done: () => boolean): Promise<void> {
  for (let left = 400; !done(); left--) {
    assert.ok(left > 0, 'It did not happen in four seconds.')
    await sleep(10)
  }
}

export const returnUrl = 'http://127.0.0.1:9/back'
export const orderOf = (yuan = '100.00', expiresAt = new Date(Date.now() + 60_000)) => ({
  ...{
    order: newId('top'),
    amount: cny(yuan),
    subject: '老茶馆 a/b&c=d 充值',
    expiresAt,
    returnUrl,
  },
})

/** An order, and the page on which its payer stands. */
export async function start(way: Exclude<Way, 'inside' | 'app'> = 'phone', ask = orderOf()) {
  const offer = await ground.wallet.create({ ...ask, way })
  assert.ok(offer.way !== 'inside' && offer.way !== 'app')
  const seen = await fetch(offer.way === 'qr' ? offer.text : offer.url)
  return { ...ask, offer, seen, page: seen.url }
}
export const paid = async (yuan = '100.00') => {
  const made = await start('qr', orderOf(yuan))
  assert.equal(ground.sandbox.pay(made.order), 'paid')
  return made
}

/** Somebody lets the app know who they are, on Alipay's page. */
export async function authorised() {
  const url = ground.wallet.binding!.bind({ state: 'visit 1', returnUrl })
  const seen = await fetch(url, { headers: { 'accept-language': 'zh-CN' } })
  assert.match(await seen.text(), /同意授权/)
  const cookie = seen.headers.getSetCookie()[0]!.split(';')[0]!
  const agreed = await fetch(url, { method: 'POST', headers: { cookie }, redirect: 'manual' })
  const back = new URL(agreed.headers.get('location')!)
  const code = back.searchParams.get('auth_code')!
  return { back, code, cookie, ...(await ground.wallet.binding!.bound(code)) }
}
