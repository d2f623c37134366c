/**
 * npm run bench:callbacks [-- --notices 2000 --callers 256 --rounds 3 --json]
 *
 * Signed notices of WeChat Pay per second, each verified, opened and credited exactly once: ours with its inbox and
 * its book; a plain handler that keeps the notice, locks the order, adds to the balance and commits; and verifying
 * alone, which nobody can be faster than. The same notices for all, in one process, over one durable PostgreSQL.
 * Then one notice a thousand times, fifty at once, which must be one credit.
 */
import { parseArgs } from 'node:util'
import { receiveNotice } from '@bursar/custody'
import type { Wallet } from '@bursar/custody/wallet'
import { wechatPay } from '@bursar/gateway-wechat-pay'
import { openBooks } from '@bursar/ledger'
import { makeWechatKeys } from '@bursar/sandbox'
import { notices, settingsOf, type Told } from './callbacks/notices.ts'
import { openPlain } from './callbacks/plain.ts'
import { figures, middle, type Figures } from './load.ts'
import { table } from './print.ts'
import { circumstances, connected, startServer, type Server } from './server.ts'
import { bursarTown } from './town.ts'

const { values: options } = parseArgs({
  options: {
    notices: { type: 'string', default: '2000' },
    callers: { type: 'string', default: '256' },
    rounds: { type: 'string', default: '3' },
    json: { type: 'boolean', default: false },
  },
})
const [callers, rounds] = [Number(options.callers), Number(options.rounds)]
const purses = 64

type Side = Readonly<{
  name: string
  /** Makes the orders that the notices are about. */
  expect(told: readonly Told[]): Promise<void>
  hear(told: Told): Promise<unknown>
  /** In fen, since the start. */
  credited(): Promise<bigint>
  stop(): Promise<void>
}>

async function bursarSide(server: Server, wallet: Wallet): Promise<Side> {
  const { url, payers } = await bursarTown(server, purses)
  const books = openBooks({ url, max: 20, patience: 6_000 })
  return {
    name: 'bursar',
    async expect(told) {
      await using client = await connected(url)
      const ids = told.map(({ order }) => order)
      const whose = told.map((_, no) => payers[no % payers.length]!.purse)
      await client.query(
        `insert into custody.top_up (id, book, purse, minor, currency, gateway, asked_by, expires_at)
         select id, 1, whose, 1, 'CNY', $3, 'per_bench', now() + interval '1 hour'
         from unnest($1::text[], $2::text[]) as t (id, whose)`,
        [ids, whose, wallet.gateway],
      )
    },
    hear: ({ headers, rawBody }) => receiveNotice(books, wallet, { headers, rawBody }),
    async credited() {
      const [row] = await books.sql<{ fen: bigint }>`
        select coalesce(sum(minor), 0)::bigint as fen from custody.top_up where state = 'credited'`
      const [told] = await books.sql<{ notices: bigint }>`
        select count(*)::bigint as notices from custody.inbox where outcome = 'credit'`
      if (told!.notices !== row!.fen) throw new Error('A credit without a notice, or two.')
      return row!.fen
    },
    stop: () => books.close(),
  }
}

const boundSide = (wallet: Wallet): Side => ({
  name: 'verify alone',
  expect: () => Promise.resolve(),
  hear: ({ headers, rawBody }) => wallet.verify(headers, rawBody),
  credited: () => Promise.resolve(-1n),
  stop: () => Promise.resolve(),
})

async function measure(side: Side, told: readonly Told[]): Promise<Figures> {
  const [waiting, times] = [[...told], [] as number[]]
  const start = performance.now()
  async function call(): Promise<void> {
    for (let one = waiting.pop(); one; one = waiting.pop()) {
      const from = performance.now()
      await side.hear(one)
      times.push(performance.now() - from)
    }
  }
  await Promise.all(Array.from({ length: callers }, call))
  return figures(times, (performance.now() - start) / 1000)
}

/** The thousand and first finds what the first did. */
async function repeated(side: Side, told: Told): Promise<string> {
  await side.expect([told])
  const before = await side.credited()
  const start = performance.now()
  for (let round = 0; round < 20; round++)
    await Promise.all(Array.from({ length: 50 }, () => side.hear(told)))
  const ms = Math.round(performance.now() - start)
  const credits = (await side.credited()) - before
  if (credits !== 1n) throw new Error(`A thousand notices of one payment made ${credits} credits.`)
  return `${side.name}: 1,000 notices of one payment in ${ms} ms: one credit`
}

const server = await startServer()
for (const signal of ['SIGINT', 'SIGTERM'])
  process.once(signal, () => void server.stop().then(() => process.exit(130)))
try {
  const lines = await circumstances(server.url)
  const keys = await makeWechatKeys()
  const wallet = wechatPay({ settings: settingsOf(keys), notifyUrl: 'http://127.0.0.1:9/' })
  const plain = await openPlain(server, wallet, purses, told => notices(keys, told))
  const sides = [await bursarSide(server, wallet), plain, boundSide(wallet)]
  const heard = sides.map((): Figures[] => [])
  for (let round = 0; round < rounds; round++) {
    const told = notices(keys, Number(options.notices))
    for (const [no, side] of sides.entries()) {
      await side.expect(told)
      heard[no]!.push(await measure(side, told))
    }
  }
  const [one] = notices(keys, 1)
  for (const side of sides.slice(0, 2)) {
    if ((await side.credited()) !== BigInt(rounds * Number(options.notices)))
      throw new Error(`${side.name} did not credit each notice once.`)
    lines.push(await repeated(side, one!))
  }
  for (const side of sides) await side.stop()
  const results = sides.map(({ name }, no) => ({ name, callers, ...middle(heard[no]!) }))
  console.log(`\n${lines.join('\n')}\n\n${table(results)}`)
  if (options.json) console.log(JSON.stringify({ results }))
} finally {
  await server.stop()
}
