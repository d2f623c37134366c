/** What the tables refuse, whatever the code above them believes. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { tellPlans } from '@bursar/database/testing'
import { newId, type Id, type Transaction } from '@bursar/kernel'
import { openBooks } from '@bursar/ledger'
import { checkOut } from './checkout.ts'
import { placeOrder } from './placing.ts'
import { useBar } from './testing.ts'

const town = useBar()
const refusal = (constraint: string) => ({ code: '23514', constraint })
const twice = (constraint: string) => ({ code: '23505', constraint })

async function scene() {
  const bar = await town.bar()
  const guest = await town.member(bar.merchant, '100.00')
  const tab = await town.sit(guest, bar)
  const order = await town.order(guest, tab, bar, 'beer')
  return { bar, guest, tab, order, by: guest.person }
}
/** Past the code, in one transaction. */
const slip = (work: (sql: Transaction['sql']) => Promise<unknown>) =>
  town.books.write(({ sql }) => work(sql))

test('P5-I1 what is ordered is held: no order costs more or less than its holds', async () => {
  const { order, tab, bar, guest } = await scene()
  const held = refusal('what_is_ordered_is_held')
  const dearer = (sql: Transaction['sql']) =>
    sql`update cashier.goods_order set goods = goods + 1, total = total + 1 where id = ${order}`
  await assert.rejects(slip(dearer), held)
  const released = (sql: Transaction['sql']) =>
    sql`update cashier.hold set state = 'released' where goods_order = ${order}`
  await assert.rejects(slip(released), held)
  const kept = (sql: Transaction['sql']) =>
    sql`update cashier.goods_order set state = 'cancelled' where id = ${order}`
  await assert.rejects(slip(kept), held, 'what is cancelled is free')
  const unheld = (sql: Transaction['sql']) => sql`
    insert into cashier.goods_order (id, tab, merchant, outlet, state, goods, service, tax, total, asked,
      placed_by, placed_at)
    values (${newId('gds')}, ${tab}, ${bar.merchant}, ${bar.outlet}, 'placed', 100, 0, 0, 100,
      ${'0'.repeat(64)}, ${guest.person}, now())`
  await assert.rejects(slip(unheld), held)
  const odd = town.books.sql`update cashier.goods_order set tax = 1 where id = ${order}`
  await assert.rejects(odd, refusal('an_order_adds_up'))
})

test('P5-11 a checkout adds up: its total is its orders, and a spend of that sum has paid it', async () => {
  const { tab, order, by, bar, guest } = await scene()
  const close = (total: bigint, spend: Id<'spd'> | null) => async (sql: Transaction['sql']) => {
    await sql`update cashier.hold set state = 'settled' where goods_order = ${order}`
    await sql`
      update cashier.tab set state = 'closed', ended = 'guest', closed_by = ${by}, closed_at = now(),
        total = ${total}, spend = ${spend} where id = ${tab}`
  }
  await assert.rejects(slip(close(3799n, newId('spd'))), refusal('a_checkout_adds_up'))
  await assert.rejects(slip(close(3800n, newId('spd'))), refusal('a_checkout_is_a_spend'))
  await assert.rejects(slip(close(3800n, null)), refusal('a_checkout_is_a_spend'))
  const lines = [{ item: bar.item('beer'), count: 1 }]
  await placeOrder(town.books, { id: newId('gds'), tab, lines, by })
  await checkOut(town.books, { tab, by })
  const { sql } = town.books
  const reopened = sql`
    update cashier.tab set state = 'open', ended = null, closed_by = null, closed_at = null, total = null,
      spend = null where id = ${tab}`
  await assert.rejects(reopened, refusal('only_known_steps_are_taken'))
  assert.equal(await town.left(guest.purse), '62.00')
})

test('P5-I3 what has ended does not begin again: no order, no hold', async () => {
  const { order, tab, by } = await scene()
  const { sql } = town.books
  const known = refusal('only_known_steps_are_taken')
  for (const state of ['placed', 'refused'])
    await assert.rejects(
      sql`update cashier.goods_order set state = ${state}, reason = '卖完了' where id = ${order}`,
      known,
    )
  await checkOut(town.books, { tab, by })
  const back = sql`update cashier.hold set state = 'held' where goods_order = ${order}`
  await assert.rejects(back, known)
})

test('P5-05 P5-08 P5-11 P5-14 nobody gives a docket its number, and a series has no gap', async () => {
  const { bar, guest } = await scene()
  const { sql } = town.books
  const made = { merchant: bar.merchant, purse: guest.purse }
  const write = (number: number | null) => sql<{ number: number }>`
    insert into cashier.docket (subject, kind, merchant, purse, day, number, at)
    values (${newId('wdr')}, 'refund', ${made.merchant}, ${made.purse}, '2020-01-01', ${number}, now())
    returning number`
  await assert.rejects(write(99), refusal('numbers_have_no_gap'), 'nor one that is wished for')
  assert.equal((await write(null))[0]!.number, 1)
  const back = sql`
    update cashier.series set last = last - 1 where merchant = ${bar.merchant} and kind = 'top_up'`
  await assert.rejects(back, { code: '23514' })
  await sql`
    update cashier.series set last = last + 2 where merchant = ${bar.merchant} and kind = 'refund'`
  await assert.rejects(write(null), refusal('numbers_have_no_gap'), 'a leap')
  const odd = sql`
    insert into cashier.docket (subject, kind, merchant, purse, at)
    values (${newId('wdr')}, 'goods', ${made.merchant}, ${made.purse}, now())`
  await assert.rejects(odd, refusal('a_docket_is_of_its_kind'))
  const erased = sql`delete from cashier.docket where merchant = ${bar.merchant}`
  await assert.rejects(erased, { code: '42501' })
})

test('P5-02 P5-I5 one binding per person, merchant and platform, and one person per platform account there', async () => {
  const bar = await town.bar()
  const [ann, ben] = [await town.member(bar.merchant), await town.member(bar.merchant)]
  const { sql } = town.books
  const write = (person: Id<'per'>, payer: string, merchant = bar.merchant) => sql`
    insert into cashier.binding (id, person, merchant, gateway, payer)
    values (${newId('bnd')}, ${person}, ${merchant}, 'alipay', ${payer})`
  await write(ann.person, '2088-1')
  const again = write(ann.person, '2088-2')
  await assert.rejects(again, twice('one_binding_per_person_merchant_and_platform'))
  await assert.rejects(write(ben.person, '2088-1'), twice('one_platform_account_is_bound_once'))
  const stranger = write(await town.person(), '2088-3')
  await assert.rejects(stranger, { code: '23503' }, 'who has no purse there is bound to nothing')
})

test('P5-I1 one open tab per guest and place', async () => {
  const { tab } = await scene()
  const second = town.books.sql`
    insert into cashier.tab (id, book, merchant, outlet, place, purse, person, currency, service_bps,
      tax_bps, opened_at, closes_at)
    select ${newId('tab')}, book, merchant, outlet, place, purse, person, currency, service_bps, tax_bps,
      opened_at, closes_at from cashier.tab where id = ${tab}`
  await assert.rejects(second, twice('one_open_tab_per_guest_and_place'))
})

test('P5-05 P5-14 the docket before is looked up by its number: no batch costs a look through all of them', async () => {
  const { bar, guest } = await scene()
  const told = await tellPlans(town.database.superUrl, town.url)
  const watched = openBooks({ url: town.url })
  for (const which of ['first', 'next'])
    await watched.sql`
      insert into cashier.docket (subject, kind, merchant, purse, at)
      select 'wdr_' || ${which}::text || n, 'refund', ${bar.merchant}, ${guest.purse}, now()
      from generate_series(1, 150) as n`
  await watched.close()
  const plans = told().map(({ plan }) => JSON.stringify(plan))
  const looks = (way: string) =>
    plans.filter(plan => new RegExp(`"${way}"[^{}]*"Relation Name":"docket"`).test(plan)).length
  assert.ok(looks('Index Only Scan') + looks('Index Scan') > 0)
  assert.equal(looks('Seq Scan'), 0)
})

test('P5-05 a docket is of a purse, and of the merchant that the purse is at', async () => {
  const [here, there] = [await scene(), await town.bar()]
  const refused = refusal('a_docket_is_of_a_purse_and_its_merchant')
  const docket = (merchant: string, purse: string) => (sql: Transaction['sql']) =>
    sql`
    insert into cashier.docket (subject, kind, merchant, purse, at)
    values (${newId('top')}, 'top_up', ${merchant}, ${purse}, now())`
  await assert.rejects(
    slip(docket(there.merchant, here.guest.purse)),
    refused,
    'of another merchant',
  )
  await assert.rejects(slip(docket(here.bar.merchant, newId('pur'))), refused, 'of nobody')
  await slip(docket(here.bar.merchant, here.guest.purse))
})
