/** Archives: old entries go to a file, what they came to stays, and the book goes on. */
import assert from 'node:assert/strict'
import { spawnSync } from 'node:child_process'
import { test } from 'node:test'
import { useDatabase } from '@bursar/database/testing'
import { cny } from '@bursar/money'
import pg from 'pg'
import { archivesIn } from './archive.file.ts'
import { day, open, pay, payments, start, useArchive } from './archive.testing.ts'
import { readOut } from './journal.ts'
import { openBooks, type Draft } from './ledger.ts'
import { newKey, signerOf } from './seals.keys.ts'

const db = useDatabase()
const old = useArchive(db)
const said = (event: string) => ({ id: crypto.randomUUID(), event })

test('an archived book goes on: balances, statements, states of since, and money that moves', async () => {
  const { book, pend, bar } = await old.oldBook()
  const balances = await old
    .books()
    .balances(book, ['pool/bank', 'purse/ann', 'purse/bob', 'shop/till'])
  const seq = await old.ends(book)
  const { from, to, kept, went } = await old.archive(book)
  assert.deepEqual([from, to], [1n, seq])
  assert.equal(kept + went, seq)
  assert.ok(kept <= 6n, `${kept} entries stay`)
  const stands = 'select count(*) from ledger.entry where book = $1'
  assert.equal(BigInt((await old.owner().query(stands, [book])).rows[0].count), kept)
  assert.deepEqual(
    await old.books().balances(book, ['pool/bank', 'purse/ann', 'purse/bob', 'shop/till']),
    balances,
  )
  assert.deepEqual(await old.books().balance(book, 'purse/ann', old.clock()), balances[1])

  await old.submit(book, { ...said('paid'), kind: 'settle', pend, amount: cny('4.00') })
  await assert.rejects(old.submit(book, pay('purse/ann', 'purse/bob', '1.00')), {
    code: 'account_frozen',
  })
  await old.submit(book, { ...said('lift'), kind: 'lift', bar })
  await old.submit(book, ...Array.from({ length: 70 }, () => pay('purse/ann', 'purse/bob', '1.00')))
  const page = await old.books().statement(book, 'purse/ann', { limit: 200 })
  const opening = page.find(({ entry }) => entry.seq <= to)!
  assert.deepEqual(opening.after, balances[1], 'what the account was')
  assert.equal(page.indexOf(opening), 71, 'all since')
  assert.equal((await old.prove(book)).fault, undefined)
  assert.equal((await old.prove(book)).after, to)
})

test('with its files an archived book is proved from nothing, and a second archive follows the first', async () => {
  const { book, pend } = await old.oldBook()
  const first = await old.archive(book)
  await old.submit(book, { ...said('paid'), kind: 'void', pend })
  await old.submit(book, ...payments(100))
  await old.seal()
  old.later(day)
  const second = await old.archive(book)
  assert.equal(second.from, first.to + 1n)
  await old.submit(book, pay('shop/till', 'purse/ann', '3.00'))
  assert.equal((await archivesIn(old.folderOf(book), book)).length, 2)
  const whole = await old.prove(book, old.folderOf(book))
  assert.equal(whole.fault, undefined)
  assert.deepEqual([whole.after, whole.entries], [0n, await old.ends(book)])
  assert.equal((await old.prove(book)).fault, undefined)
  const { rows } = await old
    .owner()
    .query('select count(*) from ledger.archived where book = $1', [book])
  assert.equal(BigInt(rows[0].count) + second.kept, second.to)
})

test('an id means the same for ever: what was archived is never done again, nor refused as though it never was', async () => {
  const { book, spent, first } = await old.oldBook()
  await old.archive(book)
  const seq = await old.ends(book)
  const archived = { code: 'archived', facts: { id: spent.id, seq: 6n } }
  await assert.rejects(old.submit(book, spent), archived)
  // Another process, which remembers nothing.
  const other = openBooks({ url: db.url, clock: old.clock })
  await assert.rejects(other.submit({ book, plan: () => ({ entries: [spent] }) }), archived)
  // Where it would be a "no" now.
  const dear = { ...spent, amount: cny('9000.00') } as Draft
  await assert.rejects(old.submit(book, dear), archived)
  await assert.rejects(old.submit(book, first), { code: 'archived' })
  await assert.rejects(
    old.books().write(async tx => tx.append(book, spent)),
    archived,
  )
  assert.equal(await old.ends(book), seq)
  await other.close()
})

test('an archived book is read out from its opening balances on, and hledger adds it up', async () => {
  const { book } = await old.oldBook()
  const { to } = await old.archive(book)
  await old.submit(book, pay('purse/ann', 'shop/till', '1.00'), open('purse/cat'))
  let journal = ''
  await readOut(db.reportUrl, book, 'hledger', text => void (journal += text))
  assert.match(journal, new RegExp(`\\(${to}\\) opening balances`))
  assert.match(journal, /purse:ann {2}CNY -347\.00 = CNY -347\.00/)
  assert.match(journal, /purse:ann {2}CNY 1\.00 = CNY -346\.00/)
  let csv = ''
  await readOut(db.reportUrl, book, 'csv', text => void (csv += text))
  assert.deepEqual(
    csv
      .split('\r\n')
      .slice(1, -1)
      .map(line => line.split(',')[0]),
    [`${to + 1n}`, `${to + 2n}`],
  )
  const env = { ...process.env, LC_ALL: 'C.UTF-8' }
  const checked = spawnSync('hledger', ['-f', '-', 'check', '--strict', 'ordereddates'], {
    input: journal,
    encoding: 'utf8',
    env,
  })
  if (checked.error === undefined) assert.equal(checked.stderr, '')
})

test('a moment of the archive and a feed from within it are told as archived', async () => {
  const { book } = await old.oldBook()
  const { to } = await old.archive(book)
  await assert.rejects(old.books().balance(book, 'purse/ann', new Date(start - 1)), {
    code: 'archived',
  })
  await assert.rejects(old.books().entries(book, 3n), { code: 'archived' })
  await old.submit(book, pay('purse/ann', 'shop/till', '1.00'))
  assert.deepEqual(
    (await old.books().entries(book, to)).map(({ seq }) => seq),
    [to + 1n],
  )
})

test('an archive that breaks off when its entries were let go holds nobody up, is proved as it stands, and is gone on with', async () => {
  const { book, spent } = await old.oldBook()
  const reader = new pg.Client({ connectionString: db.ownerUrl })
  await reader.connect()
  await reader.query('begin')
  await reader.query('select from ledger.entry where book = $1 and seq = 6 for update', [book])
  const broken = assert.rejects(old.archive(book), /terminat/)
  const waiting = `select pid from pg_stat_activity where datname = current_database()
    and application_name = '' and wait_event_type = 'Lock'`
  let pid: number | undefined
  while (pid === undefined) pid = (await old.owner().query(waiting)).rows[0]?.pid
  assert.equal((await old.submit(book, spent)).again, true)
  await old.owner().query('select pg_terminate_backend($1)', [pid])
  await broken
  await reader.end()
  for (const folder of [undefined, old.folderOf(book)])
    assert.equal((await old.prove(book, folder)).fault, undefined)
  assert.equal((await old.submit(book, spent)).again, true)
  await assert.rejects(old.archive(book), /no sealed entry/)
  await assert.rejects(old.submit(book, spent), { code: 'archived' })
  for (const folder of [undefined, old.folderOf(book)])
    assert.equal((await old.prove(book, folder)).fault, undefined)
})

test('an archive waits as long as it must, whatever its database allows others, and leaves no connection', async () => {
  const { book } = await old.oldBook()
  const url = new URL(db.ownerUrl)
  url.searchParams.set('application_name', 'waits')
  url.searchParams.set('options', '-c statement_timeout=50')
  const reader = new pg.Client({ connectionString: db.ownerUrl })
  await reader.connect()
  await reader.query('begin')
  await reader.query('select from ledger.entry where book = $1 and seq = 6 for update', [book])
  let ended = false
  const archiving = old
    .archive(book, undefined, undefined, url.href)
    .finally(() => void (ended = true))
  const waiting = `select from pg_stat_activity where application_name = 'waits'
    and wait_event_type = 'Lock' and query_start < clock_timestamp() - interval '100 ms'`
  while (!ended && (await old.owner().query(waiting)).rowCount === 0);
  await reader.end()
  await archiving
  const left = `select from pg_stat_activity where application_name = 'waits'`
  assert.equal((await old.owner().query(left)).rowCount, 0)
})

test('the last entry of an archive stays, of whatever kind it is', async () => {
  const { book } = await old.oldBook()
  await old.submit(book, { ...said('noted'), kind: 'memo' })
  await old.seal()
  old.later(day)
  const { to } = await old.archive(book)
  assert.equal(to, await old.ends(book))
  const { rows } = await old
    .owner()
    .query('select kind from ledger.entry where book = $1 and seq = $2', [book, String(to)])
  assert.equal(rows.length, 1)
  assert.equal((await old.prove(book, old.folderOf(book))).fault, undefined)
})

test('nothing goes that is not sealed and old, and nobody but the owner lets it go', async () => {
  const { book } = await old.oldBook()
  await assert.rejects(old.archive(9_999), /There is no book 9999/)
  await assert.rejects(old.archive(book, start), /no sealed entry from before/)
  await old.submit(book, pay('purse/ann', 'shop/till', '1.00'))
  const seq = await old.ends(book)
  assert.equal((await old.archive(book)).to, seq - 1n, 'the newest entry is not sealed')
  await assert.rejects(old.archive(book), /no sealed entry/)
  const digest = Buffer.alloc(32)
  const call = 'select ledger.let_go($1, $2, 1, $3, $3, $3)'
  await assert.rejects(
    old.books().sql`select ledger.let_go(${book}, ${seq}, 1, ${digest}, ${digest}, ${digest})`,
    { code: '42501' },
  )
  await assert.rejects(old.owner().query(call, [book, String(seq), digest]), /has no sealed entry/)
  await assert.rejects(old.owner().query('delete from ledger.entry where book = $1', [book]), {
    code: '42501',
  })
  await assert.rejects(old.owner().query('delete from ledger.archived where book = $1', [book]), {
    code: '42501',
  })
  assert.equal((await old.prove(book)).fault, undefined)
})

test('a book is archived while eight callers go on, and nothing is lost or done twice', async () => {
  const { book, spent } = await old.oldBook()
  let going = true
  let done = 0
  const caller = async () => {
    while (going) {
      await old.submit(
        book,
        pay('purse/ann', 'shop/till', '0.01'),
        pay('shop/till', 'purse/ann', '0.01'),
      )
      done++
      await assert.rejects(
        old.submit(book, { ...spent, subject: 'other' } as Draft),
        /archived|id_already_used/,
      )
    }
  }
  const callers = Array.from({ length: 8 }, caller)
  const { to } = await old.archive(book)
  going = false
  await Promise.all(callers)
  assert.ok(done > 0)
  const seq = await old.ends(book)
  assert.ok(seq > to)
  const proof = await old.prove(book, old.folderOf(book))
  assert.equal(proof.fault, undefined)
  assert.equal(proof.entries, seq)
})

test('an opening is signed by a key that has sealed the book, or nothing goes', async () => {
  const { book } = await old.oldBook()
  const other = signerOf(newKey())
  await assert.rejects(
    old.archive(book, undefined, other),
    /Nothing of book \d+ was sealed with the key/,
  )
  const row = 'insert into ledger.archive values ($1, 1, now(), $2, 1, $2, $2, $3)'
  await assert.rejects(
    old.owner().query(row, [book, other.key, Buffer.alloc(64)]),
    /was sealed with this key/,
  )
  assert.equal((await old.archive(book)).from, 1n)
})

test('outside of a demo nothing goes that is not 30 days old', async () => {
  old.later(Date.now() - old.clock().getTime())
  const { book } = await old.oldBook()
  const seq = await old.ends(book)
  await old.owner().query('delete from ledger.demo')
  try {
    await assert.rejects(old.archive(book), /no sealed entry from before .* that is 30 days old/)
    const zero = Buffer.alloc(32)
    const call = 'select ledger.let_go($1, $2, 1, $3, $3, $3)'
    await assert.rejects(old.owner().query(call, [book, String(seq), zero]), /is not 30 days old/)
  } finally {
    await old.owner().query('insert into ledger.demo default values')
  }
})
