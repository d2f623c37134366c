import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { test } from 'node:test'
import { connected } from './connect.ts'
import { placements, shardFaults, useDatabase } from './testing.ts'
import type { Placed } from './shards.testing.ts'

const db = useDatabase()
const page = readFileSync(new URL('distribute.sql', import.meta.url), 'utf8')
const faults = async (change = '', placed?: readonly Placed[]) => {
  const all = placed ?? (await placements(db.superUrl))
  return connected(db.superUrl, async on => {
    await on.script('begin')
    await on.script(change)
    const found = await shardFaults(on, all)
    await on.script('rollback')
    return found
  })
}

test('every table has its place on a cluster, and nothing on a shard lacks its book', async () => {
  assert.deepEqual(await faults(), [])
})

test('what lies on shards lies by book, beside the book itself', async () => {
  const [first, ...others] = (await placements(db.superUrl)).filter(
    ({ kind }) => kind === 'distributed',
  )
  assert.deepEqual([first!.name, first!.by], ['ledger.book', 'book'])
  for (const { name, by, beside } of others)
    assert.deepEqual([by, beside], ['book', 'ledger.book'], name)
})

test('an append goes to the node of its book, and so does everything that is asked of one book', async () => {
  const placed = (await placements(db.superUrl)).filter(({ kind }) => kind === 'function')
  for (const name of ['append', 'move'])
    assert.ok(placed.some(one => one.name.startsWith(`ledger.${name}(`)))
  for (const { name, by, beside } of placed) {
    assert.deepEqual([by, beside], ['p_book', 'ledger.book'], name)
    const named = await connected(
      db.superUrl,
      on => on.sql`
      select from pg_proc
      where oid = ${name}::regprocedure and proargnames[1] = 'p_book' and proargtypes[0] = 'integer'::regtype`,
    )
    assert.equal(named.length, 1, `${name} begins with p_book`)
  }
})

test('every function of the ledger that the server may call is there, or asks of all books', async () => {
  const callable = await connected(
    db.superUrl,
    on => on.sql<{ name: string }>`
    select p.oid::regprocedure::text as name from pg_proc p
    where p.pronamespace = 'ledger'::regnamespace and has_function_privilege('bursar_app', p.oid, 'execute')`,
  )
  const placed = new Set((await placements(db.superUrl)).map(({ name }) => name))
  assert.deepEqual(
    callable.map(({ name }) => name).filter(name => !placed.has(name)),
    ['ledger.unsealed(bigint,interval)'],
  )
})

const wrong: readonly [what: string, change: string, fault: RegExp][] = [
  [
    'a table that nobody placed',
    'create table ledger.tea (book integer)',
    /ledger.tea is named 0 times/,
  ],
  [
    'a key without book',
    'alter table custody.code drop constraint code_pkey, add primary key (digest)',
    /custody.code_pkey is unique without book/,
  ],
  [
    'a unique index without book',
    'create unique index one_hash on ledger.entry (hash) where kind = 1',
    /ledger.one_hash is unique without book/,
  ],
  [
    'book beside a unique index, and not in it',
    'create unique index one_hash on ledger.entry (hash) include (book)',
    /ledger.one_hash is unique without book/,
  ],
  [
    'a reference without book',
    `alter table ledger.book add unique (currency, book);
     alter table custody.spend add column c text, add column b integer,
       add constraint of_book foreign key (c, b) references ledger.book (currency, book)`,
    /custody.spend.of_book refers to ledger.book without book/,
  ],
  [
    'a reference from every node to a shard',
    `alter table custody.pool add constraint of_book foreign key (book) references ledger.book`,
    /custody.pool.of_book refers from every node to ledger.book/,
  ],
  [
    'a reference from a shard to what stays at home',
    `alter table custody.spend add column s text references parties.session`,
    /custody.spend.spend_s_fkey refers from a shard to parties.session/,
  ],
  [
    'a book that may be missing',
    'alter table custody.refund drop constraint refund_pkey cascade; alter table custody.refund alter book drop not null',
    /custody.refund has no column book integer not null/,
  ],
]
for (const [what, change, fault] of wrong)
  test(`${what} is found out`, async () => assert.match((await faults(change)).join('\n'), fault))

test('a table that is named twice, or before what it refers to, is found out', async () => {
  const twice = await placements(
    db.superUrl,
    `${page}; select create_reference_table('ledger.book')`,
  )
  assert.match((await faults('', twice)).join('\n'), /ledger.book is named 2 times/)
  const turned = (await placements(db.superUrl)).toReversed()
  assert.match(
    (await faults('', turned)).join('\n'),
    /custody.refund is named before custody.spend/,
  )
})
