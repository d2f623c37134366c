import assert from 'node:assert/strict'
import { test } from 'node:test'
import { findSpend, refund, takings, withdraw } from '@bursar/custody'
import { newId } from '@bursar/kernel'
import { cny, format } from '@bursar/money'
import { checkOut } from './checkout.ts'
import { listOwnDockets, readDocket } from './dockets.ts'
import { discountTab } from './moving.ts'
import { takeStep } from './orders.ts'
import { placeOrder } from './placing.ts'
import { previewRefund } from './refunds.ts'
import { useBar } from './testing.ts'

const town = useBar()

test('P5-01 P5-03 P5-04 P5-05 P5-08 P5-11 P5-14 P5-17 P5-18 P5-20 P5-21 the bar evening: 300 in, three orders, 178 checked out, 122 back', async () => {
  const { books } = town
  const bar = await town.bar()
  const guest = await town.member(bar.merchant, '300.00')
  const { purse, person: by } = guest
  const tab = await town.sit(guest, bar)
  const orders = [
    await town.order(guest, tab, bar, 'beer', 'fries'),
    await town.order(guest, tab, bar, 'beer'),
    await town.order(guest, tab, bar, 'cocktail'),
  ]
  assert.equal(await town.left(purse), '122.00')
  assert.equal(await town.earned(bar.merchant), '0.00', 'held, not paid')
  await takeStep(books, { order: orders[0]!, step: 'deliver', by: bar.staff })

  await checkOut(books, { tab, by, total: cny('178.00') })
  const closed = await town.tab(tab)
  assert.deepEqual([closed.state, closed.ended, closed.total], ['closed', 'guest', cny('178.00')])
  assert.equal(await town.earned(bar.merchant), '178.00')
  const receipt = await findSpend(books, closed.spend!)
  assert.deepEqual([receipt?.amount, receipt?.balance], [cny('178.00'), cny('122.00')])

  const preview = await previewRefund(books, { purse, wallets: [town.wallet.wallet] })
  assert.deepEqual([preview.most, preview.parts.length], [cny('122.00'), 1])
  const back = newId('wdr')
  await withdraw(books, [town.wallet.wallet], { id: back, purse, amount: preview.most, by })
  assert.equal(await town.left(purse), '0.00')
  assert.deepEqual([...town.wallet.refunds.values()], [cny('122.00')])

  const dockets = (await listOwnDockets(books, { purse })).toReversed()
  assert.deepEqual(
    dockets.map(({ kind, number, amount }) => [
      kind,
      number.replace(/\d{8}/, 'day'),
      format(amount),
    ]),
    [
      ['top_up', 'Tday-0001', '300.00'],
      ['goods', 'Gday-0001', '78.00'],
      ['goods', 'Gday-0002', '38.00'],
      ['goods', 'Gday-0003', '62.00'],
      ['checkout', 'Cday-0001', '178.00'],
      ['refund', 'Rday-0001', '122.00'],
    ],
  )
  const kinds = async (subject: string) =>
    (await readDocket(books, subject)).links.map(({ kind }) => kind)
  assert.deepEqual(await kinds(tab), ['goods', 'goods', 'goods'])
  assert.deepEqual(await kinds(orders[1]!), ['checkout'])
  assert.deepEqual(await kinds(back), ['top_up'])
})

test('P5-06 P5-09 P5-12 asked twice is done once, for every command of an evening', async () => {
  const { books } = town
  const bar = await town.bar()
  const guest = await town.member(bar.merchant, '100.00')
  const by = guest.person
  const [first, again] = [await town.sit(guest, bar), await town.sit(guest, bar)]
  assert.equal(first, again, 'one tab per guest and place')
  const ask = { id: newId('gds'), tab: first, lines: [{ item: bar.item('beer'), count: 2 }], by }
  await Promise.all([1, 2, 3, 4].map(() => placeOrder(books, ask)))
  assert.equal(await town.left(guest.purse), '24.00')
  const other = { ...ask, lines: [{ item: bar.item('beer'), count: 1 }] }
  await assert.rejects(placeOrder(books, other), { code: 'id_already_used' })
  const answer = { order: ask.id, by: bar.staff }
  for (const step of ['accept', 'accept', 'deliver', 'deliver'] as const)
    await takeStep(books, { ...answer, step })
  await Promise.all([1, 2, 3, 4].map(() => checkOut(books, { tab: first, by, tip: cny('4.00') })))
  const { total, tip } = await town.tab(first)
  assert.deepEqual([total, tip], [cny('80.00'), cny('4.00')])
  assert.deepEqual(
    [await town.left(guest.purse), await town.earned(bar.merchant)],
    ['20.00', '80.00'],
  )
})

test('P5-I1 more than is available is not ordered: top up, and by how much', async () => {
  const bar = await town.bar()
  const guest = await town.member(bar.merchant, '50.00')
  const tab = await town.sit(guest, bar)
  await town.order(guest, tab, bar, 'beer')
  const needed = {
    code: 'top_up_needed',
    facts: { available: cny('12.00'), amount: cny('62.00'), missing: cny('50.00') },
  }
  await assert.rejects(town.order(guest, tab, bar, 'cocktail'), needed)
  assert.equal((await town.tab(tab)).orders.length, 1)
  await town.topUp(guest, '50.00')
  await town.order(guest, tab, bar, 'cocktail')
  assert.equal(await town.left(guest.purse), '0.00')
})

test('P5-I1 two tabs on one phone share one purse, and together never hold more than is in it', async () => {
  const bar = await town.bar({ places: 2 })
  const guest = await town.member(bar.merchant, '100.00')
  const tabs = [await town.sit(guest, bar, 0), await town.sit(guest, bar, 1)]
  const asked = await Promise.allSettled(
    [0, 1, 0, 1].map(n => town.order(guest, tabs[n]!, bar, 'beer')),
  )
  assert.deepEqual(asked.map(({ status }) => status).toSorted(), [
    ...['fulfilled', 'fulfilled', 'rejected', 'rejected'],
  ])
  assert.equal(await town.left(guest.purse), '24.00')
  for (const tab of tabs) await checkOut(town.books, { tab, by: guest.person })
  assert.equal(await town.earned(bar.merchant), '76.00')
})

test('P5-I3 what is refused or cancelled is free in the same moment; the guest cancels only what nobody accepted', async () => {
  const { books } = town
  const bar = await town.bar()
  const guest = await town.member(bar.merchant, '100.00')
  const tab = await town.sit(guest, bar)
  const lines = [{ item: bar.item('beer'), count: 1 }]
  const place = () => placeOrder(books, { id: newId('gds'), tab, lines, by: guest.person })
  const staff = { by: bar.staff }
  const refused = await place()
  await assert.rejects(takeStep(books, { order: refused, step: 'refuse', ...staff }), {
    code: 'reason_missing',
  })
  await takeStep(books, { order: refused, step: 'refuse', reason: '卖完了', ...staff })
  await takeStep(books, { order: await place(), step: 'cancel', by: guest.person })
  assert.equal(await town.left(guest.purse), '100.00')
  const accepted = await town.order(guest, tab, bar, 'beer')
  const impossible = { code: 'order_step_impossible' }
  const own = { order: accepted, step: 'cancel', by: guest.person } as const
  await assert.rejects(takeStep(books, own), impossible)
  await takeStep(books, { ...own, ...staff })
  assert.equal(await town.left(guest.purse), '100.00')
  const delivered = await town.order(guest, tab, bar, 'beer')
  await takeStep(books, { order: delivered, step: 'deliver', ...staff })
  await assert.rejects(takeStep(books, { order: delivered, step: 'cancel', ...staff }), impossible)
  await place()
  await checkOut(books, { tab, by: bar.staff })
  const { total, ended, orders } = await town.tab(tab)
  assert.deepEqual([total, ended], [cny('38.00'), 'merchant'], 'what nobody accepted is not paid')
  assert.equal(orders.at(-1)!.state, 'cancelled')
})

test('P5-09 P5-10 service charge and tax are held with each order, discount and tip come at the end', async () => {
  const { books } = town
  const settings = { serviceBps: 1000, taxBps: 600 }
  const bar = await town.bar({ settings, prices: { tea: '33.33', rum: '10.05' } })
  const guest = await town.member(bar.merchant, '100.00')
  const tab = await town.sit(guest, bar)
  const [tea] = [await town.order(guest, tab, bar, 'tea'), await town.order(guest, tab, bar, 'rum')]
  const { goods, service, tax, total } = await town.goodsOrder(tea)
  assert.deepEqual([goods, service, tax, total].map(format), ['33.33', '3.33', '2.20', '38.86'])
  assert.equal(await town.left(guest.purse), '49.43')
  const off = { tab, by: bar.staff, amount: cny('40.00') }
  await assert.rejects(discountTab(books, off), { code: 'reason_missing' })
  await discountTab(books, { ...off, reason: '等太久' })
  const wrong = checkOut(books, { tab, by: guest.person, total: cny('50.57') })
  await assert.rejects(wrong, { code: 'total_changed' })
  const fromStaff = checkOut(books, { tab, by: bar.staff, tip: cny('1.00') })
  await assert.rejects(fromStaff, { code: 'tip_is_the_guests' })
  await checkOut(books, { tab, by: guest.person, total: cny('10.57'), tip: cny('2.00') })
  const closed = await town.tab(tab)
  assert.deepEqual([closed.total, closed.held], [cny('12.57'), cny('0.00')])
  assert.deepEqual(
    [await town.left(guest.purse), await town.earned(bar.merchant)],
    ['87.43', '12.57'],
  )
})

test('P5-09 whose orders were all taken back may leave a tip, and nothing else', async () => {
  const bar = await town.bar()
  const guest = await town.member(bar.merchant, '50.00')
  const tab = await town.sit(guest, bar)
  const order = await town.order(guest, tab, bar, 'beer')
  await takeStep(town.books, { order, step: 'cancel', by: bar.staff })
  await checkOut(town.books, { tab, by: guest.person, tip: cny('5.00') })
  assert.deepEqual((await town.tab(tab)).total, cny('5.00'))
  assert.equal(await town.left(guest.purse), '45.00')
})

test('P1-14 P5-09 a checkout is a spend: it is in the day’s takings, and can be refunded to the purse', async () => {
  const { books } = town
  const bar = await town.bar()
  const guest = await town.member(bar.merchant, '100.00')
  const tab = await town.sit(guest, bar)
  await town.order(guest, tab, bar, 'beer', 'fries')
  await checkOut(books, { tab, by: guest.person })
  const { spend } = await town.tab(tab)
  const day = await takings(books, { merchant: bar.merchant })
  assert.deepEqual([day.count, day.sum], [1, cny('78.00')])
  const ask = {
    id: newId('rfd'),
    spend: spend!,
    amount: cny('40.00'),
    reason: '薯条凉了',
    by: bar.staff,
  }
  await refund(books, ask)
  assert.equal(await town.left(guest.purse), '62.00')
})
