/**
 * What a process remembers of a book: where it stands, and the states of the accounts it uses. It is
 * never the truth: every answer is compared with the book row first. Bounded; what was not used for
 * long is forgotten, and read again when it is asked for.
 */
import type { Held, Overlay, Pending, View } from './overlay.ts'
import { Recent } from './recent.ts'
import { States } from './states.ts'
import type { Account, EntryId } from './types.ts'

/** Where a book stands, or where a batch leaves it. */
export type End = Readonly<{ seq: bigint; at: Date; head: Buffer }>

/** What a batch is prepared from: where the book stands, and what stands in it. */
export type Remembered = View &
  End &
  Readonly<{ keep(held: Held): void; keepPending(id: EntryId, pend: Pending): void }>

/** The memory as it will be when the batch stands that is under way. */
export const expecting = (memory: Memory, overlay: Overlay, end: End): Remembered => ({
  ...end,
  currency: memory.currency,
  held: account => overlay.heldNow.get(account) ?? memory.held(account),
  pending: id => overlay.pendingNow.get(id) ?? memory.pending(id),
  keep: held => memory.keep(held),
  keepPending: (id, pend) => memory.keepPending(id, pend),
})

export class Memory implements Remembered {
  readonly currency: string
  seq: bigint
  at: Date
  head: Buffer
  readonly #held: States
  readonly #pending: Recent<EntryId, Pending>

  constructor(book: End & { currency: string }, most: number) {
    this.currency = book.currency
    this.seq = book.seq
    this.at = book.at
    this.head = book.head
    this.#held = new States(most)
    this.#pending = new Recent(most)
  }

  held(account: Account): Held | undefined {
    return this.#held.get(account)
  }

  pending(pend: EntryId): Pending | undefined {
    return this.#pending.get(pend)
  }

  /** Keeps a state unless a newer one is known: a row may be read after the book moved on. */
  keep(held: Held): void {
    const known = this.#held.get(held.ref)
    if (!known || known.last <= held.last) this.#held.set(held.ref, held)
  }

  keepPending(id: EntryId, pend: Pending): void {
    if (pend.ended) this.#pending.delete(id)
    else this.#pending.set(id, pend)
  }

  /** The batch stands: what it decided is now what is known. */
  become(batch: Overlay, to: End): void {
    for (const held of batch.heldNow.values())
      if (held.last > this.seq) this.#held.set(held.ref, held)
    for (const [id, pend] of batch.pendingNow) this.keepPending(id, pend)
    this.seq = to.seq
    this.at = to.at
    this.head = to.head
  }

  /** Another process has appended: take its states where they are newer, and the new end. */
  follow(to: End, sides: readonly Held[], ended: readonly EntryId[]): void {
    for (const side of sides) if (this.#held.get(side.ref)) this.keep(side)
    for (const id of ended) this.#pending.delete(id)
    this.seq = to.seq
    this.at = to.at
    this.head = to.head
  }

  /** Too far behind to follow: only the end is kept. */
  forget(to: End): void {
    this.#held.clear()
    this.#pending.clear()
    this.follow(to, [], [])
  }
}
