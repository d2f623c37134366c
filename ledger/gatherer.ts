/**
 * One book in one process. Commands that arrive while others commit wait, and go together; nobody is
 * answered before the database has confirmed the book's end, a "no" included.
 *
 * Two batches may be under way, each on a connection of its own: while PostgreSQL writes the first, the
 * second is decided on top of it and waits at the book's row. If the first does not land, the second
 * cannot: it compares with an end that never came. Both then go the sure way (attempt.ts), as do the
 * commands that rest on facts.
 */
import type pg from 'pg'
import { append, type Answer } from './append.ts'
import { deliver, prepare, refuse, type AnyCommand, type Prepared, type Waiting } from './batch.ts'
import { finish } from './attempt.ts'
import { brokenOff, sqlOver } from './connect.ts'
import type { Memory } from './memory.ts'
import { Refusal, unknown, type Refused } from './refusal.ts'
import { Standing, type GathererOptions } from './standing.ts'
import type { Book, Outcome, Sql } from './types.ts'

/** More than this in one batch costs latency and wins no speed (measured: bench/README.md). */
const batchMost = 4096
/** Fewer than this are not worth a second commit of their own beside the one under way. */
const secondLeast = 64
const noFacts = new Map()

type Flight = Readonly<{ batch: readonly Waiting[]; prepared: Prepared; landed: Promise<void> }>

export class Gatherer {
  readonly #on: Standing
  readonly #sql: Sql
  #queue: Waiting[] = []
  #flights: Flight[] = []
  /** Batches that did not land, in their order. */
  #grounded: (readonly Waiting[])[] = []
  #turning: Promise<void> | undefined

  constructor(pool: pg.Pool, book: Book, options: GathererOptions) {
    this.#on = new Standing(pool, book, options)
    this.#sql = sqlOver(pool)
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
    while (this.#queue.length > 0 || this.#flights.length > 0 || this.#grounded.length > 0) {
      const size = this.#grounded.length > 0 ? 0 : this.#nextSize()
      if (size > 0) await this.#next(this.#queue.splice(0, size))
      else if (this.#flights.length > 0) await Promise.race(this.#flights.map(one => one.landed))
      else await this.#sure(this.#grounded.splice(0).flat())
    }
    this.#turning = undefined
  }

  /** How many go next: all of a few, half of many, so that the other half is decided meanwhile. */
  #nextSize(): number {
    const waiting = this.#queue.length
    if (this.#flights.length > 1) return 0
    if (this.#flights.length === 1) return waiting >= secondLeast ? Math.min(waiting, batchMost) : 0
    return waiting <= secondLeast * 2 ? waiting : Math.min(Math.ceil(waiting / 2), batchMost)
  }

  async #next(batch: readonly Waiting[]): Promise<void> {
    if (batch.some(({ command }) => 'facts' in command && command.facts)) return this.#alone(batch)
    const prepared = await this.#prepared(batch)
    if (!prepared || prepared.sent.rows.length === 0) return this.#alone(batch)
    this.#queue.unshift(...prepared.later)
    const sent = prepared.accepted.map(one => one.waiting)
    const mine = [...sent, ...prepared.refused.map(one => one.waiting)]
    const landed = append(this.#on.pool, prepared.sent).then(
      answer => this.#land(flight, answer),
      (error: unknown) => this.#crash(flight, error),
    )
    const flight: Flight = { batch: mine, prepared, landed }
    this.#flights.push(flight)
  }

  /** Decided on top of what is under way; undefined if that could not even be tried. */
  async #prepared(batch: readonly Waiting[]): Promise<Prepared | undefined> {
    try {
      const memory = await this.#on.remembered(this.#sql, false)
      const ahead = this.#flights.map(one => one.prepared.overlay)
      const from = this.#flights.at(-1)?.prepared.end ?? memory
      const stand = { memory, facts: noFacts, ahead, from: { ...pick(from) } }
      return await prepare(
        { book: this.#on.book, at: this.#on.now(from.at) },
        this.#sql,
        batch,
        stand,
      )
    } catch {
      return undefined
    }
  }

  #land(flight: Flight, { answer, clock }: Answer): void {
    this.#flights = this.#flights.filter(one => one !== flight)
    if (answer === 'clock') this.#on.drift = clock.getTime() - this.#on.options.clock().getTime()
    if (answer !== 'appended') return void this.#grounded.push(flight.batch)
    const { memory } = this.#on
    const { prepared } = flight
    // The memory may have been dropped, and read anew, while this was under way.
    if (memory && follows(memory, prepared)) memory.become(prepared.overlay, prepared.end)
    else this.#on.memory = undefined
    deliver(prepared)
    if (prepared.refused.length > 0)
      refuse(this.#sql, prepared).catch((error: unknown) => {
        const told = brokenOff(error) ? unknown(error) : error
        for (const { waiting } of prepared.refused) waiting.reject(told)
      })
  }

  #crash(flight: Flight, error: unknown): void {
    this.#flights = this.#flights.filter(one => one !== flight)
    if (brokenOff(error)) this.#on.memory = undefined
    this.#grounded.push(flight.batch)
  }

  async #alone(batch: readonly Waiting[]): Promise<void> {
    while (this.#flights.length > 0) await Promise.all(this.#flights.map(one => one.landed))
    await this.#sure([...this.#grounded.splice(0).flat(), ...batch])
  }

  #sure(batch: readonly Waiting[]): Promise<void> {
    return finish(this.#on, batch)
  }
}

const follows = (memory: Memory, { sent }: Prepared): boolean =>
  memory.seq === sent.seq && memory.head.equals(sent.before)

const pick = ({ seq, at, head }: { seq: bigint; at: Date; head: Buffer }) => ({ seq, at, head })
