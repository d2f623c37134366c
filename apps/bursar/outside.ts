/**
 * The only place where a gateway meets the business: which wallet and which bank this installation
 * speaks to. So far the outside world is played (apps/sandbox), with keys made for this data folder.
 * A bare installation has nobody outside unless it asks for the players (--sandbox).
 */
import fs from 'node:fs'
import path from 'node:path'
import { bankOverHttp } from '@bursar/gateway-banks'
import { walletOverHttp } from '@bursar/gateway-payments'
import {
  custodyAccount,
  makeKeys,
  payersOut,
  startSandbox,
  type Keys,
  type Sandbox,
} from '@bursar/sandbox'
import type { Certificate } from './certificate.ts'

export type Outside = Readonly<{
  wallet: ReturnType<typeof walletOverHttp>
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
  report: (error: unknown) => void
}>

/** Port 9 is "discard": nobody answers there, so every call is silence. */
const nowhere = 'http://127.0.0.1:9'

export async function openOutside(options: Options): Promise<Outside> {
  const keys = keysIn(options.folder)
  const sandbox = options.played ? await play(keys, options) : undefined
  const ours = keys.operator
  const wallet = walletOverHttp({
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
  return { wallet, bank, sandbox, stop: async () => await sandbox?.stop() }
}

/** The platform tells of a payment before it pays it out, and long enough to be seen on its way. */
const payOutAfter = 20_000

function play(keys: Keys, { folder, page, report }: Options): Promise<Sandbox> {
  const { host, port, publicHost, https } = page
  const file = path.join(folder, 'sandbox', 'world.jsonl')
  const publicUrl = `${https ? 'https' : 'http'}://${publicHost}:${port}`
  const options = { keys, file, host, port, publicUrl, report, payOutAfter }
  return startSandbox({ ...options, ...(https && { https }) })
}

function keysIn(folder: string): Keys {
  const file = path.join(folder, 'gateway-keys.json')
  if (!fs.existsSync(file)) {
    fs.writeFileSync(`${file}.half`, JSON.stringify(makeKeys()), { mode: 0o600, flush: true })
    fs.renameSync(`${file}.half`, file)
  }
  return JSON.parse(fs.readFileSync(file, 'utf8')) as Keys
}
