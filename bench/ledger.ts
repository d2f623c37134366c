/**
 * npm run bench:ledger [-- --pgledger PATH --tbperf PATH --callers 1,20,64,384,4096 --books 1 --rounds 3 --json]
 *
 * Transfers per second of our ledger, and of the peers whose checkouts are given, on the same server in
 * the same run: 100,000 accounts, drawn by Zipf's law with exponent 1, one book unless ours is told more. A peer that takes one
 * connection per transfer is first tried with 8, 16, 32 and 64, and measured with its best.
 */
import { parseArgs } from 'node:util'
import { bursar, database } from './contenders/bursar.ts'
import type { Contender } from './contenders/contender.ts'
import { copyBound } from './contenders/copy.ts'
import { pgledger } from './contenders/pgledger.ts'
import { tbperf } from './contenders/tbperf.ts'
import { middle, run, zipf, type Figures } from './load.ts'
import { table, type Result } from './print.ts'
import { circumstances, connected, databaseUrl, startServer, type Server } from './server.ts'

const accounts = 100_000
const pools = [8, 16, 32, 64]
const pick = zipf(accounts, 1)
const { values: options } = parseArgs({
  options: {
    pgledger: { type: 'string' },
    tbperf: { type: 'string' },
    callers: { type: 'string', default: '1,20,64,384,4096' },
    seconds: { type: 'string', default: '2' },
    rounds: { type: 'string', default: '3' },
    books: { type: 'string', default: '1' },
    only: { type: 'string' },
    json: { type: 'boolean', default: false },
  },
})
const callers = options.callers.split(',').map(Number)
const seconds = Number(options.seconds)
const books = Number(options.books)
if (!(books >= 1 && books <= accounts / 2 && Number.isInteger(books)))
  throw new RangeError('--books: a whole number, and two accounts for each')
const wanted = (name: string) => !options.only || options.only.split(',').includes(name)

async function contenders(server: Server): Promise<Contender[]> {
  return [
    ...(wanted('bursar') ? [await bursar(server, accounts, books)] : []),
    ...(options.pgledger ? [await pgledger(server, options.pgledger, accounts)] : []),
    ...(options.tbperf ? await tbperf(server, options.tbperf, accounts) : []),
  ].filter(({ name }) => wanted(name))
}

async function measure(
  contender: Contender,
  connections: number,
  load: Readonly<{ callers: number; seconds: number; warmUp: number }>,
): Promise<Figures> {
  const { transfer, close } = await contender.open(connections)
  const figures = await run(transfer, { ...load, pick })
  await close()
  return figures
}

async function bestPool(contender: Contender): Promise<number> {
  if (contender.gathers) return 1
  const tried: { connections: number; perSecond: number }[] = []
  for (const connections of pools) {
    const load = { callers: 64, seconds: 1.5, warmUp: 0.5 }
    const { perSecond } = await measure(contender, connections, load)
    tried.push({ connections, perSecond })
  }
  const best = tried.toSorted((a, b) => b.perSecond - a.perSecond)[0]!.connections
  const all = tried.map(one => `${one.connections}: ${one.perSecond}/s`).join(', ')
  console.log(`${contender.name} is fastest with ${best} connections (${all})`)
  return best
}

/** In turns, round by round: what disturbs the machine meanwhile disturbs everybody. */
async function measureInTurns(pools: ReadonlyMap<Contender, number>, number: number) {
  const rounds = new Map<Contender, Figures[]>()
  for (let round = 0; round < Number(options.rounds); round++)
    for (const [contender, pool] of pools) {
      const load = { callers: number, seconds, warmUp: 1 }
      const figures = await measure(contender, Math.min(pool, number), load)
      rounds.set(contender, [...(rounds.get(contender) ?? []), figures])
    }
  return [...rounds].map(([{ name }, each]): Result => {
    console.log(`${name}, ${number} callers: ${each.map(one => `${one.perSecond}/s`).join(', ')}`)
    return { name, callers: number, ...middle(each) }
  })
}

async function measureAll(server: Server): Promise<Result[]> {
  const all = await contenders(server)
  await using administrator = await connected(server.url)
  await administrator.query('checkpoint')
  const pools = new Map<Contender, number>()
  for (const contender of all) pools.set(contender, await bestPool(contender))
  const results: Result[] = []
  for (const number of callers) results.push(...(await measureInTurns(pools, number)))
  for (const contender of all) await contender.end?.()
  if (wanted('bursar') && wanted('copy')) {
    const figures = await copyBound(databaseUrl(server.url, database))
    results.push({ name: 'copy', callers: 1, ...figures })
  }
  return results.toSorted((a, b) => order(a.name) - order(b.name))
}

const order = (name: string) =>
  ['bursar', 'pgledger', 'tbperf', 'copy'].indexOf(name.split('-')[0]!)

const server = await startServer()
for (const signal of ['SIGINT', 'SIGTERM'])
  process.once(signal, () => void server.stop().then(() => process.exit(130)))
try {
  const lines = [...(await circumstances(server.url)), `books of ours: ${books}`]
  const results = await measureAll(server)
  console.log(`\n${lines.join('\n')}\n\n${table(results)}`)
  if (options.json) console.log(JSON.stringify({ results }))
} finally {
  await server.stop()
}
