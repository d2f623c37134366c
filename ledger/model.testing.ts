/**
 * A naive ledger to compare with: it keeps a list of what was accepted and adds it up anew for every
 * question. Slow, and with no thought in common with decide.ts, the database or the memory.
 */
import type { Account, AccountState, Draft, EntryId } from './ledger.ts'

export type Ask =
  | Draft
  | { kind: 'expire'; id: EntryId; pend: EntryId; event: string }
  | { kind: 'lapse'; id: EntryId; bar: EntryId; event: string }
type Laid = Extract<Draft, { kind: 'bar' }>
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
    if (draft.kind === 'bar') return this.barring(draft)
    if (draft.kind === 'lift' || draft.kind === 'lapse') return this.lifting(draft, at)
    return this.altering(draft)
  }

  private barring({ account, bars }: Laid): string | undefined {
    if (!this.opened(account)) return 'no_such_account'
    if (this.state(account) === 'closed') return 'account_closed'
    if (this.standing(account).length === 15) return 'bars_full'
    if (typeof bars === 'string') return undefined
    if (bars.minor < 1n || bars.minor > most) return 'amount_out_of_range'
    if (bars.currency !== 'CNY') return 'other_currency'
    return this.limits(account).floor === null ? 'no_floor' : undefined
  }

  private lifting(draft: Extract<Ask, { bar: EntryId }>, at: number): string | undefined {
    const bar = this.accepted.find(fact => fact.draft.id === draft.bar)?.draft
    if (bar?.kind !== 'bar') return 'no_such_bar'
    const due = bar.expiresAt !== undefined && bar.expiresAt.getTime() <= at
    return !this.standing(bar.account).includes(bar) || due !== (draft.kind === 'lapse')
      ? 'bar_ended'
      : undefined
  }

  private standing(account: Account): Laid[] {
    const ended = this.accepted.flatMap(({ draft }) => ('bar' in draft ? [draft.bar] : []))
    return this.accepted
      .map(({ draft }) => draft)
      .filter(draft => draft.kind === 'bar')
      .filter(draft => draft.account === account && !ended.includes(draft.id))
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
    const { floor: own } = this.limits(debit)
    const kept = this.standing(debit).reduce(
      (sum, { bars }) => sum + (typeof bars === 'string' ? 0n : bars.minor),
      0n,
    )
    const floor = own === null ? null : own + kept
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
    if (draft.kind !== 'freeze' && this.standing(account).length > 0) return 'account_frozen'
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
    const frozen = this.frozen(account)
    if (frozen === 'closed') return frozen
    const bars = this.standing(account).map(bar => bar.bars)
    const barred = (state: AccountState, kind: 'debits' | 'credits') =>
      frozen === 'sealed' || frozen === state || bars.some(one => one === kind || one === 'both')
    const [debits, credits] = [barred('no_debits', 'debits'), barred('no_credits', 'credits')]
    return debits && credits ? 'sealed' : debits ? 'no_debits' : credits ? 'no_credits' : 'open'
  }

  private frozen(account: Account): AccountState {
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
