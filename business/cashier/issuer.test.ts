import assert from 'node:assert/strict'
import { afterEach, beforeEach, test } from 'node:test'
import { setTimeout as sleep } from 'node:timers/promises'
import { newId, type MerchantId } from '@bursar/kernel'
import { cny } from '@bursar/money'
import { checkOut } from './checkout.ts'
import { listDockets } from './dockets.ts'
import { startTimer } from './timers.ts'
import { useBar } from './testing.ts'

const town = useBar()
let card: MerchantId
beforeEach(async () => {
  if (card) await town.licensed()
  else card = await town.issuer()
})
afterEach(() => town.unlicensed())
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

// Last: a process remembers for a second that no licence holds.
test('P5-22 R-D1 when the licence ends no more is ordered, and what was ordered before is paid', async () => {
  const bar = await town.bar()
  const ann = await town.member(card, '300.00')
  const tab = await town.sit(ann, bar)
  await town.order(ann, tab, bar, 'beer')
  const plan = await town.plan(bar)
  await town.unlicensed()
  await sleep(1050)
  await assert.rejects(town.order(ann, tab, bar, 'beer'), lapsed)
  const time = { id: newId('gds'), tab, plan, by: ann.person }
  await assert.rejects(startTimer(town.books, time), lapsed)
  await assert.rejects(town.sit(ann, bar, 1), lapsed)
  await checkOut(town.books, { tab, by: ann.person })
  assert.equal(await town.earned(bar.merchant), '38.00')
  assert.equal(await town.left(ann.purse), '262.00')
})
