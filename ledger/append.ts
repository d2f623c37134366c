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

const call = 'select * from ledger.append($1, $2, $3, $4, $5)'
const plain = named(call)

/** Compares and appends. An empty batch only asks whether the book still stands at `seq`. */
export async function append(on: Pick<pg.PoolClient, 'query'>, batch: Batch): Promise<Answer> {
  // Known ones are not waited for: then the batch is on its way when this returns.
  const type = types.get(on) ?? (await rowType(on))
  const { book, seq, before, at, rows, hashes } = batch
  const sent = encodeRows(type, rows, hashes)
  const values: unknown[] = [book, seq, before, at.toISOString(), sent]
  const statement = batch.rides.size === 0 ? plain : riding(batch, values)
  const { rows: answers } = await on.query<Answer & pg.QueryResultRow>({ ...statement, values })
  return answers[0]!
}

const types = new WeakMap<object, number>()

/** The number that this database gave to ledger.row; asked once per connection. */
async function rowType(on: Pick<pg.PoolClient, 'query'>): Promise<number> {
  const { rows } = await on.query<{ type: number }>(
    `select 'ledger.row'::regtype::oid::integer as type`,
  )
  types.set(on, rows[0]!.type)
  return rows[0]!.type
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
