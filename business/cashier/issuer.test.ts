import assert from 'node:assert/strict'
import { afterEach, beforeEach, test } from 'node:test'
import { setTimeout as sleep } from 'node:timers/promises'
import { newId, type MerchantId } from '@bursar/kernel'
import { cny } from '@bursar/money'
import { checkOut } from './checkout.ts'
import { listDockets } from './dockets.ts'
import { discountTab, mergeTab, splitTab } from './moving.ts'
import { takeStep } from './orders.ts'
import { openTab } from './tabs.ts'
import { startTimer, tick } from './timers.ts'
import { useBar } from './testing.ts'

const town = useBar()
let card: MerchantId
beforeEach(async () => {
  if (card) await town.licensed()
  else card = await town.issuer()
})
afterEach(() => town.unlicensed())
const minute = 60_000
const lapsed = { code: 'platform_scope_unlicensed' }

test('P5-22 P5-06 P5-09 a guest of the issuer sits down at a bar without joining it, orders and checks out', async () => {
  const bar = await town.bar()
  const ann = await town.member(card, '300.00')
  const tab = await town.sit(ann, bar)
  assert.equal(await town.sit(ann, bar), tab, 'one tab, however often asked')
  await town.order(ann, tab, bar, 'beer', 'cocktail')
  await town.order(ann, tab, bar, 'fries')
  assert.equal(await town.left(ann.purse), '160.00')
  await checkOut(town.books, { tab, by: ann.person })
  assert.equal(await town.earned(bar.merchant), '140.00')
  const kinds = async (merchant: MerchantId) =>
    (await listDockets(town.books, { merchant })).map(({ kind }) => kind).toSorted()
  assert.deepEqual(await kinds(bar.merchant), ['checkout', 'goods', 'goods'])
  assert.deepEqual(await kinds(card), ['top_up'])
})

test('P5-22 the tables hold it: a tab is of a purse that is good at its merchant, and a docket too', async () => {
  const [bar, other] = [await town.bar(), await town.bar()]
  const bob = await town.member(other.merchant, '50.00')
  const tab = town.books.sql`
    insert into cashier.tab (id, book, merchant, outlet, place, purse, person, currency, service_bps, tax_bps,
      opened_at, closes_at)
    values (${newId('tab')}, 1, ${bar.merchant}, ${bar.outlet}, ${bar.places[0]!.id}, ${bob.purse}, ${bob.person},
      'CNY', 0, 0, now(), now() + interval '1 day')`
  await assert.rejects(tab, { constraint: 'a_tab_is_of_a_purse_that_is_good_there' })
  await assert.rejects(town.sit(bob, bar), { code: 'purse_of_another_merchant' })
  const ann = await town.member(card, '50.00')
  const own = await town.sit(ann, bar)
  await town.order(ann, own, bar, 'beer')
  assert.deepEqual(cny('12.00'), { minor: await town.available(ann.purse), currency: 'CNY' })
})

test('P5-22 P5-I3 a card’s tab is split and put together again like any tab, and each is paid after the licence ended', async () => {
  const bar = await town.bar({ places: 3 })
  const ann = await town.member(card, '300.00')
  const [one, two] = [await town.sit(ann, bar), await town.sit(ann, bar, 1)]
  const [beer, fries] = [
    await town.order(ann, one, bar, 'beer'),
    await town.order(ann, one, bar, 'fries'),
  ]
  await town.order(ann, two, bar, 'cocktail')
  const by = bar.staff
  const three = newId('tab')
  const apart = { id: three, tab: one, orders: [beer], place: bar.places[2]!.id, by }
  await splitTab(town.books, apart)
  await mergeTab(town.books, { tab: two, into: one, by })
  await town.unlicensed()
  await takeStep(town.books, { order: fries, step: 'cancel', by })
  await checkOut(town.books, { tab: three, by: ann.person })
  await checkOut(town.books, { tab: one, by })
  assert.equal(await town.earned(bar.merchant), '100.00')
  assert.equal(await town.left(ann.purse), '200.00')
})

/** A process remembers for a second that a licence holds: long enough for an order to get as far as the tables. */
test('P5-22 R-D1 what is ordered after the licence ended gets in by no memory, and what was ordered before is paid', async () => {
  const bar = await town.bar()
  const ann = await town.member(card, '300.00')
  const tab = await town.sit(ann, bar)
  const plan = await town.plan(bar)
  const beer = await town.order(ann, tab, bar, 'beer')
  await town.unlicensed()
  await assert.rejects(town.order(ann, tab, bar, 'beer'), lapsed)
  const time = { id: newId('gds'), tab, plan, by: ann.person }
  await assert.rejects(startTimer(town.books, time), lapsed)
  await takeStep(town.books, { order: beer, step: 'deliver', by: bar.staff })
  await sleep(1050)
  await assert.rejects(town.order(ann, tab, bar, 'beer'), lapsed)
  await assert.rejects(startTimer(town.books, time), lapsed)
  await assert.rejects(town.sit(ann, bar, 1), lapsed)
  await checkOut(town.books, { tab, by: ann.person })
  assert.equal(await town.earned(bar.merchant), '38.00')
  assert.equal(await town.left(ann.purse), '262.00')
})

test('P5-22 R-D1 a tab that is closed is answered as it was when it is opened again under its id, after the licence ended', async () => {
  const bar = await town.bar()
  const ann = await town.member(card, '100.00')
  const ask = { id: newId('tab'), purse: ann.purse, token: bar.places[0]!.token, by: ann.person }
  const tab = await openTab(town.books, ask)
  await checkOut(town.books, { tab, by: ann.person })
  await town.unlicensed()
  await sleep(1050)
  assert.equal(await openTab(town.books, ask), tab)
  await assert.rejects(openTab(town.books, { ...ask, id: newId('tab') }), lapsed)
})

test('P5-22 R-D1 a tip is new money: none after the licence ended, and without it the tab is paid', async () => {
  const bar = await town.bar()
  const ann = await town.member(card, '100.00')
  const tab = await town.sit(ann, bar)
  await town.order(ann, tab, bar, 'beer')
  const off = { tab, by: bar.staff, amount: cny('8.00'), reason: '老客' }
  await discountTab(town.books, off)
  await town.unlicensed()
  const tipping = () => checkOut(town.books, { tab, by: ann.person, tip: cny('5.00') })
  await assert.rejects(tipping(), lapsed)
  await sleep(1050)
  await assert.rejects(tipping(), lapsed)
  await checkOut(town.books, { tab, by: ann.person })
  assert.equal(await town.left(ann.purse), '70.00')
})

test('P5-22 R-D1 time that runs when the licence ends goes on for as long as is held, and no longer', async () => {
  const bar = await town.bar()
  const ann = await town.member(card, '100.00')
  const tab = await town.sit(ann, bar)
  const plan = await town.plan(bar)
  const order = newId('gds')
  await startTimer(town.books, { id: order, tab, plan, by: ann.person })
  const time = async () => (await town.goodsOrder(order)).timer!
  const until = (await time()).endsAt!
  await town.unlicensed()
  const tickAt = (minutes: number) =>
    tick(town.books, order, new Date(until.getTime() + minutes * minute))
  await tickAt(-1)
  const { endsAt, short } = await time()
  assert.deepEqual([endsAt, short], [until, true])
  await tickAt(1)
  assert.equal((await time()).state, 'stopped')
  await checkOut(town.books, { tab, by: ann.person })
  assert.equal(await town.earned(bar.merchant), '1.00')
})

test('P5-22 a bar that is suspended while time runs takes no minute and no tip more, and is paid what was ordered', async () => {
  const bar = await town.bar()
  const ann = await town.member(card, '100.00')
  const tab = await town.sit(ann, bar)
  const order = newId('gds')
  await startTimer(town.books, { id: order, tab, plan: await town.plan(bar), by: ann.person })
  const until = (await town.goodsOrder(order)).timer!.endsAt!
  await town.books.sql`update parties.merchant set state = 'suspended' where id = ${bar.merchant}`
  await tick(town.books, order, new Date(until.getTime() - minute))
  assert.deepEqual((await town.goodsOrder(order)).timer!.endsAt, until)
  await sleep(1050)
  const leave = { tab, by: ann.person }
  const tipping = checkOut(town.books, { ...leave, tip: cny('5.00') })
  await assert.rejects(tipping, { code: 'merchant_not_open' })
  await checkOut(town.books, leave)
  assert.equal(await town.earned(bar.merchant), '1.00')
})

test('P5-22 the tables hold it: no order, tip or minute more after the licence ended, and no payment says it was ordered that was not', async () => {
  const { sql } = town.books
  const bar = await town.bar()
  const ann = await town.member(card, '100.00')
  const tab = await town.sit(ann, bar)
  const order = newId('gds')
  await startTimer(town.books, { id: order, tab, plan: await town.plan(bar), by: ann.person })
  const paid = (id: string, at: Date, minor = 100) => sql`
    insert into custody.spend (book, id, purse, person, merchant, outlet, minor, currency, initiator, started_by,
      state, at, ordered_at)
    values (1, ${id}, ${ann.purse}, ${ann.person}, ${bar.merchant}, ${bar.outlet}, ${minor}, 'CNY', 'consumer',
      ${ann.person}, 'done', now(), ${at})`
  const { placedAt } = await town.goodsOrder(order)
  const unordered = { constraint: 'what_is_paid_was_ordered_on_its_tab' }
  await assert.rejects(paid(newId('spd'), placedAt), unordered)
  const spend = `spd_${tab.slice('tab_'.length)}`
  await assert.rejects(paid(spend, new Date(placedAt.getTime() - 1)), unordered)
  await town.unlicensed()
  const needs = { constraint: 'platform_scope_needs_a_licence' }
  const longer = sql`update cashier.timer set minutes = minutes + 1 where goods_order = ${order}`
  await assert.rejects(longer, needs)
  await assert.rejects(paid(spend, placedAt, 101), needs)
  await paid(spend, placedAt)
})
