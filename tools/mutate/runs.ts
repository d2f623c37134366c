/** Test files: what each executes and how long it takes, and whether one of them fails on a mutant. */
import { spawn } from 'node:child_process'
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { connected } from '@bursar/database'
import { dropDatabase } from '@bursar/database/testing'
import type { Mutant } from './mutants.ts'

/** A test file as it is: its milliseconds, and what it executes of each file, by that file's address. */
export type Measured = Readonly<{
  test: string
  ms: number
  executed: ReadonlyMap<string, readonly (readonly Part[])[]>
}>
/** A place of a file that ran so often; a smaller one inside it knows better. */
type Part = Readonly<{ startOffset: number; endOffset: number; count: number }>
type Covered = Readonly<{
  result: readonly Readonly<{
    url: string
    functions: readonly Readonly<{ ranges: readonly Part[] }>[]
  }>[]
}>
type Ran = Readonly<{ failed: boolean; ms: number }>

const hook = pathToFileURL(join(import.meta.dirname, 'mutated.mjs')).href

/** Runs each test file once as the tree stands, the quickest first in the answer. One that fails is left out. */
export async function measure(
  root: string,
  server: string,
  tests: readonly string[],
): Promise<Measured[]> {
  const all: Measured[] = []
  for (const test of tests) {
    const folder = mkdtempSync(join(tmpdir(), 'bursar-mutate-'))
    const env = { TEST_DATABASE_URL: server, NODE_V8_COVERAGE: folder }
    const { failed, ms } = await run(root, test, env, [], 600_000)
    if (failed) console.error(`left out: ${test} fails without any mutant`)
    else all.push({ test, ms, executed: partsIn(folder) })
    rmSync(folder, { recursive: true })
  }
  return all.toSorted((a, b) => a.ms - b.ms)
}

/** One list of parts for each process and thread of the test that loaded the file. */
function partsIn(folder: string): Map<string, Part[][]> {
  const parts = new Map<string, Part[][]>()
  for (const name of readdirSync(folder)) {
    const { result } = JSON.parse(readFileSync(join(folder, name), 'utf8')) as Covered
    for (const { url, functions } of result)
      parts.set(url, [...(parts.get(url) ?? []), functions.flatMap(({ ranges }) => ranges)])
  }
  return parts
}

const addressOf = (root: string, { file }: Mutant) => pathToFileURL(join(root, file)).href

/** The tests that execute the mutant's place. */
export const runsOn = (root: string, mutant: Mutant, tests: readonly Measured[]): Measured[] =>
  tests.filter(({ executed }) =>
    (executed.get(addressOf(root, mutant)) ?? []).some(parts => runs(mutant, parts)),
  )

function runs({ start, end }: Mutant, parts: readonly Part[]): boolean {
  const around = parts.filter(one => one.startOffset <= start && end <= one.endOffset)
  const size = (one: Part) => one.endOffset - one.startOffset
  return (around.toSorted((a, b) => size(a) - size(b))[0]?.count ?? 0) > 0
}

/** The first of these tests that fails on the mutant. One that does not end has failed. */
export async function killerOf(
  root: string,
  server: string,
  mutant: Mutant,
  tests: readonly Measured[],
): Promise<string | undefined> {
  const said = JSON.stringify({ ...mutant, url: addressOf(root, mutant) })
  const env = { TEST_DATABASE_URL: server, MUTANT: said }
  for (const { test, ms } of tests)
    if ((await run(root, test, env, ['--import', hook], 10_000 + 4 * ms)).failed) return test
  return undefined
}

/** Until its end, its first failure, or that many milliseconds. */
function run(
  root: string,
  test: string,
  more: NodeJS.ProcessEnv,
  flags: readonly string[],
  patience: number,
): Promise<Ran> {
  const began = performance.now()
  const child = spawn(process.execPath, [...flags, '--test-reporter=tap', test], {
    cwd: root,
    env: { ...process.env, ...more },
    stdio: ['ignore', 'pipe', 'ignore'],
    detached: true,
  })
  let failed = false
  const stop = () => {
    failed = true
    // Its whole group: a test may have started servers.
    if (child.pid && child.exitCode === null) process.kill(-child.pid, 'SIGKILL')
  }
  const timer = setTimeout(stop, patience)
  child.stdout.on('data', (text: Buffer) => {
    if (!failed && /^\s*not ok/m.test(text.toString())) stop()
  })
  return new Promise((resolve, reject) =>
    child.once('error', reject).once('exit', code => {
      clearTimeout(timer)
      resolve({ failed: failed || code !== 0, ms: performance.now() - began })
    }),
  )
}

/** What tests left that were stopped. Nobody may be in them. */
export async function dropDatabases(server: string): Promise<void> {
  const left = await connected(
    server,
    on => on.sql<{ datname: string }>`
    select datname from pg_database where datname like 'bursar\\_test\\_%'`,
  )
  for (const { datname } of left) await dropDatabase(server, datname)
}
