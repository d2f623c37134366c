/** Payments that do not fit: where they stand, that they stand once, and how they go back. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { newId } from '@bursar/kernel'
import { cny } from '@bursar/money'
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
