/**
 * Statements by page and by day. A filtered statement is a filter of the full one: the days only say where
 * in the book to begin and to end.
 */
import { Refusal, type Books } from '@bursar/kernel'
import type { Account, Line } from '@bursar/ledger'
import type { Refused } from './refused.ts'

export type StatementAsk = Readonly<{
  /** Newest first: the seq to go on from. */
  cursor?: bigint
  /** From this moment on. */
  from?: Date
  /** Until this moment, which is not in it. */
  to?: Date
  limit?: number
}>
/** How many entries of the account are in an archive alone, and when it ended for this account. */
export type Archived = Readonly<{ entries: bigint; before: Date }>
export type StatementPage = Readonly<{
  lines: readonly Line[]
  next?: bigint
  /** Said where the lines end, when those before them are archived. */
  archived?: Archived
}>

export async function statementPage(
  books: Books,
  book: number,
  account: Account,
  { cursor, from, to, limit = 50 }: StatementAsk,
): Promise<StatementPage> {
  const before = cursor ?? (to && (await seqAfter(books, book, to)))
  const page = { limit: limit + 1, ...(before !== undefined && { before }) }
  const found = await books.statement(book, account, page)
  const wanted = from ? found.filter(({ entry }) => entry.at >= from) : found
  const lines = wanted.slice(0, limit)
  const more = wanted.length > limit
  if (more) return { lines, next: lines.at(-1)!.entry.seq }
  const archived = await archivedOf(books, book, account)
  return { lines, ...(archived && !(from && from > archived.before) && { archived }) }
}

/** The merchants at which these lines were spent or refunded, by name, under the lines' subjects. */
export async function merchantsOf(
  { sql }: Pick<Books, 'sql'>,
  book: number,
  lines: readonly Line[],
): Promise<ReadonlyMap<string, string>> {
  const subjects = lines.flatMap(({ entry }) => entry.subject ?? [])
  const rows = await sql<{ subject: string; name: string }>`
    select s.id as subject, m.name from custody.spend s join parties.merchant m on m.id = s.merchant
    where s.book = ${book} and s.id = any(${subjects}::text[])
    union all
    select r.id, m.name from custody.refund r join parties.merchant m on m.id = r.merchant
    where r.book = ${book} and r.id = any(${subjects}::text[])`
  return new Map(rows.map(({ subject, name }) => [subject, name]))
}

/** The opening is the newest of them, and stays in the table as the statement's first line. */
async function archivedOf(
  books: Books,
  book: number,
  account: Account,
): Promise<Archived | undefined> {
  const [row] = await books.sql<Archived>`
    select o.nth - 1 as entries, e.at as before
    from ledger.account a
    join ledger.opening o on o.book = a.book and o.account = a.account
    join ledger.entry e on e.book = o.book and e.seq = o.seq
    where a.book = ${book} and a.ref = ${account} and o.nth > 1`
  return row
}

/** The first seq that is not before the moment. A book's clock has milliseconds. */
async function seqAfter(books: Books, book: number, moment: Date): Promise<bigint> {
  const last = new Date(moment.getTime() - 1)
  const [row] = await books.sql<{
    seq: bigint | null
  }>`select ledger.seq_at(${book}, ${last}) as seq`
  if (row!.seq === null) throw new Refusal<Refused>('archived', { book })
  return row!.seq + 1n
}
