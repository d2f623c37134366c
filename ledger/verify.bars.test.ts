/** The verifier's rules of bars, without a database: what a forger says whose hashes all fit. */
import assert from 'node:assert/strict'
import { createHash } from 'node:crypto'
import { test } from 'node:test'
import { cny } from '@bursar/money'
import type { Asked, Row } from './overlay.ts'
import { began, everyKind, forgedFrom } from './verify.testing.ts'

const id = (name: string) => {
  const hex = createHash('sha256').update(name).digest('hex')
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-${hex.slice(12, 16)}-${hex.slice(16, 20)}-${hex.slice(20, 32)}`
}
const named = (name: string) => ({ id: id(name), event: 'order', subject: name })
const later = (seconds: number) => new Date(began.getTime() + seconds * 1000)

/**
 * Bank, Ann, Bob and a till are entries 1 to 4, and Ann has 100.00 by entry 5. Entries 6 to 9 lay bars on Ann;
 * each entry has a second of its own.
 */
const start: readonly Asked[] = [
  ...everyKind(began).slice(0, 5),
  { ...named('court'), kind: 'bar', account: 'purse/ann', bars: cny('150.00') },
  { ...named('tax'), kind: 'bar', account: 'purse/ann', bars: 'debits', expiresAt: later(10) },
  { ...named('bank'), kind: 'bar', account: 'purse/ann', bars: 'both' },
  { ...named('heirs'), kind: 'bar', account: 'purse/ann', bars: 'closing', expiresAt: later(1000) },
]
const lift = (name: string): Asked => ({ ...named(`${name} again`), kind: 'lift', bar: id(name) })
const lapse = (name: string): Asked => ({ ...named(`${name} over`), kind: 'lapse', bar: id(name) })
const post = (debit: 'purse/ann' | 'pool/bank', yuan: string): Asked => ({
  ...named(`${debit} ${yuan}`),
  kind: 'post',
  debit,
  credit: debit === 'purse/ann' ? 'shop/till' : 'purse/ann',
  amount: cny(yuan),
})
/** Court 6, tax 7, bank 8, heirs 9; both lifted 10 and 11; the tax’s time is that of entry 11. */
const whole = [...start, lift('bank'), lapse('tax'), post('pool/bank', '60.00'), lift('court')]

test('bars that are laid, lifted and lapse are proved, and money that comes in below a raised floor', () => {
  assert.equal(forgedFrom(whole, {}), undefined)
  assert.equal(forgedFrom([...whole, post('purse/ann', '160.00'), lift('heirs')], {}), undefined)
})

const ann = (change: Partial<NonNullable<Row['debit']>>) => (row: Row) => ({
  debit: { ...row.debit!, ...change },
})
const lies: [string, number, (row: Row) => Partial<Row>, string][] = [
  ['a bar that counts nothing', 7, ann({ state: 2048 }), '7 debit_state'],
  [
    'a bar of debits that is counted as one of credits',
    7,
    ann({ state: 4096 + 128 }),
    '7 debit_state',
  ],
  ['a bar that freezes in passing', 7, ann({ state: 4096 + 8 + 1 }), '7 debit_state'],
  ['a bar of an amount that raises no floor', 6, ann({ floor: 0n }), '6 debit_floor'],
  ['a bar of debits that raises the floor', 7, ann({ floor: 150_01n }), '7 debit_floor'],
  ['a bar that moves money', 7, ann({ posted: 99_00n }), '7 debit_posted'],
  ['a bar that lifts the ceiling', 7, ann({ ceiling: 5n }), '7 debit_ceiling'],
  ['a bar of nothing that there is', 7, () => ({ pended: -4n }), '7 pended'],
  ['a bar of more than an entry may', 6, () => ({ pended: 10n ** 15n + 1n }), '6 pended'],
  ['a bar without what it bars', 7, () => ({ pended: null }), '7 pended'],
  ['a bar that ends another', 7, () => ({ pend: 6n }), '7 pend'],
  ['a lift of no bar', 10, () => ({ pend: 5n }), '10 pend'],
  ['a lift without a bar', 10, () => ({ pend: null }), '10 pend'],
  ['a lift of another bar than it takes back', 10, () => ({ pend: 7n }), '10 pended'],
  ['a lift that says that it barred less', 10, () => ({ pended: -1n }), '10 pended'],
  ['a lift that has a time', 10, () => ({ expiresAt: began }), '10 expires_at'],
  [
    'a lift that leaves the count',
    10,
    row => ann({ state: row.was!.state })(row),
    '10 debit_state',
  ],
  ['a lift when its time had come', 11, () => ({ code: 12 }), '11 at'],
  ['a lapse before its time', 10, () => ({ code: 13 }), '10 at'],
  ['a lift of an amount that keeps the floor', 13, ann({ floor: 150_00n }), '13 debit_floor'],
]
for (const [what, seq, change, says] of lies)
  test(`${what} is named, though every hash fits`, () =>
    assert.equal(forgedFrom(whole, { [seq]: change }), says))

test('a bar ends once, and on its own account alone', () => {
  const twice = [...start, lift('bank'), lift('heirs')]
  assert.equal(forgedFrom(twice, { 11: () => ({ pend: 8n, pended: -3n }) }), '11 pend')
  const bob: Asked = { ...named('bob'), kind: 'bar', account: 'purse/bob', bars: 'both' }
  assert.equal(forgedFrom([...start, bob, lift('bob')], { 11: () => ({ pend: 8n }) }), '11 pend')
})

test('money that leaves what a bar keeps is named, and so are a limit and an end under a bar', () => {
  const over = [...start.slice(0, 5), post('purse/ann', '90.00')]
  const raised = ann({ floor: 10_01n })
  const below = { ...start[5]!, bars: cny('10.01') } as Asked
  const kept = [...over.slice(0, 5), { ...below, bars: cny('10.00') } as Asked, over[5]!]
  assert.equal(forgedFrom(kept, {}), undefined)
  const forge = { 6: (row: Row) => ({ ...raised(row), pended: 10_01n }), 7: raised }
  assert.equal(forgedFrom(kept, forge), '7 debit_floor')
  const bob: Asked = { ...named('bob'), kind: 'bar', account: 'purse/bob', bars: 'closing' }
  const memo = (code: number) => (row: Row) => ({
    code,
    ...ann({ state: code === 9 ? 4 : 2048 })(row),
  })
  const frozen: Asked = { ...named('f'), kind: 'freeze', account: 'purse/bob', state: 'open' }
  for (const code of [7, 9])
    assert.equal(forgedFrom([...start, bob, frozen], { 11: memo(code) }), '11 debit')
})

test('a freeze leaves the bars that stand, and a bar of credits lets nothing in', () => {
  const freeze: Asked = { ...named('f'), kind: 'freeze', account: 'purse/ann', state: 'no_debits' }
  const all = [...start, freeze]
  assert.equal(forgedFrom(all, {}), undefined)
  assert.equal(forgedFrom(all, { 10: ann({ state: 1 }) }), '10 debit_state')
  // decide saw debits barred; the forger says that it was credits.
  const bar = { ...named('bob'), kind: 'bar', account: 'purse/ann', bars: 'debits' } as const
  const credits = { state: 2048 + 128 }
  const entered = [...start.slice(0, 5), bar, post('pool/bank', '1.00')]
  const forge = {
    6: (row: Row) => ({ pended: -2n, ...ann(credits)(row) }),
    7: (row: Row) => ({ credit: { ...row.credit!, ...credits } }),
  }
  assert.equal(forgedFrom(entered, forge), '7 credit_state')
})

test('a bar that lapses at its very moment has lapsed, and one more than fifteen is named', () => {
  const due: Asked = {
    ...named('due'),
    kind: 'bar',
    account: 'purse/ann',
    bars: 'debits',
    expiresAt: later(6),
  }
  const book = [...start.slice(0, 5), due, lapse('due')]
  assert.equal(forgedFrom(book, {}), undefined)
  assert.equal(forgedFrom(book, { 7: () => ({ code: 12 }) }), '7 at')
  const many = Array.from({ length: 15 }, (_, i): Asked => {
    return { ...named(`bar ${i}`), kind: 'bar', account: 'purse/ann', bars: 'debits' }
  })
  const full = [...start.slice(0, 5), ...many]
  assert.equal(forgedFrom(full, {}), undefined)
  const freeze: Asked = { ...named('f'), kind: 'freeze', account: 'purse/ann', state: 'open' }
  const sixteenth = (row: Row) => ({
    code: 11,
    pended: -1n,
    ...ann({ state: 16 * (8 + 2048) })(row),
  })
  assert.equal(forgedFrom([...full, freeze], { 21: sixteenth }), '21 debit_state')
})

test('a bar of an amount on an account without a floor is named', () => {
  const bank: Asked = { ...named('bank'), kind: 'bar', account: 'pool/bank', bars: 'debits' }
  const amount = (row: Row) => ({ ...ann({ state: 2048 })(row), pended: 5_00n })
  assert.equal(forgedFrom([...start.slice(0, 5), bank], { 6: amount }), '6 debit_floor')
})

test('a freeze sets only what a freeze can set', () => {
  const freeze: Asked = { ...named('f'), kind: 'freeze', account: 'purse/bob', state: 'sealed' }
  const book = [...start.slice(0, 5), freeze]
  for (const state of [4, 8, 8 + 3])
    assert.equal(forgedFrom(book, { 6: ann({ state }) }), '6 debit_state')
})
