/** One batch to `ledger.append`, in one round trip, with the rows that ride. */
import type pg from 'pg'
import { named } from './connect.ts'
import type { Held, Row } from './decide.ts'
import type { Book, Ride } from './types.ts'

export type Batch = Readonly<{
  book: Book
  /** The end of the book as we know it. */
  seq: bigint
  before: Buffer
  at: Date
  rows: readonly Row[]
  hashes: readonly Buffer[]
  head: Buffer
  rides: ReadonlyMap<Ride, readonly (readonly unknown[])[]>
}>
export type Answer = Readonly<{
  answer: 'appended' | 'stale' | 'known' | 'clock'
  seq: bigint | null
  clock: Date
}>

const fixed = 31
const call = `select * from ledger.append(${Array.from({ length: fixed }, (_, i) => `$${i + 1}`).join(', ')})`
const plain = named(call)

/** Compares and appends. An empty batch only asks whether the book still stands at `seq`. */
export async function append(on: Pick<pg.PoolClient, 'query'>, batch: Batch): Promise<Answer> {
  const values: unknown[] = fixedValues(batch)
  const statement = batch.rides.size === 0 ? plain : riding(batch, values)
  const { rows } = await on.query<Answer & pg.QueryResultRow>({ ...statement, values })
  return rows[0]!
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

function fixedValues({ book, seq, before, at, head, rows, hashes }: Batch): unknown[] {
  return [
    book,
    seq,
    before,
    at.toISOString(),
    head,
    bare(rows, row => row.id),
    bare(rows, row => row.code),
    array(rows.map(row => row.event)),
    array(rows.map(row => row.subject)),
    array(rows.map(row => row.ref)),
    bare(rows, row => row.minor),
    bare(rows, row => row.pend),
    bare(rows, row => row.pended),
    bare(rows, row => row.expiresAt && `"${row.expiresAt.toISOString()}"`),
    ...sides(rows, row => row.debit),
    ...sides(rows, row => row.credit),
    `{${hashes.map(hash => `"\\\\x${hash.toString('hex')}"`).join(',')}}`,
  ]
}

function sides(rows: readonly Row[], side: (row: Row) => Held | null): string[] {
  const held = rows.map(side)
  return [
    bare(held, one => one && one.number),
    bare(held, one => one && one.before),
    bare(held, one => one && one.posted),
    bare(held, one => one && one.out),
    bare(held, one => one && one.in),
    bare(held, one => one && one.floor),
    bare(held, one => one && one.ceiling),
    bare(held, one => one && one.state),
  ]
}

/** An array literal of things that need no quotes. Where nothing is said it is empty: unnest fills up. */
function bare<T>(items: readonly T[], of: (item: T) => string | number | bigint | null): string {
  let text = ''
  let said = false
  for (const item of items) {
    const value = of(item)
    said ||= value !== null
    text += value === null ? ',NULL' : `,${value}`
  }
  return said ? `{${text.slice(1)}}` : '{}'
}

/** An array literal of anything: each item quoted, quotes and backslashes escaped. */
export const array = (items: readonly unknown[]): string => bare(items, quoted)

const special = /["\\]/

function quoted(item: unknown): string | null {
  if (item === null || item === undefined) return null
  if (typeof item === 'number' || typeof item === 'bigint' || typeof item === 'boolean')
    return `${item}`
  if (item instanceof Date) return `"${item.toISOString()}"`
  const said = typeof item === 'string' ? item : JSON.stringify(item)
  return special.test(said) ? `"${said.replaceAll(/["\\]/g, '\\$&')}"` : `"${said}"`
}
