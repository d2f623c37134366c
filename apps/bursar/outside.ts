/**
 * The only place where a gateway meets the business: which wallets and which bank this installation speaks to.
 * Alipay is real where it is configured (alipay.ts). Everybody else is played so far (apps/sandbox), with keys made
 * for this data folder, and in a demo Alipay too. A bare installation has nobody outside unless it asks for the
 * players (--sandbox).
 */
import fs from 'node:fs'
import path from 'node:path'
import type { Wallet } from '@bursar/custody'
import { Hindrance } from '@bursar/database'
import { alipayWallet, type AlipayOptions } from '@bursar/gateway-alipay'
import { bankOverHttp } from '@bursar/gateway-banks'
import { walletOverHttp } from '@bursar/gateway-payments'
import {
  custodyAccount,
  makeAlipayKeys,
  makeKeys,
  payersOut,
  startSandbox,
  type AlipayKeys,
  type Keys,
  type Sandbox,
} from '@bursar/sandbox'
import type { Certificate } from './certificate.ts'

export type Outside = Readonly<{
  wallets: readonly [Wallet, ...Wallet[]]
  /** The nameless platform: the demo's month came through it. */
  nameless: Wallet
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
  /** Where we are told, by the name of who tells. */
  notify(name: string): string
  report: (error: unknown) => void
}>

/** Port 9 is "discard": nobody answers there, so every call is silence. */
const nowhere = 'http://127.0.0.1:9'

export async function openOutside(options: Options): Promise<Outside> {
  const { alipay, played, notify } = options
  if (alipay && played)
    throw new Hindrance(
      'Alipay is configured, and a demo or --sandbox plays it: choose one of them.',
    )
  const keys = keysIn(options.folder)
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
  const wallets: Outside['wallets'] = sandbox
    ? [alipayWallet(playedAlipay(keys.alipay, sandbox, notify('alipay'))), nameless]
    : [alipay ? alipayWallet(alipay) : nameless]
  if (sandbox) sandbox.notify({ wallet: notify(nameless.gateway), bank: notify(bank.gateway) })
  return { wallets, nameless, bank, sandbox, stop: async () => await sandbox?.stop() }
}

const playedAlipay = (
  { appId, sellerId, app, platform }: AlipayKeys,
  { alipay }: Sandbox,
  notifyUrl: string,
): AlipayOptions => ({
  ...{ appId, sellerId, notifyUrl, payer: payersOut.alipay, ...alipay },
  ...{ privateKey: app.privateKey, publicKey: platform.publicKey },
})

/** The platform tells of a payment before it pays it out, and long enough to be seen on its way. */
const payOutAfter = 20_000

function play(keys: KeptKeys, { folder, page, report }: Options): Promise<Sandbox> {
  const { host, port, publicHost, https } = page
  const file = path.join(folder, 'sandbox', 'world.jsonl')
  const publicUrl = `${https ? 'https' : 'http'}://${publicHost}:${port}`
  const { alipay } = keys
  const options = { keys, alipay, file, host, port, publicUrl, report, payOutAfter }
  return startSandbox({ ...options, ...(https && { https }) })
}

type KeptKeys = Keys & Readonly<{ alipay: AlipayKeys }>

/** Whoever came later gets keys when the folder is next opened. */
function keysIn(folder: string): KeptKeys {
  const file = path.join(folder, 'gateway-keys.json')
  const known: Partial<KeptKeys> = fs.existsSync(file)
    ? (JSON.parse(fs.readFileSync(file, 'utf8')) as Partial<KeptKeys>)
    : makeKeys()
  if (known.alipay) return known as KeptKeys
  const kept = { ...known, alipay: makeAlipayKeys() } as KeptKeys
  fs.writeFileSync(`${file}.half`, JSON.stringify(kept), { mode: 0o600, flush: true })
  fs.renameSync(`${file}.half`, file)
  return kept
}
