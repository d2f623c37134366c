/**
 * npm run bench:shapes [-- --seconds 3 --rounds 3 --only pair --json]
 *
 * The same ledger under loads of other shapes, in turns, each beside the plain one: everything between
 * one pair of accounts; reserve, then settle; two processes on one book; eight books at 4,096 callers.
 * Figures are entries per second.
 */
import { spawn } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { parseArgs } from 'node:util'
import { openBooks, type Books } from '@bursar/ledger'
import { account, book, ledgerOf, spend, uuid7 } from './contenders/bursar.ts'
import { middle, run, zipf, type Figures } from './load.ts'
import { table, type Result } from './print.ts'
import { circumstances, startServer } from './server.ts'

const books = 8
/** In each book; together 100,000, as elsewhere. */
const accounts = 12_500
const { values: options } = parseArgs({
  options: {
    seconds: { type: 'string', default: '3' },
    rounds: { type: 'string', default: '3' },
    /** Those whose name has this in it. */
    only: { type: 'string', default: '' },
    json: { type: 'boolean', default: false },
    /** Used by this program for the second process. */
    url: { type: 'string' },
    callers: { type: 'string', default: '192' },
  },
})
const seconds = Number(options.seconds)
const pick = zipf(accounts, 1)
type Move = (from: number, to: number, fen: bigint) => Promise<void>

const spread =
  (on: Books): Move =>
  (from, to, fen) =>
    spend(on, book, account(from), account(to), fen)
const pair =
  (on: Books): Move =>
  (_from, _to, fen) =>
    spend(on, book, 'pool/custody', account(0), fen)
const manyBooks = (on: Books): Move => {
  let turn = 0
  return (from, to, fen) => spend(on, 1 + (turn++ % books), account(from), account(to), fen)
}

/** Two entries in a transfer's place: the money is reserved, then moved. */
const inTwo =
  (on: Books): Move =>
  async (from, to, fen) => {
    const [pend, debit, credit] = [uuid7(), account(from), account(to)]
    const amount = { minor: fen, currency: 'CNY' }
    const one = { kind: 'pend', id: pend, event: 'hold', debit, credit, amount } as const
    await on.submit({ book, plan: () => ({ entries: [one] }) })
    const two = { kind: 'settle', id: uuid7(), event: 'spend', pend } as const
    await on.submit({ book, plan: () => ({ entries: [two] }) })
  }

const once = (move: Move, callers: number) => run(move, { callers, seconds, warmUp: 1, pick })

/** The plain load from this process and from another one at once. */
async function twoProcesses(on: Books, url: string): Promise<Figures> {
  const program = fileURLToPath(import.meta.url)
  const args = [program, '--url', url, '--seconds', options.seconds, '--callers', '192']
  const child = spawn(process.execPath, args, { stdio: ['ignore', 'pipe', 'inherit'] })
  let said = ''
  child.stdout.on('data', piece => (said += piece))
  const ended = new Promise(resolve => child.once('close', resolve))
  // The other one needs a moment to start; both measure while both run.
  await new Promise(resolve => setTimeout(resolve, 700))
  const mine = await once(spread(on), 192)
  await ended
  const other = JSON.parse(said) as Figures
  return {
    perSecond: mine.perSecond + other.perSecond,
    p50ms: Math.max(mine.p50ms, other.p50ms),
    p99ms: Math.max(mine.p99ms, other.p99ms),
  }
}

async function measure(): Promise<Result[]> {
  const server = await startServer()
  try {
    const { url, books: on } = await ledgerOf(server, accounts, books)
    const twice = (one: Figures): Figures => ({ ...one, perSecond: one.perSecond * 2 })
    const all: [string, number, () => Promise<Figures>][] = [
      ['spread', 384, () => once(spread(on), 384)],
      ['one pair', 384, () => once(pair(on), 384)],
      ['pend, then settle', 384, async () => twice(await once(inTwo(on), 384))],
      ['two processes', 384, () => twoProcesses(on, url)],
      ['eight books', 4096, () => once(manyBooks(on), 4096)],
    ]
    const shapes = all.filter(([name]) => name.includes(options.only))
    const found = new Map<string, Figures[]>()
    for (let round = 0; round < Number(options.rounds); round++)
      for (const [name, , shape] of shapes)
        found.set(name, [...(found.get(name) ?? []), await shape()])
    await on.close()
    console.log(`${(await circumstances(server.url)).join('\n')}\n`)
    return shapes.map(([name, callers]) => ({ name, callers, ...middle(found.get(name)!) }))
  } finally {
    await server.stop()
  }
}

if (options.url) {
  const on = openBooks({ url: options.url })
  console.log(JSON.stringify(await once(spread(on), Number(options.callers))))
  await on.close()
} else {
  const results = await measure()
  console.log(table(results))
  if (options.json) console.log(JSON.stringify({ results }))
}
