/**
 * What somebody can do to the books who may do everything in the database: a superuser, with the triggers
 * and the constraints out of the way. Each time the verifier must name the first bad row.
 */
import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { useDatabase } from '@bursar/database/testing'
import pg from 'pg'
import { chain } from './hash.ts'
import { openBooks, type Books } from './ledger.ts'
import { newKey, signerOf } from './seals.keys.ts'
import { sealBooks } from './seals.sealer.ts'
import { sealed, type Seal } from './seal.ts'
import { verifyBook, verifyBooks, type Testimony } from './verify.ts'
import { everyKind } from './verify.testing.ts'

const db = useDatabase()
const book = 5
let books: Books
let forger: pg.Client
let bank: Testimony
const signer = signerOf(newKey())

before(async () => {
  await db.ready
  books = openBooks({ url: db.url })
  await books.openBook(book, 'CNY')
  await books.openBook(book + 1, 'USD')
  const seals: Seal[] = []
  const newest = new Map<number, Seal>()
  const witness = {
    name: 'bank',
    last: async (of: number) => newest.get(of),
    take: async (seal: Seal) => void newest.set(seal.book, (seals.push(seal), seal)),
  }
  bank = { witness: 'bank', seals }
  for (const draft of everyKind(new Date())) {
    await books.submit({ book, plan: () => ({ entries: [draft as never] }) })
    if (['tab', 'note', 'spend'].includes(draft.event))
      await sealBooks({ sql: books.sql, signer, witnesses: [witness], entries: 1 })
  }
  forger = new pg.Client(new URL(new URL(db.ownerUrl).pathname, db.adminUrl).href)
  forger.on('error', () => undefined) // the database is taken away before the connection
  await forger.connect()
})
after(async () => {
  await forger.end()
  await books.close()
})

/** Tampers in a transaction of the forger's, has the books read there, and undoes it. */
async function named(tamper: () => Promise<unknown>, outside = [bank]): Promise<string> {
  await forger.query('begin')
  try {
    await forger.query('set local session_replication_role = replica')
    await tamper()
    const { fault } = await verifyBook(forger, book, { outside, trusted: [signer.key] })
    return fault ? `${fault.seq} ${fault.field}` : 'proved'
  } finally {
    await forger.query('rollback')
  }
}

const unconstrained = `
  do $$ declare one record; begin
    for one in select conrelid::regclass as place, conname from pg_constraint
      where connamespace = 'ledger'::regnamespace and contype in ('c', 'u') loop
      execute format('alter table %s drop constraint %I', one.place, one.conname);
    end loop;
  end $$;
  drop index if exists ledger.pend_ends_once;`

test('the books are proved as they are, with every seal and every head outside', async () => {
  const [proof, empty] = await verifyBooks(db.url, { outside: [bank], trusted: [signer.key] })
  assert.deepEqual([proof!.fault, proof!.entries, proof!.accounts], [undefined, 18n, 5])
  assert.deepEqual(proof!.kept, { 'ledger.seal': 4, 'witness bank': 4 })
  assert.deepEqual([empty!.fault, empty!.entries], [undefined, 0n])
})

/** Another value of the same type; where nothing stood, something. */
const other: Record<string, (column: string) => string> = {
  bigint: column => `coalesce(${column} + 100, 1)`,
  smallint: column => `coalesce(${column} + 1, 1)`,
  integer: column => `${column} + 100`,
  uuid: () => `gen_random_uuid()`,
  text: column => `coalesce(${column}, '') || 'x'`,
  bytea: column => `set_byte(${column}, 7, get_byte(${column}, 7) # 1)`,
  'timestamp with time zone': column => `coalesce(${column}, now()) + interval '1 microsecond'`,
}
async function columnsOf(table: string): Promise<{ name: string; type: string }[]> {
  const { rows } = await forger.query(
    `select attname as name, format_type(atttypid, null) as type from pg_attribute
     where attrelid = $1::regclass and attnum > 0 and not attisdropped order by attnum`,
    [`ledger.${table}`],
  )
  return rows
}

test('every column of every entry: whichever is changed, that entry is named', async () => {
  const columns = await columnsOf('entry')
  assert.equal(columns.length, 28)
  for (const { name, type } of columns)
    for (let seq = 1; seq <= 18; seq++) {
      if (name === 'seq' || name === 'book') continue
      const change = `update ledger.entry set ${name} = ${other[type]!(name)} where book = ${book} and seq = ${seq}`
      const said = await named(() => forger.query(unconstrained + change))
      assert.match(said, new RegExp(`^${seq} `), `${name} of ${seq}`)
    }
})

test('every column of each table that stands beside the entries', async () => {
  const tables = {
    book: 'seq = 18',
    account: 'account = 3',
    balance: 'account = 2',
    seal: 'seq = 13',
    due: 'pend = 10',
  }
  for (const [table, row] of Object.entries(tables))
    for (const { name, type } of await columnsOf(table)) {
      // It says nothing: it keeps place on its page for the versions to come.
      if (name === 'room') continue
      const change = `update ledger.${table} set ${name} = ${other[type]!(name)} where book = ${book} and ${row}`
      const said = await named(() => forger.query(unconstrained + change))
      assert.notEqual(said, 'proved', `${table}.${name}`)
    }
})

test('a seal that is put off by less than a millisecond is still not what was signed', async () => {
  const late = `update ledger.seal set at = at + interval '1 microsecond' where seq = 13`
  assert.equal(await named(() => forger.query(late)), '13 ledger.seal')
})

const copyOf = (seq: number, as: number) => `
  create temp table copied on commit drop as
    select * from ledger.entry where book = ${book} and seq = ${seq};
  update copied set seq = ${as}, id = gen_random_uuid();
  insert into ledger.entry select * from copied;`
const attacks: [string, string, string][] = [
  ['an entry is deleted', `delete from ledger.entry where book = ${book} and seq = 8`, '8 seq'],
  [
    'an entry is deleted and the later ones move up',
    `delete from ledger.entry where book = ${book} and seq = 8;
     update ledger.entry set seq = seq + 1000 where book = ${book} and seq > 8;
     update ledger.entry set seq = seq - 1001 where book = ${book} and seq > 1000`,
    '8 debit_prev',
  ],
  [
    'an entry is put in at the end',
    `${copyOf(18, 19)} update ledger.book set seq = 19 where book = ${book}`,
    '19 debit_prev',
  ],
  [
    'an entry is put in between',
    `update ledger.entry set seq = seq + 1000 where book = ${book} and seq > 8;
     update ledger.entry set seq = seq - 999 where book = ${book} and seq > 1000; ${copyOf(8, 9)}`,
    '9 debit_prev',
  ],
  [
    'two entries change places',
    `update ledger.entry set seq = -8 where book = ${book} and seq = 8;
     update ledger.entry set seq = 8 where book = ${book} and seq = 9;
     update ledger.entry set seq = 9 where book = ${book} and seq = -8`,
    '8 debit_prev',
  ],
  [
    'an account loses its name',
    `delete from ledger.account where book = ${book} and account = 3`,
    '3 account',
  ],
  [
    'an account is named that nobody opened',
    `insert into ledger.account values (${book}, 77, 'purse/me')`,
    '77 account',
  ],
  [
    'a balance is lost',
    `delete from ledger.balance where book = ${book} and account = 3`,
    '15 balance',
  ],
  ['a pend is never to expire', `delete from ledger.due where book = ${book}`, '10 due'],
  ['a pend that ended is to expire', `insert into ledger.due values (${book}, now(), 7)`, '7 due'],
  [
    'a seal is deleted',
    `delete from ledger.seal where book = ${book} and seq = 13`,
    '13 ledger.seal',
  ],
  ['the book’s row is gone', `delete from ledger.book where book = ${book}`, '0 book'],
  ['the book is emptied', `delete from ledger.entry where book = ${book}`, '1 seq'],
]
for (const [what, tamper, place] of attacks)
  test(`${what}: ${place} is named`, async () =>
    assert.equal(await named(() => forger.query(unconstrained + tamper)), place))

test('a seal with another key is not believed, however well it is signed', async () => {
  const seal = bank.seals[1]!
  const { key, signature } = sealed(seal, signerOf(newKey()))
  const forge = () =>
    forger.query(`update ledger.seal set key = $1, signature = $2 where book = $3 and seq = $4`, [
      key,
      signature,
      book,
      seal.seq,
    ])
  assert.equal(await named(forge), `${seal.seq} ledger.seal`)
})

/** Keeps every entry's content but one, from `seq` on, with hashes that fit, seals taken away. */
async function rewriteFrom(seq: number): Promise<void> {
  await forger.query(`delete from ledger.seal where book = $1 and seq >= $2`, [book, seq])
  await forger.query(`update ledger.entry set subject = 'spd_mine' where book = $1 and seq = $2`, [
    book,
    seq,
  ])
  const { rows } = await forger.query(
    `select e.*, a.ref from ledger.entry e left join ledger.account a on a.book = e.book and a.account = e.seq
     where e.book = $1 order by e.seq`,
    [book],
  )
  let head = rows[seq - 2].hash as Buffer
  for (const row of rows.slice(seq - 1)) {
    const side = (name: string) =>
      row[name] === null
        ? null
        : {
            number: BigInt(row[name]),
            ref: 'a/a' as const,
            last: 0n,
            nth: 0n,
            before: row[`${name}_prev`],
            posted: row[`${name}_posted`],
            out: row[`${name}_out`],
            in: row[`${name}_in`],
            floor: row[`${name}_floor`],
            ceiling: row[`${name}_ceiling`],
            state: row[`${name}_state`],
          }
    const numbers = { code: row.kind, expiresAt: row.expires_at }
    const again = { ...row, ...numbers, debit: side('debit'), credit: side('credit') }
    head = chain(book, row.at, head, [again])[0]!
    await forger.query('update ledger.entry set hash = $1 where book = $2 and seq = $3', [
      head,
      book,
      row.seq,
    ])
  }
  await forger.query('update ledger.book set head = $1 where book = $2', [head, book])
}

async function backTo(seq: number): Promise<void> {
  for (const table of ['entry', 'seal'])
    await forger.query(`delete from ledger.${table} where book = $1 and seq > $2`, [book, seq])
  await forger.query(`delete from ledger.balance where book = $1`, [book])
  await forger.query(
    `insert into ledger.balance (book, account, last, nth, posted, out_, in_, floor, ceiling, state)
     select distinct on (account) book, account, seq, count(*) over (partition by account), posted, out_, in_,
            floor, ceiling, state
     from (
       select book, seq, debit, debit_posted, debit_out, debit_in, debit_floor, debit_ceiling, debit_state
       from ledger.entry where debit is not null
       union all
       select book, seq, credit, credit_posted, credit_out, credit_in, credit_floor, credit_ceiling, credit_state
       from ledger.entry where credit is not null
     ) as side (book, seq, account, posted, out_, in_, floor, ceiling, state)
     where book = $1 order by account, seq desc`,
    [book],
  )
  await forger.query(`delete from ledger.account where book = $1 and account > $2`, [book, seq])
  await forger.query(`delete from ledger.due where book = $1 and pend > $2`, [book, seq])
  await forger.query(
    `update ledger.book b set seq = e.seq, at = e.at, head = e.hash
     from ledger.entry e where b.book = $1 and e.book = b.book and e.seq = $2`,
    [book, seq],
  )
}

test('everything rewritten from an entry on, with new hashes: only the outside head tells', async () => {
  assert.equal(await named(() => rewriteFrom(8), []), 'proved')
  assert.equal(await named(() => rewriteFrom(8)), '8 witness bank')
  assert.equal(await named(() => rewriteFrom(9)), '13 witness bank')
  // As does a backup that was put back and has gone on otherwise.
  assert.equal(await named(() => rewriteFrom(15)), '18 witness bank')
})

test('the tail cut off, or an old backup put back: only the outside head tells', async () => {
  assert.equal(await named(() => backTo(14), []), 'proved')
  assert.equal(await named(() => backTo(14)), '15 witness bank')
})
