/** One batch to `ledger.append`, in one round trip, with the rows that ride. */
import type pg from 'pg'
import { named } from './connect.ts'
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

const call = `select * from ledger.append($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)`
const plain = named(call)

/** Compares and appends. An empty batch only asks whether the book still stands at `seq`. */
export async function append(on: Pick<pg.PoolClient, 'query'>, batch: Batch): Promise<Answer> {
  const { book, seq, before, at, rows, hashes } = batch
  const sent = encodeRows(rows, hashes)
  const { numbers, moved, marks, ids, events, subjects, refs } = sent
  const values: unknown[] = [book, seq, before, at.toISOString()]
  values.push(numbers, moved, marks, ids, sent.hashes, events, subjects, refs)
  const statement = batch.rides.size === 0 ? plain : riding(batch, values)
  const { rows: answers } = await on.query<Answer & pg.QueryResultRow>({ ...statement, values })
  return answers[0]!
}

/** The append as the first part of a statement whose other parts write only if it appended. */
function riding({ rides }: Batch, values: unknown[]): { name: string; text: string } {
  const parts = [...rides].map(([{ statement, columns }, rows], place) => {
    const names = Object.keys(columns)
    const arrays = names.map((name, column) => {
      values.push(array(rows.map(row => row[column])))
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

/** An array literal: each item quoted, quotes and backslashes escaped. All empty, it says nothing: unnest fills up. */
function array(items: readonly unknown[]): string {
  const quotedItems = items.map(quoted)
  if (quotedItems.every(item => item === null)) return '{}'
  return `{${quotedItems.map(item => item ?? 'NULL').join(',')}}`
}

const special = /["\\]/

function quoted(item: unknown): string | null {
  if (item === null || item === undefined) return null
  if (typeof item === 'number' || typeof item === 'bigint' || typeof item === 'boolean')
    return `${item}`
  if (item instanceof Date) return `"${item.toISOString()}"`
  const said = typeof item === 'string' ? item : JSON.stringify(item)
  return special.test(said) ? `"${said.replaceAll(/["\\]/g, '\\$&')}"` : `"${said}"`
}
