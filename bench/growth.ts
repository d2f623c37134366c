/**
 * npm run bench:growth [-- --upto 1000000 --callers 384 --json]
 *
 * What history costs: at 10,000, 100,000, … transfers in the book, how fast the next ones go, how long a
 * statement's page of 50 lines and a balance as of any moment take (of busy and of rare accounts, as
 * Zipf's law draws them), when a new process has its first command through, the bytes on disk, and how
 * long it takes to prove it all.
 * The times of looks are told twice: a client's, on a connection of its own, and the server's, in which it
 * executes them.
 */
import { parseArgs } from 'node:util'
import { tellPlans, type Told } from '@bursar/database/testing'
import { openBooks, type Books } from '@bursar/ledger'
import { verifyBooks } from '@bursar/ledger/verify'
import { account, book, database, ledgerOf, moving } from './contenders/bursar.ts'
import { figures, run, zipf } from './load.ts'
import { circumstances, connected, startServer } from './server.ts'

const accounts = 100_000
const first = 10_000
const looks = 1_000
const pick = zipf(accounts, 1)
const { values: options } = parseArgs({
  options: {
    upto: { type: 'string', default: '1000000' },
    callers: { type: 'string', default: '384' },
    json: { type: 'boolean', default: false },
  },
})
const callers = Number(options.callers)
let told: () => Told[]

type At = Readonly<{ url: string; ownerUrl: string; opened: Date; empty: number }>
type Looks = Readonly<{
  statementP99ms: number
  statementServerP99ms: number
  asOfP99ms: number
  asOfServerP99ms: number
}>
type Stage = Looks &
  Readonly<{
    transfers: number
    perSecond: number
    p99ms: number
    firstCommandMs: number
    bytesPerTransfer: number
    /** To add the whole book up again from nothing, every hash included. */
    provedMs: number
  }>

async function grow(books: Books, transfers: number): Promise<void> {
  const { transfer } = moving(books)
  let left = transfers
  const call = async () => {
    while (left-- > 0) {
      const from = pick()
      const other = (from + 1 + (pick() % (accounts - 1))) % accounts
      // There and back in turns: among ten million the busiest account would have paid all it has.
      await (left % 2 === 0 ? transfer(from, other, 5n) : transfer(other, from, 5n))
    }
  }
  await Promise.all(Array.from({ length: 2048 }, call))
}

/** The 99th percentile of a look's times: the client's, and the server's. */
async function timed(look: () => Promise<unknown>): Promise<[number, number]> {
  for (let i = 0; i < 50; i++) await look()
  told()
  const each: number[] = []
  for (let i = 0; i < looks; i++) {
    const start = performance.now()
    await look()
    each.push(performance.now() - start)
  }
  const served = told().map(({ ms }) => ms)
  return [figures(each, 1).p99ms, figures(served, 1).p99ms]
}

/** What a reader who has looked around for a while waits for, while nothing else is done. */
async function lookedAt(at: At): Promise<Looks> {
  told = await tellPlans(server.url, at.url, { nested: false })
  const books = openBooks({ url: at.url })
  const span = Date.now() - at.opened.getTime()
  const then = () => new Date(at.opened.getTime() + Math.random() * span)
  const [statementP99ms, statementServerP99ms] = await timed(() =>
    books.statement(book, account(pick()), { limit: 50 }),
  )
  const [asOfP99ms, asOfServerP99ms] = await timed(() =>
    books.balance(book, account(pick()), then()),
  )
  await books.close()
  await using administrator = await connected(server.url)
  await administrator.query(`alter role bursar_app in database ${database} reset all`)
  return { statementP99ms, statementServerP99ms, asOfP99ms, asOfServerP99ms }
}

async function firstCommand(url: string): Promise<number> {
  const start = performance.now()
  const books = openBooks({ url })
  await moving(books).transfer(pick(), accounts - 1, 5n)
  const took = performance.now() - start
  await books.close()
  return Math.round(took)
}

async function bytes(ownerUrl: string): Promise<number> {
  await using owner = await connected(ownerUrl)
  await owner.query('vacuum analyze')
  const { rows } = await owner.query(`
    select sum(pg_total_relation_size(c.oid))::bigint::float8 as bytes
    from pg_class c where c.relkind = 'r' and c.relnamespace = 'ledger'::regnamespace`)
  return rows[0].bytes
}

async function stage(at: At, transfers: number): Promise<Stage> {
  const size = await bytes(at.ownerUrl)
  const firstCommandMs = await firstCommand(at.url)
  const looked = await lookedAt(at)
  const books = openBooks({ url: at.url })
  const load = { callers, seconds: 3, warmUp: 2, pick }
  const { perSecond, p99ms } = await run(moving(books).transfer, load)
  await books.close()
  const bytesPerTransfer = Math.round((size - at.empty) / transfers)
  const [proof] = await verifyBooks(at.url)
  if (!proof || proof.fault) throw new Error(`The book is wrong: ${proof?.fault?.says}`)
  return {
    transfers,
    perSecond,
    p99ms,
    ...looked,
    firstCommandMs,
    bytesPerTransfer,
    provedMs: Math.round(proof.ms),
  }
}

async function grown(): Promise<Stage[]> {
  const { url, ownerUrl, books: funded } = await ledgerOf(server, accounts)
  await funded.close()
  const at = { url, ownerUrl, opened: new Date(), empty: await bytes(ownerUrl) }
  const stages: Stage[] = []
  await using owner = await connected(ownerUrl)
  for (let goal = first; goal <= Number(options.upto); goal *= 10) {
    const { rows } = await owner.query(
      `select count(*)::float8 as made from ledger.entry where event = 'spend'`,
    )
    const books = openBooks({ url })
    await grow(books, goal - rows[0].made)
    await books.close()
    await owner.query('checkpoint').catch(() => undefined)
    stages.push(await stage(at, Math.max(goal, rows[0].made)))
    console.log(JSON.stringify(stages.at(-1)))
  }
  return stages
}

const server = await startServer()
for (const signal of ['SIGINT', 'SIGTERM'])
  process.once(signal, () => void server.stop().then(() => process.exit(130)))
try {
  const stages = await grown()
  console.log(`\n${(await circumstances(server.url)).join('\n')}\n`)
  console.table(stages)
  if (options.json) console.log(JSON.stringify({ stages }))
} finally {
  await server.stop()
}
