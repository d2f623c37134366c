/**
 * One book in one process. Commands that arrive while a batch commits wait, and go together in the next
 * one; nobody is answered before the database has confirmed the book's end, a "no" included.
 *
 * Under load two batches are on their way at once, on one connection: the second is made on what the first
 * will leave and says so (it names the head that the first will make), so the database refuses it where the
 * first did not come to stand. PostgreSQL never waits for us, nor we for it.
 *
 *   first appended    its callers are answered, and the next batch follows the second
 *   first not         the second is stale: its commands go back to the queue
 *   broken            neither is known: both are finished together, as one batch of unknown outcome
 */
import type pg from 'pg'
import { offer, type Answer } from './append.ts'
import { finish, leftAfter } from './attempt.ts'
import { deliver, prepare, refuse, type AnyCommand, type Prepared, type Waiting } from './batch.ts'
import { anyOf, brokenOff, sqlOver } from './connect.ts'
import { Knowledge, type GathererOptions } from './knowledge.ts'
import { expecting, type Remembered } from './memory.ts'
import { outcomeUnknown, Refusal, type Refused } from './refusal.ts'
import type { Book, Outcome, Sql } from './types.ts'

/** More than this in one batch costs latency and wins no speed. */
const batchMost = 4096
/** Fewer than this are not worth a batch of their own while another one is under way. */
const aheadLeast = 96

/** A batch on its way. `answer` never rejects unheard: a failure is its value. */
type Flight = Readonly<{ prepared: Prepared; answer: Promise<Answer | Failed> }>
type Failed = Readonly<{ error: unknown }>

export class Gatherer {
  readonly #on: Knowledge
  readonly #sql: Sql
  /** Connections on which a second statement may follow before the first is answered. */
  readonly #lines: pg.Pool
  #line: pg.PoolClient | undefined
  #queue: Waiting[] = []
  #turning: Promise<void> | undefined
  /** Set while one batch is under way and fewer wait than are worth another one. */
  #enough: (() => void) | undefined

  constructor(pool: pg.Pool, lines: pg.Pool, book: Book, options: GathererOptions) {
    this.#on = new Knowledge(pool, book, options)
    this.#sql = sqlOver(anyOf(pool))
    this.#lines = lines
  }

  submit(command: AnyCommand): Promise<Outcome> {
    if (this.#queue.length >= this.#on.options.queue)
      return Promise.reject(new Refusal<Refused>('busy', { waiting: this.#queue.length }))
    const until = performance.now() + this.#on.options.patience
    return new Promise((resolve, reject) => {
      this.#queue.push({ command, resolve, reject, until })
      if (this.#queue.length >= aheadLeast) this.#enough?.()
      this.#turning ??= this.#turn()
    })
  }

  async idle(): Promise<void> {
    while (this.#turning) await this.#turning
  }

  async #turn(): Promise<void> {
    await callersTurn()
    const flying: Flight[] = []
    while (flying.length > 0 || this.#queue.length > 0) {
      // Other books wait for a connection: this one lets it go when what flies has arrived.
      const othersWait = this.#lines.waitingCount > 0
      if (othersWait && flying.length === 0) this.#letGo()
      const most = othersWait ? 1 : 2
      const next = flying.length < most && (await this.#launch(flying.at(-1)))
      if (next) flying.push(next)
      else if (flying.length < most && (await this.#gathers(flying[0]))) continue
      else if (flying.length > 0) await this.#arrive(flying)
    }
    this.#letGo()
    this.#turning = undefined
  }

  /** Sends the next batch, on top of the one under way. None where nothing waits, or not enough for that. */
  async #launch(under?: Flight): Promise<Flight | undefined> {
    const { length } = this.#queue
    if (length === 0 || (under && (length < aheadLeast || this.#queue.some(restsOnFacts)))) return
    const batch = this.#take(under !== undefined)
    if (batch.some(restsOnFacts)) {
      this.#letGo() // it may wait for somebody's lock, and other books for this connection
      await finish(this.#on, batch)
      return
    }
    try {
      const memory = await this.#on.remembered(this.#sql, false)
      const { overlay, end } = under?.prepared ?? {}
      const view = overlay && end ? expecting(memory, overlay, end) : memory
      const prepared = await this.#prepare(view, batch)
      this.#line ??= await this.#lines.connect()
      const answer = offer(this.#line, prepared.sent).catch((error: unknown) => ({ error }))
      return { prepared, answer }
    } catch (error) {
      // What failed on top of another is tried again in its turn, and an error that stays is its callers'.
      if (under) this.#queue.unshift(...batch)
      else await finish(this.#on, batch, () => Promise.reject(error as Error))
      return undefined
    }
  }

  /** Whether enough for a batch of their own come before the one under way is answered: then PostgreSQL need not wait for them. */
  async #gathers(under: Flight | undefined): Promise<boolean> {
    // Those that wait already were not sent: they go when this one has arrived.
    if (!under || this.#queue.length >= aheadLeast) return false
    const enough = new Promise<boolean>(resolve => (this.#enough = () => resolve(true)))
    const first = await Promise.race([enough, under.answer.then(() => false)])
    this.#enough = undefined
    return first
  }

  /** Waits for the first batch under way, and sees to it that each of its commands has an answer. */
  async #arrive(flying: Flight[]): Promise<void> {
    const { prepared, answer: answering } = flying.shift()!
    const { batch, overlay, end, later } = prepared
    const answer = await answering
    if (!('error' in answer) && answer.answer === 'appended') {
      const memory = await this.#on.remembered(this.#sql, false)
      memory.become(overlay, end)
      this.#queue.unshift(...later)
      return this.#land(prepared)
    }
    const above = flying.splice(0)
    for (const one of above) await one.answer
    const resting = above.flatMap(one => one.prepared.batch)
    if ('error' in answer) {
      const { error } = answer
      const broken = brokenOff(error)
      this.#letGo(broken ? (error as Error) : undefined)
      if (!broken) this.#queue.unshift(...resting)
      const left = broken ? [...batch, ...resting] : batch
      return finish(this.#on, left, () => Promise.reject(error as Error))
    }
    this.#queue.unshift(...resting)
    await finish(this.#on, batch, () => leftAfter(this.#on, this.#sql, prepared, batch, answer))
  }

  #letGo(broken?: Error): void {
    this.#line?.release(broken)
    this.#line = undefined
  }

  /** Tells the callers of the batch that stands, and lets them ask for more. */
  async #land(landed: Prepared): Promise<void> {
    deliver(landed)
    if (landed.refused.length > 0)
      await refuse(this.#sql, landed).catch((error: unknown) => this.#notRefused(landed, error))
    await callersTurn()
  }

  /**
   * Whether the refused were done before could not be read. A broken connection: they are decided again,
   * while they have patience. An error that the server answered is told to the one who causes it, else it
   * would come for ever.
   */
  async #notRefused(landed: Prepared, error: unknown): Promise<void> {
    const { refused } = landed
    if (brokenOff(error)) {
      const now = performance.now()
      const waiting = refused.map(one => one.waiting)
      for (const one of waiting) if (one.until < now) one.reject(outcomeUnknown(error))
      this.#queue.unshift(...waiting.filter(one => one.until >= now))
      return
    }
    if (refused.length === 1) return refused[0]!.waiting.reject(error)
    for (const one of refused) {
      const alone = { ...landed, refused: [one] }
      await refuse(this.#sql, alone).catch((own: unknown) => this.#notRefused(alone, own))
    }
  }

  #prepare(memory: Remembered, batch: readonly Waiting[]): Promise<Prepared> {
    return prepare(this.#on.book, this.#sql, memory, this.#on.now(memory.at), new Map(), batch)
  }

  /** All that wait; of many only half where nothing flies, so that the other half can follow. */
  #take(follows: boolean): Waiting[] {
    const { length } = this.#queue
    const half = !follows && length >= 2 * aheadLeast
    return this.#queue.splice(0, Math.min(half ? length >> 1 : length, batchMost))
  }
}

const callersTurn = () => new Promise(resolve => setImmediate(resolve))

const restsOnFacts = ({ command }: Waiting) => 'facts' in command && command.facts !== undefined
