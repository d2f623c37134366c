import assert from 'node:assert/strict'
import { test } from 'node:test'
import { newId } from '@bursar/kernel'
import { cny, money } from '@bursar/money'
import { creditReceived, receiveNotice, type Received } from './inbox.ts'
import { setTakesTopUps } from './prepayments.ts'
import { useTown } from './testing.ts'
import { listTopUps, pollTopUps, readTopUp, startTopUp } from './topUps.ts'
import { pollWithdrawals } from './parts.ts'
import { equation } from './equation.ts'

const town = useTown()
const { wallet, notice, pay, says, orders } = town.wallet
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

test('P1-02 P1-08 P1-26 a top-up that the platform confirms is in the purse and in the pool, not with the merchant', async () => {
  const before = await town.posted('pool/transit-in')
  const { id, purse, merchant } = await order('100.00')
  assert.equal(await stateOf(id), 'waiting')
  assert.equal((await readTopUp(town.books, id)).offer?.way, 'phone')
  pay(id)
  assert.deepEqual(await hear(notice({ order: id })), {
    ...wallet.success,
    outcome: 'credit',
    order: id,
  })
  assert.equal(await stateOf(id), 'credited')
  assert.equal(await town.available(purse), 10000n)
  assert.equal(await town.posted('pool/transit-in'), before - 10000n)
  assert.equal(await town.posted(`merchant/${merchant}/earned`), 0n)
})

test('P1-08 one notice a thousand times, fifty at once, is one credit, and each answer is a success', async () => {
  const { id, purse } = await order('10.00')
  pay(id)
  const same = notice({ order: id })
  for (let round = 0; round < 20; round++) {
    const all = await Promise.all(Array.from({ length: 50 }, () => hear(same)))
    assert.ok(all.every(one => one.status === 200 && one.body === 'success'))
  }
  assert.equal(await town.available(purse), 1000n)
})

test('P1-08 other notices of the same payment change nothing', async () => {
  const { id, purse } = await order('10.00')
  pay(id)
  await Promise.all([1, 2, 3].map(() => hear(notice({ order: id }))))
  assert.equal(await town.available(purse), 1000n)
})

test('P1-08 closed before paid ends as paid before closed does', async () => {
  for (const states of [
    ['closed', 'paid'],
    ['paid', 'closed'],
  ] as const) {
    const { id, purse } = await order('10.00')
    pay(id)
    for (const state of states) await hear(notice({ order: id, state }))
    assert.equal(await stateOf(id), 'credited')
    assert.equal(await town.available(purse), 1000n)
  }
})

test('P1-08 an order that the platform closed is closed, and money for it afterwards is in suspense', async () => {
  const { id, purse } = await order('10.00')
  orders.get(id)!.state = 'closed'
  await hear(notice({ order: id, state: 'closed' }))
  assert.equal(await stateOf(id), 'closed')
  const before = await suspended()
  await hear(notice({ order: id }))
  assert.equal(await suspended(), before + 1000n)
  assert.equal((await reasonOf(id))!.reason, 'order_ended')
  assert.equal(await town.available(purse), 0n)
})

test('P1-08 a forged notice is refused, and nothing at all is written', async () => {
  const { id } = await order('10.00')
  const true_ = notice({ order: id })
  const changed = Buffer.from(true_.rawBody.toString().replace('10.00', '99.00'))
  const count = async () =>
    (
      await town.books
        .sql`select (select count(*) from custody.inbox), (select sum(seq) from ledger.book)`
    )[0]
  const before = await count()
  for (const forged of [
    { ...true_, rawBody: changed },
    { ...true_, headers: {} },
    { rawBody: Buffer.from(' ' + true_.rawBody.toString()), headers: true_.headers },
    { rawBody: Buffer.from(''), headers: true_.headers },
  ])
    await assert.rejects(hear(forged), { code: 'bad_signature' })
  assert.deepEqual(await count(), before)
  assert.equal(await stateOf(id), 'waiting')
})

for (const [what, change, reason] of [
  ['another amount', { amount: cny('9.99') }, 'wrong_amount'],
  ['another account of the platform', { account: 'somebody-else' }, 'wrong_account'],
] as const)
  test(`P1-08 a genuine notice with ${what} is money in suspense, and the purse stays as it is`, async () => {
    const { id, purse } = await order('10.00')
    const before = await suspended()
    const amount = 'amount' in change ? change.amount : cny('10.00')
    await hear(notice({ order: id, ...change }))
    assert.equal(await suspended(), before + amount.minor)
    assert.equal((await reasonOf(id))!.reason, reason)
    assert.equal(await town.available(purse), 0n)
    assert.equal(await stateOf(id), 'waiting')
  })

test('P1-08 money in a currency that the book does not keep is written down, and moves nothing', async () => {
  const { id } = await order('10.00')
  const before = await suspended()
  await hear(notice({ order: id, amount: money(1000n, 'USD') }))
  assert.equal((await reasonOf(id))!.reason, 'wrong_currency')
  assert.equal(await suspended(), before)
})

test('P1-08 a payment for an order that nobody made stands in suspense once', async () => {
  const stray = { order: newId('top'), tradeNo: 'stray-1', amount: cny('7.00') }
  const before = await suspended()
  await Promise.all([1, 2, 3].map(() => hear(notice(stray))))
  assert.equal(await suspended(), before + 700n)
  assert.equal((await reasonOf(stray.order))!.reason, 'unknown_order')
})

test('P1-02 without a notice the poller asks, and credits what was paid', async () => {
  const { id, purse } = await order('10.00', { at: new Date(Date.now() - 60_000) })
  pay(id)
  await pollTopUps(town.books, wallet)
  assert.equal(await stateOf(id), 'credited')
  await hear(notice({ order: id }))
  await pollTopUps(town.books, wallet)
  assert.equal(await town.available(purse), 1000n)
})

test('P1-02 after 15 minutes an unpaid order is closed at the platform, and late money is in suspense', async () => {
  const { id, purse } = await order('10.00', { at: new Date(Date.now() - 16 * 60_000) })
  says.close = 'unknown'
  await pollTopUps(town.books, wallet)
  assert.equal(await stateOf(id), 'waiting')
  delete says.close
  await pollTopUps(town.books, wallet)
  assert.equal(await stateOf(id), 'expired')
  const before = await suspended()
  await hear(notice({ order: id }))
  assert.equal(await suspended(), before + 1000n)
  assert.equal(await town.available(purse), 0n)
})

test('P1-02 asking twice is asking once, and another amount under the same id is refused', async () => {
  const { id, purse, by } = await order('10.00')
  const ask = { id, purse, amount: cny('10.00'), by, returnUrl: back }
  await Promise.all([1, 2, 3].map(() => startTopUp(town.books, wallet, ask)))
  assert.equal((await listTopUps(town.books, { purse })).length, 1)
  await assert.rejects(startTopUp(town.books, wallet, { ...ask, amount: cny('11.00') }), {
    code: 'id_already_used',
  })
})

test('P1-02 what would pass the ceiling is refused whole, counting what still waits', async () => {
  const { purse, by } = await order('3000.00')
  const more = (yuan: string) =>
    startTopUp(town.books, wallet, {
      id: newId('top'),
      purse,
      amount: cny(yuan),
      by,
      returnUrl: back,
    })
  const all = await Promise.allSettled([more('1500.00'), more('1500.00')])
  assert.deepEqual(all.map(one => one.status).toSorted(), ['fulfilled', 'rejected'])
  await assert.rejects(more('500.01'), (error: { code: string; facts: { room: unknown } }) => {
    assert.equal(error.code, 'purse_full')
    assert.deepEqual(error.facts.room, cny('500.00'))
    return true
  })
  await more('500.00')
})

test('P1-02 money that exceeds the ceiling all the same goes to suspense, and back to its payer', async () => {
  const { id, purse } = await order('3000.00')
  await town.books.write(async tx =>
    tx.append(town.book, {
      kind: 'limit',
      id: crypto.randomUUID(),
      event: 'limit',
      account: `purse/${purse}`,
      ceiling: 200000n,
    }),
  )
  const before = await suspended()
  await hear(notice({ order: id }))
  assert.equal(await town.available(purse), 0n)
  assert.equal(await suspended(), before + 300000n)
  await creditReceived(town.books, {
    gateway: 'bank',
    event: `credit-${id}`,
    body: Buffer.from('{}'),
    pool: town.pool,
    amount: money(-(await town.posted('pool/transit-in')), 'CNY'),
    payer: 'wallet',
    reference: 'payout-1',
  })
  await pollWithdrawals(town.books, wallet, { olderThanMs: 0 })
  assert.equal((await reasonOf(id))!.state, 'returned')
  assert.ok([...town.wallet.refunds.values()].some(({ minor }) => minor === 300000n))
})

test('P1-28 a merchant that may not take prepayments takes none', async () => {
  const merchant = await town.merchant()
  const clerk = await town.person()
  await setTakesTopUps(town.books, { merchant, takes: false, by: clerk, reason: '疑似跑路' })
  const { person: by, purse } = await town.member(merchant)
  const ask = { id: newId('top'), purse, amount: cny('1.00'), by, returnUrl: back }
  await assert.rejects(startTopUp(town.books, wallet, ask), { code: 'merchant_takes_no_top_ups' })
})

test('P1-08 P1-09 the platform pays us out: custody has it, the transit is less, told twice it is one', async () => {
  await order('50.00').then(async ({ id }) => hear(notice({ order: id })))
  const [custody, transit] = [
    await town.posted('pool/custody'),
    await town.posted('pool/transit-in'),
  ]
  const credit = {
    gateway: 'bank',
    event: 'credit-1',
    body: Buffer.from('{}'),
    pool: town.pool,
    amount: cny('20.00'),
    payer: 'wallet',
    reference: 'payout-2',
  }
  const said = await Promise.all([1, 2, 3].map(() => creditReceived(town.books, credit)))
  assert.deepEqual(said.toSorted(), ['paid_out', 'told_before', 'told_before'])
  assert.equal(await town.posted('pool/custody'), custody - 2000n)
  assert.equal(await town.posted('pool/transit-in'), transit + 2000n)
  const tooMuch = { ...credit, event: 'credit-2', amount: money(-transit + 1n, 'CNY') }
  const before = await suspended()
  assert.equal(await creditReceived(town.books, tooMuch), 'suspense')
  assert.equal(await suspended(), before + tooMuch.amount.minor)
  assert.equal((await equation(town.books, town.pool)).holds, true)
})

test('P1-08 a payout that overtakes the word of its payment waits for it, and money stands once', async () => {
  const { id, purse } = await order('70.00')
  const before = await suspended()
  // Everything that was on its way has come.
  const owed = -(await town.posted('pool/transit-in'))
  const credit = { gateway: 'bank', body: Buffer.from('{}'), pool: town.pool, payer: 'wallet' }
  const arrived = { ...credit, event: 'credit-all', reference: 'payout-all' }
  if (owed > 0n) await creditReceived(town.books, { ...arrived, amount: money(owed, 'CNY') })

  const early = { ...credit, event: 'credit-early', reference: 'payout-3', amount: cny('70.00') }
  const told = { ...early, at: new Date() }
  await assert.rejects(creditReceived(town.books, told), { code: 'busy' })
  pay(id)
  await hear(notice({ order: id }))
  assert.equal(await creditReceived(town.books, told), 'paid_out')
  assert.equal(await town.available(purse), 7000n)
  assert.equal(await town.posted('pool/transit-in'), 0n)
  assert.equal(await suspended(), before)

  const late = { ...told, event: 'credit-late', at: new Date(Date.now() - 11 * 60_000) }
  assert.equal(await creditReceived(town.books, late), 'suspense')
})
