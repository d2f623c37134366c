/** Random commands for the model and the ledger beside it. */
import fc from 'fast-check'
import type { Account, Draft, EntryId } from './ledger.ts'
import type { Ask } from './model.testing.ts'

const most = 1_000_000_000_000_000n
const accounts: Account[] = ['pool/custody', 'purse/a', 'purse/b', 'purse/c', 'merchant/m']
/** Few accounts, few pends, small sums: so that commands meet. */
const account = fc.constantFrom(...accounts)
const minor = fc.oneof(
  { weight: 9, arbitrary: fc.bigInt(1n, 60n) },
  { weight: 1, arbitrary: fc.constantFrom(0n, -1n, most, most + 1n) },
)
const amount = fc.record({
  minor,
  currency: fc.constantFrom('CNY', 'CNY', 'CNY', 'CNY', 'CNY', 'CNY', 'CNY', 'USD'),
})
const limit = fc.option(fc.bigInt(-100n, 100n), { nil: null })
const idOf = (place: number): EntryId =>
  `00000000-0000-7000-8000-${place.toString(16).padStart(12, '0')}`
const pend = fc.nat(40).map(idOf)

const bare = fc.oneof(
  {
    weight: 10,
    arbitrary: fc.record({
      kind: fc.constant('post' as const),
      debit: account,
      credit: account,
      amount,
    }),
  },
  {
    weight: 6,
    arbitrary: fc.record(
      {
        kind: fc.constant('pend' as const),
        debit: account,
        credit: account,
        amount,
        expiresAt: fc.nat(60).map(ms => new Date(ms)),
      },
      { requiredKeys: ['kind', 'debit', 'credit', 'amount'] },
    ),
  },
  {
    weight: 5,
    arbitrary: fc.record(
      { kind: fc.constant('settle' as const), pend, amount },
      { requiredKeys: ['kind', 'pend'] },
    ),
  },
  { weight: 3, arbitrary: fc.record({ kind: fc.constant('void' as const), pend }) },
  { weight: 2, arbitrary: fc.record({ kind: fc.constant('expire' as const), pend }) },
  {
    weight: 2,
    arbitrary: fc.record(
      { kind: fc.constant('open' as const), account, floor: limit, ceiling: limit },
      { requiredKeys: ['kind', 'account'] },
    ),
  },
  {
    weight: 2,
    arbitrary: fc.record(
      { kind: fc.constant('limit' as const), account, floor: limit, ceiling: limit },
      { requiredKeys: ['kind', 'account'] },
    ),
  },
  {
    weight: 2,
    arbitrary: fc.record({
      kind: fc.constant('freeze' as const),
      account,
      state: fc.constantFrom(
        'open' as const,
        'open' as const,
        'no_debits' as const,
        'no_credits' as const,
        'sealed' as const,
      ),
    }),
  },
  {
    weight: 4,
    arbitrary: fc.record(
      {
        kind: fc.constant('bar' as const),
        account,
        bars: fc.oneof(
          fc.constantFrom(
            'debits' as const,
            'credits' as const,
            'both' as const,
            'closing' as const,
          ),
          amount,
        ),
        expiresAt: fc.nat(60).map(ms => new Date(ms)),
      },
      { requiredKeys: ['kind', 'account', 'bars'] },
    ),
  },
  { weight: 5, arbitrary: fc.record({ kind: fc.constant('lift' as const), bar: pend }) },
  { weight: 2, arbitrary: fc.record({ kind: fc.constant('lapse' as const), bar: pend }) },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('close' as const), account }) },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('memo' as const) }) },
)

/** Every sequence begins with the accounts open and the purses filled; the place in it makes the id. */
const beginning: Draft[] = [
  { kind: 'open', id: idOf(900), event: 'test', account: 'pool/custody', floor: null, ceiling: 0n },
  ...(['purse/a', 'purse/b', 'merchant/m'] as const).map((name, i): Draft => ({
    kind: 'open',
    id: idOf(901 + i),
    event: 'test',
    account: name,
  })),
  ...(['purse/a', 'purse/b'] as const).map((name, i): Draft => ({
    kind: 'post',
    id: idOf(910 + i),
    event: 'test',
    debit: 'pool/custody',
    credit: name,
    amount: { minor: 100n, currency: 'CNY' },
  })),
]

export { accounts, beginning }
export const sequences = (maxLength: number, minLength = 1) =>
  fc
    .array(bare, { minLength, maxLength, size: 'max' })
    .map(all => all.map((draft, place) => ({ ...draft, id: idOf(place), event: 'test' }) as Ask))
