/**
 * npm run bench:growth [-- --upto 1000000 --callers 384 --json]
 *
 * What history costs: at 10,000, 100,000, … transfers in the book, how fast the next ones go, how long a
 * statement's page of 50 lines and a balance as of any moment take (of busy and of rare accounts, as
 * Zipf's law draws them), when a new process has its first command through, the bytes on disk, and how
 * long it takes to prove it all.
 * Times are a client's, on a connection of its own: what the server itself needs is less.
 */
import { parseArgs } from 'node:util'
import { openBooks, type Books } from '@bursar/ledger'
import { verifyBooks } from '@bursar/ledger/verify'
import { account, book, ledgerOf, moving } from './contenders/bursar.ts'
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

type Stage = Readonly<{
  transfers: number
  perSecond: number
  p99ms: number
  statementP99ms: number
  asOfP99ms: number
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

async function timed(times: number, look: () => Promise<unknown>): Promise<number> {
  const each: number[] = []
  for (let i = 0; i < times; i++) {
    const start = performance.now()
    await look()
    each.push(performance.now() - start)
  }
  return figures(each, 1).p99ms
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

async function stage(
  at: Readonly<{ url: string; ownerUrl: string; opened: Date; empty: number }>,
  transfers: number,
): Promise<Stage> {
  const size = await bytes(at.ownerUrl)
  const firstCommandMs = await firstCommand(at.url)
  const books = openBooks({ url: at.url })
  const page = () => books.statement(book, account(pick()), { limit: 50 })
  const span = Date.now() - at.opened.getTime()
  const then = () => new Date(at.opened.getTime() + Math.random() * span)
  const asOf = () => books.balance(book, account(pick()), then())
  await timed(50, page)
  const statementP99ms = await timed(looks, page)
  const asOfP99ms = await timed(looks, asOf)
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
    statementP99ms,
    asOfP99ms,
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
