import assert from 'node:assert/strict'
import { test } from 'node:test'
import { newId } from '@bursar/kernel'
import { cny } from '@bursar/money'
import { catalogueOf, putItem, type HappyAsk } from './catalogue.ts'
import { placeOrder } from './placing.ts'
import { useBar, type Bar } from './testing.ts'

let now = new Date('2026-11-28T10:00:00Z')
const town = useBar(() => now)

/** Beer as it is put by its owner, from five to seven at another price. */
async function put({ merchant, item }: Bar, price: string, happy: object | null) {
  const { categories } = await catalogueOf(town.books, merchant)
  const happyHour = happy && ({ ...happy, from: 17 * 60, to: 19 * 60 } as HappyAsk)
  const beer = { id: item('beer'), name: 'beer', station: 'bar', rank: 1, offered: true } as const
  const listed = { merchant, category: categories[0]!.id, modifiers: [], price: cny(price) }
  return await putItem(town.books, { ...beer, ...listed, happyHour })
}

test('P5-I1 P5-I3 what is ordered costs what was shown, or it is refused with the new sum and nothing is held', async () => {
  const bar = await town.bar({ settings: { serviceBps: 1000 } })
  const guest = await town.member(bar.merchant, '100.00')
  const tab = await town.sit(guest, bar)
  await put(bar, '38.00', { price: cny('20.00') })
  const lines = [{ item: bar.item('beer'), count: 1 }]
  const order = (total: string, id = newId('gds')) =>
    placeOrder(town.books, { id, tab, lines, total: cny(total), by: guest.person, at: now })
  now = new Date('2026-11-28T11:00:00Z')
  const changed = (shown: string, then: string) => ({
    code: 'prices_changed',
    facts: { amount: cny(shown), now: cny(then) },
  })
  await assert.rejects(order('22.00'), changed('22.00', '41.80'))
  assert.equal(await town.left(guest.purse), '100.00')
  const id = newId('gds')
  await order('41.80', id)
  await put(bar, '30.00', null)
  assert.equal(await order('41.80', id), id, 'asked again, it is the order that there is')
  await assert.rejects(order('41.80'), changed('41.80', '33.00'))
  assert.equal(await town.left(guest.purse), '58.20')
})

test('P5-I3 a happy hour of so many percent leaves the rest, rounded to the coin, from the middle to the even one', async () => {
  now = new Date('2026-11-28T10:00:00Z')
  const bar = await town.bar()
  for (const [price, off, then] of [
    ['38.00', 2000, '30.40'],
    ['0.05', 5000, '0.02'],
    ['0.15', 5000, '0.08'],
    ['0.13', 3333, '0.09'],
    ['99999999.99', 1, '99989999.99'],
  ] as const) {
    const { happyHour } = await put(bar, price, { off })
    assert.deepEqual([happyHour?.price, happyHour?.off], [cny(then), off])
  }
  await assert.rejects(put(bar, '0.01', { off: 4000 }), { code: 'happy_hour_dear' })
  await assert.rejects(put(bar, '0.01', { off: 9999 }), { code: 'happy_hour_dear' })
  const { price, happyHour } = await put(bar, '38.00', { price: cny('30.00') })
  assert.deepEqual([price, happyHour?.off], [cny('38.00'), null])
})

test('P5-I3 the table refuses a price that is not what so many percent leave', async () => {
  const bar = await town.bar()
  await put(bar, '0.15', { off: 5000 })
  const id = bar.item('beer')
  const wrong = town.books.sql`update cashier.item set happy_minor = 7 where id = ${id}`
  await assert.rejects(wrong, /percent_off_is_rounded_half_to_even/)
  const orphan = town.books.sql`
    update cashier.item set happy_minor = null, happy_from = null, happy_to = null where id = ${id}`
  await assert.rejects(orphan, /percent_off_is_rounded_half_to_even/)
})
