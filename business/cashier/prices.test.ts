import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { within } from './catalogue.ts'
import { bearable, costOf, coverOf, priceOf, type Rate } from './prices.ts'

const rates = fc.record({
  baseMinor: fc.bigInt(0n, 5_000n),
  baseMinutes: fc.integer({ min: 0, max: 600 }),
  stepMinor: fc.bigInt(1n, 500n),
  stepMinutes: fc.integer({ min: 1, max: 60 }),
})
const tops = fc.record({
  serviceBps: fc.integer({ min: 0, max: 3000 }),
  taxBps: fc.integer({ min: 0, max: 3000 }),
})
const minutes = fc.integer({ min: 1, max: 2000 })

test('P5-I2 time costs the base, which covers its minutes, and then every step that begins', () => {
  const rate: Rate = { baseMinor: 3000n, baseMinutes: 180, stepMinor: 100n, stepMinutes: 15 }
  const costs = [1, 180, 181, 195, 196].map(some => priceOf(rate, some))
  assert.deepEqual(costs, [3000n, 3000n, 3100n, 3100n, 3200n])
  assert.deepEqual(
    [1, 180, 181, 195].map(some => coverOf(rate, some)),
    [180, 180, 195, 195],
  )
})

test('P5-I2 what a price covers costs the same, and one minute more costs more', () => {
  fc.assert(
    fc.property(rates, minutes, (rate, some) => {
      const covered = coverOf(rate, some)
      assert.ok(covered >= some)
      assert.equal(priceOf(rate, covered), priceOf(rate, some))
      assert.ok(priceOf(rate, covered + 1) > priceOf(rate, covered))
    }),
  )
})

test('P5-I1 P5-I2 what is held ahead is all that the purse bears, and never more', () => {
  fc.assert(
    fc.property(
      ...([rates, tops, minutes, minutes, fc.bigInt(0n, 20_000n)] as const),
      (rate, on, some, more, available) => {
        const held = coverOf(rate, some)
        const found = bearable(rate, on, { held, wanted: held + more, available })
        const cost = (of: number) => costOf(priceOf(rate, of), on).total
        assert.ok(cost(found) - cost(held) <= available)
        const enough = found >= held + more
        assert.ok(enough || cost(found + rate.stepMinutes) - cost(held) > available)
      },
    ),
  )
})

test('P5-I3 a happy hour over midnight is one', () => {
  const late = { from: 1380, to: 60 }
  assert.deepEqual(
    [1379, 1380, 0, 59, 60].map(minute => within(late, minute)),
    [false, true, true, true, false],
  )
})
