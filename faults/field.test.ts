/** The concurrency cases that others publish: Jepsen's bank and ledger, double spends, write skew, one key with two bodies. */
import assert from 'node:assert/strict'
import { randomUUID } from 'node:crypto'
import { after, before, test } from 'node:test'
import { connected } from '@bursar/database'
import { useDatabase } from '@bursar/database/testing'
import {
  openBooks,
  Refusal,
  type Account,
  type Books,
  type Draft,
  type Facts,
  type Ride,
} from '@bursar/ledger'
import { diceOf, newSeed } from './dice.ts'
import { fen } from './wishes.ts'

const db = useDatabase()
const book = 1
const seed = newSeed()
const dice = diceOf(seed)
let servers: Books[]

before(async () => {
  await db.ready
  servers = [openBooks({ url: db.url }), openBooks({ url: db.url })]
  await servers[0]!.openBook(book, 'CNY')
  await submit([{ kind: 'open', ...named(), account: 'pool/custody', floor: null }])
  await connected(db.ownerUrl, on =>
    on.script(`
      create schema ward;
      create table ward.shift (name text primary key, doctors integer not null);
      grant usage on schema ward to bursar_app;
      grant select, insert, update on ward.shift to bursar_app`),
  )
})
after(() => Promise.all(servers.map(server => server.close())))

const named = () => ({ id: randomUUID(), event: 'test' })
const submit = (entries: readonly Draft[], server = servers[0]!) =>
  server.submit({ book, plan: () => ({ entries }) })
const either = (i: number) => servers[i % servers.length]!

/** Posts so many fen, under a new id or the one given. */
const move = (debit: Account, credit: Account, sum: number, id = randomUUID()): Draft => ({
  ...named(),
  id,
  kind: 'post',
  debit,
  credit,
  amount: fen(sum),
})

/** A new account that holds so much. */
async function filled(sum: number): Promise<Account> {
  const account: Account = `purse/${randomUUID()}`
  await submit([{ kind: 'open', ...named(), account }, move('pool/custody', account, sum)])
  return account
}

const outcomes = async (all: readonly Promise<unknown>[]) => {
  const said = await Promise.allSettled(all)
  const codes = said.map(one =>
    one.status === 'fulfilled' ? 'done' : (one.reason as Refusal).code,
  )
  return Object.fromEntries(
    [...new Set(codes)].map(code => [code, codes.filter(one => one === code).length]),
  )
}

test(`F29 while 8 accounts pay each other at two servers, every reading of them adds up to what there is (seed ${seed})`, async () => {
  const accounts = await Promise.all(Array.from({ length: 8 }, (_, i) => filled(i === 0 ? 30 : 10)))
  let [done, readings] = [0, 0]
  const payer = async (i: number) => {
    for (let times = 0; times < 30; times++) {
      const [from, to] = [dice.of(accounts), dice.of(accounts)]
      await submit([move(from, to, 1 + dice.below(5))], either(i)).then(
        () => done++,
        (error: Refusal) => assert.match(error.code, /^(insufficient_funds|same_account)$/),
      )
    }
  }
  let paying = true
  const reader = async (i: number) => {
    while (paying) {
      const sides = await either(i).balances(book, accounts)
      assert.equal(sides.length, 8)
      assert.ok(sides.every(({ posted }) => posted >= 0n))
      assert.equal(
        sides.reduce((sum, { posted }) => sum + posted, 0n),
        100n,
      )
      readings++
    }
  }
  const reading = Promise.all([reader(0), reader(1)])
  await Promise.all(Array.from({ length: 16 }, (_, i) => payer(i)))
  paying = false
  await reading
  assert.ok(done > 50 && readings > 5, `${done} payments, ${readings} readings`)
})

test('F29 of 64 who spend 9 of the same 10 at once, at two servers, one does: twenty times', async () => {
  for (let round = 0; round < 20; round++) {
    const [purse, till] = [await filled(10), await filled(0 + 1)]
    const all = Array.from({ length: 64 }, (_, i) => submit([move(purse, till, 9)], either(i)))
    assert.deepEqual(await outcomes(all), { done: 1, insufficient_funds: 63 })
    assert.equal((await either(round).balance(book, purse))!.posted, 1n)
  }
})

test('F29 of 1 to 16 who take 9 while 10 are paid in, no more take than were paid for', async () => {
  for (let takers = 1; takers <= 16; takers++) {
    const [purse, till] = [await filled(10), await filled(1)]
    const paidIn = submit([move('pool/custody', purse, 10)], either(takers))
    const taking = Array.from({ length: takers }, (_, i) =>
      submit([move(purse, till, 9)], either(i)),
    )
    const { done = 0 } = await outcomes(taking)
    await paidIn
    assert.ok(done >= 1 && done <= 2, `${done} of ${takers}`)
    assert.equal((await either(takers).balance(book, purse))!.posted, 20n - 9n * BigInt(done))
  }
})

test('F42 one id with two contents at once, at two servers: one of them stands, and is what everybody hears of', async () => {
  for (let round = 0; round < 10; round++) {
    const [purse, till, id] = [await filled(100), await filled(1), randomUUID()]
    const wish = (i: number) => submit([move(purse, till, i % 4 < 2 ? 3 : 4, id)], either(i))
    const all = Array.from({ length: 32 }, (_, i) => wish(i))
    assert.deepEqual(await outcomes(all), { done: 16, id_already_used: 16 })
    const left = (await either(round).balance(book, purse))!.posted
    const said = await Promise.allSettled(all)
    const sums = said.flatMap(one =>
      one.status === 'fulfilled' ? one.value.entries[0]!.amount!.minor : [],
    )
    assert.deepEqual([...new Set(sums)], [100n - left])
    const fresh = said.filter(one => one.status === 'fulfilled' && !one.value.again)
    assert.equal(fresh.length, 1)
  }
})

type Shift = { name: string; doctors: number }
const shifts: Facts<Shift> = async (sql, keys) => {
  const rows = await sql<Shift>`
    select name, doctors from ward.shift where name = any(${keys}) order by name for update`
  return new Map(rows.map(row => [row.name, row]))
}
const leave: Ride = {
  statement: 'update ward.shift set doctors = row.doctors from $rows where shift.name = row.name',
  columns: { name: 'text', doctors: 'integer' },
}

/** Hot, gathered: each leaves if another one stays. */
const leavesHot = (name: string, pay: Draft, server: Books) =>
  server.submit<Shift>({
    book,
    facts: shifts,
    key: name,
    plan: (_at, fact) => {
      if (fact!.doctors < 2) throw new Refusal('last_one')
      return { entries: [pay], rides: [{ ride: leave, row: [name, fact!.doctors - 1] }] }
    },
  })

/** Cold, in a transaction of its own. */
const leavesCold = (name: string, pay: Draft, server: Books) =>
  server.write(async tx => {
    const [row] = await tx.sql<Shift>`
      select name, doctors from ward.shift where name = ${name} for update`
    if (row!.doctors < 2) throw new Refusal('last_one')
    await tx.sql`update ward.shift set doctors = doctors - 1 where name = ${name}`
    tx.append(book, pay)
  })

test('F29 of two who may each leave if the other one stays, one does, hot, cold, and one of each', async () => {
  const purse = await filled(1000)
  const till = await filled(1)
  const ways = [leavesHot, leavesCold]
  for (let round = 0; round < 16; round++) {
    const name = randomUUID()
    await servers[0]!.sql`insert into ward.shift values (${name}, 2)`
    const two = [0, 1].map(i => ways[(round >> i) & 1]!(name, move(purse, till, 1), either(i)))
    assert.deepEqual(await outcomes(two), { done: 1, last_one: 1 })
    const [shift] = await servers[1]!
      .sql<Shift>`select doctors from ward.shift where name = ${name}`
    assert.equal(shift!.doctors, 1)
  }
  assert.equal((await servers[0]!.balance(book, till))!.posted, 17n)
})

test('F12 a crowd whose connections are cut, with refusals and facts among it, at two servers: each is there once or was refused', async () => {
  const [purse, till, name] = [await filled(500), await filled(1), randomUUID()]
  await servers[0]!.sql`insert into ward.shift values (${name}, ${1000})`
  const wishes = Array.from({ length: 800 }, (_, i) => ({
    pay: move(purse, till, 1),
    fact: i % 50 === 0,
  }))
  const ask = ({ pay, fact }: (typeof wishes)[number], i: number) =>
    fact ? leavesHot(name, pay, either(i)) : submit([pay], either(i))
  const [here] = await servers[0]!.sql<{ name: string }>`select current_database() as name`
  const asked = Promise.allSettled(wishes.map(ask))
  for (let cuts = 0; cuts < 6; cuts++)
    await connected(
      db.adminUrl,
      on => on.sql`
      select pg_terminate_backend(pid) from pg_stat_activity
      where application_name = 'bursar' and datname = ${here!.name}`,
    )
  await asked
  const again = await outcomes(wishes.map(ask))
  assert.deepEqual(again, { done: 500, insufficient_funds: 300 })
  assert.equal((await servers[1]!.balance(book, purse))!.posted, 0n)
  const [shift] = await servers[1]!.sql<Shift>`select doctors from ward.shift where name = ${name}`
  const [paid] = await servers[1]!.sql<{ facts: bigint }>`
    select count(*) as facts from ledger.entry
    where id = any(${wishes.filter(({ fact }) => fact).map(({ pay }) => pay.id)}::uuid[])`
  assert.equal(1000 - shift!.doctors, Number(paid!.facts))
})
