/**
 * The sealer: signs the ends of the books that have moved, keeps the seals in the database, and hands them
 * to the witnesses.
 *
 *   sign → keep (committed, so everything before it is on disk) → hand over
 *
 * A witness that could not be reached is given what it lacks in a later round. A witness that knows more
 * than the database, or something else, has caught a cut tail, a restored backup or a forger: that book is
 * not sealed any more, and every round says so, until somebody has looked.
 */
import { isSigned, sealed, type Seal, type Signer } from './seal.ts'
import type { Witness } from './seals.witness.ts'
import type { Book, Sql } from './types.ts'

/** What is sealed, with which key, and who is told. */
export type Sealing = Readonly<{
  sql: Sql
  signer: Signer
  witnesses: readonly Witness[]
  /** A book is sealed when it has grown by so many entries. Default 10,000. */
  entries?: number
  /** Or when it has grown, and its last seal is so old. Default a minute. */
  seconds?: number
}>

/** A witness does not agree with the database. */
export class Contradicted extends Error {}

/** One round. Answers how many seals were kept. What goes wrong with one book or witness stops no other. */
export async function sealBooks(options: Sealing): Promise<number> {
  const { sql, signer, witnesses, entries = 10_000, seconds = 60 } = options
  const troubles: unknown[] = []
  const tried = (work: Promise<unknown>) => work.catch((error: unknown) => troubles.push(error))
  const ends = await sql<Pick<Seal, 'book' | 'seq' | 'head' | 'at'>>`
    select book, seq, head, at from ledger.unsealed(${entries}, make_interval(secs => ${seconds}))`
  let kept = 0
  const sealOne = async (end: (typeof ends)[number]) => {
    for (const witness of witnesses) await agree(sql, witness, end.book)
    if (await keep(sql, sealed(end, signer))) kept++
  }
  for (const end of ends) await tried(sealOne(end))
  for (const newest of await sealedBooks(sql))
    for (const witness of witnesses) await tried(handOver(sql, witness, newest))
  if (troubles.length > 1) throw new AggregateError(troubles, troubles.map(String).join(' '))
  if (troubles.length === 1) throw troubles[0]
  return kept
}

async function keep(sql: Sql, seal: Seal): Promise<boolean> {
  const { book, seq, head, at, key, signature } = seal
  if (!isSigned(seal)) throw new Error('The key does not fit its own signature')
  const [row] = await sql<{ kept: boolean }>`
    select ledger.keep_seal(${book}, ${seq}, ${head}, ${at}, ${key}, ${signature}) as kept`
  return row!.kept
}

/** What the witness has must stand in the book. */
async function agree(sql: Sql, witness: Witness, book: Book): Promise<Seal | undefined> {
  const last = await witness.last(book)
  if (!last) return undefined
  const [row] = await sql<{ hash: Buffer }>`
    select hash from ledger.entry where book = ${book} and seq = ${last.seq}
    union all
    select head from ledger.seal where book = ${book} and seq = ${last.seq}
      and seq <= (select archived from ledger.book where book = ${book})`
  if (row?.hash.equals(last.head)) return last
  const what = row
    ? `has another head at ${last.seq} than the database`
    : `knows it up to ${last.seq}, which the database has not`
  throw new Contradicted(
    `The witness ${witness.name} contradicts book ${book}: it ${what}. Run ledger:verify.`,
  )
}

type Newest = Readonly<{ book: Book; seq: bigint }>
const sealedBooks = (sql: Sql) =>
  sql<Newest>`
    select b.book, last.seq from ledger.book b cross join lateral (
      select s.seq from ledger.seal s where s.book = b.book order by s.seq desc limit 1) as last`

/** A witness that knows nothing of a book begins with its newest seal; else it is given what came since. */
async function handOver(sql: Sql, witness: Witness, { book, seq }: Newest): Promise<void> {
  const last = await witness.last(book)
  if (last?.seq === seq) return
  await agree(sql, witness, book)
  const after = last ? last.seq : seq - 1n
  const seals = await sql<Seal>`
    select book, seq, head, at, key, signature from ledger.seal
    where book = ${book} and seq > ${after} order by seq`
  for (const seal of seals) await witness.take(seal)
}
