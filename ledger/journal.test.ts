/** What is read out of a book, for another program to add up again. */
import assert from 'node:assert/strict'
import { spawnSync } from 'node:child_process'
import { randomUUID } from 'node:crypto'
import { after, before, test } from 'node:test'
import { useDatabase } from '@bursar/database/testing'
import { format, money } from '@bursar/money'
import { journalOf } from './journal.hledger.ts'
import { csvOf } from './journal.csv.ts'
import type { Head, Told } from './journal.entries.ts'
import { readOut } from './journal.ts'
import { openBooks, type Account, type Books, type Draft } from './ledger.ts'
import { everyKind } from './verify.testing.ts'

const db = useDatabase()
const [book, yen] = [1, 2]
let books: Books

before(async () => {
  await db.ready
  books = openBooks({ url: db.url })
  await books.openBook(book, 'CNY')
  await books.openBook(yen, 'JPY')
  const at = new Date(Date.now() + 86_400_000)
  for (const draft of everyKind(at)) await say(book, draft as Draft)
  for (let more = 0; more < 500; more++)
    await say(book, post('purse/ann', 'shop/till', 'CNY', 1n + BigInt(more % 3)))
  for (const account of ['bank/a', 'purse/b'] as const)
    await say(yen, { ...named('open'), kind: 'open', account, floor: null })
  await say(yen, post('bank/a', 'purse/b', 'JPY', 10n ** 15n))
})
after(() => books.close())

const named = (event: string) => ({ id: randomUUID(), event })
const post = (debit: Account, credit: Account, currency: string, minor: bigint): Draft => ({
  ...named('spend; =1+1, "half" | 100 %\n老茶馆'),
  kind: 'post',
  debit,
  credit,
  amount: money(minor, currency),
})
const say = (of: number, draft: Draft) =>
  books.submit({ book: of, plan: () => ({ entries: [draft] }) })

async function told(of: number, form: 'hledger' | 'csv'): Promise<string> {
  let text = ''
  await readOut(db.reportUrl, of, form, more => void (text += more))
  return text
}

const hledger = (journal: string, ...words: string[]) =>
  spawnSync('hledger', ['-f', '-', ...words], {
    input: journal,
    encoding: 'utf8',
    env: { ...process.env, LC_ALL: 'C.UTF-8' },
  })
const missing = hledger('', '--version').error !== undefined
const skip = missing && 'hledger is not installed here (Debian: apt-get install hledger)'

for (const which of [book, yen])
  test(
    `hledger accepts book ${which}, every assertion of it, and has our balances`,
    { skip },
    async () => {
      const journal = await told(which, 'hledger')
      const checked = hledger(journal, 'check', '--strict', 'ordereddates')
      assert.equal(checked.stderr, '')
      assert.equal(checked.status, 0)
      const { stdout } = hledger(
        journal,
        'balance',
        '--flat',
        '--empty',
        '--declared',
        '--no-total',
        '-O',
        'csv',
      )
      const theirs = stdout
        .trim()
        .split('\n')
        .slice(1)
        .map(line =>
          line.replaceAll('"', '').replace(/,0$/, `,${which === book ? 'CNY 0.00' : 'JPY 0'}`),
        )
      const ours = await books.sql<{ ref: Account }>`
      select ref from ledger.account where book = ${which} order by ref collate "C"`
      const currency = which === book ? 'CNY' : 'JPY'
      const sides = await books.balances(
        which,
        ours.map(({ ref }) => ref),
      )
      const lines = sides.map(
        ({ account, posted }) =>
          `${account.replaceAll('/', ':')},${currency} ${format(money(-posted, currency))}`,
      )
      assert.deepEqual(theirs.toSorted(), lines.toSorted())
    },
  )

test('hledger does not accept a journal in which one coin was changed', { skip }, async () => {
  const journal = await told(book, 'hledger')
  const changed = journal.replace('CNY 12.00 =', 'CNY 12.01 =')
  assert.notEqual(changed, journal)
  assert.notEqual(hledger(changed, 'check').status, 0)
  const balanced = changed.replace('CNY -12.00 =', 'CNY -12.01 =')
  assert.match(hledger(balanced, 'check').stderr, /balance assertion/i)
})

/** RFC 4180, read the plain way. */
function rowsOf(csv: string): string[][] {
  const cells = [...csv.matchAll(/("(?:[^"]|"")*"|[^,\r\n]*)(,|\r\n)/g)]
  const rows: string[][] = [[]]
  for (const [, cell, end] of cells) {
    rows.at(-1)!.push(cell!.startsWith('"') ? cell!.slice(1, -1).replaceAll('""', '"') : cell!)
    if (end === '\r\n') rows.push([])
  }
  return rows.slice(0, -1)
}

test('as CSV a book has every entry and every column, and its sums are the accounts’ own', async () => {
  const [titles, ...rows] = rowsOf(await told(book, 'csv'))
  const entries = await books.entries(book, 0n)
  assert.equal(rows.length, entries.length)
  const at = (row: string[], title: string) => row[titles!.indexOf(title)]!
  const last = new Map<string, string>()
  rows.forEach((row, place) => {
    const { id, kind, event, amount } = entries[place]!
    assert.deepEqual([at(row, 'id'), at(row, 'kind'), at(row, 'event')], [id, kind, event])
    assert.equal(at(row, 'amount'), amount ? format(amount) : '')
    for (const name of ['debit', 'credit'] as const)
      last.set(at(row, `${name}_account`), at(row, `${name}_posted`))
  })
  for (const { account, posted } of await books.balances(book, ['purse/ann', 'shop/till']))
    assert.equal(last.get(account), format(money(posted, 'CNY')))
})

const head: Head = { book, currency: 'CNY', seq: 1n, head: 'ff', opening: undefined }
const side = { posted: -5n, out: 0n, in: 0n, floor: null, ceiling: null, state: 'open' }
const entry: Told = {
  seq: 1n,
  id: 'a',
  kind: 'post',
  at: '2026-11-20T23:59:59.999Z',
  event: '=HYPERLINK("x")',
  subject: 'a;b,c\nd|e%',
  minor: 5n,
  pend: null,
  pended: null,
  bars: null,
  expiresAt: null,
  debit: { account: 'purse/ann', ...side },
  credit: { account: 'shop/till', ...side, posted: 5n },
  hash: 'ff',
}

test('a word that a spreadsheet or hledger would take for its own is kept from it', () => {
  assert.match(csvOf(head).each(entry), /,"'=HYPERLINK\(""x""\)","a;b,c\nd\|e%",CNY,0\.05,/)
  const [first] = journalOf(head).each(entry).split('\n')
  assert.ok(first!.endsWith('subject:a%3Bb%2Cc%0Ad%7Ce%25'), first)
})

test('a bar is read out with what it bars, and its end with the bar', () => {
  const bar: Told = {
    ...entry,
    kind: 'bar',
    event: 'court',
    subject: null,
    minor: null,
    credit: null,
  }
  const line = (told: Told) => journalOf(head).each(told).trim()
  assert.equal(
    line({ ...bar, bars: 5_00n }),
    '; (1) bar court CNY 5.00 purse:ann, at:2026-11-20T23:59:59.999Z, id:a',
  )
  assert.equal(
    line({ ...bar, kind: 'lift', bars: -3n, pend: 7n }),
    '; (1) lift court both purse:ann, at:2026-11-20T23:59:59.999Z, id:a, bar:7',
  )
  for (const [bars, says] of [
    [5_00n, '5.00'],
    [0n, 'closing'],
    [-1n, 'debits'],
    [-2n, 'credits'],
  ] as const)
    assert.match(csvOf(head).each({ ...bar, bars }), new RegExp(`court,,CNY,,,,,${says},purse/ann`))
})

test('a book that there is not is one sentence', async () => {
  await assert.rejects(told(9, 'csv'), { message: 'There is no book 9' })
})
