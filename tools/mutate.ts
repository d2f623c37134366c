/**
 * `npm run mutate -- money ledger/decide.ts`: says one small thing otherwise in these files, one at a time,
 * and runs the tests that execute that place, the quickest first. A mutant that no test fails on is one
 * that we could write by mistake tomorrow. Ends with 1 if less than 90 % are killed.
 *
 *   --tests ledger/verify   only tests whose path has this in it; several times for several
 *   --of 10 --seed 3        every tenth mutant, drawn by that seed; else all
 *   --jobs 2                how many at once
 *
 * On disk nothing changes: tools/mutate/mutated.mjs gives the test another text of the file.
 */
import { globSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { parseArgs } from 'node:util'
import { Hindrance } from '@bursar/database'
import { makeTemplate, startThrowaway } from '@bursar/database/testing'
import { mutantsOf, type Mutant } from './mutate/mutants.ts'
import { dropDatabases, killerOf, measure, runsOn, type Measured } from './mutate/runs.ts'

const root = join(import.meta.dirname, '..')
const least = 0.9
const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    tests: { type: 'string', multiple: true, default: [] },
    of: { type: 'string', default: '1' },
    seed: { type: 'string', default: '1' },
    jobs: { type: 'string', default: '2' },
  },
})

async function mutate(): Promise<number> {
  const files = positionals.flatMap(filesIn)
  if (files.length === 0) throw new Hindrance('Name folders or files: npm run mutate -- money')
  const mutants = drawn(mutantsOf(root, files))
  const server = await startThrowaway()
  try {
    await makeTemplate(server.url)
    const tests = await measure(root, server.url, testsFor(files))
    for (const { test, ms } of tests) console.error(`${(ms / 1000).toFixed(1)} s  ${test}`)
    const survivors = await survivorsOf(mutants, tests, server.url)
    return tell(mutants, survivors)
  } finally {
    await server.stop()
  }
}

const filesIn = (word: string): string[] =>
  word.endsWith('.ts')
    ? [word]
    : globSync(`${word}/*.ts`, { cwd: root })
        .filter(file => !/\.(test|testing)\.ts$/.test(file))
        .toSorted()

const testsFor = (files: readonly string[]): string[] =>
  [...new Set(files.map(file => dirname(file)))]
    .flatMap(folder => globSync(`${folder}/*.test.ts`, { cwd: root }))
    .filter(test => values.tests.length === 0 || values.tests.some(word => test.includes(word)))
    .toSorted()

/** One of every `of`, by a small generator that gives the same again for the same seed. */
function drawn(all: readonly Mutant[]): Mutant[] {
  let state = Number(values.seed)
  return all.filter(() => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0
    return (state >>> 8) % Number(values.of) === 0
  })
}

async function survivorsOf(
  mutants: readonly Mutant[],
  tests: readonly Measured[],
  url: string,
): Promise<Mutant[]> {
  const survivors: Mutant[] = []
  let done = 0
  const next = mutants.values()
  const kills = new Map<string, number>()
  const worth = ({ test, ms }: Measured) => (1 + (kills.get(test) ?? 0)) / ms
  const one = async (mutant: Mutant) => {
    // First what has killed most for its time.
    const on = runsOn(root, mutant, tests).toSorted((a, b) => worth(b) - worth(a))
    const killer = await killerOf(root, url, mutant, on)
    if (killer) kills.set(killer, (kills.get(killer) ?? 0) + 1)
    else {
      survivors.push(mutant)
      console.log(`survives  ${said(mutant)}${on.length === 0 ? '  (no test goes there)' : ''}`)
    }
    if (++done % 50 === 0) console.error(`${done} of ${mutants.length}`)
  }
  // Together by the hundred: what a test leaves that was stopped is cleared away while none runs.
  for (let from = 0; from < mutants.length; from += 100) {
    const some = next.take(100).toArray().values()
    const job = async () => {
      for (const mutant of some) await one(mutant)
    }
    await Promise.all(Array.from({ length: Number(values.jobs) }, job))
    await dropDatabases(url)
  }
  return survivors
}

const said = ({ file, line, was, text }: Mutant) =>
  `${file}:${line}  ${short(was)} → ${short(text)}`
const short = (text: string) => {
  const line = text.replaceAll(/\s+/g, ' ')
  return line.length > 60 ? `${line.slice(0, 57)}…` : line
}

function tell(mutants: readonly Mutant[], survivors: readonly Mutant[]): number {
  const share = (all: number, left: number) =>
    `${all - left} of ${all} killed, ${(100 * (1 - left / Math.max(1, all))).toFixed(1)} %`
  for (const [file, all] of Map.groupBy(mutants, mutant => mutant.file))
    console.log(`${file}: ${share(all.length, survivors.filter(one => one.file === file).length)}`)
  console.log(
    `${share(mutants.length, survivors.length)}, one in ${values.of} by seed ${values.seed}`,
  )
  return survivors.length <= (1 - least) * mutants.length ? 0 : 1
}

try {
  process.exitCode = await mutate()
} catch (error) {
  console.error(error instanceof Hindrance ? error.message : error)
  process.exitCode = 1
}
