import assert from 'node:assert/strict'
import { test } from 'node:test'
import { receiveNotice, withdraw, type BillRow } from '@bursar/custody'
import { dayAfter, newId, Refusal } from '@bursar/kernel'
import { cny } from '@bursar/money'
import { takeAgain } from './bills.ts'
import { setFee } from './days.ts'
import { hoursLater, noon, useBills, yesterday } from './testing.ts'

const town = useBills()
const { row } = town

test('P5-21 a day on which the bill and the books agree is closed by itself, with what both have', async () => {
  const platform = town.platform()
  const [one, two] = [await platform.paid(), await platform.paid()]
  platform.bill([row(one), row(two)])
  assert.equal(await platform.round(), 1)
  assert.deepEqual(await platform.kinds({}), [])
  const { state, there, here, matched } = await platform.day()
  const nothing = { refunds: 0, refunded: cny('0.00') }
  assert.deepEqual([state, matched], ['closed', 2])
  assert.deepEqual(there, { payments: 2, paid: cny('200.00'), ...nothing, fee: cny('0.00') })
  assert.deepEqual(here, { payments: 2, paid: cny('200.00'), ...nothing })
})

test('P5-21 every planted difference is found, each in its class, and nothing else', async () => {
  const platform = town.platform()
  const { books } = town
  const by = await town.person()
  await setFee(books, { gateway: platform.wallet.gateway, feeBps: 60, by })
  const all: Awaited<ReturnType<typeof platform.paid>>[] = []
  for (let n = 0; n < 6; n++) all.push(await platform.paid())
  const [good, dear, twice, renumbered, , costly] = all
  const waits = await platform.ordered()
  const fee = cny('0.60')
  const rows = [
    row({ ...good!, fee }),
    row({ ...dear!, fee, amount: cny('100.01') }),
    ...[row({ ...twice!, fee }), row({ ...twice!, fee })],
    row({ ...renumbered!, fee, tradeNo: 'another' }),
    row({ ...costly!, fee: cny('0.61') }),
    row({ ...waits, fee }),
    row({ order: 'top_unknown', tradeNo: 'stray', fee }),
    row({ ...good!, fee, tradeNo: 'paid twice' }),
  ]
  platform.bill(rows)
  await platform.round()
  assert.deepEqual(await platform.kinds(), [
    'payment duplicate',
    'payment missing_here',
    'payment missing_here',
    'payment missing_there',
    'payment wrong_amount',
    'payment wrong_fee',
    'payment wrong_number',
    'payment wrong_state',
  ])
  const stakes = Object.fromEntries(
    (await platform.list({})).map(({ kind, atStake }) => [kind, atStake.minor]),
  )
  assert.deepEqual([stakes['wrong_amount'], stakes['wrong_fee']], [1n, 1n])
  const { state, matched, waiting } = await platform.day()
  assert.deepEqual([state, matched, waiting], ['differs', 2, 8])
})

test('P5-13 P5-14 refunds are compared by our own number: paid back there and not here, or here and not there', async () => {
  const platform = town.platform()
  const { wallet } = platform
  const { books } = town
  const paid = [await platform.paid(), await platform.paid(), await platform.paid()]
  const parts: BillRow[] = []
  for (const { purse, by, order, tradeNo } of paid) {
    const ask = { id: newId('wdr'), purse, by, amount: cny('40.00') }
    const { parts: made } = await withdraw(books, [wallet], ask)
    const { id: refund } = made[0]!
    await books.sql`
      update custody.part set state = 'done', ended_at = ${noon} where id = ${refund}`
    parts.push(row({ kind: 'refund', order, tradeNo, refund, amount: cny('40.00') }))
  }
  const [good, dear] = parts
  const stray = { ...good!, refund: newId('wdp') }
  platform.bill([...paid.map(one => row(one)), good!, { ...dear!, amount: cny('41.00') }, stray])
  await platform.round()
  assert.deepEqual(await platform.kinds(), [
    'refund missing_here',
    'refund missing_there',
    'refund wrong_amount',
  ])
  const { here } = await platform.day()
  assert.deepEqual([here.refunds, here.refunded], [3, cny('120.00')])
})

test('P5-21 a row that comes in the next day’s bill, or a notice that comes late, ends its break', async () => {
  const platform = town.platform()
  const [late, unheard] = [await platform.paid(), await platform.ordered()]
  platform.bill([row(unheard)])
  await platform.round()
  assert.deepEqual(await platform.kinds(), ['payment missing_there', 'payment wrong_state'])
  const notice = town.wallet.notice({ order: unheard.order, state: 'paid' })
  await receiveNotice(town.books, platform.wallet, notice)
  const today = dayAfter(yesterday)
  platform.bill([row(late)], today)
  assert.equal(await platform.round(hoursLater(24)), 1)
  assert.deepEqual(await platform.kinds({ state: 'ended' }), [
    'payment missing_there',
    'payment wrong_state',
  ])
  assert.equal((await platform.day()).state, 'closed')
})

test('P5-21 a bill that is taken twice changes nothing; one that says something else then, counts', async () => {
  const platform = town.platform()
  const one = await platform.paid()
  const stray = row({ order: 'top_stray', tradeNo: 'stray' })
  platform.bill([row(one), stray])
  await platform.round()
  const before = [await platform.single(), (await platform.day()).matched]
  await takeAgain(town.books, platform.wallet.gateway, yesterday)
  assert.equal(await platform.round(hoursLater(1)), 1)
  assert.deepEqual([await platform.single(), (await platform.day()).matched], before)
  const [kept] = await town.books.sql<{ count: number }>`
    select count(*)::int as count from reconciliation.line where gateway = ${platform.wallet.gateway}`
  assert.equal(kept!.count, 2)
  platform.bill([row(one)])
  await takeAgain(town.books, platform.wallet.gateway, yesterday)
  await platform.round(hoursLater(2))
  assert.equal((await platform.single()).state, 'ended')
  assert.equal((await platform.day()).state, 'closed')
})

test('P5-21 a bill that is not ready is asked for again; one that was cut off leaves nothing behind', async () => {
  const platform = town.platform()
  const one = await platform.paid()
  assert.equal(await platform.round(), 0)
  const waits = await platform.day()
  assert.deepEqual([waits.state, waits.problem], ['waiting', 'not_ready'])
  platform.billOf(async function* () {
    yield row({ order: 'top_x', tradeNo: 'x' })
    throw new Refusal('bill_broken')
  })
  assert.equal(await platform.round(hoursLater(0.25)), 0, 'not before its time')
  assert.equal((await platform.day()).tries, 1)
  assert.equal(await platform.round(hoursLater(0.75)), 0)
  const cut = await platform.day()
  assert.deepEqual([cut.state, cut.problem, cut.tries], ['waiting', 'broken', 2])
  const left = await town.books.sql`
    select from reconciliation.line where gateway = ${platform.wallet.gateway}`
  assert.deepEqual([left.length, await platform.kinds({})], [0, []])
  platform.bill([row(one)])
  assert.equal(await platform.round(hoursLater(2)), 1)
  assert.equal((await platform.day()).state, 'closed')
})

test('a day of nothing has no bill and is closed two days later; with something of ours it waits on', async () => {
  const platform = town.platform()
  await platform.paid(new Date(noon.getTime() - 24 * 3_600_000))
  await platform.round()
  await platform.round(hoursLater(72))
  assert.equal((await platform.day()).state, 'closed')
  const before = await platform.day(dayAfter(yesterday, -1))
  assert.deepEqual([before.state, before.problem], ['waiting', 'not_ready'])
})

test('of eleven thousand rows only what differs is kept as a break', async () => {
  const platform = town.platform()
  const one = await platform.paid()
  const many = Array.from({ length: 11_000 }, (_, n) =>
    row({ order: `top_${n}`, tradeNo: `t${n}` }),
  )
  platform.bill([...many.slice(0, 6_000), row(one), ...many.slice(6_000)])
  await platform.round()
  const { matched, breaks, there } = await platform.day()
  assert.deepEqual([matched, breaks, there.payments], [1, 11_000, 11_001])
})
