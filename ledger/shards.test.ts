/** Ready for shards: whatever an append does, it does to one book. Holds for any statements inside. */
import assert from 'node:assert/strict'
import { randomUUID } from 'node:crypto'
import { after, before, test } from 'node:test'
import {
  distributedTables,
  tellPlans,
  useDatabase,
  withoutBook,
  type Told,
} from '@bursar/database/testing'
import { cny } from '@bursar/money'
import { openBooks, type Account, type Books, type Draft } from './ledger.ts'

const db = useDatabase()
let tables: ReadonlySet<string>
let told: () => Told[]
let books: Books
let other: Books

before(async () => {
  await db.ready
  tables = await distributedTables(db.superUrl)
  told = await tellPlans(db.superUrl, db.url)
  books = openBooks({ url: db.url })
  other = openBooks({ url: db.url })
  for (const book of [1, 2]) await books.openBook(book, 'CNY')
})
after(() => Promise.all([books.close(), other.close()]))

/** What was told since the last time, and of it what is not held to one book. */
function faults(): string[] {
  const all = told()
  assert.ok(all.length > 0, 'the plans are told')
  return all.flatMap(one => withoutBook(one, tables))
}

const named = () => ({ id: randomUUID(), event: 'test' })
const say = (drafts: readonly Draft[], on = books) =>
  on.submit({ book: 1, plan: () => ({ entries: drafts }) })
const sides = { debit: 'cash/a', credit: 'cash/b', amount: cny('1.00') } as const
const open = (account: Account): Draft => ({ ...named(), kind: 'open', account, floor: null })

test('every kind of entry, appended by two servers in turns, looks at its own book alone', async () => {
  await say(['cash/a', 'cash/b', 'cash/c'].map(name => open(name as Account)))
  for (const on of [books, other, books]) {
    const pends = [named(), named(), { ...named(), expiresAt: new Date(Date.now() + 50) }]
    await say([{ ...named(), ...sides, kind: 'post' }], on)
    for (const pend of pends) await say([{ ...pend, ...sides, kind: 'pend' }], on)
    await say([{ ...named(), kind: 'settle', pend: pends[0]!.id }], on)
    await say([{ ...named(), kind: 'void', pend: pends[1]!.id }], on)
    await say([{ ...named(), kind: 'limit', account: 'cash/c', ceiling: 10n }], on)
    await say([{ ...named(), kind: 'freeze', account: 'cash/c', state: 'sealed' }], on)
    await say([{ ...named(), kind: 'freeze', account: 'cash/c', state: 'open' }], on)
    await say([{ ...named(), kind: 'memo' }], on)
  }
  const many = Array.from({ length: 70 }, () => say([{ ...named(), ...sides, kind: 'post' }]))
  await Promise.all(many) // beyond an account's first milestone
  assert.deepEqual(faults(), [])
})

test('asking again, being refused and running out look at their own book alone', async () => {
  const posted: Draft = { ...named(), ...sides, kind: 'post' }
  for (const on of [books, books, other]) await say([posted], on)
  await assert.rejects(say([{ ...named(), ...sides, debit: 'cash/none', kind: 'post' }]))
  await assert.rejects(say([{ ...named(), kind: 'settle', pend: randomUUID() }]))
  await books.expire(1)
  assert.deepEqual(faults(), [])
})

test('what people look at all day is read from one book', async () => {
  await books.balance(1, 'cash/a')
  await books.balance(1, 'cash/a', new Date())
  await books.balances(1, ['cash/a', 'cash/b'])
  await books.statement(1, 'cash/a')
  await books.statement(1, 'cash/a', { before: 9n, limit: 3 })
  await books.entries(1, 3n)
  assert.deepEqual(faults(), [])
})

test('a cold command looks at its own book alone', async () => {
  await books.write(async tx => tx.append(1, { ...named(), ...sides, kind: 'post' }))
  assert.deepEqual(faults(), [])
})

test('a statement that looks for a row in every book is found out, inside a function too', async () => {
  const look = async (statement: Promise<unknown>) => {
    await statement
    return told().flatMap(one => withoutBook(one, tables))
  }
  const id = randomUUID()
  const [alone] = await look(books.sql`select from ledger.entry where id = ${id}`)
  assert.match(alone!, /Scan of ledger\.entry in: select from ledger\.entry where id/)
  const joined = books.sql`
    select from ledger.account a join ledger.entry e on e.debit = a.account where a.book = ${1}`
  assert.match((await look(joined)).join(), /of ledger\.entry/)
  const held = books.sql`
    select from ledger.account a join ledger.entry e on e.book = a.book and e.debit = a.account
    where a.book = ${1}`
  assert.deepEqual(await look(held), [])
  const ranged = books.sql`select from ledger.entry where (book, seq) > (${1}, ${2})`
  assert.equal((await look(ranged)).length, 1)
  const inside = books.sql`select * from ledger.unsealed(1, interval '1 day')`
  assert.match((await look(inside)).join(), /of ledger\.book/)
})
