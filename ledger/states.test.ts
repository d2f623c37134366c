import assert from 'node:assert/strict'
import test from 'node:test'
import fc from 'fast-check'
import type { Held } from './overlay.ts'
import type { Account } from './types.ts'
import { States } from './states.ts'

const sum = fc.bigInt(-(2n ** 63n) + 1n, 2n ** 63n - 1n)
const maybe = fc.option(sum)
const state = (ref: Account): fc.Arbitrary<Held> =>
  fc.record(
    {
      number: sum,
      ref: fc.constant(ref),
      last: sum,
      before: maybe,
      nth: sum,
      posted: sum,
      out: sum,
      in: sum,
      floor: maybe,
      ceiling: maybe,
      state: fc.integer({ min: 0, max: 32767 }),
    },
    { noNullPrototype: true },
  )
const kept = fc.nat(9).chain(nth => state(`purse/${nth}`))

test('an account is remembered to the last number, and what is not remembered is not told', () => {
  fc.assert(
    fc.property(fc.array(kept, { maxLength: 40 }), fc.integer({ min: 1, max: 20 }), (all, most) => {
      const states = new States(most)
      const last = new Map<string, Held>()
      for (const held of all) {
        states.set(held.ref, held)
        last.set(held.ref, held)
        assert.deepEqual(states.get(held.ref), held)
      }
      const known = [...last.values()].filter(held => states.get(held.ref) !== undefined)
      for (const held of known) assert.deepEqual(states.get(held.ref), held)
      if (most >= 2 * last.size) assert.equal(known.length, last.size)
    }),
  )
})

test('of more accounts than may be remembered, those stay that were used last', () => {
  const states = new States(200)
  const [one] = fc.sample(state('purse/one'), 1)
  for (let nth = 0; nth < 1000; nth++) {
    states.set(`purse/${nth}`, { ...one!, ref: `purse/${nth}`, posted: BigInt(nth) })
    assert.equal(states.get('purse/0')?.posted, 0n)
  }
  const known = Array.from({ length: 1000 }, (_, nth) => states.get(`purse/${nth}`)?.posted)
  assert.equal(known[999], 999n)
  assert.equal(known[500], undefined)
  states.clear()
  assert.equal(states.get('purse/0'), undefined)
})
