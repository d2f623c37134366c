/**
 * npm run bench:spend [-- --connections 256 --rounds 3 --only plain --json]
 *
 * Spends per second over HTTP, each with its session and a new idempotency key: our API, and a plain
 * handler that locks, updates and commits. One durable PostgreSQL, each server in its own process, one
 * payer per connection, eight payers to a merchant. The plain one is first tried with pools of 8 to 64.
 */
import { randomUUID } from 'node:crypto'
import { parseArgs } from 'node:util'
import { Connection, type Ask } from './driver.ts'
import { figures, middle, type Figures } from './load.ts'
import { table, type Result } from './print.ts'
import { serve, type Served } from './servers/serve.ts'
import { circumstances, startServer, type Server } from './server.ts'
import { bursarTown, password, plainTown, type Payer } from './town.ts'

const { values: options } = parseArgs({
  options: {
    connections: { type: 'string', default: '256' },
    seconds: { type: 'string', default: '3' },
    rounds: { type: 'string', default: '3' },
    only: { type: 'string', default: 'bursar,plain' },
    json: { type: 'boolean', default: false },
  },
})
const connections = Number(options.connections)
const seconds = Number(options.seconds)
const warmUp = 1
const note = 'a cup of tea'

/** Time first, as our own pages make their keys. */
function key(): string {
  const time = Date.now().toString(16).padStart(12, '0')
  return `${time.slice(0, 8)}-${time.slice(8)}-7${randomUUID().slice(15)}`
}

const bursarAsk = ({ purse, merchant, cookie }: Payer): Ask => ({
  path: `/v1/custody/purses/${purse}/spends`,
  headers: { cookie, 'idempotency-key': key() },
  body: { merchant, amount: { amount: '0.01', currency: 'CNY' }, note },
})
const plainAsk = ({ purse, merchant, cookie }: Payer): Ask => ({
  path: `/purses/${purse}/spends`,
  headers: { cookie, 'idempotency-key': key() },
  body: { merchant, fen: '1', note },
})

async function load(
  { port }: Served,
  payers: readonly Payer[],
  ask: (payer: Payer) => Ask,
  seconds: number,
): Promise<Figures> {
  const from = performance.now() + warmUp * 1000
  const to = from + seconds * 1000
  const times: number[] = []
  async function pay(payer: Payer): Promise<void> {
    const connection = new Connection(port)
    for (let now = performance.now(); now < to;) {
      const start = now
      const { status, body } = await connection.post(ask(payer))
      if (status !== 201) throw new Error(`${status}: ${body}`)
      now = performance.now()
      if (now >= from && now < to) times.push(now - start)
    }
    connection.close()
  }
  await Promise.all(payers.map(pay))
  return figures(times, seconds)
}

/** Eight at a time: hashing a password is made to be dear. */
async function signIn({ port }: Served, payers: readonly Payer[]): Promise<void> {
  const waiting = [...payers]
  async function some(): Promise<void> {
    const connection = new Connection(port)
    for (let payer = waiting.pop(); payer; payer = waiting.pop()) {
      const body = { login: payer.login, password }
      const {
        status,
        head,
        body: said,
      } = await connection.post({ path: '/v1/parties/sessions', body })
      const cookie = /set-cookie: ([^;\r]+)/i.exec(head)?.[1]
      if (status !== 201 || !cookie) throw new Error(`${status}: ${said}`)
      payer.cookie = cookie
    }
    connection.close()
  }
  await Promise.all(Array.from({ length: 8 }, some))
}

type Side = Readonly<{ name: string; measure(): Promise<Figures>; stop(): Promise<void> }>

async function bursarSide(server: Server): Promise<Side> {
  const { url, payers } = await bursarTown(server, connections)
  const served = await serve('bursar', { BENCH_URL: url })
  await signIn(served, payers)
  return {
    name: 'bursar',
    measure: () => load(served, payers, bursarAsk, seconds),
    stop: served.stop,
  }
}

async function plainSide(server: Server): Promise<Side> {
  const { url, payers } = await plainTown(server, connections)
  const start = (pool: number) => serve('plain', { BENCH_URL: url, BENCH_POOL: String(pool) })
  const tried: { pool: number; perSecond: number }[] = []
  for (const pool of [8, 16, 32, 64]) {
    const served = await start(pool)
    tried.push({ pool, ...(await load(served, payers, plainAsk, 2)) })
    await served.stop()
  }
  const best = tried.toSorted((a, b) => b.perSecond - a.perSecond)[0]!.pool
  const all = tried.map(one => `${one.pool}: ${one.perSecond}/s`).join(', ')
  console.log(`plain is fastest with ${best} connections to the database (${all})`)
  const served = await start(best)
  return {
    name: 'plain',
    measure: () => load(served, payers, plainAsk, seconds),
    stop: served.stop,
  }
}

/** In turns, round by round: what disturbs the machine meanwhile disturbs both. */
async function measureInTurns(sides: readonly Side[]): Promise<Result[]> {
  const rounds = sides.map((): Figures[] => [])
  for (let round = 0; round < Number(options.rounds); round++)
    for (const [i, side] of sides.entries()) rounds[i]!.push(await side.measure())
  return sides.map(({ name }, i) => {
    console.log(`${name}: ${rounds[i]!.map(one => `${one.perSecond}/s`).join(', ')}`)
    return { name, callers: connections, ...middle(rounds[i]!) }
  })
}

const server = await startServer()
for (const signal of ['SIGINT', 'SIGTERM'])
  process.once(signal, () => void server.stop().then(() => process.exit(130)))
try {
  const lines = await circumstances(server.url)
  const sides: Side[] = []
  if (options.only.includes('bursar')) sides.push(await bursarSide(server))
  if (options.only.includes('plain')) sides.push(await plainSide(server))
  const results = await measureInTurns(sides)
  for (const side of sides) await side.stop()
  console.log(`\n${lines.join('\n')}\n\n${table(results)}`)
  if (options.json) console.log(JSON.stringify({ results }))
} finally {
  await server.stop()
}
