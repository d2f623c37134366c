/** The mutation run, tried on a folder of one file, of which we know what its test does not see. */
import assert from 'node:assert/strict'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, test } from 'node:test'
import { mutantsOf, type Mutant } from './mutate/mutants.ts'
import { killerOf, measure, runsOn } from './mutate/runs.ts'

const root = mkdtempSync(join(tmpdir(), 'bursar-mutants-'))
const nowhere = 'postgres://nobody@127.0.0.1:1/none'
let mutants: Mutant[]

before(() => {
  const write = (name: string, text: string) => writeFileSync(join(root, name), text)
  write('package.json', '{ "type": "module" }')
  write('tsconfig.json', '{ "compilerOptions": { "module": "nodenext", "target": "es2024" } }')
  write(
    'fee.ts',
    `type Kind = 'card' | 'cash'
export const fee = (sum: number, kind: Kind = 'card'): number => {
  if (sum < 0) throw new RangeError('A sum is not negative')
  return kind === 'card' ? sum * 2 : 0
}
export const unseen = () => [1]
export const nothing = () => undefined
`,
  )
  write(
    'fee.test.ts',
    `import assert from 'node:assert/strict'
import { test } from 'node:test'
import { fee } from './fee.ts'
test('a card costs', () => {
  assert.equal(fee(5), 10)
  assert.equal(fee(5, 'cash'), 0)
  assert.throws(() => fee(-1))
})
`,
  )
  mutants = mutantsOf(root, ['fee.ts'])
})
after(() => rmSync(root, { recursive: true }))

const said = ({ line, was, text }: Mutant) => `${line} ${was.split('\n')[0]} → ${text}`

test('a mutant says one thing otherwise, and neither types nor sentences', () => {
  assert.deepEqual(mutants.map(said), [
    "2 'card' → ''",
    '2 { → {}',
    '3 sum < 0 → true',
    '3 sum < 0 → false',
    '3 < → <=',
    '3 < → >=',
    '3 0 → (0 + 1)',
    "4 kind === 'card' → true",
    "4 kind === 'card' → false",
    '4 === → !==',
    "4 'card' → ''",
    '4 * → /',
    '4 2 → (2 + 1)',
    '4 0 → (0 + 1)',
    '6 [1] → undefined',
    '6 [1] → []',
    '6 1 → (1 + 1)',
  ])
})

test('a mutant survives where no test fails on it, and where none goes', async () => {
  const tests = await measure(root, nowhere, ['fee.test.ts'])
  const alive: string[] = []
  for (const mutant of mutants)
    if (!(await killerOf(root, nowhere, mutant, runsOn(root, mutant, tests))))
      alive.push(said(mutant))
  assert.deepEqual(alive, [
    '3 < → <=',
    '3 0 → (0 + 1)',
    '6 [1] → undefined',
    '6 [1] → []',
    '6 1 → (1 + 1)',
  ])
})
