import assert from 'node:assert/strict'
import { after, test } from 'node:test'
import { spend, withdraw } from '@bursar/custody'
import { newId, type Books } from '@bursar/kernel'
import { openBooks } from '@bursar/ledger'
import { cny } from '@bursar/money'
import { setStock } from './catalogue.ts'
import { checkOut } from './checkout.ts'
import { takeStep } from './orders.ts'
import { placeOrder } from './placing.ts'
import { useBar, type Bar, type Guest } from './testing.ts'
import type { TabId } from './tabs.ts'

const town = useBar()
const rounds = Number(process.env['ROUNDS'] ?? 30)
let other: Books | undefined
after(() => other?.close())

/** Another server over the same database: nothing is decided by sitting in one process. */
const servers = () => [town.books, (other ??= openBooks({ url: town.url }))] as const

type Scene = { bar: Bar; guest: Guest; tab: TabId }
/** A hundred in the purse, forty of it held and accepted. */
async function scene(bar: Bar): Promise<Scene> {
  const guest = await town.member(bar.merchant, '100.00')
  const tab = await town.sit(guest, bar)
  await town.order(guest, tab, bar, 'fries')
  return { bar, guest, tab }
}

const expected = new Set([
  'insufficient_funds',
  'source_short',
  'top_up_needed',
  'tab_ended',
  'busy',
])

/** Who does not know what became of it asks again, under the same id, until it is known. */
async function asked<T>(wish: () => Promise<T>): Promise<T> {
  try {
    return await wish()
  } catch (error) {
    if ((error as { code?: string }).code !== 'outcome_unknown') throw error
    return asked(wish)
  }
}

/** What was refused was refused for a reason of the evening. */
async function race(...wishes: (() => Promise<unknown>)[]): Promise<number> {
  const done = await Promise.allSettled(wishes.map(asked))
  for (const one of done)
    if (one.status === 'rejected' && !expected.has(one.reason.code)) throw one.reason
  return done.filter(({ status }) => status === 'fulfilled').length
}

const refunded = (): bigint =>
  [...town.wallet.refunds.values()].reduce((sum, { minor }) => sum + minor, 0n)

/** All that came in is in the purse, with the merchant, or back at the platform: nothing twice, nothing below zero. */
async function adds(
  cameIn: bigint,
  guest: Guest,
  bar: Bar,
  before: { back: bigint; earned: bigint },
) {
  const left = await town.available(guest.purse)
  const side = await town.books.balance(town.book, `purse/${guest.purse}`)
  const earned = (await town.posted(`merchant/${bar.merchant}/earned`)) - before.earned
  const back = refunded() - before.back
  assert.ok(left >= 0n && side!.posted >= 0n)
  assert.equal(side!.posted + earned + back, cameIn)
  const [tops] = await town.books.sql<{ back: bigint }>`
    select coalesce(sum(returned), 0)::bigint as back from custody.top_up where purse = ${guest.purse}`
  assert.equal(tops!.back, back)
  return { left, earned, back }
}

test('P5-13 P5-I4 a refund races a spend, an order, a checkout and another refund: nothing below zero, nothing out twice', async () => {
  const bar = await town.bar()
  const [one, two] = servers()
  const { wallet } = town.wallet
  for (let round = 0; round < rounds; round++) {
    const { guest, tab } = await scene(bar)
    const { purse, person: by } = guest
    const before = {
      back: refunded(),
      earned: await town.posted(`merchant/${bar.merchant}/earned`),
    }
    const back = (books: Books) => {
      const ask = { id: newId('wdr'), purse, amount: cny('60.00'), by }
      return () => withdraw(books, [wallet], ask)
    }
    const lines = [{ item: bar.item('beer'), count: 1 }]
    const { merchant } = bar
    const [spent, order] = [newId('spd'), newId('gds')]
    await race(
      back(one),
      back(two),
      () => spend(two, { id: spent, purse, merchant, by, amount: cny('25.00') }),
      () => placeOrder(one, { id: order, tab, lines, by }),
      () => checkOut(two, { tab, by }),
      () => checkOut(one, { tab, by: bar.staff }),
    )
    await asked(() => checkOut(one, { tab, by }))
    const { earned, back: out } = await adds(10_000n, guest, bar, before)
    assert.ok(earned >= 4_000n, 'what was held and accepted is paid')
    assert.ok(out === 0n || out === 6_000n)
    const { spend: paid, total } = await town.tab(tab)
    assert.deepEqual([paid !== null, total], [true, cny('40.00')])
  }
})

test('P5-12 P5-I4 one refund, sent five times at two servers, is one', async () => {
  const bar = await town.bar()
  const { guest } = await scene(bar)
  const before = { back: refunded(), earned: 0n }
  const ask = { id: newId('wdr'), purse: guest.purse, amount: cny('60.00'), by: guest.person }
  const { wallet } = town.wallet
  await race(...[0, 1, 0, 1, 0].map(n => () => withdraw(servers()[n]!, [wallet], ask)))
  const { back } = await adds(10_000n, guest, bar, before)
  assert.equal(back, 6_000n)
})

test('P5-09 P5-I3 an answer races the checkout: an order is paid for or free, and never both', async () => {
  const bar = await town.bar()
  const [one, two] = servers()
  for (let round = 0; round < rounds; round++) {
    const { guest, tab } = await scene(bar)
    const { person: by } = guest
    const before = {
      back: refunded(),
      earned: await town.posted(`merchant/${bar.merchant}/earned`),
    }
    const order = newId('gds')
    const lines = [{ item: bar.item('beer'), count: 1 }]
    await placeOrder(one, { id: order, tab, lines, by })
    const step = round % 3 === 0 ? 'accept' : round % 3 === 1 ? 'refuse' : 'cancel'
    const answer = {
      order,
      step,
      by: step === 'cancel' ? by : bar.staff,
      reason: '卖完了',
    } as const
    const steps = [() => takeStep(two, answer), () => checkOut(one, { tab, by })]
    await Promise.allSettled(steps.map(step => asked<unknown>(step)))
    await asked(() => checkOut(two, { tab, by }))
    const { earned } = await adds(10_000n, guest, bar, before)
    const { state } = await town.goodsOrder(order)
    assert.equal(earned, state === 'accepted' ? 7_800n : 4_000n, state)
  }
})

test('P5-06 the last two beers are sold twice, and to no third', async () => {
  const bar = await town.bar()
  const item = bar.item('beer')
  await setStock(town.books, { merchant: bar.merchant, item, stock: 2 })
  const guests = await Promise.all([1, 2, 3, 4].map(() => town.member(bar.merchant, '40.00')))
  const tabs = await Promise.all(guests.map(guest => town.sit(guest, bar)))
  const asked = await Promise.allSettled(
    guests.map(({ person: by }, n) =>
      placeOrder(servers()[n % 2]!, {
        ...{ id: newId('gds'), tab: tabs[n]!, lines: [{ item, count: 1 }], by },
      }),
    ),
  )
  const codes = asked.map(one => (one.status === 'rejected' ? one.reason.code : 'sold')).toSorted()
  assert.deepEqual(codes, ['item_sold_out', 'item_sold_out', 'sold', 'sold'])
  const sold = asked.findIndex(one => one.status === 'fulfilled')
  await checkOut(town.books, { tab: tabs[sold]!, by: guests[sold]!.person })
  const again = {
    id: newId('gds'),
    tab: tabs[3]!,
    lines: [{ item, count: 2 }],
    by: guests[3]!.person,
  }
  const one = { code: 'item_sold_out', facts: { item, name: 'beer', left: 1 } }
  await assert.rejects(placeOrder(town.books, again), one, 'what nobody accepted is there again')
})

test('P5-05 P5-08 numbers have no gap, however many orders come at once and however many are refused', async () => {
  const bar = await town.bar()
  const guests = await Promise.all([1, 2, 3, 4, 5, 6].map(() => town.member(bar.merchant, '80.00')))
  const tabs = await Promise.all(guests.map(guest => town.sit(guest, bar)))
  await Promise.allSettled(
    guests.flatMap((guest, n) => [1, 2, 3].map(() => town.order(guest, tabs[n]!, bar, 'beer'))),
  )
  const numbers = await town.books.sql<{ kind: string; count: number; last: number }>`
    select kind, count(*)::int as count, max(number) as last from cashier.docket
    where merchant = ${bar.merchant} group by kind order by kind`
  assert.deepEqual(numbers, [
    { kind: 'goods', count: 12, last: 12 },
    { kind: 'top_up', count: 6, last: 6 },
  ])
})

test('P5-06 orders that come at once go together: each "no" is its own caller’s, and each "yes" has its docket', async () => {
  const bar = await town.bar({ prices: { beer: '38.00', rare: '10.00' } })
  await setStock(town.books, { merchant: bar.merchant, item: bar.item('rare'), stock: 1 })
  const guests = await Promise.all(
    Array.from({ length: 12 }, (_, n) => town.member(bar.merchant, n === 0 ? '37.00' : '80.00')),
  )
  const tabs = await Promise.all(guests.map(guest => town.sit(guest, bar)))
  const place = (n: number, name: string, count = 1) =>
    placeOrder(town.books, {
      ...{ id: newId('gds'), tab: tabs[n]!, by: guests[n]!.person },
      lines: [{ item: bar.item(name), count }],
    })
  await place(11, 'beer')
  const asked = await Promise.allSettled([
    ...[place(0, 'beer'), place(1, 'rare', 2), place(11, 'beer', 2)],
    ...guests.slice(2, 11).map((_, n) => place(n + 2, 'beer')),
  ])
  const codes = asked.map(one => (one.status === 'rejected' ? one.reason.code : 'placed'))
  const refused = ['top_up_needed', 'item_sold_out', 'top_up_needed']
  assert.deepEqual(codes, [...refused, ...Array.from({ length: 9 }, () => 'placed')])
  const [together] = await town.books.sql<{ batches: number; dockets: number; last: number }>`
    select count(distinct o.xmin::text)::int as batches, count(distinct d.number)::int as dockets,
      max(d.number) as last
    from cashier.goods_order o join cashier.docket d on d.subject = o.id
    where o.merchant = ${bar.merchant} and o.tab <> ${tabs[11]!}`
  assert.deepEqual([together!.dockets, together!.last], [9, 10])
  assert.ok(together!.batches <= 2, `nine orders in ${together!.batches} transactions`)
})

test('P5-06 one id for two different orders, at two servers at once: one of them is placed', async () => {
  const bar = await town.bar({ prices: { beer: '38.00', cider: '38.00' } })
  const guest = await town.member(bar.merchant, '2000.00')
  const tab = await town.sit(guest, bar)
  for (let round = 0; round < 10; round++) {
    const ask = { id: newId('gds'), tab, by: guest.person }
    const asked = await Promise.allSettled(
      ['beer', 'cider', 'beer', 'cider'].map((name, n) =>
        placeOrder(servers()[n % 2]!, { ...ask, lines: [{ item: bar.item(name), count: 1 }] }),
      ),
    )
    const codes = asked.map(one => (one.status === 'rejected' ? one.reason.code : 'placed'))
    const no = 'id_already_used'
    assert.deepEqual(codes.toSorted(), [no, no, 'placed', 'placed'])
  }
  assert.equal(await town.left(guest.purse), '1620.00')
})
