/**
 * npm run features: which tests speak of which feature. Reads docs/features.txt and the names of all
 * tests, and writes docs/features.md, one line per feature: its tests, or a dash.
 */
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { isTest, readTree, type File } from './tidy/tree.ts'

const id = /\bP[1-5]-I?\d+\b/g

/** Each feature with the tests that name it; a range, `P1-02 … P1-04`, is not a name: say each. */
export function features(list: string, tests: readonly File[]): string {
  const told = new Map<string, string[]>()
  for (const { path, text } of tests.toSorted((a, b) => (a.path < b.path ? -1 : 1)))
    for (const name of testNames(text))
      for (const [feature] of name.matchAll(id))
        told.set(feature, [...(told.get(feature) ?? []), `${said(name)} (${path})`])
  const lines = list.split('\n').map(line => {
    const [first = '', ...words] = line.split(' ')
    if (!/^P\d/.test(first)) return ''
    if (/^P\d$/.test(first)) return `## ${line}\n\n| feature | tests |\n|---|---|`
    return `| ${first} ${words.join(' ')} | ${told.get(first)?.join('<br>') ?? '–'} |`
  })
  const known = new Set(list.match(id))
  const unknown = [...told.keys()].filter(feature => !known.has(feature))
  if (unknown.length > 0) throw new Error(`docs/features.txt does not know ${unknown.join(', ')}`)
  const count = [...known].filter(feature => told.has(feature)).length
  const head = `# Features, and the tests that speak of them\n\nMade by \`npm run features\` from features.txt and the names of all tests: ${count} of ${known.size} are spoken of.\n`
  return `${head}\n${lines.join('\n').trim()}\n`
}

/** The name that follows `test(`, `it(` or `describe(`, in quotes of any kind, on this line or the next. */
const testNames = (text: string): string[] =>
  [...text.matchAll(/^\s*(?:test|it|describe)\(\s*(['"`])(.*?)(?<!\\)\1/gms)].map(m => m[2]!)

const said = (name: string) => name.replace(id, '').replaceAll('|', '/').replace(/\s+/g, ' ').trim()

/** docs/features.md as it should be now. */
export function featuresOf(root: string): string {
  const list = readFileSync(join(root, 'docs/features.txt'), 'utf8')
  const laws = 'tools/features.test.ts'
  return features(
    list,
    readTree(root).filter(file => isTest(file) && file.path !== laws),
  )
}

if (import.meta.main) writeFileSync('docs/features.md', featuresOf('.'))
