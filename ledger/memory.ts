/**
 * What a process remembers of a book: where it stands, and the states of the accounts it uses. It is
 * never the truth: every answer is compared with the book row first. Bounded; the account that was
 * used longest ago is forgotten first, and read again when it is asked for.
 */
import type { Held, Overlay, Pending, View } from './decide.ts'
import type { Account, EntryId } from './types.ts'

export class Memory implements View {
  readonly currency: string
  seq: bigint
  at: Date
  head: Buffer
  readonly #held = new Map<Account, Held>()
  readonly #pending = new Map<EntryId, Pending>()
  readonly #most: number

  constructor(book: { currency: string; seq: bigint; at: Date; head: Buffer }, most: number) {
    this.currency = book.currency
    this.seq = book.seq
    this.at = book.at
    this.head = book.head
    this.#most = most
  }

  held(account: Account): Held | undefined {
    const held = this.#held.get(account)
    if (held && this.#held.size > this.#most / 2) this.#recall(account, held)
    return held
  }

  pending(pend: EntryId): Pending | undefined {
    return this.#pending.get(pend)
  }

  /** Keeps a state unless a newer one is known: a row may be read after the book moved on. */
  keep(held: Held): void {
    const known = this.#held.get(held.ref)
    if (!known || known.last <= held.last) this.#recall(held.ref, held)
    if (this.#held.size > this.#most) this.#held.delete(this.#held.keys().next().value!)
  }

  keepPending(id: EntryId, pend: Pending): void {
    if (pend.ended) this.#pending.delete(id)
    else this.#pending.set(id, pend)
    if (this.#pending.size > this.#most) this.#pending.delete(this.#pending.keys().next().value!)
  }

  /** The batch stands: what it decided is now what is known. */
  become(batch: Overlay, to: { seq: bigint; at: Date; head: Buffer }): void {
    for (const held of batch.heldNow.values()) this.keep(held)
    for (const [id, pend] of batch.pendingNow) this.keepPending(id, pend)
    this.seq = to.seq
    this.at = to.at
    this.head = to.head
  }

  /** Another process has appended: take its states where they are newer, and the new end. */
  follow(
    to: { seq: bigint; at: Date; head: Buffer },
    sides: readonly Held[],
    ended: readonly EntryId[],
  ): void {
    for (const side of sides) if (this.#held.has(side.ref)) this.keep(side)
    for (const id of ended) this.#pending.delete(id)
    this.seq = to.seq
    this.at = to.at
    this.head = to.head
  }

  /** Too far behind to follow: only the end is kept. */
  forget(to: { seq: bigint; at: Date; head: Buffer }): void {
    this.#held.clear()
    this.#pending.clear()
    this.follow(to, [], [])
  }

  /** The account that was used longest ago stands first in the map; moving is only worth it near the bound. */
  #recall(account: Account, held: Held): void {
    this.#held.delete(account)
    this.#held.set(account, held)
  }
}
