/** Making a memory of a book, and letting it catch up with what others appended. */
import type { Held } from './decide.ts'
import { Memory } from './memory.ts'
import { readBook, type BookRow } from './read.ts'
import { Refusal, type Refused } from './refusal.ts'
import type { Account, Book, EntryId, Sql } from './types.ts'

/** Beyond this many entries behind, forgetting all is cheaper than following. */
const tailMost = 10_000n

/** Locks the book row until the transaction ends: the last lock of any command. */
export async function lockBook(sql: Sql, book: Book): Promise<BookRow & { clock: Date }> {
  const [row] = await sql<BookRow & { clock: Date }>`
    select currency, seq, at, head, clock from ledger.lock_book(${book})`
  return row ?? none(book)
}

export async function readMemory(sql: Sql, book: Book, most: number): Promise<Memory> {
  return new Memory((await readBook(sql, book)) ?? none(book), most)
}

/** Takes over what other processes appended since. */
export async function followTail(sql: Sql, book: Book, memory: Memory): Promise<void> {
  const end = (await readBook(sql, book)) ?? none(book)
  if (end.seq - memory.seq > tailMost) return memory.forget(end)
  type Tail = {
    ref: Account
    account: bigint
    last: bigint
    posted: bigint
    out_: bigint
    in_: bigint
    floor: bigint | null
    ceiling: bigint | null
    state: number
    ended: EntryId | null
  }
  const rows = await sql<Tail>`select * from ledger.tail(${book}, ${memory.seq})`
  const sides = rows.map((row): Held => ({
    number: row.account,
    ref: row.ref,
    last: row.last,
    before: null,
    posted: row.posted,
    out: row.out_,
    in: row.in_,
    floor: row.floor,
    ceiling: row.ceiling,
    state: row.state,
  }))
  memory.follow(
    end,
    sides,
    rows.flatMap(row => row.ended ?? []),
  )
}

function none(book: Book): never {
  throw new Refusal<Refused>('no_such_book', { book })
}
