/**
 * The only place where a gateway meets the business: which wallet and which bank this installation
 * speaks to. So far the outside world is played (apps/sandbox), with keys made for this data folder.
 * A bare installation has nobody outside unless it asks for the players (--sandbox).
 */
import fs from 'node:fs'
import path from 'node:path'
import { bankOverHttp } from '@bursar/gateway-banks'
import { walletOverHttp } from '@bursar/gateway-payments'
import { makeKeys, startSandbox, type Keys, type Sandbox } from '@bursar/sandbox'
import type { Certificate } from './certificate.ts'

export type Outside = Readonly<{
  wallet: ReturnType<typeof walletOverHttp>
  bank: ReturnType<typeof bankOverHttp>
  sandbox: Sandbox | undefined
  stop(): Promise<void>
}>

type Options = Readonly<{
  folder: string
  played: boolean
  /** Where payers reach the pay page. */
  page: Readonly<{
    host: string
    port: number
    publicHost: string
    https?: Certificate | undefined
  }>
  report: (error: unknown) => void
}>

const ourAccountAtTheWallet = 'bursar'
const custodyAccount = '6228480018000000001'
/** Port 9 is "discard": nobody answers there, so every call is silence. */
const nowhere = 'http://127.0.0.1:9'

export async function openOutside({ folder, played, page, report }: Options): Promise<Outside> {
  const keys = keysIn(folder)
  const sandbox = played ? await play(keys, folder, page, report) : undefined
  const ours = keys.operator
  const wallet = walletOverHttp({
    ...{ gateway: 'sandbox-wallet', account: ourAccountAtTheWallet, ours, theirs: keys.wallet },
    url: sandbox?.walletUrl ?? nowhere,
  })
  const bank = bankOverHttp({
    ...{ gateway: 'sandbox-bank', account: custodyAccount, ours, theirs: keys.bank },
    url: sandbox?.bankUrl ?? nowhere,
  })
  return { wallet, bank, sandbox, stop: async () => await sandbox?.stop() }
}

async function play(
  keys: Keys,
  folder: string,
  { host, port, publicHost, https }: Options['page'],
  report: (error: unknown) => void,
): Promise<Sandbox> {
  const file = path.join(folder, 'sandbox', 'world.jsonl')
  const publicUrl = (at: number) => `${https ? 'https' : 'http'}://${publicHost}:${at}`
  const start = (at: number) =>
    startSandbox({
      ...{ keys, file, host, port: at, report, custody: custodyAccount },
      publicUrl: publicUrl(at),
      ...(https && { https }),
    })
  return await start(port)
}

function keysIn(folder: string): Keys {
  const file = path.join(folder, 'gateway-keys.json')
  if (!fs.existsSync(file)) {
    fs.writeFileSync(`${file}.half`, JSON.stringify(makeKeys()), { mode: 0o600, flush: true })
    fs.renameSync(`${file}.half`, file)
  }
  return JSON.parse(fs.readFileSync(file, 'utf8')) as Keys
}
