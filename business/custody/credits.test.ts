import assert from 'node:assert/strict'
import { test } from 'node:test'
import { newId } from '@bursar/kernel'
import { cny } from '@bursar/money'
import { equation } from './equation.ts'
import { receiveNotice, type Received } from './inbox.ts'
import { refund } from './refunds.ts'
import { spend } from './spends.ts'
import { useTown } from './testing.ts'
import { end, pollTopUps, readTopUp, startTopUp } from './topUps.ts'

const town = useTown()
const { wallet, notice, pay } = town.wallet
const hear = (told: Received) => receiveNotice(town.books, wallet, told)
const returnUrl = 'https://bursar.test/back'

async function orders(count: number, at?: Date) {
  const { person: by, purse } = await town.member(await town.merchant())
  const ids = Array.from({ length: count }, () => newId('top'))
  for (const id of ids)
    await startTopUp(town.books, wallet, {
      id,
      purse,
      amount: cny('1.00'),
      by,
      returnUrl,
      ...(at && { at }),
    })
  return { ids, purse }
}
const kept = async (outcome: string, about: readonly string[]) => {
  const [row] = await town.books.sql<{ count: bigint }>`
    select count(*)::bigint as count from custody.inbox
    where outcome = ${outcome} and about = any(${about}::text[])`
  return row!.count
}

test('P1-08 forty payments told at once, and each told twice, are credited once each', async () => {
  const { ids, purse } = await orders(40)
  const told = ids.map(order => (pay(order), notice({ order })))
  const heard = await Promise.all([...told, ...told].map(hear))
  assert.equal(await town.available(purse), 4000n)
  // One that comes when the first stands already is answered as the first was.
  for (const { outcome } of heard) assert.match(outcome, /^(credit|told_before)$/)
  assert.equal(await kept('credit', ids), 40n)
  const states = await Promise.all(ids.map(async id => (await readTopUp(town.books, id)).state))
  assert.deepEqual(new Set(states), new Set(['credited']))
  assert.equal((await equation(town.books, town.pool)).holds, true)
})

test('P1-08 of two payments of one order, told in the same instant, one is credited and one is in suspense', async () => {
  const { ids, purse } = await orders(10)
  const before = await town.posted('pool/suspense')
  const told = ids.flatMap(order => {
    pay(order)
    return [notice({ order }), notice({ order, tradeNo: newId('t') })]
  })
  await Promise.all(told.map(hear))
  assert.equal(await town.available(purse), 1000n)
  assert.equal((await town.posted('pool/suspense')) - before, 1000n)
  assert.equal(await kept('order_ended', ids), 10n)
})

test('P1-08 among payments told at once, what agrees with no order stops none of the others', async () => {
  const { ids, purse } = await orders(12)
  const told = ids.map(order => (pay(order), notice({ order })))
  // Another payment of an order's, at another sum: of one payment told at two sums the first that is placed stands.
  const wrong = { order: ids[0]!, amount: cny('2.00'), tradeNo: 'another' }
  told.push(notice({ order: newId('top') }), notice(wrong))
  const heard = await Promise.all(told.map(hear))
  const outcomes = heard.map(({ outcome }) => outcome)
  assert.equal(outcomes.filter(one => one === 'credit').length, 12)
  assert.ok(outcomes.includes('unknown_order'))
  assert.equal(await town.available(purse), 1200n)
})

test('P1-08 P1-02 two processes hear of it, ask about it and close it, all at once: each payment stands once, in the purse or in suspense', async () => {
  const { ids, purse } = await orders(30, new Date(Date.now() - 16 * 60_000))
  const before = await town.posted('pool/suspense')
  const other = town.another()
  const now = ids.map(order => (pay(order), notice({ order })))
  await Promise.all([
    ...[town.books, other].flatMap(books => now.map(one => receiveNotice(books, wallet, one))),
    ...[town.books, other].map(books => pollTopUps(books, wallet, { olderThanMs: 0 })),
    ...ids.map(id => end(other, id, 'expired')),
  ])
  await other.close()
  await pollTopUps(town.books, wallet, { olderThanMs: 0 })
  const late = (await town.posted('pool/suspense')) - before
  assert.equal((await town.available(purse)) + late, 3000n)
  const states = await Promise.all(ids.map(async id => (await readTopUp(town.books, id)).state))
  assert.equal(BigInt(states.filter(one => one === 'credited').length) * 100n, 3000n - late)
  assert.equal((await equation(town.books, town.pool)).holds, true)
})

test('P1-08 P1-14 of payments told at once the one beyond the ceiling is in suspense, and the others are credited', async () => {
  const merchant = await town.merchant()
  const { person: by, purse } = await town.member(merchant, '100.00')
  const paid = { id: newId('spd'), purse, by, merchant, amount: cny('100.00') }
  await spend(town.books, paid)
  const ids = Array.from({ length: 50 }, () => newId('top'))
  for (const id of ids)
    await startTopUp(town.books, wallet, { id, purse, amount: cny('100.00'), by, returnUrl })
  const till = newId('per')
  const back = { id: newId('rfd'), spend: paid.id, amount: cny('100.00'), reason: '退款', by: till }
  await refund(town.books, back)
  const before = await town.posted('pool/suspense')
  const told = ids.map(order => (pay(order), notice({ order })))
  await Promise.all([...told, ...told].map(hear))
  assert.equal(await town.available(purse), 500_000n)
  assert.equal((await town.posted('pool/suspense')) - before, 10_000n)
  assert.equal(await kept('over_ceiling', ids), 1n)
})
