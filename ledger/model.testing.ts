/**
 * A naive ledger to compare with: it keeps a list of what was accepted and adds it up anew for every
 * question. Slow, and with no thought in common with decide.ts, the database or the memory.
 */
import fc from 'fast-check'
import type { Account, AccountState, Draft, EntryId } from './ledger.ts'

type Ask = Draft | { kind: 'expire'; id: EntryId; pend: EntryId; event: string }
type Fact = { draft: Ask; at: number }
type Sums = { posted: bigint; out: bigint; in: bigint }

const most = 1_000_000_000_000_000n

export class Model {
  readonly accepted: Fact[] = []

  /** The refusal's code, or undefined and the draft is accepted. */
  say(draft: Ask, at: number): string | undefined {
    const code = this.refuses(draft, at)
    if (code === undefined) this.accepted.push({ draft, at })
    return code
  }

  refuses(draft: Ask, at: number): string | undefined {
    if (draft.kind === 'memo') return undefined
    if (draft.kind === 'open')
      return this.opened(draft.account)
        ? 'account_exists'
        : crossed(
            0n,
            0n,
            0n,
            draft.floor ?? (draft.floor === null ? null : 0n),
            draft.ceiling ?? null,
          )
    if (draft.kind === 'post' || draft.kind === 'pend')
      return this.movement(draft.debit, draft.credit, draft.amount)
    if (draft.kind === 'settle' || draft.kind === 'void' || draft.kind === 'expire')
      return this.ending(draft, at)
    return this.altering(draft)
  }

  private movement(
    debit: Account,
    credit: Account,
    { minor, currency }: { minor: bigint; currency: string },
  ) {
    if (minor < 1n || minor > most) return 'amount_out_of_range'
    if (currency !== 'CNY') return 'other_currency'
    if (debit === credit) return 'same_account'
    if (!this.opened(debit) || !this.opened(credit)) return 'no_such_account'
    return (
      this.barred(debit, 'no_debits') ??
      this.barred(credit, 'no_credits') ??
      this.short(debit, credit, minor)
    )
  }

  private short(debit: Account, credit: Account, minor: bigint): string | undefined {
    const { floor } = this.limits(debit)
    const { ceiling } = this.limits(credit)
    const from = this.sums(debit)
    const to = this.sums(credit)
    if (floor !== null && from.posted - from.out - minor < floor) return 'insufficient_funds'
    if (ceiling !== null && to.posted + to.in + minor > ceiling) return 'no_room'
    return undefined
  }

  private ending(draft: Extract<Ask, { pend: EntryId }>, at: number): string | undefined {
    const pend = this.pendOf(draft.pend)
    if (!pend) return 'no_such_pend'
    const due = pend.expiresAt !== undefined && pend.expiresAt.getTime() <= at
    if (this.ended(draft.pend) || due !== (draft.kind === 'expire')) return 'pend_ended'
    if (draft.kind !== 'settle') return undefined
    const minor = draft.amount?.minor ?? pend.amount.minor
    if (minor < 1n || minor > most) return 'amount_out_of_range'
    if (draft.amount && draft.amount.currency !== 'CNY') return 'other_currency'
    if (minor > pend.amount.minor) return 'pend_exceeded'
    return this.barred(pend.debit, 'no_debits') ?? this.barred(pend.credit, 'no_credits')
  }

  private altering(
    draft: Extract<Draft, { kind: 'limit' | 'freeze' | 'close' }>,
  ): string | undefined {
    const { account } = draft
    if (!this.opened(account)) return 'no_such_account'
    if (this.state(account) === 'closed') return 'account_closed'
    const { posted, out, in: coming } = this.sums(account)
    if (draft.kind === 'close') return posted || out || coming ? 'account_not_empty' : undefined
    if (draft.kind !== 'limit') return undefined
    const now = this.limits(account)
    const floor = draft.floor === undefined ? now.floor : draft.floor
    const ceiling = draft.ceiling === undefined ? now.ceiling : draft.ceiling
    return crossed(posted, out, coming, floor, ceiling)
  }

  sums(account: Account): Sums {
    const sums = { posted: 0n, out: 0n, in: 0n }
    for (const { draft } of this.accepted) {
      const pend = 'pend' in draft ? this.pendOf(draft.pend)! : undefined
      if (draft.kind === 'post') add(sums, account, draft, 'posted', 'posted', draft.amount.minor)
      if (draft.kind === 'pend') add(sums, account, draft, 'out', 'in', draft.amount.minor, 1n)
      if (pend) add(sums, account, pend, 'out', 'in', -pend.amount.minor, 1n)
      if (pend && draft.kind === 'settle')
        add(sums, account, pend, 'posted', 'posted', draft.amount?.minor ?? pend.amount.minor)
    }
    return sums
  }

  state(account: Account): AccountState {
    const last = this.accepted.findLast(
      ({ draft }) =>
        (draft.kind === 'freeze' || draft.kind === 'close') && draft.account === account,
    )?.draft
    return last?.kind === 'freeze' ? last.state : last ? 'closed' : 'open'
  }

  private limits(account: Account): { floor: bigint | null; ceiling: bigint | null } {
    let limits = { floor: 0n as bigint | null, ceiling: null as bigint | null }
    for (const { draft } of this.accepted)
      if ((draft.kind === 'open' || draft.kind === 'limit') && draft.account === account)
        limits = {
          floor: draft.floor === undefined ? limits.floor : draft.floor,
          ceiling: draft.ceiling === undefined ? limits.ceiling : draft.ceiling,
        }
    return limits
  }

  private opened = (account: Account) =>
    this.accepted.some(({ draft }) => draft.kind === 'open' && draft.account === account)

  private barred(account: Account, alone: AccountState): string | undefined {
    const state = this.state(account)
    if (state === 'closed') return 'account_closed'
    return state === 'sealed' || state === alone ? 'account_frozen' : undefined
  }

  private pendOf(id: EntryId): Extract<Draft, { kind: 'pend' }> | undefined {
    const draft = this.accepted.find(fact => fact.draft.id === id)?.draft
    return draft?.kind === 'pend' ? draft : undefined
  }

  private ended = (id: EntryId) =>
    this.accepted.some(({ draft }) => 'pend' in draft && draft.pend === id)
}

type Sides = { debit: Account; credit: Account }

/** Out of the debit side and into the credit side; `way` is +1 where both sides only count up. */
function add(
  sums: Sums,
  of: Account,
  { debit, credit }: Sides,
  from: keyof Sums,
  to: keyof Sums,
  minor: bigint,
  way = -1n,
) {
  if (of === debit) sums[from] += minor * way
  if (of === credit) sums[to] += minor
}

function crossed(
  posted: bigint,
  out: bigint,
  coming: bigint,
  floor: bigint | null,
  ceiling: bigint | null,
) {
  if (floor !== null && posted - out < floor) return 'limits_crossed'
  if (ceiling !== null && posted + coming > ceiling) return 'limits_crossed'
  return floor !== null && ceiling !== null && floor > ceiling ? 'limits_crossed' : undefined
}

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
