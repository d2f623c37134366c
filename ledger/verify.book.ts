/**
 * One book, from its beginning to its end: the sequence has no gap, each entry follows the rules, each hash
 * covers the one before it, and where somebody has signed or witnessed a head, it is this one.
 */
import { genesis } from './hash.ts'
import { follow, reserve, shape, wrong, Wrong } from './verify.rules.ts'
import type { Fault, Known, OpenPend } from './verify.rules.ts'
import type { FoundRow } from './verify.row.ts'

/** A head as somebody keeps it: the seals of the database, or a witness outside. */
export type KeptHead = Readonly<{ seq: bigint; head: Buffer; keeper: string }>
/** Where the book's own row says that it ends; `at` in microseconds since 1970. */
export type BookEnd = Readonly<{ seq: bigint; at: bigint; head: Buffer }>

/** A book as it stands at an entry, by all before it. */
export type Standing = Readonly<{
  seq: bigint
  at: bigint
  head: Buffer
  accounts: ReadonlyMap<bigint, Known>
  pends: ReadonlyMap<bigint, OpenPend>
}>

export class BookVerifier {
  accounts = new Map<bigint, Known>()
  pends = new Map<bigint, OpenPend>()
  seq = 0n
  head: Buffer
  fault: Fault | undefined
  readonly #book: number
  readonly #kept: ReadonlyMap<bigint, readonly KeptHead[]>
  readonly #refs = new Set<string>()
  #at: bigint | null = null
  /** The last head that each keeper agreed with. */
  readonly #agreed = new Map<string, bigint>()

  constructor(book: number, currency: string, kept: readonly KeptHead[]) {
    this.#book = book
    this.head = genesis(book, currency)
    this.#kept = Map.groupBy(kept, ({ seq }) => seq)
  }

  /** `linked` answers the hash that this row should have, behind the one before it. */
  next(row: FoundRow, linked: (before: Buffer) => Buffer): void {
    if (this.fault) return
    const seq = this.seq + 1n
    this.#try(seq, () => {
      if (row.seq > seq) wrong('seq', `entry ${seq} is missing; the next one is ${row.seq}`)
      if (row.seq < seq) wrong('seq', `entry ${row.seq} stands twice`)
      if (this.#at !== null && row.at < this.#at) wrong('at', 'is before the entry before it')
      shape(row)
      follow(row, this.accounts)
      reserve(row, this.pends)
      this.#nameOnce(row)
      if (!row.hash.equals(linked(this.head))) wrong('hash', notItsHash)
      this.#compare(row)
    })
    this.seq = seq
    this.#at = row.at
    this.head = row.hash
  }

  /** Begins at an archive's end, which another proof, or a signature, vouches for. */
  goOn({ seq, at, head, accounts, pends }: Standing): void {
    this.accounts = new Map(accounts)
    this.pends = new Map(pends)
    for (const { ref } of accounts.values()) this.#refs.add(ref)
    this.seq = seq
    this.#at = at
    this.head = head
    this.check(seq, () => this.#compare({ seq, hash: head }))
  }

  end(says: BookEnd): void {
    if (this.fault) return
    const { seq, head } = this
    this.#try(seq + 1n, () => {
      if (says.seq > seq)
        wrong('seq', `is missing; the book's row says that it ends at ${says.seq}`)
      for (const kept of this.#kept.values())
        for (const one of kept) if (one.seq > seq) wrong(one.keeper, cut(one, seq))
    })
    if (this.fault) return
    this.#try(seq, () => {
      if (says.seq < seq) wrong('book.seq', `the book's row says that it ends at ${says.seq}`)
      if (!says.head.equals(head)) wrong('book.head', "the book's row has another head")
      if (says.at % 1000n !== 0n) wrong('book.at', 'is finer than a millisecond')
      // Later where a "no" was told since.
      if (this.#at !== null && says.at < this.#at)
        wrong('book.at', "the book's row has an earlier time than its last entry")
    })
  }

  /** A rule outside the entries: of a table that repeats what they say. */
  check(seq: bigint, rule: () => void): void {
    if (!this.fault) this.#try(seq, rule)
  }

  #try(seq: bigint, rule: () => void): void {
    try {
      rule()
    } catch (error) {
      if (!(error instanceof Wrong)) throw error
      this.fault = { book: this.#book, seq, field: error.field, says: error.message }
    }
  }

  #nameOnce({ ref }: FoundRow): void {
    if (ref === null) return
    if (this.#refs.has(ref)) wrong('account', `${ref} is the name of an earlier account`)
    this.#refs.add(ref)
  }

  #compare({ seq, hash }: Pick<FoundRow, 'seq' | 'hash'>): void {
    for (const { head, keeper } of this.#kept.get(seq) ?? []) {
      const agreed = this.#agreed.get(keeper) ?? 0n
      if (!head.equals(hash))
        wrong(
          keeper,
          `has ${short(head)} as the head here, the book has ${short(hash)}: what stands between ${agreed + 1n} and ${seq} was rewritten`,
        )
      this.#agreed.set(keeper, seq)
    }
  }
}

const notItsHash =
  'is not that of this entry behind the one before it: the hash was changed, or a column that no sum shows (id, event, subject, at, expires_at, name of the account)'
const short = (head: Buffer) => head.toString('hex', 0, 6)
const cut = ({ seq }: KeptHead, end: bigint) =>
  `knows the book up to ${seq}, and it ends at ${end}: its tail was cut off, or an old backup put back`
