/**
 * Cold commands: review, onboarding, holds. Business rows come first, under their locks; their entries
 * are collected and appended as the last thing before commit, under the book row's lock, so a cold
 * command never loses the race against a busy book. When the connection breaks it is run again: its
 * ids make that harmless.
 */
import { setTimeout as sleep } from 'node:timers/promises'
import type pg from 'pg'
import { append } from './append.ts'
import { brokenOff, lostRace, sqlOver } from './connect.ts'
import { decide } from './decide.ts'
import { chain } from './hash.ts'
import { Memory } from './memory.ts'
import type { Row } from './overlay.ts'
import { lockBook } from './memoryOf.ts'
import { outcomeUnknown, Refusal, type Refused } from './refusal.ts'
import type { Book, Draft, Transaction } from './types.ts'
import { checkIds, knownRows, madeBefore, overlayFor } from './view.ts'

const triesMost = 5

/** Thrown inside a try to have the whole command run again. */
class Again extends Error {}

export type WriteOptions = Readonly<{ clock: () => Date; patience: number }>

/** Our time, and how far the database's is from it, in milliseconds. */
type Time = { readonly clock: () => Date; drift: number }

export function writer(pool: pg.Pool, { clock, patience }: WriteOptions) {
  const time: Time = { clock, drift: 0 }

  return async function write<T>(work: (tx: Transaction) => Promise<T>): Promise<T> {
    const until = performance.now() + patience
    for (let tries = 1; ; tries++) {
      try {
        return await once(pool, time, work)
      } catch (error) {
        const raced = error instanceof Again || lostRace(error)
        const broken = !raced && brokenOff(error)
        if (!raced && !broken) throw error
        if (broken && performance.now() > until) throw outcomeUnknown(error)
        if (raced && tries >= triesMost) throw new Refusal<Refused>('busy', { tries })
        // Apart by chance, so that two that met do not meet again.
        await sleep(broken ? 100 : Math.random() * 20 * tries)
      }
    }
  }
}

async function once<T>(
  pool: pg.Pool,
  time: Time,
  work: (tx: Transaction) => Promise<T>,
): Promise<T> {
  const client = await pool.connect()
  let broken: Error | undefined
  try {
    await client.query('begin')
    const sql = sqlOver(client)
    const drafts = new Map<Book, Draft[]>()
    const result = await work({
      sql,
      append: (book, ...more) => {
        checkIds(more)
        drafts.set(book, [...(drafts.get(book) ?? []), ...more])
      },
    })
    for (const book of [...drafts.keys()].toSorted((a, b) => a - b))
      await appendTo(client, time, book, drafts.get(book)!)
    await client.query('commit')
    return result
  } catch (error) {
    if (brokenOff(error)) broken = error as Error
    else await client.query('rollback').catch(failed => (broken = failed as Error))
    throw error
  } finally {
    client.release(broken)
  }
}

async function appendTo(client: pg.PoolClient, time: Time, book: Book, drafts: readonly Draft[]) {
  const sql = sqlOver(client)
  const { seq, head: before, at: last, currency } = await lockBook(sql, book)
  if (madeBefore(book, await knownRows(sql, book, drafts), drafts)) return
  const memory = new Memory({ seq, head: before, at: last, currency }, drafts.length * 2 + 1)
  const overlay = await overlayFor(sql, book, memory, drafts)
  const at = new Date(Math.max(time.clock().getTime() + time.drift, last.getTime()))
  const send = async (rows: readonly Row[]) => {
    const hashes = chain(book, at, before, rows)
    const sent = { book, seq, before, at, rows, hashes, rides: new Map() }
    const { answer, clock } = await append(client, sent)
    if (answer === 'clock') time.drift = clock.getTime() - time.clock().getTime()
    if (answer !== 'appended') throw new Again(answer)
  }
  let rows: Row[]
  try {
    rows = decide(overlay, at, seq + 1n, drafts)
  } catch (error) {
    // A "no" may rest on the time: nothing is sent, to ask whether the database has another one.
    await send([])
    throw error
  }
  await send(rows)
}
