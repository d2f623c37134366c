/** What a process knows of one book: what it remembers, and how far the database's clock is from its own. */
import type pg from 'pg'
import type { Memory } from './memory.ts'
import { followTail, lockBook, readMemory } from './memoryOf.ts'
import type { Book, Sql } from './types.ts'

export type GathererOptions = Readonly<{
  clock: () => Date
  /** Accounts remembered per book; 200,000 take about 40 MB. */
  remember: number
  /** Commands that may wait; beyond it a caller hears `busy` at once. */
  queue: number
  /** Milliseconds that an unknown outcome is pursued before the caller is told that it is unknown. */
  patience: number
}>

export class Knowledge {
  readonly pool: pg.Pool
  readonly book: Book
  readonly options: GathererOptions
  /** Dropped when it may be wrong; the next one who needs it reads it again. */
  memory: Memory | undefined
  /** The database's clock less ours, in milliseconds. */
  drift = 0
  /** The last time that was proposed, and the first that may be: later than what a broken connection carried. */
  #proposed = -Infinity
  #first = -Infinity

  constructor(pool: pg.Pool, book: Book, options: GathererOptions) {
    this.pool = pool
    this.book = book
    this.options = options
  }

  /** The memory; with `locked`, after the book row is locked and the memory has followed it. */
  async remembered(sql: Sql, locked: boolean): Promise<Memory> {
    const row = locked ? await lockBook(sql, this.book) : undefined
    this.memory ??= await readMemory(sql, this.book, this.options.remember)
    if (row && !row.head.equals(this.memory.head)) await followTail(sql, this.book, this.memory)
    return this.memory
  }

  /**
   * The connection broke: what was known may be wrong, and what was sent may still be done, until something of a
   * later time stands, an entry or a "no".
   */
  broke(): void {
    this.memory = undefined
    this.#first = this.#proposed + 1
  }

  /** The time to propose: never before what the book has last. */
  now(last: Date): Date {
    const now = this.options.clock().getTime() + this.drift
    this.#proposed = Math.max(now, last.getTime(), this.#first)
    return new Date(this.#proposed)
  }
}
