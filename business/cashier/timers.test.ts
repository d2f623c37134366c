import assert from 'node:assert/strict'
import { test } from 'node:test'
import { newId, stoppedClock, type Id } from '@bursar/kernel'
import { cny, format } from '@bursar/money'
import { checkOut, closeForgotten } from './checkout.ts'
import { listOrders } from './shownOrders.ts'
import { placeOrder } from './placing.ts'
import { takeStep } from './orders.ts'
import { listTabs } from './shownTabs.ts'
import { useBar, type Bar, type Guest } from './testing.ts'
import { startTimer, stepTimer, tickTimers, type TimeStep } from './timers.ts'

// Each test has an evening of its own, ten in Shanghai, long after what the database calls now.
const clock = stoppedClock(new Date('2041-01-01T14:00:00Z'))
let evening = clock.now()
let isDemo = false
const town = useBar(() => (isDemo ? clock.now() : new Date()))

async function begin() {
  if (!isDemo) await town.asDemo()
  isDemo = true
  evening = new Date(evening.getTime() + 48 * 3_600_000)
  clock.set(evening)
  await tickTimers(town.books, { now: evening })
  await closeForgotten(town.books, { now: evening })
}
const at = (minutes: number) => clock.set(new Date(evening.getTime() + minutes * 60_000))
const step = (order: Id<'gds'>, name: TimeStep, by: Id<'per'>) =>
  stepTimer(town.books, { order, step: name, by, at: clock.now() })
/** As a worker that is always there does it. */
async function wait(minutes: number) {
  for (let n = 0; n < minutes; n++) {
    clock.set(new Date(clock.now().getTime() + 60_000))
    await tickTimers(town.books, { now: clock.now() })
  }
}
async function cafe(yuan: string, more: Parameters<typeof town.plan>[1] = {}) {
  const bar: Bar = await town.bar()
  const guest: Guest = await town.member(bar.merchant, yuan)
  const tab = await town.sit(guest, bar)
  const plan = await town.plan(bar, more)
  const start = async () => {
    const ask = { id: newId('gds'), tab, plan, by: guest.person, at: clock.now() }
    return await startTimer(town.books, ask)
  }
  const cost = async (order: Id<'gds'>) => format((await town.goodsOrder(order)).total)
  return { bar, guest, tab, start, cost }
}

test('P5-I2 a minute that has begun counts, a step is had whole, and what was held ahead is free again', async () => {
  await begin()
  const { guest, start, cost } = await cafe('100.00')
  const order = await start()
  assert.equal(await town.left(guest.purse), '99.00', 'the first step')
  await wait(1)
  assert.equal(await town.left(guest.purse), '97.00', 'ten minutes ahead')
  await wait(29)
  clock.set(new Date(clock.now().getTime() + 59_999))
  await step(order, 'stop', guest.person)
  await step(order, 'stop', guest.person)
  const { timer, state } = await town.goodsOrder(order)
  assert.deepEqual([await cost(order), timer?.minutes, state], ['7.00', 31, 'delivered'])
  assert.equal(await town.left(guest.purse), '93.00')
})

test('P5-I2 a pause costs nothing, however long, and midnight is a minute like any other', async () => {
  await begin()
  at(90)
  const { guest, start, cost, tab } = await cafe('100.00', { stepMinutes: 1, step: cny('0.10') })
  const order = await start()
  await wait(20)
  await step(order, 'pause', guest.person)
  at(90 + 20 + 600)
  await tickTimers(town.books, { now: clock.now() })
  await step(order, 'resume', guest.person)
  await step(order, 'resume', guest.person)
  await wait(9)
  assert.equal((await town.goodsOrder(order)).timer?.minutes, 30)
  await checkOut(town.books, { tab, by: guest.person, at: clock.now() })
  assert.equal(await cost(order), '3.00')
  assert.equal(await town.left(guest.purse), '97.00')
})

test('P5-I2 a guest who leaves at zero: warned before, stopped at the last minute that the purse bears', async () => {
  await begin()
  const { bar, guest, tab, start, cost } = await cafe('4.00')
  const order = await start()
  await wait(13)
  const { timer } = await town.goodsOrder(order)
  assert.deepEqual([timer?.short, timer?.state], [true, 'running'])
  assert.equal(timer?.endsAt?.getTime(), evening.getTime() + 20 * 60_000)
  const { merchant } = bar
  const stops = async () => (await listTabs(town.books, { merchant })).map(({ stopsAt }) => stopsAt)
  assert.deepEqual(await stops(), [timer?.endsAt], 'the staff’s list says when')
  await wait(6)
  assert.equal((await town.goodsOrder(order)).timer?.state, 'running')
  await wait(1)
  const ended = (await town.goodsOrder(order)).timer
  assert.deepEqual([ended?.state, ended?.minutes, await cost(order)], ['stopped', 20, '4.00'])
  assert.deepEqual(await stops(), [null])
  assert.equal(ended?.stoppedAt?.getTime(), evening.getTime() + 20 * 60_000)
  assert.equal(await town.left(guest.purse), '0.00')
  await checkOut(town.books, { tab, by: bar.staff, at: clock.now() })
  assert.equal(await town.earned(bar.merchant), '4.00')
})

test('P5-I2 a worker that was away for hours charges what has passed, as far as the purse bears it', async () => {
  await begin()
  const rich = await cafe('100.00')
  const order = await rich.start()
  const poor = await cafe('9.50')
  const other = await poor.start()
  at(240)
  await tickTimers(town.books, { now: clock.now() })
  await step(order, 'stop', rich.guest.person)
  assert.equal(await rich.cost(order), '49.00', '241 minutes have begun')
  const { timer } = await town.goodsOrder(other)
  assert.deepEqual([await poor.cost(other), timer?.minutes], ['9.00', 45])
  assert.equal(timer?.stoppedAt?.getTime(), evening.getTime() + 45 * 60_000)
  assert.equal(await town.left(poor.guest.purse), '0.50')
})

test('P5-I2 a top-up in time lets it run on', async () => {
  await begin()
  const { guest, tab, start, cost } = await cafe('2.00')
  const order = await start()
  await wait(8)
  assert.equal((await town.goodsOrder(order)).timer?.short, true)
  assert.ok((await town.tab(tab)).stopsAt)
  await town.topUp(guest, '50.00')
  await wait(5)
  assert.equal((await town.tab(tab)).stopsAt, null)
  const { timer } = await town.goodsOrder(order)
  assert.deepEqual([timer?.short, timer?.state], [false, 'running'])
  await step(order, 'stop', guest.person)
  assert.equal(await cost(order), '3.00')
})

test('P5-I2 an overnight plan begins at night only, and covers until its end', async () => {
  await begin()
  at(-180)
  const night = { from: 1380, to: 480 }
  const rate = { base: cny('30.00'), step: cny('3.00'), stepMinutes: 30, pausable: false, night }
  const { guest, start, cost } = await cafe('50.00', rate)
  await assert.rejects(start(), { code: 'not_the_night' })
  at(75) // 23:15
  const order = await start()
  assert.equal(await town.left(guest.purse), '20.00')
  await assert.rejects(step(order, 'pause', guest.person), { code: 'order_step_impossible' })
  at(600 - 1) // a minute to eight
  await tickTimers(town.books, { now: clock.now() })
  assert.equal(await town.left(guest.purse), '17.00', 'the next half hour is held')
  await step(order, 'stop', guest.person)
  assert.equal(await cost(order), '30.00')
})

test('P5-I2 P5-09 two seats on one tab, and the worker away: the checkout charges both, as far as the purse bears', async () => {
  await begin()
  const { bar, guest, tab, start, cost } = await cafe('10.00')
  const orders = [await start(), await start()]
  at(30)
  await checkOut(town.books, { tab, by: guest.person, at: clock.now() })
  const costs = [await cost(orders[0]!), await cost(orders[1]!)]
  assert.deepEqual(costs.toSorted(), ['3.00', '7.00'], 'thirty minutes would be 7.00 each')
  assert.equal(await town.earned(bar.merchant), '10.00')
})

test('P5-I2 time that the purse cannot begin is a top-up that is needed', async () => {
  await begin()
  const { start } = await cafe('0.50')
  await assert.rejects(start(), { code: 'top_up_needed' })
})

test('P5-I7 a forgotten tab is checked out when the outlet’s day ends, at six; one on which time runs is not forgotten', async () => {
  await begin()
  const { bar, guest, tab } = await cafe('200.00')
  const placed = await town.order(guest, tab, bar, 'beer')
  const gamer = await town.member(bar.merchant, '200.00')
  const theirs = await town.sit(gamer, bar)
  const ask = { id: newId('gds'), tab: theirs, plan: await town.plan(bar), by: gamer.person }
  const order = await startTimer(town.books, { ...ask, at: clock.now() })
  at(480) // six
  assert.deepEqual((await town.tab(tab)).closesAt, clock.now())
  at(479.999)
  assert.equal(await closeForgotten(town.books, { now: clock.now() }), 0)
  at(480)
  await tickTimers(town.books, { now: clock.now() })
  assert.equal(await closeForgotten(town.books, { now: clock.now() }), 1)
  assert.equal(await closeForgotten(town.books, { now: clock.now() }), 0)
  const closed = await town.tab(tab)
  assert.deepEqual(
    [closed.state, closed.ended, closed.total],
    ['closed', 'forgotten', cny('38.00')],
  )
  assert.equal(closed.orders[0]?.id, placed)
  assert.equal(await town.left(guest.purse), '162.00')
  assert.equal((await town.tab(theirs)).state, 'open')
  await step(order, 'stop', gamer.person)
  assert.equal(await closeForgotten(town.books, { now: clock.now() }), 1)
})

test('P5-07 P5-21 a house full of running time hides no order: what nobody has answered is asked for alone', async () => {
  await begin()
  const { bar, guest, tab, start } = await cafe('100.00')
  const times = [await start(), await start(), await start()]
  const lines = [{ item: bar.item('beer'), count: 1 }]
  const beer = newId('gds')
  const at = new Date(clock.now().getTime() + 60_000)
  await placeOrder(town.books, { id: beer, tab, lines, by: guest.person, at })
  const list = async (more: object) => {
    const ask = { merchant: bar.merchant, waiting: true, limit: 3, ...more }
    return (await listOrders(town.books, ask)).map(({ id }) => id)
  }
  assert.deepEqual(await list({}), times, 'oldest first: it is not among three')
  assert.deepEqual(await list({ state: 'placed' }), [beer])
  await takeStep(town.books, { order: beer, step: 'accept', by: bar.staff, at })
  assert.deepEqual(await list({ state: 'accepted' }), times)
  assert.deepEqual(await list({ state: 'accepted', station: 'made' }), [beer])
  assert.deepEqual(await list({ state: 'accepted', station: 'time' }), times)
})
