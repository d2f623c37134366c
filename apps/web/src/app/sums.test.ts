import assert from 'node:assert/strict'
import { test } from 'node:test'
import { setLanguage } from './language.ts'
import { added, digits, less, minor, spoken, turned, typeable, typed } from './sums.ts'
import { uuid7 } from './uuid.ts'

const cny = (amount: string) => ({ amount, currency: 'CNY' })

test('a sum is grouped by three, with a true minus, its decimals untouched', () => {
  const shown = ['0.00', '-12.30', '1234.50', '-9007199254740993.07'].map(digits)
  assert.deepEqual(shown, ['0.00', '−12.30', '1,234.50', '−9,007,199,254,740,993.07'])
})

test('sums are added and turned round in whole fen, beyond what a float can hold', () => {
  assert.deepEqual(added([cny('9007199254740993.07'), cny('0.01')]), cny('9007199254740993.08'))
  assert.deepEqual(turned(cny('-0.05')), cny('0.05'))
  assert.deepEqual(less(cny('0.05'), cny('0.06')), cny('-0.01'))
  assert.equal(minor(cny('-12.30')), -1230n)
})

test('what a person types becomes a sum only if it is one; nothing is rounded', () => {
  const amounts = ['38', '38.5', '1,200', '007'].map(text => typed(text)?.amount)
  assert.deepEqual(amounts, ['38.00', '38.50', '1200.00', '7.00'])
  for (const text of ['0', '0.00', '1.234', '-5', '1e3', '', '０'])
    assert.equal(typed(text), undefined)
  assert.deepEqual(typed('500', 'JPY'), { amount: '500', currency: 'JPY' })
  assert.deepEqual(['', '3', '3.', '3.14'].map(typeable), [true, true, true, true])
  assert.deepEqual(['3.1415', 'a', '-1'].map(typeable), [false, false, false])
})

test('a sum is spoken in the reader’s language', () => {
  assert.equal(spoken(cny('38.00')), '38.00 元')
  setLanguage('en')
  assert.equal(spoken(cny('38.00')), '38.00 CNY')
  setLanguage('zh-CN')
})

test('the key of a wish is a version 7 UUID that sorts by its time', () => {
  const [early, late] = [uuid7(1_700_000_000_000), uuid7(1_800_000_000_000)]
  assert.match(early, /^[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/)
  assert.ok(early < late)
  assert.equal(parseInt(early.replaceAll('-', '').slice(0, 12), 16), 1_700_000_000_000)
})
