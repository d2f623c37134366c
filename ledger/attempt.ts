/**
 * One batch, until every one of its commands has an answer:
 *
 *   stale     follow the tail and decide again; after the third loss, lock the book row first
 *   known     answer those that were done before, as before
 *   an error that the server answered    it undid everything: each command alone, so that only one fails
 *   a broken connection                  the outcome is unknown: the memory is dropped, the book row is
 *                                        locked (which waits for the old backend), and the ids tell;
 *                                        a "no" makes stale what was sent before it
 */
import { setTimeout as sleep } from 'node:timers/promises'
import type pg from 'pg'
import { offer, type Answer } from './append.ts'
import {
  deliver,
  factsFor,
  prepare,
  refuse,
  unknownOf,
  type Prepared,
  type Waiting,
} from './batch.ts'
import { brokenOff, lostRace, sqlOver } from './connect.ts'
import { followTail } from './memoryOf.ts'
import { outcomeUnknown } from './refusal.ts'
import type { Knowledge } from './knowledge.ts'
import type { Sql } from './types.ts'

const lossesBeforeLock = 3
/** Under the lock nothing can be lost: this many are a mistake of ours, and going on would be for ever. */
const lossesMost = 20

/** An attempt at a batch. Answers those that still have to be decided again. */
export type Attempt = () => Promise<readonly Waiting[]>

/** `first` is the first attempt, where it was begun in another way than the others. */
export async function finish(
  on: Knowledge,
  batch: readonly Waiting[],
  first?: Attempt,
): Promise<void> {
  let left = batch
  for (let losses = 0; left.length > 0; first = undefined) {
    try {
      const next = await (first?.() ?? attempt(on, left, losses >= lossesBeforeLock))
      if (next.length === left.length && ++losses > lossesMost)
        throw new RangeError(`A batch of ${left.length} gets no answer from book ${on.book}`)
      left = next
    } catch (error) {
      left = await failed(on, error, left)
      losses = lossesBeforeLock
    }
  }
}

/** What an error means for the batch. Answers those that are to be tried again. */
async function failed(
  on: Knowledge,
  error: unknown,
  left: readonly Waiting[],
): Promise<readonly Waiting[]> {
  const undone = !brokenOff(error)
  if (!undone) on.broke()
  if (undone && !lostRace(error)) {
    if (left.length > 1) for (const one of left) await finish(on, [one])
    else left[0]?.reject(error)
    return []
  }
  const now = performance.now()
  const over = left.filter(one => one.until < now)
  for (const one of over) one.reject(outcomeUnknown(error))
  const patient = left.filter(one => !over.includes(one))
  if (patient.length > 0) await sleep(undone ? 5 : 100)
  return patient
}

async function attempt(
  on: Knowledge,
  batch: readonly Waiting[],
  locked: boolean,
): Promise<readonly Waiting[]> {
  const client = await on.pool.connect()
  let broken: Error | undefined
  const held = locked || batch.some(({ command }) => 'facts' in command && command.facts)
  try {
    return await attemptOn(on, client, batch, locked, held)
  } catch (error) {
    if (brokenOff(error)) broken = error as Error
    else if (held) await client.query('rollback').catch(late => (broken = late as Error))
    throw error
  } finally {
    client.release(broken)
  }
}

async function attemptOn(
  on: Knowledge,
  client: pg.PoolClient,
  batch: readonly Waiting[],
  locked: boolean,
  held: boolean,
): Promise<readonly Waiting[]> {
  const sql = sqlOver(client)
  // What only reads need not wait to hear that the transaction has begun; nor its end for the append's answer,
  // since without that nothing was written.
  const [, facts] = await Promise.all([held && client.query('begin'), factsFor(sql, batch)])
  const memory = await on.remembered(sql, locked)
  const at = on.now(memory.at)
  const prepared = await prepare(on.book, sql, memory, at, facts, batch)
  const [answer] = await Promise.all([offer(client, prepared.sent), held && client.query('commit')])
  if (answer.answer !== 'appended') return leftAfter(on, sql, prepared, batch, answer)
  memory.become(prepared.overlay, prepared.end)
  deliver(prepared)
  await refuse(sql, prepared)
  return prepared.later
}

/** Nothing was appended: learns from the answer, and tells who is to be decided again. */
export async function leftAfter(
  on: Knowledge,
  sql: Sql,
  prepared: Prepared,
  batch: readonly Waiting[],
  { answer, clock }: Answer,
): Promise<readonly Waiting[]> {
  if (answer === 'stale') await followTail(sql, on.book, await on.remembered(sql, false))
  if (answer === 'clock') on.drift = clock.getTime() - on.options.clock().getTime()
  return answer === 'known' ? leftOf(sql, prepared, batch) : batch
}

async function leftOf(sql: Sql, { sent, planned }: Prepared, batch: readonly Waiting[]) {
  const unknown = await unknownOf(sql, sent.book, planned)
  const answered = new Set(planned.map(one => one.waiting))
  for (const one of unknown) answered.delete(one.waiting)
  return batch.filter(waiting => !answered.has(waiting))
}
