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
export type StatementPage = Readonly<{ lines: readonly Line[]; next?: bigint }>

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
  return { lines, ...(more && { next: lines.at(-1)!.entry.seq }) }
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
