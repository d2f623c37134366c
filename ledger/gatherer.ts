/**
 * One book in one process. Commands that arrive while a batch commits wait, and go together in the next
 * one; nobody is answered before the database has confirmed the book's end, a "no" included.
 *
 * Under load the next batch is prepared ahead, on what the one under way will leave, so that database
 * and process work at the same time. What was prepared ahead of a batch that did not come to stand
 * rests on nothing: its commands go back to the queue.
 */
import type pg from 'pg'
import { append, type Answer } from './append.ts'
import { finish, leftAfter } from './attempt.ts'
import { deliver, prepare, refuse, type AnyCommand, type Prepared, type Waiting } from './batch.ts'
import { brokenOff, sqlOver } from './connect.ts'
import { Knowledge, type GathererOptions } from './knowledge.ts'
import { expecting, type Memory, type Remembered } from './memory.ts'
import { outcomeUnknown, Refusal, type Refused } from './refusal.ts'
import type { Book, Outcome, Sql } from './types.ts'

/** More than this in one batch costs latency and wins no speed. */
const batchMost = 4096
/** Fewer than this are not worth a batch of their own while another one is under way. */
const aheadLeast = 96

export class Gatherer {
  readonly #on: Knowledge
  readonly #sql: Sql
  #queue: Waiting[] = []
  #turning: Promise<void> | undefined
  /** Stands already; its callers hear so as soon as the next one is on its way. */
  #landed: Prepared | undefined

  constructor(pool: pg.Pool, book: Book, options: GathererOptions) {
    this.#on = new Knowledge(pool, book, options)
    this.#sql = sqlOver(pool)
  }

  submit(command: AnyCommand): Promise<Outcome> {
    if (this.#queue.length >= this.#on.options.queue)
      return Promise.reject(new Refusal<Refused>('busy', { waiting: this.#queue.length }))
    const until = performance.now() + this.#on.options.patience
    return new Promise((resolve, reject) => {
      this.#queue.push({ command, resolve, reject, until })
      this.#turning ??= this.#turn()
    })
  }

  async idle(): Promise<void> {
    while (this.#turning) await this.#turning
  }

  async #turn(): Promise<void> {
    await callersTurn()
    let ahead: Prepared | undefined
    while (ahead || this.#queue.length > 0) {
      const batch = ahead?.batch ?? this.#take()
      if (batch.some(restsOnFacts)) await finish(this.#on, batch)
      else ahead = await this.#fly(batch, ahead)
      if (!ahead) await this.#land()
    }
    this.#turning = undefined
  }

  /** Sees a batch through. Answers the next one, if it was prepared meanwhile and rests on something. */
  async #fly(batch: readonly Waiting[], ahead?: Prepared): Promise<Prepared | undefined> {
    let next: Prepared | undefined
    await finish(this.#on, batch, async () => {
      const memory = await this.#on.remembered(this.#sql, false)
      const current = ahead ?? (await this.#prepare(memory, batch))
      const sending = this.#send(current)
      // A free connection is there at once; those whose batch stands do not wait for another one.
      await Promise.race([sending, callersTurn()]).catch(() => undefined)
      await this.#land()
      next = await this.#prepareNext(memory, current)
      const answer = await (await sending).wait()
      if (answer.answer !== 'appended')
        return leftAfter(this.#on, this.#sql, current, batch, answer)
      memory.become(current.overlay, current.end)
      this.#landed = current
      this.#queue.unshift(...current.later)
      return []
    })
    if (this.#landed?.batch === batch) return next
    if (next) this.#queue.unshift(...next.batch)
    return undefined
  }

  /** Begins to send; the answer is waited for later, and a failure is heard then. */
  async #send({ sent }: Prepared): Promise<{ wait(): Promise<Answer> }> {
    const client = await this.#on.pool.connect()
    const answering = append(client, sent)
    const done = answering.then(
      () => client.release(),
      (error: Error) => client.release(brokenOff(error) ? error : undefined),
    )
    return {
      async wait() {
        await done
        return answering
      },
    }
  }

  /** Tells the callers of the batch that stands, and lets them ask for more. */
  async #land(): Promise<void> {
    const landed = this.#landed
    this.#landed = undefined
    if (!landed) return
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

  async #prepareNext(memory: Memory, current: Prepared): Promise<Prepared | undefined> {
    if (this.#queue.length < aheadLeast || this.#queue.some(restsOnFacts)) return undefined
    const batch = this.#queue.splice(0, batchMost)
    try {
      return await this.#prepare(expecting(memory, current.overlay, current.end), batch)
    } catch {
      // It is tried again in its turn, and an error that stays is its callers'.
      this.#queue.unshift(...batch)
      return undefined
    }
  }

  #prepare(memory: Remembered, batch: readonly Waiting[]): Promise<Prepared> {
    return prepare(this.#on.book, this.#sql, memory, this.#on.now(memory.at), new Map(), batch)
  }

  /** All that wait; of many only half, so that the other half can be prepared while they commit. */
  #take(): Waiting[] {
    const { length } = this.#queue
    return this.#queue.splice(
      0,
      Math.min(length < 2 * aheadLeast ? length : length >> 1, batchMost),
    )
  }
}

const callersTurn = () => new Promise(resolve => setImmediate(resolve))

const restsOnFacts = ({ command }: Waiting) => 'facts' in command && command.facts !== undefined
