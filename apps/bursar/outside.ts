/**
 * The only place where a gateway meets the business: which wallets and which bank this installation speaks to.
 * Alipay and WeChat Pay are real where they are configured (alipay.ts, wechat-pay.ts). Everybody else is played so far
 * (apps/sandbox), with keys made for this data folder, and in a demo those two are too. A bare installation has nobody outside unless it asks for the
 * players (--sandbox).
 */
import fs from 'node:fs'
import path from 'node:path'
import type { Wallet } from '@bursar/custody'
import { Hindrance } from '@bursar/database'
import { alipayWallet, type AlipayOptions } from '@bursar/gateway-alipay'
import { bankOverHttp } from '@bursar/gateway-banks'
import { walletOverHttp } from '@bursar/gateway-payments'
import { merchantOf, wechatPay, type WechatPayOptions } from '@bursar/gateway-wechat-pay'
import {
  custodyAccount,
  makeAlipayKeys,
  makeKeys,
  makeWechatKeys,
  payersOut,
  startSandbox,
  type AlipayKeys,
  type Keys,
  type Sandbox,
  type WechatMerchantKeys,
} from '@bursar/sandbox'
import type { Certificate } from './certificate.ts'

export type Outside = Readonly<{
  wallets: readonly [Wallet, ...Wallet[]]
  /** The nameless platform: the demo's month came through it. */
  nameless: Wallet
  /** Where it is played: the demo's last days came through it, so that there is a bill. */
  billed: Wallet | undefined
  bank: ReturnType<typeof bankOverHttp>
  sandbox: Sandbox | undefined
  stop(): Promise<void>
}>

/** Where payers reach the pay page. */
export type Page = Readonly<{
  host: string
  port: number
  publicHost: string
  https: Certificate | undefined
}>

type Options = Readonly<{
  folder: string
  played: boolean
  page: Page
  /** The real Alipay's settings. */
  alipay: AlipayOptions | undefined
  wechat: WechatPayOptions | undefined
  /** Where we are told, by the name of who tells. */
  notify(name: string): string
  report: (error: unknown) => void
}>

/** Port 9 is "discard": nobody answers there, so every call is silence. */
const nowhere = 'http://127.0.0.1:9'

export async function openOutside(options: Options): Promise<Outside> {
  const { alipay, wechat, played, notify } = options
  if (played && (alipay || wechat))
    throw new Hindrance(
      `${alipay ? 'Alipay' : 'WeChat Pay'} is configured, and a demo or --sandbox plays it: choose one of them.`,
    )
  const keys = await keysIn(options.folder)
  const sandbox = played ? await play(keys, options) : undefined
  const ours = keys.operator
  const nameless = walletOverHttp({
    gateway: 'sandbox-wallet',
    account: 'bursar',
    payer: payersOut.wallet,
    url: sandbox?.walletUrl ?? nowhere,
    ours,
    theirs: keys.wallet,
  })
  const bank = bankOverHttp({
    gateway: 'sandbox-bank',
    account: custodyAccount,
    url: sandbox?.bankUrl ?? nowhere,
    ours,
    theirs: keys.bank,
  })
  const real = [...(alipay ? [alipayWallet(alipay)] : []), ...(wechat ? [wechatPay(wechat)] : [])]
  const playing = sandbox && alipayWallet(playedAlipay(keys.alipay, sandbox, notify('alipay')))
  const wallets: Outside['wallets'] = playing
    ? [playing, wechatPay(playedWechat(keys.wechat, sandbox, notify('wechat-pay'))), nameless]
    : [real[0] ?? nameless, ...real.slice(1)]
  if (sandbox) sandbox.notify({ wallet: notify(nameless.gateway), bank: notify(bank.gateway) })
  return {
    wallets,
    nameless,
    billed: playing,
    bank,
    sandbox,
    stop: async () => await sandbox?.stop(),
  }
}

const playedAlipay = (
  { appId, sellerId, app, platform }: AlipayKeys,
  { alipay }: Sandbox,
  notifyUrl: string,
): AlipayOptions => ({
  ...{ appId, sellerId, notifyUrl, payer: payersOut.alipay, ...alipay },
  ...{ privateKey: app.privateKey, publicKey: platform.publicKey },
})

function playedWechat(
  { mchid, appid, apiV3Key, appSecret, merchant }: WechatMerchantKeys,
  { callUrl, publicUrl }: Sandbox,
  notifyUrl: string,
): WechatPayOptions {
  const pair = merchantOf(
    () => merchant.privateKey,
    () => merchant.shown,
  )
  const secrets = { apiV3Key: () => apiV3Key, appSecret: () => appSecret, merchant: pair }
  const urls = { pay: callUrl, open: publicUrl, api: callUrl }
  return { settings: { mchid, appid, ...secrets, payer: payersOut.wechat, urls }, notifyUrl }
}

/** The platform tells of a payment before it pays it out, and long enough to be seen on its way. */
const payOutAfter = 20_000

function play(keys: KeptKeys, { folder, page, report }: Options): Promise<Sandbox> {
  const { host, port, publicHost, https } = page
  const file = path.join(folder, 'sandbox', 'world.jsonl')
  const publicUrl = `${https ? 'https' : 'http'}://${publicHost}:${port}`
  const { alipay, wechat } = keys
  const options = { keys, alipay, wechat, file, host, port, publicUrl, report, payOutAfter }
  return startSandbox({ ...options, ...(https && { https }) })
}

type KeptKeys = Keys & Readonly<{ alipay: AlipayKeys; wechat: WechatMerchantKeys }>

/** Whoever came later gets keys when the folder is next opened. */
async function keysIn(folder: string): Promise<KeptKeys> {
  const file = path.join(folder, 'gateway-keys.json')
  const known: Partial<KeptKeys> = fs.existsSync(file)
    ? (JSON.parse(fs.readFileSync(file, 'utf8')) as Partial<KeptKeys>)
    : makeKeys()
  if (known.alipay && known.wechat) return known as KeptKeys
  const { alipay = makeAlipayKeys(), wechat = await makeWechatKeys() } = known
  const kept = { ...known, alipay, wechat } as KeptKeys
  fs.writeFileSync(`${file}.half`, JSON.stringify(kept), { mode: 0o600, flush: true })
  fs.renameSync(`${file}.half`, file)
  return kept
}
