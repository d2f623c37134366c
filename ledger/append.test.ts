import assert from 'node:assert/strict'
import { randomUUID } from 'node:crypto'
import { after, before, test } from 'node:test'
import { useDatabase } from '@bursar/database/testing'
import { cny } from '@bursar/money'
import pg from 'pg'
import { append, type Batch } from './append.ts'
import { connect } from './connect.ts'
import { decide } from './decide.ts'
import { Overlay, type Held, type Row } from './overlay.ts'
import { chain, genesis } from './hash.ts'
import { openBooks, type Account, type Books, type Draft } from './ledger.ts'
import { readBook, readStates } from './read.ts'

const db = useDatabase()
const book = 7
let books: Books
let pool: pg.Pool

before(async () => {
  await db.ready
  books = openBooks({ url: db.url })
  pool = connect({ url: db.url, max: 2 })
  await books.openBook(book, 'CNY')
  await books.submit({
    book,
    plan: () => ({
      entries: [
        open('pool/bank', null),
        open('purse/ann'),
        open('shop/till'),
        post('pool/bank', 'purse/ann', '50.00'),
      ],
    }),
  })
})
after(async () => {
  await pool.end()
  await books.close()
})

const open = (account: Account, floor: bigint | null = 0n): Draft => ({
  kind: 'open',
  id: randomUUID(),
  event: 'open',
  account,
  floor,
})
const post = (debit: Account, credit: Account, yuan: string): Draft => ({
  kind: 'post',
  id: randomUUID(),
  event: 'test',
  debit,
  credit,
  amount: cny(yuan),
})

/** An honest batch, of one posting if nothing else is said, for a test to spoil. */
async function honest(
  change: Partial<Batch> = {},
  spoil: (row: Row, place: number) => Row = row => row,
  drafts = () => [post('purse/ann', 'shop/till', '1.00')],
): Promise<Batch> {
  const now = (await readBook(books.sql, book))!
  const held = new Map(
    (await readStates(books.sql, book, ['purse/ann', 'shop/till'])).map(one => [one.ref, one]),
  )
  const on = new Overlay({ currency: 'CNY', held: ref => held.get(ref), pending: () => undefined })
  const at = new Date(Math.max(Date.now(), now.at.getTime()))
  const rows = decide(on, at, now.seq + 1n, drafts()).map(spoil)
  const hashes = chain(book, at, now.head, rows)
  return {
    book,
    seq: now.seq,
    before: now.head,
    at,
    rows,
    hashes,
    rides: new Map(),
    ...change,
  }
}

test('the one who knows the end of the book appends; the one who is behind hears where it is', async () => {
  const batch = await honest()
  assert.equal((await append(pool, batch)).answer, 'appended')
  const { answer, seq } = await append(pool, {
    ...batch,
    rows: batch.rows.map(row => ({ ...row, id: randomUUID() })),
  })
  assert.deepEqual([answer, seq], ['stale', batch.seq + 1n])
})

test('an id that stands already is answered as known, and nothing else of its batch is kept', async () => {
  const first = await honest()
  await append(pool, first)
  const again = await honest({}, row => ({ ...row, id: first.rows[0]!.id }))
  assert.equal((await append(pool, again)).answer, 'known')
  assert.equal((await readBook(books.sql, book))!.seq, first.seq + 1n)
})

test('a time more than a second from the database’s clock is not taken', async () => {
  const { answer, clock } = await append(pool, await honest({ at: new Date(Date.now() + 1_500) }))
  assert.equal(answer, 'clock')
  assert.ok(Math.abs(clock.getTime() - Date.now()) < 500)
})

const debit =
  (change: (held: Held) => Partial<Held>) =>
  (row: Row): Row => ({ ...row, debit: { ...row.debit!, ...change(row.debit!) } })
const lies: [string, (row: Row) => Row][] = [
  ['debits less than it credits', debit(held => ({ posted: held.posted + 1n }))],
  ['forgets the entry before', debit(held => ({ before: held.before! - 1n }))],
  [
    'continues an older row of the account',
    row => ({ ...row, credit: { ...row.credit!, before: 3n, posted: 1_00n } }),
  ],
  ['starts an account anew', debit(() => ({ before: null }))],
  ['raises a floor in passing', debit(() => ({ floor: -1n }))],
  ['unfreezes in passing', debit(() => ({ state: 2 }))],
  ['invents a reservation', debit(held => ({ out: held.out + 1n }))],
  ['counts an entry twice', debit(held => ({ nth: held.nth + 1n }))],
]
for (const [what, spoil] of lies)
  test(`the table refuses an entry that ${what}, whatever the code believed`, async () => {
    await assert.rejects(async () => append(pool, await honest({}, spoil)), /do not continue/)
  })

const there = () => post('purse/ann', 'shop/till', '1.00')
const back = () => post('shop/till', 'purse/ann', '0.40')
const freeze = (): Draft => {
  return {
    kind: 'freeze',
    id: randomUUID(),
    event: 'freeze',
    account: 'purse/ann',
    state: 'no_debits',
  }
}
const limit = (): Draft => {
  return {
    kind: 'limit',
    id: randomUUID(),
    event: 'limit',
    account: 'purse/ann',
    ceiling: 9_999_99n,
  }
}
const second = (spoil: (row: Row) => Row) => (row: Row, place: number) =>
  place === 1 ? spoil(row) : row
const liesInside: [string, () => Draft[], (row: Row) => Row][] = [
  ['skips its neighbour', () => [there(), back()], debit(held => ({ before: held.before! - 1n }))],
  [
    'adds up wrongly after its neighbour',
    () => [there(), back()],
    debit(held => ({ posted: held.posted - 1n })),
  ],
  [
    'lifts a ceiling behind its neighbour',
    () => [there(), back()],
    debit(() => ({ ceiling: 500_00n })),
  ],
  [
    'opens what its neighbour barred',
    () => [freeze(), back()],
    row => ({ ...row, credit: { ...row.credit!, state: 0 } }),
  ],
  [
    'says that another ceiling stood before',
    () => [there(), limit()],
    row => ({ ...row, was: { ...row.was!, ceiling: 1n } }),
  ],
  [
    'moves money by changing a limit',
    () => [there(), limit()],
    debit(held => ({ posted: held.posted + 1n })),
  ],
  ['changes a ceiling by freezing', () => [there(), freeze()], debit(() => ({ ceiling: 500_00n }))],
]
for (const [what, drafts, spoil] of liesInside)
  test(`the table refuses a batch whose second entry ${what}`, async () => {
    const drafted = drafts().map(draft => ({ ...draft, id: randomUUID() }))
    await assert.rejects(
      async () => append(pool, await honest({}, second(spoil), () => drafted)),
      /do not continue/,
    )
  })

test('the table refuses a purse below its floor', async () => {
  const spoil = debit(held => ({ posted: held.posted - 1_000_00n }))
  await assert.rejects(async () => append(pool, await honest({}, spoil)), {
    constraint: 'debit_available',
  })
})

test('the server’s role can neither write an entry itself nor change or drop one', async () => {
  const attempts = [
    `insert into ledger.book values (99, 'CNY', 0, now(), '')`,
    `update ledger.book set seq = 0`,
    `insert into ledger.account values (${book}, 999, 'purse/me')`,
    `update ledger.entry set minor = 1`,
    `delete from ledger.entry`,
    `truncate ledger.entry`,
    `alter table ledger.entry disable trigger all`,
    `insert into ledger.demo values (true)`,
    `select ledger.keep_due(1, 0)`,
  ]
  for (const attempt of attempts)
    await assert.rejects(pool.query(attempt), { code: '42501' }, attempt)
})

test('a refused statement leaves its connection for the next; one that broke is not used again', async () => {
  const used = async () => (await books.sql`select pg_backend_pid() as pid`)[0]!['pid']
  const before = await used()
  await assert.rejects(books.sql`select 1 / 0`, { code: '22012' })
  assert.equal(await used(), before)
  await assert.rejects(books.sql`select pg_terminate_backend(pg_backend_pid())`)
  assert.notEqual(await used(), before)
})

test('not even the owner rewrites history by mistake', async () => {
  const owner = new pg.Client(db.ownerUrl)
  await owner.connect()
  await assert.rejects(owner.query('update ledger.entry set minor = 1'), /only added to/)
  await assert.rejects(owner.query('delete from ledger.account'), /only added to/)
  await owner.end()
})

test('the hash of each entry covers the one before it, from the book’s beginning', async () => {
  await append(pool, await honest())
  const { rows } = await pool.query(
    `select e.*, a.ref from ledger.entry e
    left join ledger.account a on a.book = e.book and a.account = e.seq where e.book = $1 order by seq`,
    [book],
  )
  let head = genesis(book, 'CNY')
  for (const row of rows) {
    const side = (name: string): Held | null =>
      row[name] === null
        ? null
        : {
            number: row[name],
            ref: 'a/a',
            last: row.seq,
            before: row[`${name}_prev`],
            nth: 0n,
            posted: row[`${name}_posted`],
            out: row[`${name}_out`],
            in: row[`${name}_in`],
            floor: row[`${name}_floor`],
            ceiling: row[`${name}_ceiling`],
            state: row[`${name}_state`],
          }
    const again = {
      seq: row.seq,
      id: row.id,
      code: row.kind,
      event: row.event,
      subject: row.subject,
      ref: row.ref,
      minor: row.minor,
      pend: row.pend,
      pended: row.pended,
      expiresAt: row.expires_at,
      debit: side('debit'),
      credit: side('credit'),
      was: null,
    }
    head = chain(book, row.at, head, [again])[0]!
    assert.equal(row.hash.toString('hex'), head.toString('hex'), `at ${row.seq}`)
  }
  assert.deepEqual((await readBook(books.sql, book))!.head, head)
})
