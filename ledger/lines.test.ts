import assert from 'node:assert/strict'
import { randomUUID } from 'node:crypto'
import { after, before, test } from 'node:test'
import { useDatabase } from '@bursar/database/testing'
import { cny } from '@bursar/money'
import pg from 'pg'
import { openBooks, type Account, type Books, type Draft, type Entry } from './ledger.ts'
import { readSideAt } from './read.ts'

const db = useDatabase()
const book = 3
/** More than three milestones of 64 for the till, between others' entries. */
const sales = 230
let books: Books
let all: Entry[]

before(async () => {
  await db.ready
  books = openBooks({ url: db.url })
  await books.openBook(book, 'CNY')
  const open = (account: Account, floor: bigint | null): Draft => {
    return { kind: 'open', id: randomUUID(), event: 'open', account, floor }
  }
  await submit([open('pool/bank', null), open('purse/ann', 0n), open('shop/till', null)])
  await submit([post('pool/bank', 'purse/ann', '900.00')])
  for (let sale = 0; sale < sales; sale += 5) {
    const five = Array.from({ length: 5 }, (_, i) => sale + i)
    await submit(
      five.map(each => (each % 3 === 0 ? refund() : post('purse/ann', 'shop/till', '1.00'))),
    )
    await submit([post('pool/bank', 'purse/ann', '0.01')])
  }
  all = await books.entries(book, 0n, 5000)
})
after(() => books.close())

const submit = (entries: Draft[]) => books.submit({ book, plan: () => ({ entries }) })
const refund = () => post('shop/till', 'purse/ann', '0.30')
const post = (debit: Account, credit: Account, yuan: string): Draft => {
  return { kind: 'post', id: randomUUID(), event: 'sale', debit, credit, amount: cny(yuan) }
}

/** Those of the feed that touch the till, newest first: the feed knows nothing of milestones. */
const ofTill = () =>
  all
    .filter(({ debit, credit }) => [debit?.account, credit?.account].includes('shop/till'))
    .toReversed()

test('a statement is the same, from whichever entry one reads on', async () => {
  const till = ofTill()
  for (let from = 0n; from <= BigInt(all.length) + 1n; from += 7n) {
    const wanted = till.filter(entry => entry.seq < from).slice(0, 50)
    const lines = await books.statement(book, 'shop/till', { before: from, limit: 50 })
    assert.deepEqual(
      lines.map(line => line.entry),
      wanted,
    )
  }
  const newest = await books.statement(book, 'shop/till', { limit: 500 })
  assert.equal(newest.length, till.length)
})

test('a balance as of any entry is what that entry, or the one before it, left', async () => {
  const till = ofTill()
  for (const { seq } of all) {
    const found = await books.sql<{ posted: bigint; last: bigint }>`
      select posted, last from ledger.state_at(${book}, 'shop/till', ${seq})`
    const entry = till.find(one => one.seq <= seq)
    const side = entry && (entry.debit?.account === 'shop/till' ? entry.debit : entry.credit)
    assert.deepEqual(found, entry ? [{ posted: side!.posted, last: entry.seq }] : [])
  }
})

test('a balance as of an entry asks for its line once, on tables without statistics too', async () => {
  const admin = new pg.Client(db.superUrl)
  await admin.connect()
  await admin.query(`begin; set local track_functions = 'all'`)
  await admin.query(`select from ledger.state_at(${book}, 'shop/till', 200)`)
  const { rows } = await admin.query(
    `select pg_stat_get_xact_function_calls('ledger.lines'::regproc)::int as calls`,
  )
  assert.deepEqual(rows, [{ calls: 1 }])
  await admin.end()
})

test('before an account was opened it had no balance', async () => {
  assert.equal(await readSideAt(books.sql, book, 'shop/till', new Date(0)), undefined)
})

test('every 64th entry of an account is a milestone', async () => {
  const found = await books.sql<{ seq: bigint; nth: bigint }>`
    select m.seq, m.nth from ledger.milestone m
    join ledger.account a on a.book = m.book and a.account = m.account
    where m.book = ${book} and a.ref = 'shop/till' order by m.seq`
  const till = ofTill().toReversed()
  const wanted = till.flatMap(({ seq }, i) =>
    (i + 1) % 64 === 0 ? [{ seq, nth: BigInt(i + 1) }] : [],
  )
  assert.ok(wanted.length >= 3)
  assert.deepEqual(found, wanted)
})
