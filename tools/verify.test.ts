/** The commands that prove the books and read them out, as somebody at a console has them. */
import assert from 'node:assert/strict'
import { spawnSync } from 'node:child_process'
import fs from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import { after, before, test } from 'node:test'
import { useDatabase } from '@bursar/database/testing'
import { openBooks, type Books } from '@bursar/ledger'
import { fileWitness, newKey, sealBooks, signerOf } from '@bursar/ledger/seals'

const db = useDatabase()
const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'bursar-verify-'))
const witness = path.join(folder, 'witness.jsonl')
const signer = signerOf(newKey())
let books: Books

before(async () => {
  await db.ready
  books = openBooks({ url: db.url })
  const bank = fileWitness(witness)
  for (const book of [1, 2]) {
    await books.openBook(book, 'CNY')
    const named = (event: string) => ({ id: crypto.randomUUID(), event })
    const entries = [
      { ...named('open'), kind: 'open', account: 'pool/bank', floor: null },
      { ...named('open'), kind: 'open', account: 'purse/ann' },
      {
        ...named('top-up'),
        kind: 'post',
        debit: 'pool/bank',
        credit: 'purse/ann',
        amount: { minor: 50_00n, currency: 'CNY' },
      },
    ] as const
    await books.submit({ book, plan: () => ({ entries }) })
  }
  await sealBooks({ sql: books.sql, signer, witnesses: [bank] })
})
after(async () => {
  await books.close()
  fs.rmSync(folder, { recursive: true })
})

function run(tool: 'verify' | 'export', ...words: string[]) {
  const file = path.resolve(import.meta.dirname, `${tool}.ts`)
  const said = spawnSync(process.execPath, [file, '--url', db.reportUrl, ...words], {
    encoding: 'utf8',
  })
  return { status: said.status, out: said.stdout, error: said.stderr }
}

test('ledger:verify proves all books, and says what it has looked at and what not', () => {
  const { status, out, error } = run('verify')
  assert.equal(error, '')
  assert.equal(status, 0)
  assert.match(out, /Book 1 is proved: CNY, 3 entries, 2 accounts, 0 open pends/)
  assert.match(out, /Book 2 is proved/)
  assert.match(out, /In ledger\.seal: 1 head, and it fits/)
  assert.match(out, /Nobody outside was asked/)
})

test('with a witness, its heads are compared, and its keys are the ones that may seal', () => {
  const { status, out } = run('verify', '--witness', witness, '--book', '2')
  assert.equal(status, 0)
  assert.match(out, /In witness .*witness\.jsonl: 1 head, and it fits/)
  assert.doesNotMatch(out, /Book 1|Nobody outside/)
  const other = signerOf(newKey()).key.toString('hex')
  const { status: refused, out: why } = run('verify', '--key', other)
  assert.equal(refused, 1)
  assert.match(why, /Book 1 is wrong at entry 3: ledger\.seal signed with .*, which is none of the/)
})

test('the first bad row is named in one line, and the command ends with 1', async () => {
  const later = path.join(folder, 'later.jsonl')
  const [line] = fs.readFileSync(witness, 'utf8').split('\n')
  fs.writeFileSync(later, `${line!.replace('"seq":"3"', '"seq":"4"')}\n`)
  const { status, out } = run('verify', '--witness', later)
  assert.equal(status, 1)
  assert.match(out, /^Book 1 is wrong at entry 4: witness .* the signature is not of this seal\.$/m)
  assert.match(out, /Book 2 is proved/)
  const { fault } = JSON.parse(run('verify', '--witness', later, '--json').out)[0]
  assert.deepEqual([fault.seq, fault.field], ['4', `witness ${later}`])
})

test('ledger:export reads a book out to the console, or to a file', () => {
  const journal = run('export', '--book', '1', '--as', 'hledger')
  assert.equal(journal.status, 0)
  assert.match(journal.out, /\n    pool:bank  CNY 50\.00 = CNY 50\.00\n/)
  assert.match(journal.error, /Book 1: 3 entries in CNY/)
  const file = path.join(folder, 'book.csv')
  assert.equal(run('export', '--book', '1', '--as', 'csv', '--to', file).status, 0)
  assert.equal(fs.readFileSync(file, 'utf8').trim().split('\r\n').length, 4)
})

const mistakes: [string, 'verify' | 'export', string[], RegExp][] = [
  ['a witness that is not there', 'verify', ['--witness', '/no/such'], /^There is no witness at/],
  ['a book that is no number', 'verify', ['--book', 'one'], /^"one" is not the number of a book/],
  ['a key that is none', 'verify', ['--key', 'abc'], /^A public key is 32 bytes/],
  ['an address that is none', 'verify', ['--url', 'here'], /^The books have an address like/],
  ['no book', 'export', ['--as', 'csv'], /^Say which book/],
  ['no form', 'export', ['--book', '1'], /^Say what it should be/],
  ['a book that there is not', 'export', ['--book', '9', '--as', 'csv'], /^There is no book 9\n$/],
]
for (const [what, tool, words, says] of mistakes)
  test(`${what} is one sentence, and ends ledger:${tool} with 1`, () => {
    const { status, error } = run(tool, ...words)
    assert.equal(status, 1)
    assert.match(error, says)
  })

test('a folder without books says so', () => {
  const file = path.resolve(import.meta.dirname, 'verify.ts')
  const said = spawnSync(process.execPath, [file, '--data', folder], { encoding: 'utf8' })
  assert.equal(said.status, 1)
  assert.match(said.stderr, /^There are no books in .*: "npm start" makes them/)
})

test('a word that a command does not know is said in one sentence, with those that it knows', () => {
  for (const tool of ['verify', 'export'] as const) {
    const { status, error } = run(tool, '--bok', '1')
    assert.equal(status, 1)
    assert.match(error, /^Unknown option '--bok'\. There are: .*--book, .*--data.*\.\n$/)
  }
  assert.match(
    run('verify', '--book').error,
    /^Option '--book <value>' argument missing\. There are/,
  )
})
