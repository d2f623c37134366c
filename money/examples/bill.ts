/** A bill for three: a tip that is rounded as said, shared out without losing a cent. */
import { add, format, fraction, parse, share, sum, toWire } from '@bursar/money'

const dishes = ['12.50', '9.80', '31.00'].map(text => parse(text, 'EUR'))
const food = sum(dishes, 'EUR')
const tip = fraction(food, 7n, 100n, 'half_even') // 7 % of 53.30 is 3.731
const bill = add(food, tip)
console.log('food', format(food), 'tip', format(tip), 'bill', format(bill))

const each = share(bill, [1n, 1n, 1n])
console.log('each', each.map(format).join(' '), 'together', format(sum(each, 'EUR')))

console.log('on the wire', JSON.stringify(toWire(bill)))
console.log('yen have no decimals:', format(parse('500', 'JPY')))

for (const wrong of ['12.5', '1e2', ' 3.00'])
  try {
    parse(wrong, 'EUR')
  } catch (error) {
    console.log(`"${wrong}":`, (error as Error).message)
  }
try {
  add(bill, parse('1.00', 'USD'))
} catch (error) {
  console.log((error as Error).message)
}
