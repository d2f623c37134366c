/** The verifier without a database: its rules, and that there is no bit which it does not look at. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { Asked, Row } from './overlay.ts'
import type { KeptHead } from './verify.book.ts'
import type { Account } from './types.ts'
import {
  began,
  book,
  cellsOf,
  everyKind,
  forgedFrom,
  last,
  prove as proveTo,
  rehashed,
  tuplesOf,
  written,
} from './verify.testing.ts'

const honest = written(book, began)
type One = (typeof honest)[number]
const prove = (tuples: readonly Buffer[], kept: readonly KeptHead[] = [], end = last(honest)) =>
  proveTo(tuples, kept, end)

/** A forged row behind honest ones; what the rules say of it when every hash fits. */
function forged(seq: number, change: (row: Row) => Partial<Row>, at?: Date) {
  const rows = rehashed(
    honest.map(one =>
      one.row.seq === BigInt(seq)
        ? { ...one, at: at ?? one.at, row: { ...one.row, ...change(one.row) } }
        : one,
    ),
  )
  const { fault } = prove(tuplesOf(rows), [], last(rows))
  return fault && `${fault.seq} ${fault.field}`
}

test('a book of every kind of entry is proved, with its accounts and its open pends', () => {
  const proof = prove(tuplesOf(honest))
  assert.equal(proof.fault, undefined)
  assert.deepEqual(
    [...proof.accounts.values()].map(one => `${one.ref} ${one.posted}`),
    ['pool/bank -10000', 'purse/ann 5800', 'purse/bob 300', 'shop/till 3900', 'purse/cat 0'],
  )
  assert.deepEqual([...proof.pends.keys()], [10n])
  assert.deepEqual(new Set(everyKind(began).map(({ kind }) => kind)).size, 9)
})

test('an entry of which any one bit is changed is named, and no other', () => {
  let tried = 0
  honest.forEach((one, place) => {
    const whole = tuplesOf(honest)
    let from = 0
    for (const cell of cellsOf(one)) {
      for (let at = 4; at < cell.length; at++)
        for (const bit of [1, 4, 32, 128]) {
          whole[place] = Buffer.concat(cellsOf(one))
          whole[place][from + at]! ^= bit
          const { fault } = prove(whole)
          assert.equal(fault?.seq, one.row.seq, `byte ${from + at} of entry ${one.row.seq}`)
          tried++
        }
      from += cell.length
    }
  })
  assert.ok(tried > 10_000, `${tried} bits`)
})

const structural: [string, (rows: Buffer[]) => Buffer[], string][] = [
  ['an entry is taken out', rows => rows.toSpliced(7, 1), '8 seq'],
  ['the first entry is taken out', rows => rows.slice(1), '1 seq'],
  ['an entry is put in twice', rows => rows.toSpliced(7, 0, rows[7]!), '9 seq'],
  ['two entries change places', rows => rows.with(7, rows[8]!).with(8, rows[7]!), '8 seq'],
  ['the tail is cut off', rows => rows.slice(0, -3), '16 seq'],
  ['everything is gone', () => [], '1 seq'],
]
for (const [what, change, named] of structural)
  test(`${what}: the place is named`, () => {
    const { fault } = prove(change(tuplesOf(honest)))
    assert.equal(`${fault?.seq} ${fault?.field}`, named)
  })

const side = (change: Partial<NonNullable<Row['debit']>>) => (row: Row) => ({
  debit: { ...row.debit!, ...change },
})
const more = (held: Row['debit'], by: Partial<Record<'posted' | 'out' | 'in', bigint>>) => ({
  ...held!,
  posted: held!.posted + (by.posted ?? 0n),
  out: held!.out + (by.out ?? 0n),
  in: held!.in + (by.in ?? 0n),
})
const rules: [string, number, (row: Row) => Partial<Row>, string][] = [
  ['takes more than it gives', 5, row => ({ minor: row.minor! + 1n }), '5 debit_posted'],
  ['moves nothing', 5, () => ({ minor: 0n }), '5 minor'],
  ['moves more than an entry may', 5, () => ({ minor: 10n ** 15n + 1n }), '5 minor'],
  ['credits what it debits', 5, row => ({ credit: row.debit }), '5 credit'],
  ['debits an account that nobody opened', 5, side({ number: 99n }), '5 debit'],
  ['forgets the entry before', 8, side({ before: 5n }), '8 debit_prev'],
  ['raises a floor in passing', 8, side({ floor: -1n }), '8 debit_floor'],
  ['lifts a ceiling in passing', 8, side({ ceiling: null }), '8 debit_ceiling'],
  ['bars in passing', 8, side({ state: 1 }), '8 debit_state'],
  ['invents a reservation', 8, side({ out: 1n }), '8 debit_out'],
  ['has a kind that there is not', 8, () => ({ code: 14 }), '8 kind'],
  ['ends a pend that has ended', 12, () => ({ pend: 7n }), '12 pend'],
  ['ends a pend of another sum', 12, () => ({ pended: 2_00n }), '12 pended'],
  ['settles more than was pended', 9, () => ({ minor: 31_00n }), '9 debit_posted'],
  ['says a pend where none ends', 8, () => ({ pend: 7n, pended: 1n }), '8 pend'],
  ['expires without being a pend', 8, () => ({ expiresAt: began }), '8 expires_at'],
  ['moves what a memo cannot', 13, () => ({ minor: 1n }), '13 minor'],
  ['closes to another state', 17, side({ state: 3 }), '17 debit_state'],
  ['freezes by closing', 14, side({ state: 4 }), '14 debit_state'],
  ['opens with money in it', 2, side({ posted: 1n }), '2 debit_posted'],
  ['opens under another number', 3, side({ number: 2n }), '3 debit'],
  ['opens without a name', 2, () => ({ ref: null }), '2 account'],
  ['takes the name of another account', 3, () => ({ ref: 'purse/ann' }), '3 account'],
  ['has a side where none is', 13, row => ({ ...row, debit: honest[11]!.row.debit }), '13 debit'],
  ['has a kind before the first', 8, () => ({ code: 0 }), '8 kind'],
  ['credits nobody', 8, () => ({ credit: null }), '8 credit'],
  ['has a second side', 6, () => ({ credit: honest[11]!.row.credit }), '6 credit'],
  ['bars by setting a limit', 6, side({ state: 1 }), '6 debit_state'],
  ['opens behind another entry', 2, side({ before: 1n }), '2 debit_prev'],
  ['opens below its own floor', 2, side({ floor: 5n }), '2 debit_floor'],
  ['ends a pend of other accounts', 12, () => ({ pend: 10n }), '12 credit'],
  ['invents what is coming', 8, row => ({ credit: more(row.credit, { in: 1n }) }), '8 credit_in'],
  [
    'settles more than was pended, sums and all',
    9,
    row => ({
      minor: 31_00n,
      debit: more(row.debit, { posted: -11_00n }),
      credit: more(row.credit, { posted: 11_00n }),
    }),
    '9 minor',
  ],
  [
    'releases less than was pended',
    12,
    row => ({
      minor: 50n,
      debit: more(row.debit, { out: 50n }),
      credit: more(row.credit, { in: 50n }),
    }),
    '12 minor',
  ],
  ['sets its limits crosswise', 6, side({ floor: 600_00n }), '6 debit_floor'],
]
for (const [what, seq, change, named] of rules)
  test(`an entry that ${what} is named by its rule, though every hash fits`, () =>
    assert.equal(forged(seq, change), named))

test('time that runs backwards is named', () => {
  assert.equal(
    forged(8, () => ({}), began),
    '8 at',
  )
})

const [aVoid, anExpiry] = [4, 5]
const endings: [string, number, number, string | undefined][] = [
  ['is voided in its time', aVoid, 9, undefined],
  ['is voided when it has expired', aVoid, 10, '4 at'],
  ['expires in its time', anExpiry, 9, '4 at'],
  ['expires after it', anExpiry, 10, undefined],
]
for (const [what, code, seconds, named] of endings)
  test(`a pend that ${what} is ${named ? 'named' : 'right'}`, () => {
    const at = (later: number) => new Date(began.getTime() + later * 1000)
    const [open, other, , , , , pend] = everyKind(began)
    const rows = written(book, began, [
      open!,
      other!,
      { ...pend!, credit: 'purse/ann', debit: 'pool/bank', expiresAt: at(10) } as Asked,
      { kind: 'void', id: open!.id, event: 'end', pend: pend!.id },
    ])
    const end = { ...rows[3]!, at: at(seconds), row: { ...rows[3]!.row, code } }
    const all = rehashed(rows.with(3, end))
    const { fault } = prove(tuplesOf(all), [], last(all))
    assert.equal(fault && `${fault.seq} ${fault.field}`, named)
  })

test('an account below its floor, above its ceiling or barred is named, whatever the sums say', () => {
  const over = (seq: number, account: number, change: Partial<NonNullable<Row['debit']>>) =>
    rehashed(
      honest.map(one => {
        const at = (held: Row['debit']) =>
          held && Number(held.number) === account && one.row.seq >= seq
            ? { ...held, ...change }
            : held
        return { ...one, row: { ...one.row, debit: at(one.row.debit), credit: at(one.row.credit) } }
      }),
    )
  const named = (rows: readonly One[]) => {
    const { fault } = prove(tuplesOf(rows), [], last(rows))
    return `${fault?.seq} ${fault?.field}`
  }
  assert.equal(named(over(1, 1, { floor: -99_00n })), '5 debit_floor')
  assert.equal(named(over(6, 2, { ceiling: 90_00n })), '6 debit_ceiling')
  assert.equal(named(over(14, 3, { state: 2 })), '15 credit_state')
})

const drafts = everyKind(began)
const bar = (state: 'open' | 'no_credits' | 'no_debits' | 'sealed', account: Account): Asked => ({
  ...drafts[13]!,
  ...({ kind: 'freeze', state, account } as const),
  event: state,
})
const state = (to: number) => (row: Row) => ({ debit: { ...row.debit!, state: to } })

test('a freeze may set every state but closed, and take it back', () => {
  const all = (['sealed', 'no_credits', 'open'] as const).map(one => bar(one, 'purse/bob'))
  assert.equal(forgedFrom([...drafts, ...all], {}), undefined)
})

for (const [barred, code] of [
  ['debits', 1],
  ['debits and credits', 3],
] as const)
  test(`money that leaves an account whose ${barred} are barred is named, a settled pend too`, () => {
    // decide lets these pass, for it saw credits barred; the forger says that it was debits.
    const frozen = [...drafts.slice(0, 7), bar('no_credits', 'purse/ann')]
    const forge = { 8: state(code), 9: state(code) }
    assert.equal(forgedFrom([...frozen, drafts[7]!], forge), '9 debit_state')
    assert.equal(forgedFrom([...frozen, drafts[8]!], forge), '9 debit_state')
  })

test('an account that is closed with money in it, or changes after it was closed, is named', () => {
  const close = (row: Row) => ({ code: 9, ...state(4)(row) })
  const full = drafts.with(16, bar('sealed', 'purse/bob'))
  assert.equal(forgedFrom(full, { 17: close }), '17 debit_posted')
  const changed = [...drafts.slice(0, 16), bar('sealed', 'purse/cat'), bar('open', 'purse/cat')]
  assert.equal(forgedFrom(changed, { 17: close }), '18 debit')
})

const kept = (place: number, rows: readonly One[] = honest): KeptHead => ({
  seq: rows[place]!.row.seq,
  head: rows[place]!.hash,
  keeper: 'witness bank',
})

test('whoever rewrites the book from some entry on is caught by a head that was kept outside', () => {
  const other = { ...honest[7]!, row: { ...honest[7]!.row, subject: 'spd_else' } }
  const rows = rehashed(honest.with(7, other))
  assert.equal(prove(tuplesOf(rows), [], last(rows)).fault, undefined)
  const { fault } = prove(tuplesOf(rows), [kept(3), kept(11)], last(rows))
  assert.equal(`${fault?.seq} ${fault?.field}`, '12 witness bank')
  assert.match(fault!.says, /between 5 and 12 was rewritten/)
})

test('a cut tail and an old backup, however tidy, are shorter than what was kept outside', () => {
  const short = honest.slice(0, 10)
  assert.equal(prove(tuplesOf(short), [], last(short)).fault, undefined)
  const { fault } = prove(tuplesOf(short), [kept(3), kept(17)], last(short))
  assert.equal(`${fault?.seq} ${fault?.field}`, '11 witness bank')
  assert.match(fault!.says, /up to 18, and it ends at 10/)
})

test('the book’s own row must end where the entries end', () => {
  const end = last(honest)
  const named = (change: Partial<typeof end>) =>
    prove(tuplesOf(honest), [], { ...end, ...change }).fault?.field
  assert.equal(named({ seq: 17n }), 'book.seq')
  assert.equal(named({ seq: 19n }), 'seq')
  assert.equal(named({ head: honest[0]!.hash }), 'book.head')
  assert.equal(named({ at: end.at + 1n }), 'book.at')
  assert.equal(named({ at: end.at - 1000n }), 'book.at')
  assert.equal(named({ at: end.at + 1000n }), undefined, 'a "no" was told later')
})

const [open, , , till, post] = drafts as [Asked, Asked, Asked, Asked, Asked & { kind: 'post' }]
const paid = (minor: bigint, name: number): Asked => ({
  ...post,
  id: drafts[name]!.id,
  credit: 'shop/till',
  amount: { minor, currency: 'CNY' },
})

test('what is just allowed is right: one coin, the largest sum, and a ceiling that is reached', () => {
  const most = 10n ** 15n
  const limited = { ...till, ceiling: most + 1n } as Asked
  const all = [open, limited, paid(1n, 5), paid(most, 6)]
  assert.equal(forgedFrom(all, {}), undefined)
  const pend = { ...paid(most, 6), kind: 'pend' } as Asked
  assert.equal(forgedFrom([open, limited, paid(1n, 5), pend], {}), undefined)
  const lower = (row: Row) => ({ credit: { ...row.credit!, ceiling: most } })
  const opened = (row: Row) => ({ debit: { ...row.debit!, ceiling: most } })
  assert.equal(
    forgedFrom([open, limited, paid(1n, 5), pend], { 2: opened, 3: lower, 4: lower }),
    '4 credit_ceiling',
  )
})
