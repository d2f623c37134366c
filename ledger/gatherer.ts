/**
 * One book in one process. Commands that arrive while a batch commits wait, and go together in the next
 * one; nobody is answered before the database has confirmed the book's end, a "no" included.
 */
import type pg from 'pg'
import { finish } from './attempt.ts'
import type { AnyCommand, Waiting } from './batch.ts'
import { Refusal, type Refused } from './refusal.ts'
import { Knowledge, type GathererOptions } from './knowledge.ts'
import type { Book, Outcome } from './types.ts'

/** More than this in one batch costs latency and wins no speed. */
const batchMost = 4096

export class Gatherer {
  readonly #on: Knowledge
  readonly #queue: Waiting[] = []
  #turning: Promise<void> | undefined

  constructor(pool: pg.Pool, book: Book, options: GathererOptions) {
    this.#on = new Knowledge(pool, book, options)
  }

  submit(command: AnyCommand): Promise<Outcome> {
    if (this.#queue.length >= this.#on.options.queue)
      return Promise.reject(new Refusal<Refused>('busy', { waiting: this.#queue.length }))
    return new Promise((resolve, reject) => {
      this.#queue.push({ command, resolve, reject })
      this.#turning ??= this.#turn()
    })
  }

  async idle(): Promise<void> {
    while (this.#turning) await this.#turning
  }

  async #turn(): Promise<void> {
    await new Promise(resolve => setImmediate(resolve))
    while (this.#queue.length > 0) await finish(this.#on, this.#queue.splice(0, batchMost))
    this.#turning = undefined
  }
}
