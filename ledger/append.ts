/** One batch to `ledger.append`, in one round trip, with the rows that ride. */
import type pg from 'pg'
import { bigints, buffers, texts } from './arrays.ts'
import { named } from './connect.ts'
import { areMoves, encodeMoves } from './moves.ts'
import type { Row } from './overlay.ts'
import { encodeRows } from './rows.ts'
import type { Book, Ride } from './types.ts'

export type Batch = Readonly<{
  book: Book
  /** The end of the book as we know it. */
  seq: bigint
  before: Buffer
  at: Date
  rows: readonly Row[]
  hashes: readonly Buffer[]
  rides: ReadonlyMap<Ride, readonly (readonly unknown[])[]>
}>
export type Answer = Readonly<{
  answer: 'appended' | 'stale' | 'known' | 'clock'
  seq: bigint | null
  clock: Date
}>

const moving = `select * from ledger.move($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)`
const confirming = `select * from ledger.confirm($1, $2, $3, $4)`
const other = `select * from ledger.append($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)`

/**
 * Compares and appends. Where all are refused it only asks whether the book still stands at `seq`, and lets
 * nothing be done after it that was decided before. Not in a transaction that has written.
 */
export async function offer(on: Pick<pg.PoolClient, 'query'>, batch: Batch): Promise<Answer> {
  if (batch.rows.length + batch.rides.size > 0) return append(on, batch)
  const { book, seq, before, at } = batch
  const values = [book, seq, before, at.toISOString()]
  const { rows: answers } = await on.query<Answer & pg.QueryResultRow>({
    ...named(confirming),
    values,
  })
  return answers[0]!
}

/** Compares and appends. An empty batch only asks whether the book still stands at `seq`. */
export async function append(on: Pick<pg.PoolClient, 'query'>, batch: Batch): Promise<Answer> {
  const { book, seq, before, at } = batch
  const { call, sent } = encoded(batch)
  const values: unknown[] = [book, seq, before, at.toISOString(), ...sent]
  const statement = batch.rides.size === 0 ? named(call) : riding(call, batch, values)
  const { rows: answers } = await on.query<Answer & pg.QueryResultRow>({
    ...statement,
    values,
  })
  return answers[0]!
}

/** Movements alone, nearly all there is, have a shorter form and a function of their own. */
function encoded({ rows, hashes }: Batch): {
  call: string
  sent: readonly unknown[]
} {
  if (areMoves(rows)) {
    const sent = encodeMoves(rows, hashes)
    const { accounts, marks, places, numbers, ids, events, subjects } = sent
    return {
      call: moving,
      sent: [accounts, marks, places, numbers, ids, sent.hashes, events, subjects],
    }
  }
  const sent = encodeRows(rows, hashes)
  const { numbers, moved, marks, ids, events, subjects, refs } = sent
  return {
    call: other,
    sent: [numbers, moved, marks, ids, sent.hashes, events, subjects, refs],
  }
}

/** The append as the first part of a statement whose other parts write only if it appended. */
function riding(call: string, { rides }: Batch, values: unknown[]): { name: string; text: string } {
  const parts = [...rides].map(([{ statement, columns }, rows], place) => {
    const names = Object.keys(columns)
    const arrays = names.map((name, column) => {
      values.push(
        array(
          columns[name]!,
          rows.map(row => row[column]),
        ),
      )
      return `$${values.length}::${columns[name]}[]`
    })
    const table = `(select * from unnest(${arrays.join(', ')}) as row (${names.join(', ')})
      where (select answer from appended) = 'appended') as row`
    return `ride_${place} as (${statement.replaceAll('$rows', table)})`
  })
  return named(
    `with appended as materialized (${call}), ${parts.join(', ')} select * from appended`,
  )
}

/**
 * Texts, bytes and bigints in PostgreSQL's binary form; else a literal, each item quoted, quotes and backslashes
 * escaped. All empty, it says nothing: unnest fills up.
 */
function array(type: string, items: readonly unknown[]): string | Buffer {
  if (items.every(absent)) return '{}'
  if (type === 'text' && items.every(isText)) return texts(items)
  if (type === 'bytea' && items.every(isBuffer)) return buffers(items)
  if (type === 'bigint' && items.every(isBigint)) return bigints(items)
  return `{${items.map(item => quoted(item) ?? 'NULL').join(',')}}`
}

const absent = (item: unknown): item is null | undefined => item === null || item === undefined
const isText = (item: unknown): item is string | null | undefined =>
  typeof item === 'string' || absent(item)
const isBuffer = (item: unknown): item is Buffer => Buffer.isBuffer(item)
const isBigint = (item: unknown): item is bigint | null | undefined =>
  typeof item === 'bigint' || absent(item)

const special = /["\\]/

function quoted(item: unknown): string | null {
  if (absent(item)) return null
  if (typeof item === 'number' || typeof item === 'bigint' || typeof item === 'boolean')
    return `${item}`
  if (item instanceof Date) return `"${item.toISOString()}"`
  if (isBuffer(item)) return `"\\\\x${item.toString('hex')}"`
  const said = typeof item === 'string' ? item : JSON.stringify(item)
  return special.test(said) ? `"${said.replaceAll(/["\\]/g, '\\$&')}"` : `"${said}"`
}
