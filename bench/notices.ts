/**
 * npm run bench:notices [-- --terminals 1,100,1000,5000 --prompts 200 --receipts 100000 --json]
 *
 * One counter and so many of its terminals, each with a stream of its own; then the same terminals as devices, each
 * with a topic of its own at the broker of the house. From when a member asks to pay until the prompt has arrived: over
 * the books, their reader, the prompts, the lines. Beside it, in the same run, a bare Mosquitto that fans messages of the
 * same size out at the same pace, where the machine has one; and all as fast as they can. The first of each are not
 * counted: what they measure is code that has never run. What telling alone takes is measured from the commit on, with
 * receipts that stand in the tables before anybody is told. Then so many receipts, each told by up to three sources, some
 * twice, some late, some in transactions that are rolled back, while lines break and come again: what was missed, told
 * twice, or told and not there.
 */
import { fork, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { setTimeout as sleep } from 'node:timers/promises'
import { parseArgs } from 'node:util'
import { hearNow } from '@bursar/notices'
import { figures, type Figures } from './load.ts'
import { startMosquitto, topic, type Mosquitto } from './notices/mosquitto.ts'
import { evidenceOf, tellAll } from './notices/receipts.ts'
import { openShop, serve, terminals, type Made, type Shop } from './notices/shop.ts'
import { table, type Result } from './print.ts'
import { circumstances, startServer } from './server.ts'

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
/** Receipts as fast as it goes: that many arrivals, a fourth of them in a transaction; so many sent to a broker at once. A busy book is read a thousand at a time. */
const [burstArrivals, atOnce] = [100_000, 250]
const inOneOf = (receipts: number) => Math.min(1_000, Math.max(250, receipts / 4))
const burstOf = (count: number) => Math.max(20, Math.min(4_000, burstArrivals / count))
const programs = {
  streams: new URL('notices/streams.ts', import.meta.url),
  devices: new URL('notices/devices.ts', import.meta.url),
}
const now = () => performance.timeOrigin + performance.now()

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
  /** Nobody is told until it is let go. A bare broker holds nothing back: what it is given it has sent on. */
  hold?(): () => void
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
  let told = 0
  if (way.hold)
    for (let no = 0; no <= burstsBefore; no++) told = await fannedOut(way, way.hold, child, count)
  child.kill()
  const rateOf = (seconds: number) => Math.round((burstOf(count) * count) / seconds)
  const results = [
    named(`${way.name}, ${pace}/s`, count, figures(waits, waits.length / pace)),
    named(`${way.name}, as fast as it goes`, count, { perSecond: rateOf(took), ...none }),
    ...(told
      ? [named(`${way.name}, from the commit on`, count, { perSecond: rateOf(told), ...none })]
      : []),
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

/** The same, from when all stand in the tables: what telling alone takes. Lines look by themselves every four seconds; then again, or, on a slow machine, not at all. */
async function fannedOut(
  way: Way,
  hold: () => () => void,
  child: ChildProcess,
  count: number,
): Promise<number> {
  for (let tries = 0; tries < 5; tries++) {
    const all = arrivals(child, burstOf(count) * count)
    const letGo = hold()
    await way.many(burstOf(count))
    const start = now()
    letGo()
    const { times } = await all
    if (times[0]! >= start) return (times.at(-1)! - start) / 1000
  }
  return NaN
}

/** The house's own two ways, and beside them the bare broker, with prompts as long as the house's. */
async function measured(
  shop: Shop,
  at: { home: string; broker: string; hold(): () => void },
  mosquitto: Mosquitto | undefined,
  made: readonly Made[],
): Promise<Result[]> {
  const house = { one: shop.pay, many: (count: number) => heardOf(shop, count), hold: at.hold }
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
  const inOne = inOneOf(count)
  for (let from = 0; from < evidence.length; from += inOne)
    await hearNow(books, evidence.slice(from, from + inOne), new Date())
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
