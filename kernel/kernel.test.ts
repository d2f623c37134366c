import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import {
  dayAfter,
  dayOf,
  instantOf,
  minuteOfDay,
  holds,
  idFor,
  newId,
  startOf,
  stoppedClock,
  transferId,
  type Actor,
} from './kernel.ts'

const uuid7 = '0197a3c4-5d6e-7f00-8123-456789abcdef'
const shape = /^spd_[0-9a-hjkmnp-tv-z]{26}$/

test('the same asker, route and key name the same id for ever; any other names another', () => {
  fc.assert(
    fc.property(fc.string(), fc.string(), fc.string(), (asker, route, key) => {
      const id = idFor('spd', asker, route, key)
      assert.match(id, shape)
      assert.equal(id, idFor('spd', asker, route, key))
      assert.notEqual(id, idFor('spd', `${asker}x`, route, key))
      assert.notEqual(id, idFor('spd', asker, `${route}x`, key))
      assert.notEqual(id, idFor('spd', asker, route, `${key}x`))
    }),
  )
  assert.notEqual(idFor('spd', 'a', 'bc', 'k'), idFor('spd', 'ab', 'c', 'k'))
  // Kept: an id that changes with the code would pay a retry twice.
  assert.equal(idFor('spd', 'per_a', '/v1/x', 'k'), 'spd_2wmeg4m6e145hnp4c15s3t9yb7')
  assert.equal(idFor('spd', 'per_a', '/v1/x', uuid7), 'spd_01jyhw8qbeqnj2qy3s2d1pf1wb')
  assert.equal(
    transferId('spd_00000000000000000000000001', 'spend'),
    '00000000-0000-5bd9-0d16-a760454a041a',
  )
})

test('ids of one millisecond stand in the order in which they were made, and none comes twice', () => {
  const ids = Array.from({ length: 70_000 }, () => newId('top', 3_000))
  assert.deepEqual(ids.slice(0, 60_000).toSorted(), ids.slice(0, 60_000))
  assert.equal(new Set(ids).size, ids.length)
  assert.ok(newId('top', 4_000) > ids[0]!)
})

test('ids made from timed keys sort by their time, and so do their transfers', () => {
  const later = uuid7.replace('0197a3c4', '0197a3c5')
  assert.ok(idFor('spd', 'a', 'r', uuid7) < idFor('spd', 'z', 'r', later))
  assert.ok(newId('top', 1_000) < newId('top', 2_000))
  const [first, second] = [newId('top', 1_000), newId('top', 2_000)]
  assert.ok(transferId(first, 'z') < transferId(second, 'a'))
  assert.notEqual(transferId(first, 'spend'), transferId(first, 'refund'))
  assert.throws(() => transferId('spd_ILOU', 'spend'), RangeError)
})

test('a day is the outlet’s day, also around midnight and when clocks jump', () => {
  assert.equal(dayOf(new Date('2026-11-20T16:00:00Z')), '2026-11-21')
  assert.equal(dayOf(new Date('2026-11-20T15:59:59Z')), '2026-11-20')
  assert.equal(startOf('2026-11-21').toISOString(), '2026-11-20T16:00:00.000Z')
  assert.equal(startOf('2026-03-29', 'Europe/Berlin').toISOString(), '2026-03-28T23:00:00.000Z')
  assert.equal(startOf('2026-03-30', 'Europe/Berlin').toISOString(), '2026-03-29T22:00:00.000Z')
  assert.equal(
    instantOf('2026-10-25', 480, 'Europe/Berlin').toISOString(),
    '2026-10-25T07:00:00.000Z',
  )
  assert.equal(
    instantOf('2026-03-29', 150, 'Europe/Berlin').toISOString(),
    '2026-03-29T01:30:00.000Z',
  )
  assert.equal(minuteOfDay(new Date('2026-10-25T06:59:59Z'), 'Europe/Berlin'), 479)
  assert.equal(minuteOfDay(new Date('2026-10-25T07:00:00Z'), 'Europe/Berlin'), 480)
  assert.equal(minuteOfDay(new Date('2026-10-25T07:00:00Z')), 900)
  assert.equal(dayAfter('2028-02-28'), '2028-02-29')
  assert.throws(() => startOf('2026-02-30'), RangeError)
  fc.assert(
    fc.property(
      fc.date({ min: new Date('2000-01-01'), max: new Date('2090-01-01'), noInvalidDate: true }),
      fc.constantFrom('Asia/Shanghai', 'Europe/London', 'America/New_York'),
      (at, zone) => {
        const day = dayOf(at, zone)
        assert.ok(startOf(day, zone) <= at && at < startOf(dayAfter(day), zone))
      },
    ),
  )
})

test('a seat counts only where it is held', () => {
  const actor: Actor = {
    person: 'per_1',
    session: 'ses_1',
    seats: [{ role: 'owner', organisation: 'mer_1' }],
  }
  assert.ok(holds(actor, ['owner', 'staff'], 'mer_1'))
  assert.ok(holds(actor, ['owner']))
  assert.ok(!holds(actor, ['owner'], 'mer_2'))
  assert.ok(!holds(actor, ['supervisor']))
})

test('a stopped clock moves only when it is told to', () => {
  const clock = stoppedClock(new Date(0))
  assert.equal(clock.now().getTime(), 0)
  clock.set(new Date(5))
  assert.equal(clock.now().getTime(), 5)
})
