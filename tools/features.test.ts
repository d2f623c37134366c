import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import { features, featuresOf } from './features.ts'

const root = join(import.meta.dirname, '..')
const list = 'P1 Tea\nP1-01 Brew\nP1-02 Pour\n\nP2 Cups\nP2-I1 Wash'
const told = (text: string) => features(list, [{ path: 'tea.test.ts', text }])

test('docs/features.md says which tests speak of which feature, as of now', () => {
  const written = readFileSync(join(root, 'docs/features.md'), 'utf8')
  assert.equal(written, featuresOf(root), 'run: npm run features')
})

test('a feature has the tests that name it, or a dash', () => {
  const page = told(`test('P1-01 P2-I1 the water boils', f)\ntest("P1-01 it's hot", f)`)
  assert.match(page, /\| P1-01 Brew \| the water boils \(tea\.test\.ts\)<br>it's hot \(tea/)
  assert.match(page, /\| P1-02 Pour \| – \|/)
  assert.match(page, /\| P2-I1 Wash \| the water boils/)
  assert.match(page, /2 of 3 are spoken of/)
})

test('a test that is wrapped on the next line, or made in a loop, is found', () => {
  assert.match(
    told('test(\n  `P1-02 it pours ${much}`,\n  f,\n)'),
    /P1-02 Pour \| it pours \$\{much}/,
  )
})

test('a feature that is not in the list is refused', () => {
  assert.throws(() => told(`test('P9-01 x P1-77 y', f)`), /does not know P1-77/)
})
