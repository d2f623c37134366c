/** Making a memory of a book, and letting it catch up with what others appended. */
import { Memory } from './memory.ts'
import { heldOf, readBook, type BookRow, type StateRow } from './read.ts'
import { Refusal, type Refused } from './refusal.ts'
import type { Book, EntryId, Sql } from './types.ts'

/** Beyond this many entries behind, forgetting all is cheaper than following. */
const tailMost = 10_000n

type LockedRow = Omit<BookRow, 'archived'> & { clock: Date }

/** Locks the book row until the transaction ends: the last lock of any command. */
export async function lockBook(sql: Sql, book: Book): Promise<LockedRow> {
  const [row] = await sql<LockedRow>`
    select currency, seq, at, head, clock from ledger.lock_book(${book})`
  return row ?? none(book)
}

export async function readMemory(sql: Sql, book: Book, most: number): Promise<Memory> {
  return new Memory((await readBook(sql, book)) ?? none(book), most)
}

/** Takes over what other processes appended since. */
export async function followTail(sql: Sql, book: Book, memory: Memory): Promise<void> {
  const end = (await readBook(sql, book)) ?? none(book)
  // Of what was archived since, the ends of pends are gone.
  if (end.seq - memory.seq > tailMost || memory.seq < end.archived) return memory.forget(end)
  const rows = await sql<StateRow | { ended: EntryId }>`
    select * from ledger.tail(${book}, ${memory.seq})`
  const moved = rows.filter(row => 'ref' in row && row.ref !== null)
  memory.follow(
    end,
    moved.map(row => heldOf(row as StateRow)),
    rows.flatMap(row => ('ended' in row && row.ended) || []),
  )
}

function none(book: Book): never {
  throw new Refusal<Refused>('no_such_book', { book })
}
