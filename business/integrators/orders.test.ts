import assert from 'node:assert/strict'
import { test } from 'node:test'
import { directoryOf, listMerchantCodes, refund, spend } from '@bursar/custody'
import { newId } from '@bursar/kernel'
import { archiveWhole } from '@bursar/ledger/archive-testing'
import { cny } from '@bursar/money'
import { closeOrder, closeOrders, listOrders, readOrder } from './orders.ts'
import { readBooks } from './reader.ts'
import { useShop } from './testing.ts'

const { town, shop, listen, order, pay } = useShop()
const later = (minutes: number) => new Date(Date.now() + minutes * 60_000)

test('P1-24 an order is paid once, by whoever pays first, and a refund of it shows', async () => {
  const mine = await shop()
  const second = { ...mine, ...(await town.member(mine.merchant, '50.00')) }
  const { id, merchantCode, state } = await order(mine.merchant)
  assert.equal(state, 'open')
  const tries = await Promise.allSettled([
    pay(mine, '12.00', { merchantCode }),
    pay(second, '12.00', { merchantCode }),
  ])
  assert.deepEqual(tries.map(({ status }) => status).toSorted(), ['fulfilled', 'rejected'])
  const paid = await readOrder(town.books, id)
  assert.deepEqual([paid.state, paid.refunded], ['paid', cny('0.00')])
  const back = { id: newId('rfd'), spend: paid.spend!, amount: cny('2.00'), reason: '退一杯' }
  assert.match((await refund(town.books, { ...back, by: newId('key') })).by, /^key_/)
  assert.deepEqual((await readOrder(town.books, id)).refunded, cny('2.00'))
  await assert.rejects(closeOrder(town.books, { id }), { code: 'order_not_open' })
})

test('P1-24 an order whose payment is archived stays paid, and is closed by nobody', async () => {
  const mine = await shop()
  const { id, merchantCode } = await order(mine.merchant)
  const { id: spent } = await pay(mine, '12.00', { merchantCode })
  await pay(mine, '1.00')
  await archiveWhole(town.database.ownerUrl, town.book)
  const paid = await readOrder(town.books, id)
  assert.deepEqual([paid.state, paid.spend], ['paid', spent])
  assert.equal(await closeOrders(town.books, later(61)), 0)
  await assert.rejects(pay(mine, '12.00', { merchantCode }), { code: 'merchant_code_paid' })
})

test('P1-24 asked for again, an order is the same; with other content it is refused', async () => {
  const { merchant } = await shop()
  const first = await order(merchant)
  const { id } = first
  const [twice, thrice] = await Promise.all([order(merchant, { id }), order(merchant, { id })])
  assert.deepEqual([twice, thrice], [first, first])
  for (const other of [
    { amount: cny('12.01') },
    { subject: '碧螺春' },
    { reference: 'A-2' },
    { minutes: 61 },
    { returnUrl: 'https://shop.example/back' },
  ])
    await assert.rejects(order(merchant, { id, ...other }), { code: 'id_already_used' })
})

test('P1-24 a closed order is paid by nobody; one whose time is over is closed by itself', async () => {
  const mine = await shop()
  const [one, two] = [await order(mine.merchant), await order(mine.merchant, { minutes: 5 })]
  assert.equal((await closeOrder(town.books, { id: one.id })).closedAt! <= new Date(), true)
  assert.equal((await closeOrder(town.books, { id: one.id })).state, 'closed')
  assert.equal(await closeOrders(town.books, later(4)), 0)
  assert.equal(await closeOrders(town.books, later(6)), 1)
  assert.equal(await closeOrders(town.books, later(6)), 0)
  for (const { id, merchantCode } of [one, two]) {
    assert.equal((await readOrder(town.books, id)).state, 'closed')
    await assert.rejects(pay(mine, '12.00', { merchantCode }), { code: 'merchant_code_closed' })
  }
  await assert.rejects(
    town.books.sql`update integrators.shop_order set closed_at = now() where id = ${one.id}`,
    { constraint: 'an_order_is_closed_once' },
  )
})

test('P1-24 an order that is answered as closed is paid by nobody, in the second in which a till remembers it as open too', async () => {
  const mine = await shop()
  const { id, merchantCode } = await order(mine.merchant)
  const till = town.another()
  await directoryOf(till).merchantCode(merchantCode)
  await closeOrder(town.books, { id })
  const { merchant, person: by, purse } = mine
  const ask = { id: newId('spd'), merchant, purse, by, amount: cny('12.00'), merchantCode }
  await assert.rejects(spend(till, ask), { code: 'merchant_code_closed' })
  await till.close()
  assert.equal((await readOrder(town.books, id)).state, 'closed')
  assert.equal(await town.available(purse), 10000n)
})

test('P1-24 an order that is paid and closed in one instant is either, and the shop is told of that alone', async () => {
  const mine = await shop('1000.00')
  await listen(mine.merchant)
  const till = town.another()
  const { merchant, person: by, purse } = mine
  const made = []
  for (let no = 0; no < 20; no++) made.push(await order(merchant))
  await Promise.allSettled(
    made.flatMap(({ id, merchantCode }) => [
      spend(till, { id: newId('spd'), merchant, purse, by, amount: cny('12.00'), merchantCode }),
      closeOrder(town.books, { id }),
    ]),
  )
  await till.close()
  await readBooks(town.books)
  for (const { id } of made) {
    const { state } = await readOrder(town.books, id)
    const told = await town.books.sql<{ type: string }>`
      select type from integrators.event where subject = ${id}`
    assert.deepEqual(told, [{ type: `order.${state}` }])
  }
})

test('P1-24 orders are found by the shop’s own reference, and are not among the codes on the wall', async () => {
  const { merchant } = await shop()
  const made = []
  for (const reference of ['B-1', 'B-2', 'B-1']) made.push(await order(merchant, { reference }))
  const named = await listOrders(town.books, { merchant, reference: 'B-1' })
  assert.deepEqual(
    named.map(({ id }) => id),
    [made[2]!.id, made[0]!.id],
  )
  const page = await listOrders(town.books, { merchant, cursor: made[2]!.id, limit: 1 })
  assert.deepEqual(page, [made[1]])
  assert.deepEqual(await listMerchantCodes(town.books, { merchant }), [])
  assert.deepEqual(await listOrders(town.books, { merchant, state: 'paid' }), [])
})

test('P1-24 a suspended merchant’s shop makes no order', async () => {
  const merchant = await town.merchant({ state: 'suspended' })
  await assert.rejects(order(merchant), { code: 'merchant_not_open' })
})
