/** How long, and in which words: what a reader meets inside a file. */
import { spawnSync } from 'node:child_process'
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { isCode, isLaw, type File, type Law } from './tree.ts'

const fileLines = 300
const functionLines = 60

/** What is not written, what is written instead, and where it may stand all the same. */
const banned: readonly { word: RegExp; instead: string; but?: RegExp }[] = [
  { word: /\bparseFloat\(/, instead: 'fromDecimal(), which is exact' },
  {
    word: /\bconsole\.log\b/,
    instead: 'the logger',
    but: /^(tools|bench|faults|apps\/bursar)\/|\/examples\/|\.mjs$|\.test\.ts$/,
  },
  { word: / as any\b/, instead: 'a type' },
  { word: /@ts-(ignore|nocheck)/, instead: 'a type' },
  { word: /\.only\(/, instead: 'the test without it: the others count too' },
  { word: /\b(TODO|FIXME)\b/, instead: 'an issue' },
  {
    word: /\bNumber\([\w.?!]*\b(minor|amount|posted|balance|sum|fee)\)/,
    instead: 'bigint: a number loses coins above 2^53',
  },
  {
    word: /\b(minor|amount|posted|balance|floor|ceiling|fee)\??: number\b/,
    instead: 'Money, or bigint for its smallest coin',
  },
]

const lines = (text: string) => text.split('\n').length - (text.endsWith('\n') ? 1 : 0)

export const longFiles: Law = tree =>
  tree
    .filter(isCode)
    .filter(({ text }) => lines(text) > fileLines)
    .map(({ path, text }) => `${path} has ${lines(text)} lines; ${fileLines} are allowed`)

/**
 * Measured by oxlint's parser, in a folder of its own: brackets in a text are no function's end. Nobody
 * saves a line by leaving out a comment: those do not count.
 */
export const longFunctions: Law = tree => {
  const folder = mkdtempSync(join(tmpdir(), 'tidy-'))
  try {
    const most = { max: functionLines, skipBlankLines: true, skipComments: true }
    const rules = { 'max-lines-per-function': ['error', most] }
    const write = ({ path, text }: File) => {
      mkdirSync(join(folder, dirname(path)), { recursive: true })
      writeFileSync(join(folder, path), text)
    }
    write({
      path: 'rules.json',
      text: JSON.stringify({ categories: { correctness: 'off' }, rules }),
    })
    tree.filter(isCode).forEach(write)
    const said = spawnSync('oxlint', ['-c', 'rules.json', '--format', 'json', '.'], {
      cwd: folder,
      encoding: 'utf8',
      maxBuffer: 1 << 26,
    })
    if (said.error) throw said.error
    const { diagnostics } = JSON.parse(said.stdout) as {
      diagnostics: { filename: string; message: string }[]
    }
    return diagnostics.map(({ filename, message }) => `${filename}: ${message}`)
  } finally {
    rmSync(folder, { recursive: true })
  }
}

/** What is published is for anybody: these words are of this house's business. */
const business =
  /\b(merchants?|purses?|top[-_ ]?ups?|spends?|payouts?|refunds?|withdrawals?|settlements?|custod\w*|consumers?|supervis\w*|suspense|vouchers?|gyms?|(mer|pur|spd|stl|rfd|wdr|pol)_\w*)\b/i
const forOthers = ({ path }: File) =>
  /^(money|ledger)\//.test(path) &&
  !/\/examples\//.test(path) &&
  !/(\.test|\.testing)\.ts$/.test(path)

export const businessWords: Law = tree =>
  tree
    .filter(forOthers)
    .map(({ path, text }) => ({ path, word: business.exec(text)?.[0] }))
    .filter(({ word }) => word !== undefined)
    .map(({ path, word }) => `${path}: ${word} is a word of the business`)

export const bannedWords: Law = tree =>
  tree
    .filter(file => isCode(file) && !isLaw(file))
    .flatMap(({ path, text }) =>
      banned
        .filter(({ word, but }) => word.test(text) && !but?.test(path))
        .map(({ word, instead }) => `${path}: instead of ${word.source} write ${instead}`),
    )
