/** The whole way: a spend in the books, an event, and a merchant's own server that verifies it. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { setTimeout as sleep } from 'node:timers/promises'
import { Webhook } from 'standardwebhooks'
import {
  changeEndpoint,
  listEndpoints,
  listEvents,
  openDeliverer,
  openVault,
  ping,
  readBooks,
  readEvent,
  replayEvent,
  rotateSecret,
  schedule,
} from '@bursar/integrators'
import { useShop, vault } from '@bursar/integrators/testing'
import { stoppedClock, type MerchantId } from '@bursar/kernel'
import { useReceiver } from './receiver.testing.ts'
import { openCourier } from './webhooks.ts'

const { town, shop, listen, pay } = useShop()
const receiver = useReceiver()
const courier = openCourier({ open: true, within: 400 })
const hour = 3_600_000

type Options = Partial<Parameters<typeof openDeliverer>[0]>
const deliverer = (more: Options = {}) =>
  openDeliverer({ books: town.books, courier, vault, ...more })
/** What was claimed for somebody else's test does not disturb: each has its own shop and path. */
async function toldTo(path: string) {
  const mine = await shop()
  const { endpoint, secret } = await listen(mine.merchant, receiver.url(path))
  await pay(mine, '1.00')
  await readBooks(town.books)
  const [event] = await listEvents(town.books, { merchant: mine.merchant })
  const stateOf = async () =>
    (await readEvent(town.books, { merchant: mine.merchant, event: event!.id })).event
      .deliveries[0]!.state
  return { ...mine, endpoint, secret, event: event!, stateOf }
}
const attemptsOf = async (merchant: MerchantId, event: `evt_${string}`) =>
  (await readEvent(town.books, { merchant, event })).attempts
const first = async (merchant: MerchantId) => (await listEndpoints(town.books, merchant))[0]!

test('P5-19 a spend is told to the merchant’s own server, which verifies it with the official library', async () => {
  const { merchant, event, secret, stateOf } = await toldTo('/plain')
  assert.equal(await deliverer().round(), 1)
  assert.equal(await deliverer().round(), 0)
  const [heard, ...more] = receiver.at('/plain')
  assert.deepEqual(more, [])
  const said = new Webhook(secret).verify(heard!.body, heard!.headers) as { type: string }
  assert.deepEqual([said.type, heard!.headers['webhook-id']], ['spend.done', event.id])
  assert.equal(await stateOf(), 'delivered')
  const [attempt] = await attemptsOf(merchant, event.id)
  assert.deepEqual([attempt!.n, attempt!.status, attempt!.error], [1, 204, null])
})

test('P5-19 while one secret follows another both sign, and then the new one alone', async () => {
  const { merchant, endpoint, secret: old } = await toldTo('/rotated')
  await deliverer().round()
  const ask = { merchant, endpoint: endpoint.id }
  const { secret } = await rotateSecret(town.books, vault, { ...ask, overlapHours: 1 })
  assert.notEqual(secret, old)
  const sendAt = async (hours: number) => {
    const at = new Date(Date.now() + hours * hour)
    await ping(town.books, { ...ask, at })
    await deliverer({ clock: () => at }).round()
    const { body, headers } = receiver.at('/rotated').at(-1)!
    const fresh = { ...headers, 'webhook-timestamp': headers['webhook-timestamp']! }
    return { body, headers: fresh, signatures: headers['webhook-signature']!.split(' ').length }
  }
  const both = await sendAt(0)
  for (const one of [old, secret]) new Webhook(one).verify(both.body, both.headers)
  assert.deepEqual([both.signatures, (await sendAt(2)).signatures], [2, 1])
})

test('P5-19 what fails is tried again by the written schedule, under the same id, and then given up', async () => {
  receiver.status('/broken', 500)
  const { merchant, event, stateOf } = await toldTo('/broken')
  const clock = stoppedClock(new Date(Date.now() + 5_000))
  const start = clock.now().getTime()
  const { round } = deliverer({ clock: clock.now })
  let passed = 0
  const times: number[] = []
  for (const wait of schedule) {
    if (wait > 0) {
      clock.set(new Date(start + passed + wait - 1))
      await round()
      assert.equal(receiver.at('/broken').length, times.length, 'not a moment sooner')
    }
    passed += wait
    clock.set(new Date(start + passed))
    await round()
    times.push(passed)
    assert.equal(receiver.at('/broken').length, times.length)
  }
  assert.equal(times.length, 10)
  assert.equal(passed, 75 * hour + 35 * 60_000 + 5_000)
  assert.equal(await stateOf(), 'failed')
  clock.set(new Date(start + passed + 100 * hour))
  await round()
  assert.equal(receiver.at('/broken').length, 10)
  const ids = new Set(receiver.at('/broken').map(({ headers }) => headers['webhook-id']))
  const bodies = new Set(receiver.at('/broken').map(({ body }) => body))
  assert.deepEqual([[...ids], bodies.size], [[event.id], 1])
  const attempts = await attemptsOf(merchant, event.id)
  assert.deepEqual(
    attempts.map(({ n, status, answer }) => [n, status, answer]),
    Array.from({ length: 10 }, (_, i) => [10 - i, 500, 'so it is']),
  )
  const { state, why } = await first(merchant)
  assert.deepEqual([state, why], ['disabled', 'failing'], 'three days without one success')
})

test('P5-19 one success among the failures, and the three days begin anew', async () => {
  receiver.status('/shaky', 500)
  const { merchant, endpoint } = await toldTo('/shaky')
  const clock = stoppedClock(new Date(Date.now() + 5_000))
  const { round } = deliverer({ clock: clock.now })
  await round()
  assert.ok((await first(merchant)).failingSince)
  receiver.status('/shaky', 200)
  clock.set(new Date(Date.now() + 71 * hour))
  await round()
  assert.equal((await first(merchant)).failingSince, null)
  receiver.status('/shaky', 500)
  clock.set(new Date(Date.now() + 80 * hour))
  await ping(town.books, { merchant, endpoint: endpoint.id })
  await round()
  assert.equal((await first(merchant)).state, 'live')
})

test('P5-19 410 ends the delivery and disables the endpoint; live again, what waited goes on', async () => {
  receiver.status('/gone', 410)
  const { merchant, endpoint, stateOf, ...mine } = await toldTo('/gone')
  await deliverer().round()
  const { state, why } = await first(merchant)
  assert.deepEqual([await stateOf(), state, why], ['failed', 'disabled', 'gone'])
  await pay({ merchant, ...mine }, '1.00')
  await readBooks(town.books)
  receiver.status('/gone', 200)
  await deliverer().round()
  assert.equal(receiver.at('/gone').length, 1)
  const ask = { merchant, endpoint: endpoint.id, state: 'live' } as const
  assert.equal((await changeEndpoint(town.books, courier, ask)).why, null)
  assert.equal(await replayEvent(town.books, { merchant, event: mine.event.id }), 1)
  await deliverer().round()
  assert.equal(receiver.at('/gone').length, 2)
  assert.equal(await stateOf(), 'delivered')
})

test('P5-19 killed between sending and writing, it is sent again when the lease has run out: same id, and it is known that nobody knows of the first', async () => {
  const { merchant, event, stateOf } = await toldTo('/killed')
  const start = new Date(Date.now() + 5_000)
  const dying = { ...town.books, write: () => Promise.reject(new Error('killed')) }
  const dead = deliverer({ books: dying, clock: () => start })
  await assert.rejects(dead.round(), /killed/)
  assert.equal(receiver.at('/killed').length, 1)
  assert.equal(await stateOf(), 'waiting')
  const at = (seconds: number) => new Date(start.getTime() + seconds * 1000)
  await deliverer({ clock: () => at(59) }).round()
  assert.equal(receiver.at('/killed').length, 1)
  await deliverer({ clock: () => at(61) }).round()
  const ids = receiver.at('/killed').map(({ headers }) => headers['webhook-id'])
  assert.deepEqual(ids, [event.id, event.id])
  const attempts = await attemptsOf(merchant, event.id)
  assert.deepEqual(
    attempts.map(({ n, endedAt, status }) => [n, endedAt !== null, status]),
    [
      [2, true, 204],
      [1, false, null],
    ],
  )
})

test('P5-19 a slow receiver holds up itself alone', async () => {
  receiver.says('/slow', () => undefined)
  const slow = await toldTo('/slow')
  const patient = openCourier({ open: true, within: 3_000 })
  const { round, idle } = deliverer({ courier: patient })
  const going = round()
  await sleep(100)
  const quick = await toldTo('/quick')
  const began = performance.now()
  while (receiver.at('/quick').length === 0 && performance.now() - began < 2_500) {
    await round()
    await sleep(20)
  }
  assert.ok(performance.now() - began < 2_500)
  await going
  await idle()
  assert.deepEqual([await quick.stateOf(), await slow.stateOf()], ['delivered', 'waiting'])
  const [attempt] = await attemptsOf(slow.merchant, slow.event.id)
  assert.equal(attempt!.error, 'timed_out')
})

test('P5-19 many workers at once send each delivery once', async () => {
  const mine = await shop()
  await listen(mine.merchant, receiver.url('/many'))
  for (let i = 0; i < 25; i++) await pay(mine, '1.00')
  await readBooks(town.books)
  await Promise.all([1, 2, 3].map(() => deliverer().round()))
  await deliverer().round()
  const ids = receiver.at('/many').map(({ headers }) => headers['webhook-id'])
  assert.deepEqual([ids.length, new Set(ids).size], [25, 25])
})

test('P5-19 what was told is told again by hand, under the same id', async () => {
  const { merchant, event } = await toldTo('/again')
  await deliverer().round()
  await replayEvent(town.books, { merchant, event: event.id })
  await deliverer().round()
  const ids = receiver.at('/again').map(({ headers }) => headers['webhook-id'])
  assert.deepEqual(ids, [event.id, event.id])
})

test('P5-19 with another installation’s key nothing is sent that nobody could verify', async () => {
  const { merchant, event } = await toldTo('/lost')
  await deliverer({ vault: openVault(Buffer.alloc(32, 8)) }).round()
  assert.deepEqual(receiver.at('/lost'), [])
  assert.equal((await attemptsOf(merchant, event.id))[0]!.error, 'secret_lost')
})
