/**
 * The whole test suite, or the files given: one throw-away PostgreSQL for all of them, whose template is made by
 * who first wants a database, and node --test with three processes that take file after file (together.ts): two
 * cores, and a file waits for half of its time. Leaves no process and no folder behind, on Ctrl-C neither.
 *
 *   npm test                               npm test -- custody settlement/payout.test.ts
 *   npm test -- --test-name-pattern=P1-13  (what begins with -- goes to node)
 */
import { spawn, type ChildProcess } from 'node:child_process'
import fs from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import { fileURLToPath } from 'node:url'
import { Hindrance } from '@bursar/database'
import { startThrowaway } from '@bursar/database/testing'
import { fillQueue, inOrder, leftIn } from './together.ts'

const root = fileURLToPath(new URL('..', import.meta.url))
/** Every file loads much of the house: compiled once, it takes half as long. */
const compiled = fileURLToPath(new URL('../node_modules/.cache/compiled', import.meta.url))
const skipped = /(^|\/)(node_modules|var|dist|\.git)(\/|$)/
const all = fs.globSync('**/*.test.ts', { cwd: root, exclude: name => skipped.test(name) }).sort()

const flags = process.argv.slice(2).filter(word => word.startsWith('--'))
const words = process.argv.slice(2).filter(word => !word.startsWith('--'))
const wanted = words.map(word => word.replace(root, '').replace(/^\.\//, ''))
const files = wanted.length ? all.filter(file => wanted.some(word => file.includes(word))) : all

const atOnce = 3

let running: ChildProcess | undefined
let stopped: NodeJS.Signals | undefined
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const)
  process.on(signal, () => {
    stopped = signal
    if (running?.pid) process.kill(-running.pid, signal)
  })

/** `npm test` checks the house first, and runs the tests even so: one run tells all that is wrong. */
const checked = Number(process.env['CHECKED'] ?? 0)
const tested = await suite().catch((error: unknown) => {
  console.error(error instanceof Hindrance ? error.message : error)
  return 1
})
process.exitCode = tested || checked

async function suite(): Promise<number> {
  if (files.length === 0)
    throw new Hindrance(`No test file matches ${words.join(', ') || '**/*.test.ts'}.`)
  const server = await startThrowaway()
  try {
    return stopped ? 130 : await run(server.url)
  } finally {
    await server.stop()
  }
}

/** The queue and the processes' first lines lie in a folder that goes with them. */
async function run(url: string): Promise<number> {
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'bursar-queue-'))
  try {
    // What picks tests by name leaves files without their hooks, which end them: each in a process of its own.
    const entries = flags.length ? files : fillQueue(folder, inOrder(files), atOnce)
    const status = await tests(url, entries)
    const left = leftIn(folder)
    if (left.length && !stopped) console.error(`Not run: ${left.join(', ')}`)
    return status || Math.min(left.length, 1)
  } finally {
    fs.rmSync(folder, { recursive: true, force: true })
  }
}

/** In a group of its own: Ctrl-C reaches us alone, and we stop the tests first, the database after them. */
function tests(url: string, entries: readonly string[]): Promise<number> {
  const limits = [
    `--test-concurrency=${atOnce}`,
    `--test-timeout=${process.env['TEST_TIMEOUT'] ?? 240_000}`,
  ]
  const args = ['--test', ...limits, ...flags, ...entries]
  const env = { ...process.env, TEST_DATABASE_URL: url, NODE_COMPILE_CACHE: compiled }
  const tests = spawn(process.execPath, args, { cwd: root, env, stdio: 'inherit', detached: true })
  running = tests
  return new Promise(resolve =>
    tests
      .once('error', () => resolve(1))
      .once('exit', (exit, signal) => resolve(exit ?? (signal === 'SIGINT' ? 130 : 143))),
  )
}
