import assert from 'node:assert/strict'
import { test } from 'node:test'
import { figures, middle, run, zipf } from './load.ts'

test('the first of 100,000 accounts is drawn about twice as often as the second', () => {
  const pick = zipf(100_000, 1)
  const drawn = [0, 0]
  for (let i = 0; i < 200_000; i++) {
    const account = pick()
    if (account < 2) drawn[account]!++
  }
  // 1 / H(100,000) = 8.27 % of 200,000 draws; 5 % apart is nine standard deviations.
  assert.ok(Math.abs(drawn[0]! - 16_544) < 827, `${drawn[0]}`)
  assert.ok(Math.abs(drawn[1]! - 8_272) < 600, `${drawn[1]}`)
})

test('every draw is an account', () => {
  const pick = zipf(3, 1)
  for (let i = 0; i < 10_000; i++) assert.ok([0, 1, 2].includes(pick()))
})

test('the median and the slowest hundredth are read from the sorted times', () => {
  const times = Array.from({ length: 200 }, (_, i) => 200 - i)
  assert.deepEqual(figures(times, 2), { perSecond: 100, p50ms: 101, p99ms: 199 })
  assert.deepEqual(figures([], 2), { perSecond: 0, p50ms: 0, p99ms: 0 })
})

test('of three rounds the middle one counts, with its own times', () => {
  const rounds = [9, 2, 5].map(perSecond => ({ perSecond, p50ms: perSecond, p99ms: 1 }))
  assert.deepEqual(middle(rounds), { perSecond: 5, p50ms: 5, p99ms: 1 })
})

test('as many transfers are under way as there are callers, never between one account and itself', async () => {
  let [under, most] = [0, 0]
  await run(
    async (from, to) => {
      assert.notEqual(from, to)
      most = Math.max(most, ++under)
      await new Promise(resolve => setTimeout(resolve, 1))
      under--
    },
    { callers: 7, seconds: 0.05, warmUp: 0, pick: zipf(2, 1) },
  )
  assert.equal(most, 7)
  assert.equal(under, 0)
})

test('a transfer that fails ends the measurement', async () => {
  const fails = () => Promise.reject(new Error('no'))
  const load = { callers: 2, seconds: 0.05, warmUp: 0, pick: zipf(2, 1) }
  await assert.rejects(run(fails, load), /no/)
})
