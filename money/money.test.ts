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
  isNegative,
  isZero,
  money,
  negate,
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

test('a sum has the decimals of its currency, and a little of it is written with its zeros', () => {
  assert.equal(format(money(5n, 'KWD')), '0.005')
  assert.equal(format(money(-5n, 'CNY')), '-0.05')
  assert.equal(format(money(0n, 'CNY')), '0.00')
  assert.equal(format(money(7n, 'JPY')), '7')
  assert.equal(format(money(-12n, 'JPY')), '-12')
  assert.deepEqual(parse('0', 'JPY'), money(0n, 'JPY'))
  assert.deepEqual(parse('-0.01', 'CNY'), money(-1n, 'CNY'))
  assert.deepEqual(parse('9999999999999999.99', 'CNY'), money(10n ** 18n - 1n, 'CNY'))
})

test('a currency that nobody pays with has no decimals', () => {
  const unknown = { name: 'RangeError', message: 'Not a currency: XXX' }
  assert.throws(() => format(money(1n, 'XXX')), unknown)
  assert.throws(() => parse('1.00', 'XXX'), unknown)
})

test('nothing is zero and not negative, and a coin of either sign is neither the same nor equal', () => {
  const told = [-1n, 0n, 1n].map(coins => {
    const of = money(coins, 'CNY')
    return [isZero(of), isNegative(of), negate(of).minor]
  })
  assert.deepEqual(told, [
    [false, true, 1n],
    [true, false, 0n],
    [false, false, -1n],
  ])
  assert.equal(negate(cny('1.00')).currency, 'CNY')
  assert.equal(equal(cny('1.00'), cny('1.00')), true)
  assert.equal(equal(cny('1.00'), cny('1.01')), false)
  assert.equal(equal(money(1n, 'CNY'), money(1n, 'USD')), false)
})

test('sums sort by size, and equal ones are equal', () => {
  const sizes: [bigint, bigint, -1 | 0 | 1][] = [
    [1n, 2n, -1],
    [2n, 2n, 0],
    [3n, 2n, 1],
  ]
  for (const [a, b, order] of sizes)
    assert.equal(compare(money(a, 'CNY'), money(b, 'CNY')), order, `${a} and ${b}`)
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
  assert.deepEqual(share(cny('-1.00'), [1n, 1n, 1n]).map(format), ['-0.34', '-0.33', '-0.33'])
  assert.deepEqual(share(cny('0.01'), [1n]).map(format), ['0.01'])
  assert.deepEqual(share(cny('0.02'), [2n, 0n, 1n, 1n]).map(format), [
    '0.01',
    '0.00',
    '0.01',
    '0.00',
  ])
  for (const wrong of [[], [0n], [-1n, 2n]])
    assert.throws(() => share(cny('1.00'), wrong), {
      name: 'RangeError',
      message: 'Sharing needs weights that are not negative, and one that is positive',
    })
})

const roundings: [string, bigint, bigint, string, string, string][] = [
  ['10.00', 6n, 1000n, '0.06', '0.06', '0.06'],
  ['0.05', 1n, 10n, '0.00', '0.01', '0.00'],
  ['0.15', 1n, 10n, '0.01', '0.02', '0.02'],
  ['0.25', 1n, 10n, '0.02', '0.03', '0.02'],
  ['-0.15', 1n, 10n, '-0.01', '-0.02', '-0.02'],
  ['0.16', 1n, 10n, '0.01', '0.02', '0.02'],
  ['0.01', 1n, 1n, '0.01', '0.01', '0.01'],
  ['0.01', 1n, 3n, '0.00', '0.01', '0.00'],
  ['0.02', 1n, 3n, '0.00', '0.01', '0.01'],
  ['0.06', 1n, 4n, '0.01', '0.02', '0.02'],
  ['0.10', 1n, 4n, '0.02', '0.03', '0.02'],
  ['0.00', 5n, 7n, '0.00', '0.00', '0.00'],
  ['0.10', -1n, 3n, '-0.03', '-0.04', '-0.03'],
]
for (const [of, over, under, down, up, even] of roundings)
  test(`${over}/${under} of ${of} is ${down} rounded down, ${up} up, ${even} to even`, () => {
    assert.equal(format(fraction(cny(of), over, under, 'down')), down)
    assert.equal(format(fraction(cny(of), over, under, 'up')), up)
    assert.equal(format(fraction(cny(of), over, under, 'half_even')), even)
  })

test('a fraction needs something to divide by, and it is positive', () => {
  for (const under of [0n, -1n])
    assert.throws(() => fraction(cny('1.00'), 1n, under, 'down'), {
      name: 'RangeError',
      message: 'A fraction needs a positive denominator',
    })
})
