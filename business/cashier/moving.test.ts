import assert from 'node:assert/strict'
import { test } from 'node:test'
import { newId } from '@bursar/kernel'
import { cny } from '@bursar/money'
import { putItem, priceAt, catalogueOf } from './catalogue.ts'
import { checkOut } from './checkout.ts'
import { discountTab, handOver, mergeTab, moveTab, splitTab } from './moving.ts'
import { takeStep } from './orders.ts'
import { placeOrder } from './placing.ts'
import { putPlace } from './places.ts'
import { listOrders } from './shownOrders.ts'
import { listTabs } from './shownTabs.ts'
import { useBar } from './testing.ts'

const town = useBar()

async function scene() {
  const bar = await town.bar({ places: 3 })
  const guest = await town.member(bar.merchant, '200.00')
  const tab = await town.sit(guest, bar)
  return { bar, guest, tab, by: bar.staff, order: await town.order(guest, tab, bar, 'beer') }
}

test('P5-I3 a guest sits elsewhere: the tab goes along, and the orders say the new place', async () => {
  const { bar, tab, by, guest, order } = await scene()
  const place = bar.places[2]!.id
  for (const ask of [1, 2]) assert.ok(ask && (await moveTab(town.books, { tab, by, place })))
  const { placeName, steps } = await town.tab(tab)
  assert.deepEqual([placeName, steps.map(({ about }) => about)], ['A3', ['A1 → A3']])
  assert.equal((await town.goodsOrder(order)).placeName, 'A3')
  const second = await town.sit(guest, bar, 1)
  const taken = moveTab(town.books, { tab: second, by, place })
  await assert.rejects(taken, { code: 'tab_open_there' })
  const elsewhere = (await town.bar()).places[0]!.id
  const far = moveTab(town.books, { tab, by, place: elsewhere })
  await assert.rejects(far, { code: 'place_of_another_outlet' })
})

test('P5-I3 tabs of one guest are merged and split, and what is held stays held', async () => {
  const { bar, guest, tab, by, order } = await scene()
  const { books } = town
  const second = await town.sit(guest, bar, 1)
  await town.order(guest, second, bar, 'cocktail')
  await discountTab(books, { tab: second, by, amount: cny('2.00'), reason: '老客' })
  for (const ask of [1, 2])
    assert.ok(ask && (await mergeTab(books, { tab: second, by, into: tab })))
  const merged = await town.tab(tab)
  assert.deepEqual([merged.total, merged.held], [cny('98.00'), cny('100.00')])
  assert.equal((await town.tab(second)).state, 'merged')
  const split = { id: newId('tab'), tab, by, orders: [order], place: bar.places[2]!.id }
  for (const ask of [1, 2]) assert.equal(ask && (await splitTab(books, split)), split.id)
  assert.deepEqual((await town.tab(split.id)).total, cny('38.00'))
  for (const one of [tab, split.id]) await checkOut(books, { tab: one, by: guest.person })
  assert.equal(await town.earned(bar.merchant), '98.00')
  assert.equal(await town.left(guest.purse), '102.00')
})

test('P5-I3 a tab that was merged answers for the tab it went into, and for no other one', async () => {
  const { bar, guest, tab, by } = await scene()
  const [second, third] = [await town.sit(guest, bar, 1), await town.sit(guest, bar, 2)]
  const merge = (into: typeof tab) => mergeTab(town.books, { tab, by, into })
  for (const ask of [1, 2]) assert.equal(ask && (await merge(second)), second)
  await assert.rejects(merge(third), { code: 'tab_ended' })
  await mergeTab(town.books, { tab: second, by, into: third })
  assert.equal(await merge(second), second, 'asked again, it went there')
  assert.deepEqual((await town.tab(third)).total, cny('38.00'))
})

test('P5-I3 a discount goes along with the orders that are split off, as far as the rest cannot bear it', async () => {
  const { bar, guest, tab, by, order } = await scene()
  const { books } = town
  const fries = await town.order(guest, tab, bar, 'fries')
  await discountTab(books, { tab, by, amount: cny('60.00'), reason: '老客' })
  const split = { id: newId('tab'), tab, by, orders: [fries], place: bar.places[1]!.id }
  await splitTab(books, split)
  const both = async () =>
    [await town.tab(tab), await town.tab(split.id)].map(one => [one.discount, one.discountReason])
  const parted = [
    [cny('38.00'), '老客'],
    [cny('22.00'), '老客'],
  ]
  assert.deepEqual(await both(), parted)
  const rest = { id: newId('tab'), tab, by, orders: [order], place: bar.places[2]!.id }
  await splitTab(books, rest)
  assert.deepEqual((await town.tab(tab)).discount, cny('0.00'))
  for (const one of [tab, split.id, rest.id]) await checkOut(books, { tab: one, by: guest.person })
  assert.equal(await town.left(guest.purse), '182.00', 'of 78.00 sixty are off, as was said')
})

test('P5-I3 only what stands is split off: an order that was cancelled opens no tab', async () => {
  const { bar, tab, by, order } = await scene()
  await takeStep(town.books, { order, step: 'cancel', by })
  const split = { id: newId('tab'), tab, by, orders: [order], place: bar.places[2]!.id }
  await assert.rejects(splitTab(town.books, split), { code: 'no_such_goods_order' })
  await assert.rejects(town.tab(split.id), { code: 'no_such_tab' })
})

test('P5-I3 nobody’s purse pays for another guest’s orders', async () => {
  const { bar, tab, by } = await scene()
  const other = await town.member(bar.merchant, '50.00')
  const theirs = await town.sit(other, bar, 1)
  const merge = mergeTab(town.books, { tab, by, into: theirs })
  await assert.rejects(merge, { code: 'tabs_differ' })
  const order = await town.order(other, theirs, bar, 'beer')
  const place = bar.places[2]!.id
  const split = splitTab(town.books, { id: newId('tab'), tab, by, orders: [order], place })
  await assert.rejects(split, { code: 'no_such_goods_order' })
  const id = newId('gds')
  const lines = [{ item: bar.item('beer'), count: 1 }]
  const forged = placeOrder(town.books, { id, tab: theirs, lines, by: bar.staff })
  await assert.rejects(forged, { code: 'no_such_tab' }, 'nor does the staff order for a guest')
})

test('P5-I3 a tab is handed over to somebody with a seat there, and to nobody else', async () => {
  const { tab, by } = await scene()
  await handOver(town.books, { tab, by, to: by })
  assert.equal((await town.tab(tab)).servedBy, by)
  const stranger = await town.person()
  await assert.rejects(handOver(town.books, { tab, by, to: stranger }), { code: 'not_seated' })
})

test('P5-I3 no discount is larger than the tab; what is cancelled since makes it smaller', async () => {
  const { bar, guest, tab, by } = await scene()
  const off = { tab, by, reason: '老客' }
  const much = discountTab(town.books, { ...off, amount: cny('38.01') })
  await assert.rejects(much, { code: 'discount_exceeds_tab' })
  await discountTab(town.books, { ...off, amount: cny('38.00') })
  await checkOut(town.books, { tab, by: guest.person })
  const { total, spend, number } = await town.tab(tab)
  assert.deepEqual([total, spend], [cny('0.00'), null])
  assert.match(number!, /^C\d{8}-\d{4}$/, 'a checkout of nothing has its docket too')
  assert.equal(await town.left(guest.purse), '200.00')
  assert.equal(await town.earned(bar.merchant), '0.00')
})

test('P5-I3 extras cost what they cost, happy hours less, and what is not offered is not ordered', async () => {
  const { bar, guest, tab } = await scene()
  const { books } = town
  const { categories } = await catalogueOf(books, bar.merchant)
  const item = {
    ...{ id: newId('itm'), merchant: bar.merchant, category: categories[0]!.id, name: '金汤力' },
    ...({ station: 'bar', price: cny('50.00'), offered: true, rank: 2 } as const),
    happyHour: { price: cny('30.00'), from: 0, to: 0 },
    modifiers: [
      { name: '加一份金酒', price: cny('15.00') },
      { name: '少冰', price: cny('0.00') },
    ],
  }
  const known = await putItem(books, item)
  assert.deepEqual(
    priceAt(known, 10),
    cny('50.00'),
    'a happy hour that ends when it begins is none',
  )
  const ask = (modifiers: string[]) => ({
    ...{ id: newId('gds'), tab, by: guest.person },
    lines: [{ item: item.id, count: 2, modifiers }],
  })
  const order = await placeOrder(books, ask(['加一份金酒', '少冰']))
  const { total, lines } = await town.goodsOrder(order)
  assert.deepEqual([total, lines[0]?.modifiers], [cny('130.00'), ['加一份金酒', '少冰']])
  const gone = { code: 'item_not_offered' }
  await assert.rejects(placeOrder(books, ask(['不存在'])), gone)
  await putItem(books, { ...item, modifiers: [] })
  await assert.rejects(placeOrder(books, ask(['少冰'])), gone)
  await putItem(books, { ...item, offered: false })
  await assert.rejects(placeOrder(books, ask([])), gone)
  const theirs = await town.bar()
  const steal = putItem(books, { ...item, merchant: theirs.merchant })
  await assert.rejects(steal, { code: 'catalogue_of_another' })
})

test('P5-I3 a place is named once in its outlet, and one that is closed is not there', async () => {
  const bar = await town.bar()
  const guest = await town.member(bar.merchant)
  const { outletName: _, token: __, ...first } = bar.places[0]!
  const same = putPlace(town.books, { ...first, id: newId('plc') })
  await assert.rejects(same, { code: 'name_taken' })
  await putPlace(town.books, { ...first, open: false })
  await assert.rejects(town.sit(guest, bar), { code: 'no_such_place' })
})

test('P5-07 P5-10 the merchant’s lists: what waits oldest first, filters are filters, pages do not shift', async () => {
  const { bar, guest, tab, by, order } = await scene()
  const { books } = town
  const { merchant } = bar
  const lines = [{ item: bar.item('fries'), count: 1 }]
  const ask = { tab, lines, by: guest.person }
  const placed = [newId('gds'), newId('gds')]
  for (const id of placed) await placeOrder(books, { id, ...ask })
  const ids = async (more: object) =>
    (await listOrders(books, { merchant, ...more })).map(({ id }) => id)
  assert.deepEqual(await ids({ waiting: true }), [order, ...placed])
  assert.deepEqual(await ids({}), [...placed.toReversed(), order])
  assert.deepEqual(await ids({ state: 'placed' }), placed.toReversed())
  const first = await ids({ limit: 2 })
  assert.deepEqual([...first, ...(await ids({ cursor: first[1] }))], await ids({}))
  const waiting = await ids({ waiting: true, limit: 2 })
  assert.deepEqual(await ids({ waiting: true, cursor: waiting[1] }), placed.slice(1))
  assert.deepEqual(await ids({ q: 'A1' }), await ids({}))
  assert.deepEqual(await ids({ q: '%' }), [])
  await checkOut(books, { tab, by })
  const tabs = async (state: 'open' | 'closed') =>
    (await listTabs(books, { merchant, state })).map(({ id }) => id)
  assert.deepEqual([await tabs('open'), await tabs('closed')], [[], [tab]])
})
