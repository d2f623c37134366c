/** API.md of money/ and ledger/ is what can be imported from them, each name with its sentence. */
import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import { pathToFileURL } from 'node:url'
import { entriesOf, manifestOf, published } from './packages.ts'
import { declarationsOf, exportsOf, pageOf, type Exported } from './reference.ts'

const root = join(import.meta.dirname, '..')
const undocumented = (all: readonly Exported[]) => all.filter(({ doc }) => doc === '')
const names = (all: readonly Exported[]) => all.map(({ name }) => name)

for (const folder of published) {
  const entries = entriesOf(manifestOf(folder)).map(([, path]) => path)

  test(`${folder}/API.md says what can be imported, as of now`, () => {
    const kept = readFileSync(join(root, folder, 'API.md'), 'utf8')
    assert.equal(kept, pageOf(folder), 'run: npm run api')
  })

  test(`every name that others can import from ${folder} is there, and has its sentence`, async () => {
    const declarations = declarationsOf(folder)
    for (const path of entries) {
      const told = exportsOf(declarations, path.replace(/^\.\/|\.ts$/g, ''))
      const there = (await import(pathToFileURL(join(root, folder, path)).href)) as object
      const values = told.filter(({ isValue }) => isValue)
      assert.deepEqual(names(values).toSorted(), Object.keys(there).toSorted(), path)
      assert.deepEqual(names(undocumented(told)), [], path)
    }
  })
}

const tea = `/** About tea. */
import { Cup } from './cup.js';
/** Pours. */
export declare function pour(into: Cup, much: Much): void;
export type Kind = 'green' | 'black';
type Much = Readonly<{
    /** In grams. */
    leaves: bigint;
}>;
export { washed as clean, type Cup } from './cup.js';
export type * from './pot.js';
`
const cup = `/** A cup. */
export type Cup = Readonly<{
    water: Water;
}>;
/** Hot. */
export interface Water {
    degrees: bigint;
}
/** Washes. */
export declare const washed: (cup: Cup) => Cup;
`
const pot = `/** A pot. */
export declare class Pot {
    /** Holds. */
    hold(): void;
}
export {};
`

test('a name is found under the name by which it is imported, with what its types stand on', () => {
  const told = exportsOf({ tea, cup, pot }, 'tea')
  assert.deepEqual(names(told), ['pour', 'Kind', 'Cup', 'clean', 'Pot'])
  const [pour, , held, clean, kept] = told
  assert.equal(pour!.doc, 'Pours.')
  assert.match(pour!.text, /into: Cup.*\ntype Much = .*\n {2}\/\*\* In grams\. \*\/\n {2}leaves/)
  assert.deepEqual([clean!.doc, clean!.isValue], ['Washes.', true])
  assert.match(held!.text, /water: Water;\n}>\ninterface Water/)
  assert.match(kept!.text, /hold\(\): void/)
})

test('a name without a sentence is found out', () => {
  assert.deepEqual(names(undocumented(exportsOf({ tea, cup, pot }, 'tea'))), ['Kind'])
})

test('a name that is nowhere declared is an error, and no gap in the page', () => {
  assert.throws(() => exportsOf({ tea: `export { lost } from './cup.js';\n`, cup }, 'tea'), /lost/)
})
