/**
 * All of Bursar, put together on what the start has found: the books over the database, the outside world,
 * the API, the worker, and in a demo the town.
 */
import { createHash, randomBytes } from 'node:crypto'
import { buildApi, observeWork, type ApiOptions } from '@bursar/api'
import { listenTo } from '@bursar/database'
import { openBooks } from '@bursar/ledger'
import { attributes } from '@bursar/notices/texts/attributes'
import { setUpNeeded } from '@bursar/parties'
import { startWorker, type Worker, type WorkerOptions } from '@bursar/worker'
import { openDevices } from './devices.ts'
import { checkout, type Ground, type Stops, type Where } from './ground.ts'
import { openOutside } from './outside.ts'
import { freeFrom } from './ports.ts'
import { openProver, openSealer } from './seals.ts'
import { openTown, type Town } from './town.ts'
import { webApp } from './web.ts'
import { openWebhooks } from './webhooks.ts'
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

export async function standUp(
  ground: Ground,
  started: Stops,
  stop: () => Promise<void>,
): Promise<Bursar> {
  const { words, environment, say, folder, where, journal, alipay, wechat, store } = ground
  const web = webApp(checkout, say)
  started.push(web.stop)
  const books = openBooks({ url: store.url, max: 20, patience: booksPatience })
  started.push(() => books.close())
  const { witnesses, seal } = openSealer(folder, environment, books.sql)
  const prover = openProver(store.url, witnesses, folder)
  started.push(prover.stop)

  const played = store.demo || words.sandbox
  const page = { ...where, port: await freeFrom(words.port + 1, where.host) }
  const report = (error: unknown) => journal.warn({ err: error }, 'the sandbox stumbled')
  const notify = notifyUrls(where, words.port)
  const outside = await openOutside({ folder, played, page, alipay, wechat, notify, report })
  started.push(outside.stop)
  const { wallets, nameless, billed, bank, sandbox } = outside
  const webhooks = openWebhooks({ folder, environment, open: played })

  const town =
    store.demo && sandbox && billed
      ? openTown({
          url: store.url,
          folder,
          wallet: nameless,
          alipay: billed,
          bank,
          sandbox,
          journal,
        })
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
