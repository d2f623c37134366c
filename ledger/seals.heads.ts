/** Where a book stands with those who keep its heads: what the database has sealed, what each witness has. */
import type { Seal } from './seal.ts'
import type { Witness } from './seals.witness.ts'
import type { Book, Sql } from './types.ts'

/** A book's end, and what of it is kept where. */
export type Heads = Readonly<{
  seq: bigint
  head: Buffer
  at: Date
  /** The newest seal that the database keeps. */
  seal: Pick<Seal, 'seq' | 'at' | 'key'> | undefined
  witnesses: readonly Readonly<{
    name: string
    /** The newest that it has; undefined if it has nothing of this book. */
    seq: bigint | undefined
    at: Date | undefined
    /** Whether the book has that head there. */
    agrees: boolean
  }>[]
}>

/** Undefined if there is no such book. */
export async function headsOf(
  sql: Sql,
  book: Book,
  witnesses: readonly Witness[],
): Promise<Heads | undefined> {
  const told = await Promise.all(
    witnesses.map(async ({ name, last }) => ({ name, seal: await last(book) })),
  )
  const [end] = await sql<Pick<Heads, 'seq' | 'head' | 'at'>>`
    select seq, head, at from ledger.book where book = ${book}`
  if (!end) return undefined
  const [seal] = await sql<Pick<Seal, 'seq' | 'at' | 'key'>>`
    select seq, at, key from ledger.seal where book = ${book} order by seq desc limit 1`
  const seqs = told.flatMap(one => (one.seal ? [one.seal.seq] : []))
  const entries = await sql<{ seq: bigint; hash: Buffer }>`
    select seq, hash from ledger.entry where book = ${book} and seq = any(${seqs}::bigint[])
    union
    select s.seq, s.head from ledger.seal s join ledger.book b on b.book = s.book and s.seq <= b.archived
    where s.book = ${book} and s.seq = any(${seqs}::bigint[])`
  const hashes = new Map(entries.map(({ seq, hash }) => [seq, hash]))
  return {
    ...end,
    seal,
    witnesses: told.map(({ name, seal: last }) => ({
      name,
      seq: last?.seq,
      at: last?.at,
      agrees: last === undefined || (hashes.get(last.seq)?.equals(last.head) ?? false),
    })),
  }
}
