/**
 * Bursar, put together: the database, the books over it, the outside world, the API, the worker, and in
 * a demo the town. Started in this order, stopped in the other.
 */
import { createHash, randomBytes } from 'node:crypto'
import fs from 'node:fs'
import net from 'node:net'
import { fileURLToPath } from 'node:url'
import { buildApi, observeWork, type ApiOptions } from '@bursar/api'
import { dataFolder, listenTo } from '@bursar/database'
import { openBooks } from '@bursar/ledger'
import { attributes } from '@bursar/notices/texts/attributes'
import { setUpNeeded } from '@bursar/parties'
import { startWorker, type Worker, type WorkerOptions } from '@bursar/worker'
import { alipayIn } from './alipay.ts'
import { certificateFor, lanAddress, trust, type Certificate } from './certificate.ts'
import { openDevices } from './devices.ts'
import { openJournal } from './journal.ts'
import { openOutside } from './outside.ts'
import { freeFrom, freePort } from './ports.ts'
import { openProver, openSealer } from './seals.ts'
import { openStore } from './store.ts'
import { openTown, type Town } from './town.ts'
import { webApp } from './web.ts'
import { openWebhooks } from './webhooks.ts'
import { wechatPayIn } from './wechat-pay.ts'
import type { Words } from './words.ts'

export type Bursar = Readonly<{
  /** The one address that people open. */
  address: string
  /** Where we listen: behind a proxy, another one. */
  here: string
  folder: string
  /** In a demo: its people, and how far its history is written. */
  town: Town | undefined
  /** What lets the first operator in, while there is none. */
  setUpToken: string | undefined
  /** Ends when it cannot go on, with the reason. */
  lost: Promise<string>
  stop(): Promise<void>
}>

/** Shorter than the API waits for an answer, so that an unknown outcome is told as one. */
const booksPatience = 6_000

const checkout = fileURLToPath(new URL('../..', import.meta.url))

export const folderOf = ({ data }: Pick<Words, 'data'>) => data ?? dataFolder(checkout)

export async function startBursar(
  words: Words,
  environment: NodeJS.ProcessEnv,
  say: (line: string) => void,
): Promise<Bursar> {
  const started: (() => Promise<unknown>)[] = []
  const stop = async () => {
    for (const one of started.splice(0).reverse()) await one()
  }
  try {
    return await putTogether(words, environment, say, started, stop)
  } catch (error) {
    await stop()
    throw error
  }
}

async function putTogether(
  words: Words,
  environment: NodeJS.ProcessEnv,
  say: (line: string) => void,
  started: (() => Promise<unknown>)[],
  stop: () => Promise<void>,
): Promise<Bursar> {
  const folder = folderOf(words)
  const where = await addressFor(words, folder)
  const journal = openJournal(folder, environment)

  const warn = (sentence: string) => journal.warn({ from: 'alipay' }, sentence)
  const alipay = alipayIn(environment, words.origin, warn)
  const wechat = wechatPayIn(environment, words.origin)

  const log = (line: string) => journal.info({ from: 'postgres' }, line)
  const store = await openStore({ folder, bare: words.bare, log }, environment)
  started.push(store.stop)
  const web = webApp(checkout, say)
  started.push(web.stop)
  const books = openBooks({ url: store.url, max: 20, patience: booksPatience })
  started.push(() => books.close())
  const { witnesses, seal } = openSealer(folder, environment, books.sql)
  const prover = openProver(store.url, witnesses)
  started.push(prover.stop)

  const played = store.demo || words.sandbox
  const page = { ...where, port: await freeFrom(words.port + 1, where.host) }
  const report = (error: unknown) => journal.warn({ err: error }, 'the sandbox stumbled')
  const notify = notifyUrls(where, words.port)
  const outside = await openOutside({ folder, played, page, alipay, wechat, notify, report })
  started.push(outside.stop)
  const { wallets, nameless, bank, sandbox } = outside
  const webhooks = openWebhooks({ folder, environment, open: played })

  const town =
    store.demo && sandbox
      ? openTown({ url: store.url, folder, wallet: nameless, bank, sandbox, journal })
      : undefined
  if (town) started.push(town.stop)
  const token = (await setUpNeeded(books)) && !store.demo ? newToken() : undefined
  const built = await web.folder
  const api = await buildApi({
    ...{ books, wallets, bank, webhooks, prover },
    ...earsOf(store.url),
    texts: attributes,
    logger: journal,
    origin: where.origin,
    origins: where.origins,
    ready: store.ready,
    ...edgeOf(words, where),
    ...(built && { web: built }),
    ...(town && { demo: town.demo }),
    ...(token && { setUpTokenHash: createHash('sha256').update(token).digest('hex') }),
  })
  started.push(() => api.close())
  await api.listen({ port: words.port, host: where.host })
  started.push(await openDevices({ words, books, url: store.url, journal }))
  const observe = observeWork(api.house.metrics)
  const work = { books, wallets, bank, seal, webhooks, logger: journal, observe }
  started.push(beginWork({ ...work, moved: movedIn(store.url) }, town))
  const { origin: address, here } = where
  return { address, here, folder, town, setUpToken: token, lost: store.lost, stop }
}

const earsOf = (url: string): Pick<ApiOptions, 'orders' | 'notices'> => ({
  orders: ear => listenTo(url, 'cashier_orders', ear),
  notices: ear => listenTo(url, 'notices', ear),
})
const movedIn =
  (url: string): NonNullable<WorkerOptions['moved']> =>
  ear =>
    listenTo(url, 'notices_books', ear)

/** Where we meet the network. */
const edgeOf = ({ proxies, metricsToken }: Words, { https }: Where): Partial<ApiOptions> => ({
  ...(https && { https }),
  ...(proxies && { trustProxy: proxies }),
  ...(metricsToken !== undefined && { metricsToken }),
})

/** The worker lives in the present: in a demo it waits until the past has been written. */
function beginWork(options: WorkerOptions, town: Town | undefined): () => Promise<void> {
  let worker: Worker | undefined
  let stopped = false
  const begin = () => {
    if (!stopped) worker = startWorker(options)
  }
  if (town) void town.begin().then(begin)
  else begin()
  return async () => {
    stopped = true
    await worker?.stop()
  }
}

const newToken = () => randomBytes(24).toString('base64url')

function notifyUrls({ here, https }: Where, port: number): (name: string) => string {
  // The certificate names this machine as 127.0.0.1 too; elsewhere the name need not resolve.
  const home = https ? `https://127.0.0.1:${port}` : here
  return name => `${home}/v1/gateways/${name}/notify`
}

type Where = Readonly<{
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
