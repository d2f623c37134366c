/** What verifyBooks says of a book, as though every hash were right: a forger can reckon hashes too. */
import type pg from 'pg'
import { micros, stream } from './stream.ts'
import { BookVerifier, type BookEnd } from './verify.book.ts'
import { RowReader, rowsOf } from './verify.row.ts'
import type { Fault } from './verify.rules.ts'
import { checkTables } from './verify.tables.ts'

export async function faultIn(on: pg.ClientBase, book: number): Promise<Fault | undefined> {
  const proof = new BookVerifier(book, 'CNY', [])
  const reader = new RowReader(book)
  await stream(on, rowsOf(book), cells => {
    const row = reader.read(cells)
    proof.next(row, () => row.hash)
  })
  let end: BookEnd | undefined
  await stream(on, `select seq, at, head from ledger.book where book = ${book}`, cells => {
    end = { seq: cells.int8()!, at: micros(cells.int8()!), head: cells.raw()! }
  })
  proof.end(end!)
  if (!proof.fault) await checkTables(on, book, proof)
  return proof.fault
}
