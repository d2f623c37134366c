/** Payments that do not fit: where they stand, that they stand once, and how they go back. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { setTimeout as sleep } from 'node:timers/promises'
import { newId } from '@bursar/kernel'
import { openBooks } from '@bursar/ledger'
import { cny } from '@bursar/money'
import { openHitches } from './hitches.ts'
import { receiveNotice, type Received } from './inbox.ts'
import { pollWithdrawals } from './parts.ts'
import { useTown } from './testing.ts'
import { pollTopUps, readTopUp, startTopUp } from './topUps.ts'

const town = useTown()
const { wallet, notice, pay, orders } = town.wallet
const back = 'https://bursar.test/back'

async function order(yuan: string, more: { at?: Date } = {}) {
  const merchant = await town.merchant()
  const { person: by, purse } = await town.member(merchant)
  const id = newId('top')
  await startTopUp(town.books, wallet, {
    id,
    purse,
    amount: cny(yuan),
    by,
    returnUrl: back,
    ...more,
  })
  return { id, purse, by, merchant }
}
const hear = (received: Received) => receiveNotice(town.books, wallet, received)
const stateOf = async (id: `top_${string}`) => (await readTopUp(town.books, id)).state
const suspended = () => town.posted('pool/suspense')
const reasonOf = async (about: string) =>
  (
    await town.books.sql<{ reason: string; state: string }>`
    select reason, state from custody.suspense where about = ${about}`
  )[0]

test('P1-02 P1-08 what the platform took is not credited at another sum: it is in suspense, and the order makes room again', async () => {
  const { id, purse, by } = await order('5000.00', { at: new Date(Date.now() - 60_000) })
  orders.get(id)!.amount = cny('4999.99')
  pay(id)
  const before = await suspended()
  await pollTopUps(town.books, wallet)
  assert.equal(await suspended(), before + 499999n)
  assert.equal((await reasonOf(id))!.reason, 'wrong_amount')
  assert.equal(await stateOf(id), 'closed')
  assert.equal(await town.available(purse), 0n)
  const again = { id: newId('top'), purse, amount: cny('5000.00'), by, returnUrl: back }
  assert.equal((await startTopUp(town.books, wallet, again)).state, 'waiting')
})

test('P1-02 orders of which the platform knows nothing do not stop the poller from one that was paid', async () => {
  const at = (seconds: number) => ({ at: new Date(Date.now() - seconds * 1000) })
  for (const seconds of [90, 89, 88]) orders.delete((await order('1.00', at(seconds))).id)
  const { id } = await order('1.00', at(60))
  pay(id)
  await pollTopUps(town.books, wallet, { limit: 2 })
  assert.equal(await stateOf(id), 'credited')
})

test('P1-08 P1-28 money that came too late, or at another sum, goes back to who paid it', async () => {
  const ids: string[] = []
  for (const late of [true, false]) {
    const { id } = await order('30.00', { at: new Date(Date.now() - 16 * 60_000) })
    if (late) await pollTopUps(town.books, wallet)
    else orders.get(id)!.amount = cny('29.99')
    pay(id)
    if (late) await hear(notice({ order: id }))
    else await pollTopUps(town.books, wallet)
    assert.equal((await reasonOf(id))!.reason, late ? 'order_ended' : 'wrong_amount')
    ids.push(id)
  }
  await pollWithdrawals(town.books, wallet, { olderThanMs: 0 })
  for (const id of ids) assert.notEqual((await reasonOf(id))!.state, 'unclaimed')
  const sums = [...town.wallet.refunds.values()].map(({ minor }) => minor)
  for (const sum of [3000n, 2999n]) assert.equal(sums.filter(one => one === sum).length, 1)
})

test('P1-02 an order that always throws is asked about later, is told of, and stops none of those behind it', async () => {
  const at = (seconds: number) => ({ at: new Date(Date.now() - seconds * 1000) })
  const [bad, good] = [await order('1.00', at(70)), await order('1.00', at(60))]
  let asked = 0
  const throwing: typeof wallet = {
    ...wallet,
    async query(id) {
      if (id === bad.id) asked++
      if (id === bad.id) throw new TypeError('of somebody by name')
      return wallet.query(id)
    },
  }
  pay(good.id)
  for (const round of [1, 2]) {
    const { failed } = await pollTopUps(town.books, throwing, { limit: 1 })
    assert.equal(failed, round === 1 ? 1 : 0)
  }
  assert.equal(await stateOf(good.id), 'credited')
  assert.equal(asked, 1, 'not in every round')
  const told = (await openHitches(town.books)).find(({ job }) => job === 'top_up')!
  assert.deepEqual([told.count, told.subject, told.error], [1, bad.id, 'TypeError'])
  const later = new Date(Date.now() + 11_000)
  pay(bad.id)
  await pollTopUps(town.books, wallet, { now: later })
  assert.equal(await stateOf(bad.id), 'credited')
  assert.equal((await openHitches(town.books)).find(({ job }) => job === 'top_up')!.count, 0)
})

test('P1-08 P1-28 one payment that cannot go back keeps none of those behind it', async () => {
  const ids: string[] = []
  for (const sum of ['31.00', '32.00']) {
    const { id } = await order(sum, { at: new Date(Date.now() - 16 * 60_000) })
    await pollTopUps(town.books, wallet)
    pay(id)
    await hear(notice({ order: id }))
    ids.push(id)
  }
  // The first one's book is gone: a mistake of ours, for as long as it takes.
  const owner = openBooks({ url: town.database.ownerUrl })
  await owner.sql`update custody.suspense set book = 999 where about = ${ids[0]!}`
  await pollWithdrawals(town.books, wallet, { olderThanMs: 0 })
  const states = await Promise.all(ids.map(async id => (await reasonOf(id))!.state))
  assert.deepEqual([states[0], states[1] === 'unclaimed'], ['unclaimed', false])
  assert.equal((await openHitches(town.books)).find(({ job }) => job === 'return')!.count, 1)
  await owner.sql`update custody.suspense set book = 1 where about = ${ids[0]!}`
  await owner.close()
})

test('P1-08 one payment told as stray and as agreeing in the same moment stands in one place only', async () => {
  const { id, purse } = await order('10.00')
  const [tradeNo, stray] = [`trade-of-${id}`, newId('sus')]
  let agreeing: ReturnType<typeof hear> | undefined
  // Nobody sees yet that it stands in suspense: not even the one that finds the order as it was ordered.
  await town.books.write(async ({ sql }) => {
    await sql`
      insert into custody.suspense (id, book, gateway, about, source, trade_no, minor, currency, reason)
      values (${stray}, 1, ${wallet.gateway}, 'stray', 'stray', ${tradeNo}, 1000, 'CNY', 'unknown_order')`
    agreeing = hear(notice({ order: id, tradeNo }))
    await sleep(300)
  })
  assert.equal((await agreeing!).outcome, 'known_payment')
  assert.equal(await town.available(purse), 0n)
})

test('P5-04 an order that ends while its payment is on its way into the book is not credited: the money is in suspense', async () => {
  const [ended, beside] = [await order('12.00'), await order('13.00')]
  let heard: ReturnType<typeof hear>[] = []
  await town.books.write(async ({ sql }) => {
    await sql`select from ledger.lock_book(${town.book})`
    heard = [ended, beside].map(({ id }) => hear(notice({ order: id })))
    for (let waiting = 0; waiting === 0;)
      [{ waiting }] = (await town.books.sql`
        select count(*)::int as waiting from pg_locks where not granted`) as [{ waiting: number }]
    await town.books.sql`
      update custody.top_up set state = 'closed', ended_at = now() where id = ${ended.id}`
  })
  const outcomes = (await Promise.all(heard)).map(({ outcome }) => outcome)
  assert.deepEqual(outcomes, ['order_ended', 'credit'])
  assert.equal(await town.available(ended.purse), 0n)
  assert.equal(await town.available(beside.purse), 1300n)
})

test('P1-08 the tables hold it too: what stands in suspense is no top-up’s payment besides', async () => {
  const { id } = await order('10.00')
  await hear(notice({ order: newId('top'), tradeNo: `trade-of-${id}` }))
  await assert.rejects(
    town.books.sql`
      update custody.top_up set state = 'credited', trade_no = ${`trade-of-${id}`} where id = ${id}`,
    { constraint: 'one_payment_stands_once' },
  )
})

test('P5-13 money of another account than the purse is bound to is not credited: it goes back to who paid', async () => {
  const { id, purse, by } = await order('40.00', { at: new Date(Date.now() - 60_000) })
  const { gateway } = wallet
  await town.books.sql`
    insert into custody.payer (purse, gateway, payer) values (${purse}, ${gateway}, 'mine')`
  pay(id)
  assert.equal((await hear(notice({ order: id, payer: 'a friend’s' }))).outcome, 'other_payer')
  assert.equal(await town.available(purse), 0n)
  await pollTopUps(town.books, wallet)
  assert.equal(await stateOf(id), 'closed', 'and makes room for another')
  await pollWithdrawals(town.books, wallet, { olderThanMs: 0 })
  assert.notEqual((await reasonOf(id))!.state, 'unclaimed')
  const [part] = await town.books.sql<{ id: string }>`
    select id from custody.part where order_no = ${id}`
  assert.equal(town.wallet.refunds.get(part!.id)?.minor, 4000n)

  const ask = { id: newId('top'), purse, amount: cny('40.00'), by, returnUrl: back }
  await startTopUp(town.books, wallet, ask)
  pay(ask.id)
  assert.equal((await hear(notice({ order: ask.id, payer: 'mine' }))).outcome, 'credit')
  assert.equal(await town.available(purse), 4000n)
})

test('P1-08 one payment stands in the books once, whatever orders and sums the platform tells of it', async () => {
  const [first, second] = [await order('10.00'), await order('10.00')]
  const said = { tradeNo: `trade-of-${first.id}` }
  await hear(notice({ order: first.id, ...said }))
  assert.equal((await hear(notice({ order: second.id, ...said }))).outcome, 'known_payment')
  assert.equal(await town.available(second.purse), 0n)

  const third = await order('10.00')
  const told = { order: third.id, tradeNo: `trade-of-${third.id}` }
  await hear(notice({ ...told, amount: cny('9.99') }))
  const before = await town.posted('pool/transit-in')
  assert.equal((await hear(notice(told))).outcome, 'known_payment')
  assert.equal(await town.posted('pool/transit-in'), before)
  assert.equal(await town.available(third.purse), 0n)
})

test('P1-08 a payment that was credited stands in no suspense besides, whatever is told of it later', async () => {
  const [first, second] = [await order('10.00'), await order('10.00')]
  const tradeNo = `trade-of-${first.id}`
  await hear(notice({ order: first.id, tradeNo }))
  const [transit, before] = [await town.posted('pool/transit-in'), await suspended()]
  for (const more of [
    { order: newId('top') },
    { order: second.id, amount: cny('9.99') },
    { order: second.id, account: 'of-somebody-else' },
  ])
    assert.equal((await hear(notice({ tradeNo, ...more }))).outcome, 'known_payment')
  assert.equal(await suspended(), before)
  assert.equal(await town.posted('pool/transit-in'), transit)
})
