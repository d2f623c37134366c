/** What a decision looks at: accounts as they stand, what is pending; and the rows that it makes. */
import type { Account, Draft, EntryId } from './types.ts'

/** An account after one of its entries. */
export type Held = Readonly<{
  number: bigint
  ref: Account
  /** seq of the entry that made it so, and of the account's entry before that one */
  last: bigint
  before: bigint | null
  /** how many entries it has */
  nth: bigint
  posted: bigint
  out: bigint
  in: bigint
  floor: bigint | null
  ceiling: bigint | null
  state: number
}>

/** A pend that stands, or a bar: that has no credit side, and in place of the amount what it bars. */
export type Pending = Readonly<{
  seq: bigint
  debit: Account
  credit: Account | null
  minor: bigint
  expiresAt: Date | null
  ended: boolean
}>

/** A row as it will stand; `code` is the kind's number. `ref` only where an account is opened. */
export type Row = Readonly<{
  seq: bigint
  id: EntryId
  code: number
  event: string
  subject: string | null
  ref: Account | null
  minor: bigint | null
  pend: bigint | null
  pended: bigint | null
  expiresAt: Date | null
  debit: Held | null
  credit: Held | null
  /** The account as it was before an entry with one side. */
  was: Held | null
}>

/** The sweeper's entry: only the ledger itself makes it, when the pend's time has come. */
export type Expire = Readonly<{
  kind: 'expire'
  id: EntryId
  pend: EntryId
  event: string
  subject?: string
}>
/** The same for a bar. */
export type Lapse = Readonly<{
  kind: 'lapse'
  id: EntryId
  bar: EntryId
  event: string
  subject?: string
}>
export type Asked = Draft | Expire | Lapse

export type View = Readonly<{
  currency: string
  held(account: Account): Held | undefined
  pending(pend: EntryId): Pending | undefined
}>

/** What changes on top of a view: of a batch on the memory, of a command on its batch. */
export class Overlay implements View {
  /** The states that are known here: as they were found, or as they were left. */
  readonly heldNow = new Map<Account, Held>()
  readonly pendingNow = new Map<EntryId, Pending>()
  readonly below: View
  readonly currency: string

  constructor(below: View) {
    this.below = below
    this.currency = below.currency
  }

  held(account: Account): Held | undefined {
    return this.heldNow.get(account) ?? this.below.held(account)
  }

  pending(pend: EntryId): Pending | undefined {
    return this.pendingNow.get(pend) ?? this.below.pending(pend)
  }

  /** Takes over what a command decided on top of this. */
  take(above: Overlay): void {
    for (const [account, held] of above.heldNow) this.heldNow.set(account, held)
    for (const [id, pend] of above.pendingNow) this.pendingNow.set(id, pend)
  }
}
