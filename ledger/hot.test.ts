import assert from 'node:assert/strict'
import { randomUUID } from 'node:crypto'
import { after, before, test } from 'node:test'
import { useDatabase } from '@bursar/database/testing'
import { cny } from '@bursar/money'
import pg from 'pg'
import {
  openBooks,
  Refusal,
  type Account,
  type Books,
  type Draft,
  type Facts,
  type Ride,
} from './ledger.ts'

const db = useDatabase()
let books: Books
const book = 1

before(async () => {
  await db.ready
  const owner = new pg.Client(db.ownerUrl)
  await owner.connect()
  await owner.query(`
    create schema shop;
    create table shop.sale (id uuid primary key, buyer text not null, minor bigint not null, ticket text,
      constraint no_sale_of_thirteen check (minor <> 1300));
    create table shop.slip (id uuid primary key, scan bytea);
    create table shop.ticket (code text primary key, used_by uuid);
    insert into shop.ticket select 'T' || n from generate_series(1, 50) n;
    grant usage on schema shop to bursar_app;
    grant select, insert on shop.sale, shop.slip to bursar_app;
    grant select, update on shop.ticket to bursar_app`)
  await owner.end()
  books = openBooks({ url: db.url })
  await books.openBook(book, 'CNY')
  const open = (account: Account, floor: bigint | null = 0n): Draft => ({
    kind: 'open',
    id: randomUUID(),
    event: 'open',
    account,
    floor,
  })
  const fill = post(randomUUID(), 'pool/bank', 'purse/ann', '1000.00')
  await books.submit({
    book,
    plan: () => ({
      entries: [open('pool/bank', null), open('purse/ann'), open('shop/till'), fill],
    }),
  })
})
after(() => books.close())

const post = (id: string, debit: Account, credit: Account, yuan: string): Draft => ({
  kind: 'post',
  id,
  event: 'sale',
  subject: id,
  debit,
  credit,
  amount: cny(yuan),
})

const sale: Ride = {
  statement:
    'insert into shop.sale (id, buyer, minor, ticket) select id, buyer, minor, ticket from $rows',
  columns: { id: 'uuid', buyer: 'text', minor: 'bigint', ticket: 'text' },
}
const useTicket: Ride = {
  statement: 'update shop.ticket set used_by = row.id from $rows where code = row.ticket',
  columns: { id: 'uuid', ticket: 'text' },
}
type Ticket = { usedBy: string | null }
const tickets: Facts<Ticket> = async (sql, keys) => {
  const rows = await sql<Ticket & { code: string }>`
    select code, used_by as "usedBy" from shop.ticket where code = any(${keys}) order by code for update`
  return new Map(rows.map(row => [row.code, row]))
}

const buy = (id: string, yuan: string, server = books) =>
  server.submit({
    book,
    plan: () => ({
      entries: [post(id, 'purse/ann', 'shop/till', yuan)],
      rides: [{ ride: sale, row: [id, 'Ann "the\\quick", {O’Brien}', cny(yuan).minor, null] }],
    }),
  })

const redeem = (id: string, ticket: string, server = books) =>
  server.submit<Ticket>({
    book,
    facts: tickets,
    key: ticket,
    plan: (_at, fact) => {
      if (!fact) throw new Refusal('no_such_ticket', { ticket })
      if (fact.usedBy !== null && fact.usedBy !== id) throw new Refusal('ticket_used', { ticket })
      return {
        entries: [post(id, 'purse/ann', 'shop/till', '1.00')],
        rides: [
          { ride: sale, row: [id, 'ann', 100n, ticket] },
          { ride: useTicket, row: [id, ticket] },
        ],
      }
    },
  })

const sales = async (id: string) =>
  books.sql<{ buyer: string }>`select buyer from shop.sale where id = ${id}`

test('a business row rides with its entry, exactly as it was said, once', async () => {
  const id = randomUUID()
  await Promise.all([buy(id, '2.00'), buy(id, '2.00'), buy(id, '2.00')])
  assert.deepEqual(await sales(id), [{ buyer: 'Ann "the\\quick", {O’Brien}' }])
})

test('bytes ride as they were said, with none and with absent ones among their neighbours', async () => {
  const slip: Ride = {
    statement: 'insert into shop.slip (id, scan) select id, scan from $rows',
    columns: { id: 'uuid', scan: 'bytea' },
  }
  const keep = async (...scans: (Buffer | null)[]) => {
    const rows = scans.map(scan => ({ id: randomUUID(), scan }))
    const entries = [post(randomUUID(), 'purse/ann', 'shop/till', '1.00')]
    const rides = rows.map(({ id, scan }) => ({ ride: slip, row: [id, scan] }))
    await books.submit({ book, plan: () => ({ entries, rides }) })
    const ids = rows.map(row => row.id)
    const kept = await books.sql`
      select id, scan from shop.slip where id = any(${ids}::uuid[]) order by array_position(${ids}::uuid[], id)`
    assert.deepEqual(kept, rows)
  }
  const every = Buffer.from(Array.from({ length: 256 }, (_, at) => at))
  await keep(every, Buffer.alloc(0), Buffer.from('{"\\x,}'))
  await keep(every, null, Buffer.alloc(0))
  await keep(null)
})

test('a refused command leaves no row, and its neighbours in the batch are not touched', async () => {
  const [good, bad] = [randomUUID(), randomUUID()]
  const said = await Promise.allSettled([buy(good, '1.00'), buy(bad, '5000.00')])
  assert.deepEqual(
    said.map(one => one.status),
    ['fulfilled', 'rejected'],
  )
  assert.equal((await sales(good)).length, 1)
  assert.equal((await sales(bad)).length, 0)
})

test('a row that its table refuses fails alone, and its money has not moved', async () => {
  const [good, bad] = [randomUUID(), randomUUID()]
  const [first, second] = await Promise.allSettled([buy(good, '1.00'), buy(bad, '13.00')])
  assert.equal(first!.status, 'fulfilled')
  assert.equal((second as PromiseRejectedResult).reason.constraint, 'no_sale_of_thirteen')
  const feed = await books.entries(book, 0n)
  assert.ok(feed.some(entry => entry.id === good) && !feed.some(entry => entry.id === bad))
})

test('one ticket at two servers at once is used once; the same wish again is the same answer', async () => {
  const other = openBooks({ url: db.url })
  for (const ticket of ['T1', 'T2', 'T3', 'T4', 'T5', 'T6', 'T7', 'T8']) {
    const ids = Array.from({ length: 8 }, () => randomUUID())
    const said = await Promise.allSettled(
      ids.map((id, i) => redeem(id, ticket, i % 2 ? books : other)),
    )
    const winners = ids.filter((_, i) => said[i]!.status === 'fulfilled')
    assert.equal(winners.length, 1, ticket)
    assert.equal((await redeem(winners[0]!, ticket, other)).again, true)
    await assert.rejects(redeem(randomUUID(), ticket), { code: 'ticket_used' })
  }
  await other.close()
  await assert.rejects(redeem(randomUUID(), 'T999'), { code: 'no_such_ticket' })
})

test('when connections are cut under load, each command is there once or was refused, none in between', async () => {
  // As a superuser: who is neither of a role yet, nor any more, may be cut by nobody else.
  const killer = new pg.Client(db.adminUrl)
  const [here] = await books.sql<{ name: string }>`select current_database() as name`
  await killer.connect()
  const ids = Array.from({ length: 600 }, () => randomUUID())
  let stop = false
  const killing = (async () => {
    for (let kills = 0; kills < 25 && !stop; kills++) {
      await killer.query(
        `select pg_terminate_backend(pid) from pg_stat_activity
        where application_name = 'bursar' and datname = $1`,
        [here!.name],
      )
      await new Promise(resolve => setTimeout(resolve, 30))
    }
  })()
  const waves = [0, 1, 2].map(i => ids.slice(i * 200, i * 200 + 200))
  const said: PromiseSettledResult<unknown>[] = []
  for (const wave of waves)
    said.push(...(await Promise.allSettled(wave.map(id => buy(id, '0.10')))))
  stop = true
  await killing
  await killer.end()
  const unknown = ids.filter((_, i) => said[i]!.status === 'rejected')
  for (const id of unknown) await buy(id, '0.10')
  const [count] = await books.sql<{ sales: bigint; entries: bigint }>`
    select count(*) as sales, count(e.id) as entries
    from shop.sale s join ledger.entry e on e.id = s.id where s.id = any(${ids}::uuid[])`
  assert.deepEqual(count, { sales: 600n, entries: 600n })
})

test('too many waiting is said at once, not after a time-out', async () => {
  const small = openBooks({ url: db.url, queue: 3 })
  const ids = Array.from({ length: 10 }, () => randomUUID())
  const said = await Promise.allSettled(ids.map(id => buy(id, '0.01', small)))
  assert.equal(said.filter(one => one.status === 'fulfilled').length, 3)
  await small.close()
})

test('one command that says the same id twice is refused, and does not go round for ever', async () => {
  const id = randomUUID()
  const twice = () => ({
    entries: [
      post(id, 'purse/ann', 'shop/till', '0.01'),
      post(id, 'purse/ann', 'shop/till', '0.01'),
    ],
  })
  await assert.rejects(books.submit({ book, plan: twice }), RangeError)
})
