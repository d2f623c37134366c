import assert from 'node:assert/strict'
import { test } from 'node:test'
import { withdraw } from '@bursar/custody'
import { newId } from '@bursar/kernel'
import { cny } from '@bursar/money'
import { checkOut } from './checkout.ts'
import { dayReport } from './day.ts'
import { discountTab } from './moving.ts'
import { takeStep } from './orders.ts'
import { placeOrder } from './placing.ts'
import { useBar } from './testing.ts'
import { startTimer } from './timers.ts'

const town = useBar()

test('P5-07 P5-10 P5-22 the day of an outlet adds up, also while tabs are open: orders, checkouts, platforms', async () => {
  const { books } = town
  const bar = await town.bar()
  const { merchant, outlet, staff: by } = bar
  const guests = [
    await town.member(merchant, '100.00'),
    await town.member(merchant, '80.00'),
    await town.member(merchant, '50.00'),
  ]
  const tabs = await Promise.all(guests.map(guest => town.sit(guest, bar)))
  for (const [n, guest] of guests.entries()) await town.order(guest, tabs[n]!, bar, 'beer')
  const lines = [{ item: bar.item('fries'), count: 1 }]
  const refused = { id: newId('gds'), tab: tabs[0]!, lines, by: guests[0]!.person }
  await placeOrder(books, refused)
  await takeStep(books, { order: refused.id, step: 'refuse', by, reason: '卖完了' })
  await discountTab(books, { tab: tabs[0]!, by, amount: cny('8.00'), reason: '老客' })
  await checkOut(books, { tab: tabs[0]!, by: guests[0]!.person, tip: cny('2.00') })
  await checkOut(books, { tab: tabs[1]!, by })
  const { purse, person } = guests[1]!
  const back = { id: newId('wdr'), purse, amount: cny('42.00'), by: person }
  await withdraw(books, [town.wallet.wallet], back)

  const report = await dayReport(books, { merchant, outlet })
  assert.deepEqual(report.orders, [
    { state: 'accepted', count: 3, sum: cny('114.00') },
    { state: 'refused', count: 1, sum: cny('40.00') },
  ])
  assert.deepEqual(report.checkouts, [
    ...[{ ended: 'guest', count: 1, sum: cny('32.00'), tips: cny('2.00'), discounts: cny('8.00') }],
    ...[
      { ended: 'merchant', count: 1, sum: cny('38.00'), tips: cny('0.00'), discounts: cny('0.00') },
    ],
  ])
  assert.deepEqual(report.platforms, [
    { gateway: 'wallet', kind: 'top_up', count: 3, sum: cny('230.00') },
    { gateway: 'wallet', kind: 'refund', count: 1, sum: cny('42.00') },
  ])
  assert.deepEqual([report.open, report.ended], [{ count: 1, sum: cny('38.00') }, false])
  assert.equal(await town.earned(merchant), '70.00', 'what was checked out')
  const other = (await town.bar()).outlet
  await assert.rejects(dayReport(books, { merchant, outlet: other }), { code: 'no_such_outlet' })
})

test('P5-I7 a business day goes from cut-off to cut-off, and two in the morning is the day before', async () => {
  const bar = await town.bar({ settings: { cutOff: 360 } })
  const { merchant, outlet } = bar
  const late = new Date('2026-11-28T18:00:00Z') // two in Shanghai, of the 29th
  const { day, startsAt, endsAt, ended } = await dayReport(town.books, {
    merchant,
    outlet,
    at: late,
  })
  assert.equal(day, '2026-11-28')
  assert.deepEqual(
    [startsAt, endsAt].map(one => one.toISOString()),
    ['2026-11-27T22:00:00.000Z', '2026-11-28T22:00:00.000Z'],
  )
  const after = { merchant, outlet, day, at: endsAt }
  assert.deepEqual([ended, (await dayReport(town.books, after)).ended], [false, true])
})

test('P5-I7 P5-I2 on the two nights when the clock is changed a business day has an hour more or less, and time costs its minutes', async () => {
  const bar = await town.bar({ settings: { cutOff: 360 } })
  const { merchant, outlet } = bar
  await town.database.owner.script(
    `update parties.outlet set zone = 'Europe/Berlin' where id = '${outlet}'`,
  )
  const hours = async (at: string) => {
    const { day, startsAt, endsAt } = await dayReport(town.books, {
      ...{ merchant, outlet, at: new Date(at) },
    })
    return [day, (endsAt.getTime() - startsAt.getTime()) / 3_600_000]
  }
  assert.deepEqual(await hours('2027-03-27T23:30:00Z'), ['2027-03-27', 23])
  assert.deepEqual(await hours('2027-10-30T23:30:00Z'), ['2027-10-30', 25])
  assert.deepEqual(await hours('2027-10-31T06:00:00Z'), ['2027-10-31', 24])
  const guest = await town.member(merchant, '100.00')
  const tab = await town.sit(guest, bar)
  const night = { base: cny('30.00'), night: { from: 1320, to: 480 }, pausable: false }
  const ask = { tab, plan: await town.plan(bar, night), by: guest.person }
  const covered = async (at: string) => {
    const id = newId('gds')
    await startTimer(town.books, { ...ask, id, at: new Date(at) })
    const [row] = await town.books.sql<{ minutes: number }>`
      select base_minutes as minutes from cashier.timer where goods_order = ${id}`
    return row!.minutes
  }
  // From eleven to eight, by the clock on the wall.
  assert.equal(await covered('2027-03-27T22:00:00Z'), 480)
  assert.equal(await covered('2027-10-30T21:00:00Z'), 600)
  assert.equal(await covered('2027-10-31T22:00:00Z'), 540)
})
