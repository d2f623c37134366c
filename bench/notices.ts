/**
 * npm run bench:notices [-- --terminals 1,100,1000,5000 --seconds 8 --receipts 100000 --json]
 *
 * One counter and so many of its terminals, each with a stream of its own. From when a member asks to pay until the
 * prompt has arrived: over the books, their reader, the prompts, the streams. Beside it, in the same run, a bare
 * Mosquitto that fans messages of the same size out at the same pace, where the machine has one; and both as fast as
 * they can. Then so many receipts, each told by up to three sources, some twice, some late, some in transactions that
 * are rolled back, while lines break and come again: what was missed, told twice, or told and not there.
 */
import { fork, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import type { AddressInfo } from 'node:net'
import { setTimeout as sleep } from 'node:timers/promises'
import { parseArgs } from 'node:util'
import { buildApi } from '@bursar/api'
import { spend } from '@bursar/custody'
import { listenTo } from '@bursar/database'
import { newId, type Books, type MerchantId, type PersonId, type PurseId } from '@bursar/kernel'
import { openBooks } from '@bursar/ledger'
import { hearNow, makeTerminal, openFollower, putCounter, readBooks } from '@bursar/notices'
import { figures, type Figures } from './load.ts'
import { mosquittoFanOut } from './notices.mosquitto.ts'
import { evidenceOf, tellAll } from './notices/receipts.ts'
import { table, type Result } from './print.ts'
import { circumstances, startServer } from './server.ts'
import { bursarTown } from './town.ts'

const { values: options } = parseArgs({
  options: {
    terminals: { type: 'string', default: '1,100,1000,5000' },
    seconds: { type: 'string', default: '8' },
    receipts: { type: 'string', default: '100000' },
    json: { type: 'boolean', default: false },
  },
})
const counts = options.terminals.split(',').map(Number)
const seconds = Number(options.seconds)
/** Prompts that arrive by second, at the most, and receipts, so that what is measured is no queue of our own making. */
const [arrivalsMost, receiptsMost] = [4_000, 20]
const burst = 100
const now = () => performance.timeOrigin + performance.now()

type Shop = Readonly<{
  books: Books
  url: string
  merchant: MerchantId
  by: PersonId
  pay(): Promise<void>
}>

async function openShop(serverUrl: Parameters<typeof bursarTown>[0]): Promise<Shop> {
  const { url, payers } = await bursarTown(serverUrl, 16, 16)
  const books = openBooks({ url, max: 20 })
  const { merchant, purse } = payers[0] as { merchant: MerchantId; purse: PurseId }
  const [member] = await books.sql<{ person: PersonId }>`
    select person from custody.purse where id = ${purse}`
  const by = member!.person
  await readBooks(books)
  const plain = { outlet: null, name: 'counter', large: null, quiet: null, lateSpoken: false }
  const counter = { id: newId('ctr'), merchant, threshold: 'A', patience: 60, open: true } as const
  await putCounter(books, { ...plain, ...counter })
  const amount = { minor: 1n, currency: 'CNY' }
  const pay = async () =>
    void (await spend(books, { id: newId('spd'), purse, by, merchant, amount }))
  return { books, url, merchant, by, pay }
}

const everything = {
  fields: ['amount', 'payer', 'platform', 'order', 'time', 'grade'],
  actions: ['receive'],
  ...{ from: null, to: null, outlets: null, hours: null, until: null },
} as const

/** Fifty at a time. */
async function terminals({ books, merchant, by }: Shop, count: number) {
  const made: [terminal: string, secret: string][] = []
  while (made.length < count) {
    const some = Array.from({ length: Math.min(50, count - made.length) }, async (_, no) => {
      const asked = { id: newId('trm'), merchant, by, name: `${made.length + no}`, zone: null }
      const { terminal, secret } = await makeTerminal(books, {
        ...{ ...asked, kind: 'device', ways: ['text'], language: 'en', speaks: false },
        permission: everything,
      })
      return [terminal.id, secret!] as [string, string]
    })
    made.push(...(await Promise.all(some)))
  }
  return made
}

async function serve({ books, url }: Shop) {
  const never = () => Promise.reject(new Error('nobody pays here'))
  const api = await buildApi({
    ...{ books, wallets: [{ gateway: 'none', ways: [] } as never] },
    ...{ bank: { gateway: 'bank', verify: never } as never, origin: 'http://127.0.0.1:1' },
    notices: ear => listenTo(url, 'notices', ear),
    limits: { person: 1e6, address: 1e6, door: 1e6 },
    behindMost: 60_000,
  })
  await api.listen({ port: 0, host: '127.0.0.1' })
  const follower = openFollower(books)
  const deafen = listenTo(url, 'notices_books', follower)
  const home = `http://127.0.0.1:${(api.server.address() as AddressInfo).port}`
  return { home, close: async () => (await deafen(), await follower.idle(), await api.close()) }
}

/** When each prompt arrived at each terminal, in order, once so many have. */
async function arrivals(child: ChildProcess, wanted: number): Promise<number[]> {
  child.send({ wanted })
  const [times] = (await once(child, 'message')) as [number[]]
  return times
}

async function measured(shop: Shop, home: string, count: number): Promise<Result[]> {
  const made = await terminals(shop, count)
  const child = fork(new URL('notices/streams.ts', import.meta.url), [home])
  child.send({ made })
  await once(child, 'message')
  const pace = Math.max(1, Math.min(receiptsMost, Math.floor(arrivalsMost / count)))
  const messages = pace * seconds
  const asked: number[] = []
  const all = arrivals(child, messages * count)
  for (let no = 0; no < messages; no++) {
    asked.push(now())
    await shop.pay()
    await sleep(Math.max(0, asked[0]! + ((no + 1) / pace) * 1000 - now()))
  }
  // Every terminal is told in the books' order, so the nth arrival anywhere is the nth receipt.
  const waits = (await all).map((at, no) => at - asked[Math.floor(no / count)]!)
  const start = now()
  const rush = arrivals(child, burst * count)
  await hearNow(shop.books, evidenceOf(shop.merchant, burst), new Date())
  const took = ((await rush).at(-1)! - start) / 1000
  child.kill()
  const bare = await mosquittoFanOut({ subscribers: count, messages, pace })
  const rushed = await mosquittoFanOut({ subscribers: count, messages: burst })
  const named = (name: string, of: Figures): Result => ({ name, callers: count, ...of })
  return [
    named(`paid to prompt, ${pace}/s`, figures(waits, waits.length / pace)),
    named('as fast as it goes', { perSecond: Math.round((burst * count) / took), ...none }),
    ...(bare
      ? [named(`Mosquitto, ${pace}/s`, { perSecond: pace, p50ms: bare.p50, p99ms: bare.p99 })]
      : []),
    ...(rushed
      ? [named('Mosquitto, as fast', { perSecond: Math.round(rushed.rate), ...none })]
      : []),
  ]
}
const none = { p50ms: NaN, p99ms: NaN }

const server = await startServer()
for (const signal of ['SIGINT', 'SIGTERM'])
  process.once(signal, () => void server.stop().then(() => process.exit(130)))
try {
  const lines = await circumstances(server.url)
  const shop = await openShop(server)
  const { home, close } = await serve(shop)
  const results: Result[] = []
  for (const count of counts) results.push(...(await measured(shop, home, count)))
  await close()
  const told = await tellAll(shop.books, shop.url, { ...shop, receipts: Number(options.receipts) })
  await shop.books.close()
  console.log(`\n${lines.join('\n')}\n\n${table(results)}\n\n${JSON.stringify(told)}`)
  if (options.json) console.log(JSON.stringify({ results, told }))
} finally {
  await server.stop()
}
