/**
 * npm run bench:notices [-- --terminals 1,100,1000,5000 --prompts 200 --receipts 100000 --json]
 *
 * One counter and so many of its terminals, each with a stream of its own. From when a member asks to pay until the
 * prompt has arrived: over the books, their reader, the prompts, the streams. Beside it, in the same run, a bare
 * Mosquitto that fans messages of the same size out at the same pace, where the machine has one; and both as fast as
 * they can. The first of each are not counted: what they measure is code that has never run. Then so many receipts, each told by up to three sources, some twice, some late, some in transactions that
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
    prompts: { type: 'string', default: '200' },
    receipts: { type: 'string', default: '100000' },
    json: { type: 'boolean', default: false },
  },
})
const counts = options.terminals.split(',').map(Number)
const prompts = Number(options.prompts)
/** Prompts that arrive by second, at the most, and receipts, so that what is measured is no queue of our own making. */
const [arrivalsMost, receiptsMost] = [5_000, 20]
/** Receipts, and whole bursts, before what counts. */
const [warmUp, burst, burstsBefore] = [20, 100, 2]
const now = () => performance.timeOrigin + performance.now()

type Shop = Readonly<{
  books: Books
  url: string
  merchant: MerchantId
  /** Its counter has no terminals: a merchant has 5,000 at the most. */
  other: MerchantId
  by: PersonId
  pay(): Promise<void>
}>
type Made = [terminal: string, secret: string]

async function openShop(serverUrl: Parameters<typeof bursarTown>[0]): Promise<Shop> {
  const { url, payers } = await bursarTown(serverUrl, 16)
  const books = openBooks({ url, max: 20 })
  const { merchant, purse } = payers[0] as { merchant: MerchantId; purse: PurseId }
  const [member] = await books.sql<{ person: PersonId }>`
    select person from custody.purse where id = ${purse}`
  const by = member!.person
  await readBooks(books)
  const plain = { outlet: null, name: 'counter', large: null, quiet: null, lateSpoken: false }
  const other = payers.at(-1)!.merchant as MerchantId
  const counter = { ...plain, threshold: 'A', patience: 60, open: true } as const
  for (const one of [merchant, other])
    await putCounter(books, { ...counter, id: newId('ctr'), merchant: one })
  const amount = { minor: 1n, currency: 'CNY' }
  const pay = async () =>
    void (await spend(books, { id: newId('spd'), purse, by, merchant, amount }))
  return { books, url, merchant, other, by, pay }
}

const everything = {
  fields: ['amount', 'payer', 'platform', 'order', 'time', 'grade'],
  actions: ['receive'],
  ...{ from: null, to: null, outlets: null, hours: null, until: null },
} as const

/** Fifty at a time; those that there are already are not made again. */
async function terminals({ books, merchant, by }: Shop, made: Made[], count: number) {
  while (made.length < count) {
    const some = Array.from({ length: Math.min(50, count - made.length) }, async (_, no) => {
      const asked = { id: newId('trm'), merchant, by, name: `${made.length + no}`, zone: null }
      const { terminal, secret } = await makeTerminal(books, {
        ...{ ...asked, kind: 'device', ways: ['text'], language: 'en', speaks: false },
        permission: everything,
      })
      return [terminal.id, secret!] as Made
    })
    made.push(...(await Promise.all(some)))
  }
  return made.slice(0, count)
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

async function measured(shop: Shop, home: string, known: Made[], count: number): Promise<Result[]> {
  const made = await terminals(shop, known, count)
  const child = fork(new URL('notices/streams.ts', import.meta.url), [home])
  child.send({ made })
  await once(child, 'message')
  const pace = Math.max(1, Math.min(receiptsMost, Math.floor(arrivalsMost / count)))
  const asked: number[] = []
  const all = arrivals(child, (warmUp + prompts) * count)
  for (let no = 0; no < warmUp + prompts; no++) {
    asked.push(now())
    await shop.pay()
    await sleep(Math.max(0, asked[0]! + ((no + 1) / pace) * 1000 - now()))
  }
  // Every terminal is told in the books' order, so the nth arrival anywhere is the nth receipt.
  const waits = (await all)
    .map((at, no) => at - asked[Math.floor(no / count)]!)
    .slice(warmUp * count)
  let took = 0
  for (let no = 0; no <= burstsBefore; no++) {
    const start = now()
    const rush = arrivals(child, burst * count)
    await hearNow(shop.books, evidenceOf(shop.merchant, burst), new Date())
    took = ((await rush).at(-1)! - start) / 1000
  }
  child.kill()
  const load = { subscribers: count, warmUp }
  const bare = await mosquittoFanOut({ ...load, messages: prompts, pace })
  const rushed = await mosquittoFanOut({ ...load, messages: burst })
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
  const [results, made]: [Result[], Made[]] = [[], []]
  for (const count of counts) results.push(...(await measured(shop, home, made, count)))
  await close()
  const told = await tellAll(shop.books, shop.url, {
    ...{ merchant: shop.other, by: shop.by, receipts: Number(options.receipts) },
  })
  await shop.books.close()
  console.log(`\n${lines.join('\n')}\n\n${table(results)}\n\n${JSON.stringify(told)}`)
  if (options.json) console.log(JSON.stringify({ results, told }))
} finally {
  await server.stop()
}
