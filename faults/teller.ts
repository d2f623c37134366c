/**
 * The process that is killed, cut off and lied to: many callers at one book, each with one wish under
 * way. What it was told it says at once on its standard output, in one write that outlives it:
 *
 *   + caller.step seq …    it stands      - caller.step code    refused      ~ caller.step code    unknown
 *
 * When its standard input ends it asks for nothing more and ends. Run by tellers.ts.
 */
import { writeSync } from 'node:fs'
import { setTimeout as sleep } from 'node:timers/promises'
import { openBooks, Refusal } from '@bursar/ledger'
import { crookedClock } from './clocks.ts'
import { commandOf, wishOf, type Run } from './wishes.ts'

export type Task = Readonly<{
  url: string
  run: Run
  callers: readonly string[]
  /** The seed of a clock that goes wrong. */
  crooked?: number
  patience?: number
}>

const task = JSON.parse(process.argv[2]!) as Task
const { url, run, callers, crooked, patience = 8_000 } = task
const clock = crooked === undefined ? () => new Date() : crookedClock(crooked)
const books = openBooks({ url, clock, patience })
const longest = 25_000
let stopped = false
process.stdin.on('end', stop).resume()

/** Also when the parent is gone: then nobody would end a teller that waits for ever. */
function stop(): void {
  stopped = true
  setTimeout(() => process.exit(1), longest).unref()
}

const say = (line: string) => void writeSync(1, `${line}\n`)
const unknown = ['outcome_unknown', 'busy']

function codeOf(error: unknown): string {
  const { code, message } = error as { code?: string; message: string }
  return (code ?? message).replaceAll(/\s+/g, '_')
}

async function caller(name: string): Promise<void> {
  for (let step = 0; !stopped; step++) {
    const wish = wishOf(run, name, step)
    try {
      const { entries } = await books.submit(commandOf(run, wish))
      say(`+ ${wish.name} ${entries.map(({ seq }) => seq).join(' ')}`)
    } catch (error) {
      const definite = error instanceof Refusal && !unknown.includes(error.code)
      say(`${definite ? '-' : '~'} ${wish.name} ${codeOf(error)}`)
      if (!definite) await sleep(20)
    }
  }
}

async function sweeper(): Promise<void> {
  while (!stopped) {
    await books.expire(run.book).catch(() => undefined)
    await sleep(100)
  }
}

await Promise.all([...callers.map(caller), sweeper()])
await books.close()
