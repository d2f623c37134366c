import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { BillRow } from '@bursar/custody/wallet'
import { newId } from '@bursar/kernel'
import { cny } from '@bursar/money'
import { rowsOf } from './bill.ts'
import { control, orderOf, paid, start, useAlipay } from './testing.ts'
import { beijing } from './words.ts'

const ground = useAlipay()
const today = () => beijing(new Date()).slice(0, 10)
const read = async (rows: AsyncIterable<BillRow>) => {
  const all: BillRow[] = []
  for await (const row of rows) all.push(row)
  return all
}
const bill = (day = today()) => read(ground.wallet.bill!(day))

test('P5-14 the day’s bill tells each payment and refund, by our numbers and theirs', async () => {
  const { order } = await paid('100.00')
  const refund = newId('wdp')
  await ground.wallet.refund({ order, refund, amount: cny('60.00') })
  const strange = orderOf('8.88')
  const named = { ...strange, subject: '茶, "老"茶馆：锅碗瓢盆，龘' }
  ground.sandbox.pay((await start('qr', named)).order)
  await start('qr') // nobody paid it: it is in no bill
  const found = await ground.wallet.query(order)
  assert.ok(found.state === 'paid')
  const rows = await bill()
  const told = rows.map(({ at: _, tradeNo: __, ...row }) => row)
  const fee = cny('0.00')
  assert.deepEqual(told, [
    { kind: 'payment', order, amount: cny('100.00'), fee },
    { kind: 'refund', order, refund, amount: cny('60.00'), fee },
    { kind: 'payment', order: named.order, amount: cny('8.88'), fee },
  ])
  assert.equal(rows[1]!.tradeNo, found.tradeNo)
  assert.ok(rows.every(({ at }) => Math.abs(at.getTime() - Date.now()) < 60_000))
})

test('a day without a bill is not ready, a silent platform is silent: neither is an empty bill', async () => {
  await assert.rejects(bill('2031-01-01'), { code: 'bill_not_ready' })
  await control({ on: 'alipay', fault: 'silence' })
  await assert.rejects(bill(), { code: 'gateway_silent' })
})

test('a bill of five thousand rows is read row by row', async () => {
  const lines = 5_000
  const past = { account: 'x', custody: 'y', refunds: [], payments: [], credits: [], lines: [] }
  const orders = Array.from({ length: lines }, (_, no) => ({
    ...{ order: `top_${no}`, minor: BigInt(no + 1), currency: 'CNY', subject: `茶 ${no}` },
    ...{ door: 'alipay' as const, returnUrl: '', payer: 'p', tradeNo: `2026${no}` },
    paidAt: '2026-05-01T04:00:00.000Z',
  }))
  ground.sandbox.recall({ ...past, orders, owed: [] })
  const rows = await bill('2026-05-01')
  assert.equal(rows.length, lines)
  const sum = rows.reduce((total, { amount }) => total + amount.minor, 0n)
  assert.equal(sum, (BigInt(lines) * BigInt(lines + 1)) / 2n)
})

test('P5-21 a bill that is wrong in one row is whole all the same: to find it is not the gateway’s', async () => {
  const { order } = await paid('30.00')
  const { order: other } = await paid('31.00')
  const spoil = (of: string, how: string) =>
    control({ do: 'spoil_bill', day: today(), order: of, spoil: how })
  await spoil(order, 'missing')
  await spoil(other, 'fee')
  const rows = await bill()
  assert.ok(rows.every(one => one.order !== order))
  assert.deepEqual(rows.find(one => one.order === other)!.fee, cny('0.01'))
})

const header =
  '支付宝交易号,商户订单号,业务类型,完成时间,对方账户,订单金额（元）,退款批次号/请求号,服务费（元）'
const end = '#-----业务明细列表结束-----'
async function* lines(...texts: string[]) {
  yield* ['#支付宝业务明细查询', '#-----业务明细列表-----', ...texts]
}

test('Alipay’s fee stands as what we lose; sums come out positive, a fee that comes back negative', async () => {
  const paidRow = '2026\t,top_1\t,交易,2026-11-29 00:00:01,王*\t,100.00,,-0.60'
  const backRow = '2026\t,top_1\t,退款,2026-11-29 23:59:59,王*\t,-50.00,wdp_1\t,0.30'
  const [first, second] = await read(rowsOf(lines(header, paidRow, backRow, end)))
  assert.deepEqual([first!.fee, first!.amount], [cny('0.60'), cny('100.00')])
  assert.deepEqual([second!.fee, second!.amount], [cny('-0.30'), cny('50.00')])
  assert.equal(second!.at.toISOString(), '2026-11-29T15:59:59.000Z')
})

test('a bill that breaks off, lacks a column, or has a row of another kind, is no bill', async () => {
  const row = '2026,top_1,交易,2026-11-29 00:00:01,x,100.00,,-0.60'
  await assert.rejects(read(rowsOf(lines(header, row))), /breaks off/)
  await assert.rejects(
    read(rowsOf(lines(header.replace('服务费（元）', '费'), row, end))),
    /no column/,
  )
  const other = row.replace('交易', '转账')
  await assert.rejects(read(rowsOf(lines(header, other, end))), /not understood/)
})
