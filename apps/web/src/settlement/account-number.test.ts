import assert from 'node:assert/strict'
import { test } from 'node:test'
import { askResidue } from '@bursar/contract'
import { mistakeIn, plain } from './account-number.ts'

test('P5-13 an account number is found wrong on the page exactly where the API would find it malformed', () => {
  const { pattern } = askResidue.body.properties.account as unknown as { pattern: string }
  const wellFormed = [
    '62220210',
    '6222 0210 0101 2345',
    '6222-0210',
    '６２２２０２１０',
    '1'.repeat(34),
  ]
  const malformed = [
    '6222021',
    '1'.repeat(40),
    '1'.repeat(35),
    'abc',
    '6222021O',
    '💰',
    '6222--0210',
  ]
  for (const text of [...wellFormed, ...malformed, '62220210-', ' 62220210 ', '-62220210'])
    assert.equal(mistakeIn(text) === undefined, new RegExp(pattern).test(plain(text)), text)
  for (const text of wellFormed) assert.equal(mistakeIn(text), undefined)
})

test('too few digits are no mistake while somebody still types; letters and too many are at once', () => {
  assert.equal(mistakeIn('', true), undefined)
  assert.equal(mistakeIn('6222-', true), undefined)
  assert.deepEqual(mistakeIn('6222x', true), { is: 'notDigits' })
  assert.deepEqual(mistakeIn('1'.repeat(40), true), { is: 'length', count: 40 })
  assert.deepEqual(mistakeIn('6222'), { is: 'length', count: 4 })
})
