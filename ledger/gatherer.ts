/**
 * One book in one process. Commands that arrive while a batch commits wait, and go together in the
 * next one; nobody is answered before the database has confirmed the book's end, a "no" included.
 *
 *   plan      facts under lock, where the commands rest on business rows
 *   decide    each command on what its neighbours before it left; a refusal touches no neighbour
 *   append    one round trip: compare, append, ride
 *   answer    appended → remember; stale → follow the tail and decide again; known → answer as before
 *
 * An error that the server did not answer leaves the outcome unknown: the memory is dropped, the book
 * row is locked (which waits for the old backend to end), and the ids themselves say what happened.
 */
import { setTimeout as sleep } from 'node:timers/promises'
import type pg from 'pg'
import { append, type Answer, type Batch } from './append.ts'
import { brokenOff, lostRace, sqlOver } from './connect.ts'
import {
  decideAll,
  factsFor,
  planOne,
  ridesOf,
  type AnyCommand,
  type Planned,
  type Waiting,
} from './batch.ts'
import { chain } from './hash.ts'
import { Memory } from './memory.ts'
import { followTail, lockBook, readMemory } from './memoryOf.ts'
import { Refusal, type Refused } from './refusal.ts'
import type { Book, Outcome, Sql } from './types.ts'
import { asEntry, knownRows, madeBefore, viewFor } from './view.ts'

export type GathererOptions = Readonly<{
  clock: () => Date
  /** Accounts remembered per book; 200,000 take about 60 MB. */
  remember: number
  /** Commands that may wait; beyond it a caller hears `busy` at once. */
  queue: number
  /** How long an unknown outcome is pursued before the caller is told that it is unknown. */
  patience: number
}>

/** More than this in one batch costs latency and wins no speed (measured: bench/README.md). */
const batchMost = 4096
const lossesBeforeLock = 3

export class Gatherer {
  readonly #pool: pg.Pool
  readonly #book: Book
  readonly #options: GathererOptions
  #memory: Memory | undefined
  #queue: Waiting[] = []
  #turning: Promise<void> | undefined
  /** The database's clock less ours, in milliseconds. */
  #drift = 0

  constructor(pool: pg.Pool, book: Book, options: GathererOptions) {
    this.#pool = pool
    this.#book = book
    this.#options = options
  }

  submit(command: AnyCommand): Promise<Outcome> {
    if (this.#queue.length >= this.#options.queue)
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
    while (this.#queue.length > 0) await this.#finish(this.#queue.splice(0, batchMost))
    this.#turning = undefined
  }

  /** Attempts until every one of these commands has an answer. */
  async #finish(batch: readonly Waiting[]): Promise<void> {
    const until = performance.now() + this.#options.patience
    let left = batch
    for (let losses = 0; left.length > 0;) {
      try {
        const next = await this.#attempt(left, losses >= lossesBeforeLock)
        if (next.length === left.length) losses++
        left = next
      } catch (error) {
        if (await this.#failed(error, left, performance.now() > until)) return
        losses = lossesBeforeLock
      }
    }
  }

  /** What an error means for the batch; true when everybody has an answer. */
  async #failed(error: unknown, left: readonly Waiting[], late: boolean): Promise<boolean> {
    const known = !brokenOff(error)
    if (!known) this.#memory = undefined
    if (known && !lostRace(error)) {
      // One command is wrong and took its neighbours with it: each alone, so that only it fails.
      if (left.length > 1) for (const one of left) await this.#finish([one])
      else left[0]?.reject(error)
      return true
    }
    if (late) {
      const told = new Refusal<Refused>('outcome_unknown', { cause: String(error) })
      for (const one of left) one.reject(told)
      return true
    }
    await sleep(known ? 5 : 100)
    return false
  }

  /** One attempt at the batch. Answers those that still have to be decided again. */
  async #attempt(batch: readonly Waiting[], locked: boolean): Promise<readonly Waiting[]> {
    const client = await this.#pool.connect()
    let broken: Error | undefined
    const held = locked || batch.some(({ command }) => 'facts' in command && command.facts)
    try {
      if (held) await client.query('begin')
      const left = await this.#attemptOn(client, batch, locked, held)
      return left
    } catch (error) {
      if (brokenOff(error)) broken = error as Error
      else if (held) await client.query('rollback').catch(failed => (broken = failed as Error))
      throw error
    } finally {
      client.release(broken)
    }
  }

  async #attemptOn(
    client: pg.PoolClient,
    batch: readonly Waiting[],
    locked: boolean,
    held: boolean,
  ): Promise<readonly Waiting[]> {
    const sql = sqlOver(client)
    const facts = await factsFor(sql, batch)
    const memory = await this.#remembered(sql, locked)
    const at = this.#now(memory)
    const planned = batch.map(waiting => planOne(waiting, at, facts))
    const view = await viewFor(
      sql,
      this.#book,
      memory,
      planned.flatMap(one => one.drafts),
    )
    const { overlay, accepted, refused, later } = decideAll(view, at, memory.seq, planned)

    const rows = accepted.flatMap(one => one.rows)
    const hashes = chain(this.#book, at, memory.head, rows)
    const head = hashes.at(-1) ?? memory.head
    const rides = ridesOf(accepted, planned)
    const sent: Batch = { book: this.#book, seq: memory.seq, at, rows, hashes, head, rides }
    const answer = await append(client, sent)
    if (held) await client.query(answer.answer === 'appended' ? 'commit' : 'rollback')
    if (answer.answer !== 'appended') {
      const all = planned.filter(one => one.refusal === undefined)
      return this.#notAppended(sql, memory, answer, batch, all)
    }
    memory.become(overlay, {
      seq: memory.seq + BigInt(rows.length),
      at: rows.length ? at : memory.at,
      head,
    })
    for (const one of accepted)
      one.waiting.resolve({
        entries: one.rows.map(row => asEntry(this.#book, memory.currency, at, row)),
        again: false,
      })
    await this.#refuse(sql, refused)
    return later
  }

  async #notAppended(
    sql: Sql,
    memory: Memory,
    { answer, clock }: Answer,
    batch: readonly Waiting[],
    planned: readonly Planned[],
  ): Promise<readonly Waiting[]> {
    if (answer === 'stale') await followTail(sql, this.#book, memory)
    if (answer === 'clock') this.#drift = clock.getTime() - this.#options.clock().getTime()
    if (answer !== 'known') return batch
    const known = await knownRows(
      sql,
      this.#book,
      planned.flatMap(one => one.drafts),
    )
    const answered = new Set(
      planned.filter(one => this.#answerKnown(known, one)).map(one => one.waiting),
    )
    return batch.filter(waiting => !answered.has(waiting))
  }

  #answerKnown(
    known: Awaited<ReturnType<typeof knownRows>>,
    { waiting, drafts }: Planned,
  ): boolean {
    try {
      const entries = madeBefore(this.#book, known, drafts)
      if (entries) waiting.resolve({ entries, again: true })
      return entries !== undefined
    } catch (error) {
      waiting.reject(error)
      return true
    }
  }

  /** A command that is refused now may have been done before: then its answer is that one. */
  async #refuse(sql: Sql, refused: readonly Planned[]): Promise<void> {
    const known = await knownRows(
      sql,
      this.#book,
      refused.flatMap(one => one.drafts),
    )
    for (const one of refused) if (!this.#answerKnown(known, one)) one.waiting.reject(one.refusal)
  }

  async #remembered(sql: Sql, locked: boolean): Promise<Memory> {
    const row = locked ? await lockBook(sql, this.#book) : undefined
    this.#memory ??= await readMemory(sql, this.#book, this.#options.remember)
    if (row && row.seq !== this.#memory.seq) await followTail(sql, this.#book, this.#memory)
    return this.#memory
  }

  #now(memory: Memory): Date {
    const now = this.#options.clock().getTime() + this.#drift
    return new Date(Math.max(now, memory.at.getTime()))
  }
}
