import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import {
  add,
  cny,
  compare,
  equal,
  format,
  fraction,
  fromWire,
  money,
  parse,
  share,
  subtract,
  sum,
  toWire,
  zero,
} from './money.ts'

const minor = fc.bigInt(-(10n ** 15n), 10n ** 15n)

test('what is printed reads back as the same sum, in every currency', () => {
  fc.assert(
    fc.property(minor, fc.constantFrom('CNY', 'JPY', 'KWD', 'CLF'), (coins, currency) => {
      const exact = money(coins, currency)
      assert.deepEqual(parse(format(exact), currency), exact)
      assert.deepEqual(fromWire(toWire(exact)), exact)
    }),
  )
})

for (const text of [
  '',
  '1',
  '1.2',
  '1.234',
  '01.00',
  '+1.00',
  '1e3',
  ' 1.00',
  '1.00 ',
  '1,000.00',
  '-0.00',
  '.50',
  '1.',
  '１.００',
  'NaN',
  '0x1.00',
  '12345678901234567.00',
])
  test(`"${text}" is no amount in yuan and fen`, () => assert.throws(() => cny(text), RangeError))

test('sums of two currencies do not add up', () => {
  for (const act of [add, subtract, compare])
    assert.throws(() => act(cny('1.00'), parse('1.00', 'USD')), RangeError)
  assert.throws(() => parse('1.00', 'XXX'), RangeError)
})

test('adding and taking away again leaves what was there', () => {
  fc.assert(
    fc.property(minor, minor, (a, b) => {
      const both = add(money(a, 'CNY'), money(b, 'CNY'))
      assert.ok(equal(subtract(both, money(b, 'CNY')), money(a, 'CNY')))
      assert.equal(compare(both, money(a, 'CNY')), b > 0n ? 1 : b < 0n ? -1 : 0)
    }),
  )
  assert.deepEqual(sum([cny('1.10'), cny('2.20')], 'CNY'), cny('3.30'))
  assert.deepEqual(sum([], 'CNY'), zero('CNY'))
})

test('sharing out never loses a coin, and no part is a coin away from its weight', () => {
  const weights = fc
    .array(fc.bigInt(0n, 1000n), { minLength: 1, maxLength: 9 })
    .filter(all => all.some(weight => weight > 0n))
  fc.assert(
    fc.property(minor, weights, (coins, all) => {
      const parts = share(money(coins, 'CNY'), all)
      assert.equal(
        parts.reduce((total, part) => total + part.minor, 0n),
        coins,
      )
      const whole = all.reduce((a, b) => a + b, 0n)
      for (const [at, part] of parts.entries()) {
        const off = part.minor * whole - coins * all[at]!
        assert.ok((off < 0n ? -off : off) < whole)
      }
    }),
  )
  assert.deepEqual(share(cny('1.00'), [1n, 1n, 1n]).map(format), ['0.34', '0.33', '0.33'])
  assert.deepEqual(share(cny('0.02'), [2n, 0n, 1n, 1n]).map(format), [
    '0.01',
    '0.00',
    '0.01',
    '0.00',
  ])
  for (const wrong of [[], [0n], [-1n, 2n]])
    assert.throws(() => share(cny('1.00'), wrong), RangeError)
})

const roundings: [string, bigint, bigint, string, string, string][] = [
  ['10.00', 6n, 1000n, '0.06', '0.06', '0.06'],
  ['0.05', 1n, 10n, '0.00', '0.01', '0.00'],
  ['0.15', 1n, 10n, '0.01', '0.02', '0.02'],
  ['0.25', 1n, 10n, '0.02', '0.03', '0.02'],
  ['-0.15', 1n, 10n, '-0.01', '-0.02', '-0.02'],
  ['0.16', 1n, 10n, '0.01', '0.02', '0.02'],
]
for (const [of, over, under, down, up, even] of roundings)
  test(`${over}/${under} of ${of} is ${down} rounded down, ${up} up, ${even} to even`, () => {
    assert.equal(format(fraction(cny(of), over, under, 'down')), down)
    assert.equal(format(fraction(cny(of), over, under, 'up')), up)
    assert.equal(format(fraction(cny(of), over, under, 'half_even')), even)
  })

test('a fraction needs something to divide by', () =>
  assert.throws(() => fraction(cny('1.00'), 1n, 0n, 'down'), RangeError))
