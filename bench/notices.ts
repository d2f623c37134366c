/**
 * npm run bench:notices [-- --terminals 1,100,1000,5000 --prompts 200 --receipts 100000 --json]
 *
 * One counter and so many of its terminals, each with a stream of its own; then the same terminals as devices, each
 * with a topic of its own at the broker of the house. From when a member asks to pay until the prompt has arrived: over
 * the books, their reader, the prompts, the lines. Beside it, in the same run, a bare Mosquitto that fans messages of the
 * same size out at the same pace, where the machine has one; and all as fast as they can. The first of each are not
 * counted: what they measure is code that has never run. Then so many receipts, each told by up to three sources, some
 * twice, some late, some in transactions that are rolled back, while lines break and come again: what was missed, told
 * twice, or told and not there.
 */
import { fork, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import type { AddressInfo } from 'node:net'
import { setTimeout as sleep } from 'node:timers/promises'
import { parseArgs } from 'node:util'
import { buildApi } from '@bursar/api'
import { spend } from '@bursar/custody'
import { listenTo } from '@bursar/database'
import { admitsBy, houseOf, serveDevices, startBroker } from '@bursar/gateway-mqtt'
import {
  newId,
  systemClock,
  type Books,
  type MerchantId,
  type PersonId,
  type PurseId,
} from '@bursar/kernel'
import { openBooks } from '@bursar/ledger'
import {
  hearNow,
  makeTerminal,
  openFollower,
  openLines,
  putCounter,
  readBooks,
} from '@bursar/notices'
import { figures, type Figures } from './load.ts'
import { startMosquitto, topic, type Mosquitto } from './notices/mosquitto.ts'
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
const [warmUp, burstsBefore] = [20, 2]
/** Receipts as fast as it goes: that many arrivals, so many in a transaction. A busy book is read a thousand entries at a time. */
const [burstArrivals, atOnce] = [100_000, 250]
const burstOf = (count: number) => Math.max(20, Math.min(4_000, burstArrivals / count))
const programs = {
  streams: new URL('notices/streams.ts', import.meta.url),
  devices: new URL('notices/devices.ts', import.meta.url),
}
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
  ...{ from: null, to: null, outlets: null, tills: null, hours: null, until: null },
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
  const devices = await serveBroker({ books, url })
  return {
    ...{ home, broker: devices.url },
    close: async () => (
      await devices.close(),
      await deafen(),
      await follower.idle(),
      await api.close()
    ),
  }
}

/** As the product does it with --mqtt. */
async function serveBroker({ books, url }: Pick<Shop, 'books' | 'url'>) {
  const clock = systemClock
  const log = () => undefined
  const carrier = await startBroker({
    port: 0,
    host: '127.0.0.1',
    admits: admitsBy(books, clock),
    log,
  })
  const lines = openLines(books, clock)
  const deafen = listenTo(url, 'notices', lines)
  const serving = serveDevices(carrier, houseOf({ books, clock, lines, log }), log)
  return {
    url: `mqtt://127.0.0.1:${carrier.port}`,
    close: async () => (await serving.stop(), lines.stop(), await deafen()),
  }
}

/** When each prompt arrived at each terminal, in order, once so many have; and how long the last one was. */
async function arrivals(child: ChildProcess, wanted: number) {
  child.send({ wanted })
  const [arrived] = (await once(child, 'message')) as [{ times: number[]; bytes: number }]
  return arrived
}

type Way = Readonly<{
  name: string
  program: URL
  at: readonly string[]
  one(): Promise<unknown>
  /** As fast as it goes. */
  many(count: number): Promise<void>
}>

const paceOf = (count: number) =>
  Math.max(1, Math.min(receiptsMost, Math.floor(arrivalsMost / count)))

/** Over one way, to so many: at a pace, and as fast as it goes. */
async function told(
  way: Way,
  made: readonly Made[],
): Promise<{ results: Result[]; bytes: number }> {
  const [count, pace] = [made.length, paceOf(made.length)]
  const child = fork(way.program, way.at)
  child.send({ made })
  await once(child, 'message')
  const asked: number[] = []
  const all = arrivals(child, (warmUp + prompts) * count)
  for (let no = 0; no < warmUp + prompts; no++) {
    asked.push(now())
    await way.one()
    await sleep(Math.max(0, asked[0]! + ((no + 1) / pace) * 1000 - now()))
  }
  const { times, bytes } = await all
  // Every terminal is told in the books' order, so the nth arrival anywhere is the nth receipt.
  const waits = times.map((time, no) => time - asked[Math.floor(no / count)]!).slice(warmUp * count)
  let took = 0
  for (let no = 0; no <= burstsBefore; no++) took = await rush(way, child, count)
  child.kill()
  const perSecond = Math.round((burstOf(count) * count) / took)
  const results = [
    named(`${way.name}, ${pace}/s`, count, figures(waits, waits.length / pace)),
    named(`${way.name}, as fast as it goes`, count, { perSecond, ...none }),
  ]
  return { results, bytes }
}

/** Seconds until all have arrived. */
async function rush(way: Way, child: ChildProcess, count: number): Promise<number> {
  const start = now()
  const all = arrivals(child, burstOf(count) * count)
  await way.many(burstOf(count))
  return ((await all).times.at(-1)! - start) / 1000
}

/** The house's own two ways, and beside them the bare broker, with prompts as long as the house's. */
async function measured(
  shop: Shop,
  at: { home: string; broker: string },
  mosquitto: Mosquitto | undefined,
  made: readonly Made[],
): Promise<Result[]> {
  const house = { one: shop.pay, many: (count: number) => heardOf(shop, count) }
  const streams = await told(
    { name: 'streams', program: programs.streams, at: [at.home], ...house },
    made,
  )
  const devices = await told(
    { name: 'MQTT', program: programs.devices, at: [at.broker], ...house },
    made,
  )
  const results = [...streams.results, ...devices.results]
  if (!mosquitto) return results
  const { url, publish } = mosquitto
  const bare = {
    one: () => publish(1, devices.bytes),
    async many(count: number) {
      for (let sent = 0; sent < count; sent += atOnce)
        await publish(Math.min(atOnce, count - sent), devices.bytes)
    },
  }
  const beside = { name: 'Mosquitto', program: programs.devices, at: [url, topic], ...bare }
  return [...results, ...(await told(beside, made)).results]
}

async function heardOf({ books, merchant }: Shop, count: number): Promise<void> {
  const evidence = evidenceOf(merchant, count)
  for (let from = 0; from < evidence.length; from += atOnce)
    await hearNow(books, evidence.slice(from, from + atOnce), new Date())
}

const named = (name: string, callers: number, of: Figures): Result => ({ name, callers, ...of })
const none = { p50ms: NaN, p99ms: NaN }

const server = await startServer()
for (const signal of ['SIGINT', 'SIGTERM'])
  process.once(signal, () => void server.stop().then(() => process.exit(130)))
try {
  const lines = await circumstances(server.url)
  const shop = await openShop(server)
  const { close, ...at } = await serve(shop)
  const mosquitto = await startMosquitto()
  const [results, made]: [Result[], Made[]] = [[], []]
  for (const count of counts)
    results.push(...(await measured(shop, at, mosquitto, await terminals(shop, made, count))))
  await mosquitto?.stop()
  await close()
  const words = await tellAll(shop.books, shop.url, {
    ...{ merchant: shop.other, by: shop.by, receipts: Number(options.receipts) },
  })
  await shop.books.close()
  console.log(`\n${lines.join('\n')}\n\n${table(results)}\n\n${JSON.stringify(words)}`)
  if (options.json) console.log(JSON.stringify({ results, told: words }))
} finally {
  await server.stop()
}
