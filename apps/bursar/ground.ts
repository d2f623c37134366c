/** What a start stands on, and whatever can be in its way: ports, folders, settings, the database. */
import fs from 'node:fs'
import net from 'node:net'
import { fileURLToPath } from 'node:url'
import { dataFolder } from '@bursar/database'
import { certificateFor, lanAddress, trust, type Certificate } from './certificate.ts'
import { openJournal } from './journal.ts'
import { freePort } from './ports.ts'
import { openStore } from './store.ts'
import type { Words } from './words.ts'

export const checkout = fileURLToPath(new URL('../..', import.meta.url))

export const folderOf = ({ data }: Pick<Words, 'data'>) => data ?? dataFolder(checkout)

/** Found before the house is loaded. */
export type Ground = Awaited<ReturnType<typeof lookAround>> &
  Readonly<{ words: Words; environment: NodeJS.ProcessEnv; say: (line: string) => void }>
export type Stops = (() => Promise<unknown>)[]

export async function lookAround(words: Words, environment: NodeJS.ProcessEnv, started: Stops) {
  const folder = folderOf(words)
  const where = await addressFor(words, folder)
  const journal = openJournal(folder, environment)
  const warn = (sentence: string) => journal.warn({ from: 'alipay' }, sentence)
  const names = Object.keys(environment)
  const isNamed = (prefix: string) => names.some(name => name.startsWith(prefix))
  // The real platforms' packages are loaded only where the environment has a word for them.
  const alipay = isNamed('ALIPAY_')
    ? (await import('./alipay.ts')).alipayIn(environment, words.origin, warn)
    : undefined
  const wechat = isNamed('WECHAT_PAY_')
    ? (await import('./wechat-pay.ts')).wechatPayIn(environment, words.origin)
    : undefined
  const log = (line: string) => journal.info({ from: 'postgres' }, line)
  const store = await openStore(
    { folder, bare: words.bare, buffers: words.buffers, log },
    environment,
  )
  started.push(store.stop)
  return { folder, where, journal, alipay, wechat, store }
}

export type Where = Readonly<{
  host: string
  publicHost: string
  /** Where this machine reaches us. */
  here: string
  /** Where people do. */
  origin: string
  origins: readonly string[]
  https: Certificate | undefined
}>

/** Behind a proxy its origin is the only one: what other ports of a browser's own machine serve is not ours. */
async function addressFor(words: Words, folder: string): Promise<Where> {
  const where = await standsAt(words, folder)
  const { origin } = words
  return origin === undefined ? where : { ...where, origin, origins: [origin] }
}

async function standsAt({ port, lan, host }: Words, folder: string): Promise<Where> {
  if (host !== undefined) {
    await freePort(port, host)
    const shown = net.isIPv6(host) ? `[${host}]` : host
    const here = `http://${/^(0\.0\.0\.0|::)$/.test(host) ? 'localhost' : shown}:${port}`
    return { host, publicHost: 'localhost', here, origin: here, origins: [here], https: undefined }
  }
  if (!lan) {
    await freePort(port, 'localhost')
    const [origin, numeric] = [`http://localhost:${port}`, `http://127.0.0.1:${port}`]
    const origins = [origin, numeric]
    const local = { host: 'localhost', publicHost: 'localhost', https: undefined }
    return { ...local, here: origin, origin, origins }
  }
  await freePort(port, '0.0.0.0')
  const address = lanAddress()
  fs.mkdirSync(folder, { recursive: true, mode: 0o755 })
  const https = await certificateFor(address, folder)
  trust(https)
  const origin = `https://${address}:${port}`
  const origins = [origin, `https://localhost:${port}`, `https://127.0.0.1:${port}`]
  return { host: '0.0.0.0', publicHost: address, here: origin, origin, origins, https }
}
