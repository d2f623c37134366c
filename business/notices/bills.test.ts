import assert from 'node:assert/strict'
import { test } from 'node:test'
import { withdraw } from '@bursar/custody'
import { newId, type MerchantId } from '@bursar/kernel'
import { cny } from '@bursar/money'
import { readBills } from './bills.ts'
import { readBooks } from './reader.ts'
import { listNotices } from './shown.ts'
import { useCounters } from './testing.ts'

const { town, counter, prompts } = useCounters()
type Paid = Readonly<{ order: string; tradeNo: string; gateway: string }>

/** A top-up of 100.00 that was told at the counter. */
async function paid(merchant: MerchantId): Promise<Paid> {
  const { purse } = await town.member(merchant, '100.00')
  const [row] = await town.books.sql<Paid>`
    select id as "order", trade_no as "tradeNo", gateway from custody.top_up where purse = ${purse}`
  return row!
}

type BillLine = Paid & Readonly<{ minor: bigint; refund?: string }>

/** The platform's bill of today, as it was taken and compared. */
async function bill(take: number, lines: readonly BillLine[]): Promise<void> {
  const { gateway } = lines[0]!
  await town.books.sql`
    insert into reconciliation.bill (gateway, day, state, tries, take)
    values (${gateway}, current_date, 'compared', ${take}, ${take})
    on conflict (gateway, day) do update set take = excluded.take, tries = excluded.tries`
  for (const [no, { order, tradeNo, minor, refund = null }] of lines.entries())
    await town.books.sql`
      insert into reconciliation.line (gateway, day, take, n, kind, order_no, refund_no, trade_no, minor, fee, currency, at)
      values (${gateway}, current_date, ${take}, ${no + 1}, ${refund ? 'refund' : 'payment'}, ${order}, ${refund}, ${tradeNo}, ${minor}, 0, 'CNY', now())`
}

test('P4-04 P4-I3 a platform’s bill raises what was told in silence; another sum is an alarm; a line is heard once', async () => {
  const merchant = await counter()
  const [right, wrong] = [await paid(merchant), await paid(merchant)]
  const strange = { order: 'top_of_nobody', tradeNo: 'unknown', gateway: right.gateway }
  await readBooks(town.books)
  await bill(1, [
    { ...right, minor: 10_000n },
    { ...strange, minor: 5n },
    { ...wrong, minor: 1_000n },
  ])
  assert.deepEqual(
    await Promise.all([readBills(town.books), readBills(town.books)]).then(all => all.toSorted()),
    [0, 3],
  )
  const notices = await listNotices(town.books, { merchant })
  const about = (order: string) => notices.find(one => one.orders.includes(order))
  assert.deepEqual(
    [right, wrong].map(({ order }) => [about(order)?.grade, about(order)?.contradicted]),
    [
      ['A+', false],
      ['A', true],
    ],
  )
  const told = async () => (await prompts(merchant)).map(one => [one.class, one.minor])
  const all = [
    ['received', 10_000n],
    ['received', 10_000n],
    ['contradicted', 1_000n],
  ]
  assert.deepEqual(await told(), all)
  // Taken again, it is read again, and nobody is told anything again.
  await bill(2, [{ ...right, minor: 10_000n }])
  assert.deepEqual([await readBills(town.books), await readBills(town.books)], [1, 0])
  assert.deepEqual(await told(), all)
})

test('P4-04 P4-I5 a bill that is taken again with another sum is an alarm, and with the first one again nothing', async () => {
  const merchant = await counter()
  const one = await paid(merchant)
  await readBooks(town.books)
  const told = async () =>
    (await prompts(merchant))
      .filter(({ class: is }) => is === 'contradicted')
      .map(({ minor }) => minor)
  const takes = [10_000n, 9_000n, 9_000n, 10_000n]
  const alarms: bigint[][] = []
  for (const [no, minor] of takes.entries()) {
    await bill(no + 11, [{ ...one, minor }])
    await readBills(town.books)
    alarms.push(await told())
  }
  assert.deepEqual(alarms, [[], [9_000n], [9_000n], [9_000n]])
})

test('P4-04 P4-I4 a bill’s refunds raise what was told of a withdrawal; another sum of one of its parts is an alarm', async () => {
  const merchant = await counter()
  const { person: by, purse } = await town.member(merchant, '100.00')
  const taken = { id: newId('wdr'), purse, by }
  await withdraw(town.books, [town.wallet.wallet], { ...taken, amount: cny('60.00') })
  await readBooks(town.books)
  const [part] = await town.books.sql<BillLine>`
    select a.id as refund, a.gateway, a.order_no as "order", t.trade_no as "tradeNo", a.minor
    from custody.part a join custody.top_up t on t.id = a.top_up where a.withdrawal = ${taken.id}`
  const about = async () => {
    const [notice] = (await listNotices(town.books, { merchant })).filter(
      one => one.kind === 'refund',
    )
    return [notice?.amount.minor, notice?.grade, notice?.contradicted]
  }
  assert.deepEqual(await about(), [6_000n, 'A', false])
  await bill(21, [part!])
  await readBills(town.books)
  assert.deepEqual(await about(), [6_000n, 'A+', false])
  await bill(22, [{ ...part!, minor: 5_000n }])
  await readBills(town.books)
  assert.deepEqual(await about(), [6_000n, 'A+', true])
  const [alarm] = (await prompts(merchant)).filter(({ class: is }) => is === 'contradicted')
  assert.deepEqual([alarm?.kind, alarm?.minor], ['refund', 5_000n])
})

test('P4-I4 P4-I5 a withdrawal that goes back in two parts is borne out when the bill has both, and an alarm when one differs', async () => {
  const merchant = await counter()
  const who = await town.member(merchant, '100.00')
  await town.topUp(who, '50.00')
  const taken = { id: newId('wdr'), purse: who.purse, by: who.person }
  await withdraw(town.books, [town.wallet.wallet], { ...taken, amount: cny('130.00') })
  await readBooks(town.books)
  const parts = await town.books.sql<BillLine>`
    select a.id as refund, a.gateway, a.order_no as "order", t.trade_no as "tradeNo", a.minor
    from custody.part a join custody.top_up t on t.id = a.top_up where a.withdrawal = ${taken.id} order by a.minor`
  assert.equal(parts.length, 2)
  const [one, other] = parts as [BillLine, BillLine]
  const about = async () => {
    const all = await listNotices(town.books, { merchant, kind: 'refund' })
    return all.map(({ grade, contradicted }) => [grade, contradicted])
  }
  const billed = async (take: number, lines: readonly BillLine[]) => {
    await bill(take, lines)
    await readBills(town.books)
    return await about()
  }
  assert.deepEqual(await billed(31, [one]), [['A', false]], 'one of two says nothing of the sum')
  assert.deepEqual(await billed(32, [one, other]), [['A+', false]])
  assert.deepEqual(await billed(33, [one, { ...other, minor: other.minor - 1n }]), [['A+', true]])
})
