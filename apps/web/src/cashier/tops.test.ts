import assert from 'node:assert/strict'
import { test } from 'node:test'
import { lessOf, withTops } from './tops.ts'

const cny = (amount: string) => ({ amount, currency: 'CNY' })

test('P5-I1 the order button’s total has service charge on the goods and tax on both, halves to the even coin', () => {
  for (const [goods, serviceBps, taxBps, service, tax, total] of [
    ['38.00', 0, 0, '0.00', '0.00', '38.00'],
    ['38.00', 1000, 600, '3.80', '2.51', '44.31'],
    ['0.05', 1000, 0, '0.00', '0.00', '0.05'],
    ['0.15', 1000, 0, '0.02', '0.00', '0.17'],
    ['0.25', 1000, 0, '0.02', '0.00', '0.27'],
  ] as const)
    assert.deepEqual(withTops(cny(goods), { serviceBps, taxBps }), {
      ...{ service: cny(service), tax: cny(tax), total: cny(total) },
    })
})

test('P5-I3 what a happy hour’s percent leave is said as the server will count it, halves to the even coin', () => {
  for (const [price, off, then] of [
    ['38.00', 2000, '30.40'],
    ['0.05', 5000, '0.02'],
    ['0.15', 5000, '0.08'],
  ] as const)
    assert.deepEqual(lessOf(cny(price), off), cny(then))
})
