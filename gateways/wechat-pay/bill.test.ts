import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { BillRow } from '@bursar/custody/wallet'
import { newId } from '@bursar/kernel'
import { cny } from '@bursar/money'
import { reasonOf, until, useWechat } from './testing.ts'

const wechat = useWechat()
const { start, control } = wechat
const day = '2026-01-31'

async function read(of = day): Promise<BillRow[]> {
  const rows: BillRow[] = []
  for await (const row of wechat.wallet.bill!(of)) rows.push(row)
  return rows
}
const refusedFor = () => read().then(() => 'read', reasonOf)

test('P5-21 a bill of several thousand rows is read row by row, and its sums agree', async () => {
  wechat.sandbox.wechat!.padBill(day, 5000)
  const rows = await read()
  assert.equal(rows.length, 5000)
  const { at, ...first } = rows[0]!
  assert.equal(at.toISOString(), '2026-01-31T04:00:00.000Z')
  const zero = { minor: 0n, currency: 'CNY' }
  const row = {
    kind: 'payment',
    order: 'stranger_1',
    tradeNo: '421',
    amount: cny('0.01'),
    fee: zero,
  }
  assert.deepEqual(first, row)
  const sum = rows.reduce((total, { amount }) => total + amount.minor, 0n)
  assert.equal(sum, (5000n * 5001n) / 2n)
  assert.deepEqual(rows.at(-1)!.fee, cny('0.30'), '0.6 % of 50.00')
})

test('a bill that was cut off is refused at its end, and one that nobody answers for too', async () => {
  await control({ on: 'wechat', fault: 'cut' })
  assert.equal(await refusedFor(), 'bill_broken: another hash')
  for (const fault of ['silence', 'html', 'lost_answer']) {
    await control({ on: 'wechat', fault, call: 'bill' })
    assert.equal(await refusedFor(), 'gateway_silent: no answer')
  }
  assert.equal(await refusedFor(), 'read')
})

test('a day of nothing has no bill, nor has one that is not over', async () => {
  await assert.rejects(read('2026-01-30'), { code: 'bill_not_ready' })
  await control({ on: 'wechat', fault: 'declined', code: 'STATEMENT_CREATING', call: 'bill' })
  await assert.rejects(read(), { code: 'bill_not_ready' })
})

test('payments and refunds stand in the bill of their day under our own numbers', async t => {
  const { order } = await start()
  wechat.sandbox.pay(order)
  const refund = newId('wdr')
  const part = { order, refund, amount: cny('30.00') }
  await until(async () => (await wechat.wallet.refund(part)) === 'done')
  const today = new Date(Date.now() + 8 * 3_600_000).toISOString().slice(0, 10)
  await assert.rejects(read(today), { code: 'bill_not_ready' })
  t.mock.timers.enable({ apis: ['Date'], now: Date.now() + 86_400_000 })
  const rows = await read(today)
  assert.deepEqual(
    rows.map(({ kind, order, refund, amount, fee }) => ({ kind, order, refund, amount, fee })),
    [
      { kind: 'payment', order, refund: undefined, amount: cny('100.00'), fee: cny('0.60') },
      { kind: 'refund', order, refund, amount: cny('30.00'), fee: cny('-0.18') },
    ],
  )
})

test('P5-21 a bill that is wrong in one row is whole all the same: to find it is not the gateway’s', async () => {
  const wrong = '2026-02-01'
  wechat.sandbox.wechat!.padBill(wrong, 3)
  const spoil = (order: string, how: string) =>
    control({ do: 'spoil_bill', day: wrong, order, spoil: how })
  await spoil('stranger_1', 'amount')
  await spoil('stranger_2', 'twice')
  await spoil('stranger_3', 'missing')
  await spoil('top_nobody', 'stranger')
  const rows = await read(wrong)
  assert.deepEqual(
    rows.map(({ order, amount }) => [order, amount]),
    [
      ['stranger_1', cny('0.02')],
      ['stranger_2', cny('0.02')],
      ['stranger_2', cny('0.02')],
      ['top_nobody', cny('0.03')],
    ],
  )
})
