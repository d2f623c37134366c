/**
 * A book read out for others, whole and exact, as it streams: as a journal for hledger, with a balance
 * assertion behind every posting, so that another program adds everything up again; and as CSV.
 */
import pg from 'pg'
import { journalOf } from './journal.hledger.ts'
import { csvOf } from './journal.csv.ts'
import { bookHead, tell, type Teller } from './journal.entries.ts'
import type { Book } from './types.ts'

/** `hledger`: a journal that `hledger check --strict` accepts; `csv`: every column of every entry. */
export type Form = 'hledger' | 'csv'
/** Takes text; while its promise is open, the database is not read from. */
export type Write = (text: string) => void | Promise<void>
/** What was read out. */
export type ReadOut = Readonly<{ entries: number; currency: string }>

/** The ledger has no such book. */
export class NoSuchBook extends Error {}

const forms: Readonly<Record<Form, Teller>> = { hledger: journalOf, csv: csvOf }
const enough = 1 << 16

/** Reads one book out, in one snapshot, over a connection of its own. */
export async function readOut(url: string, book: Book, form: Form, write: Write): Promise<ReadOut> {
  const on = new pg.Client({ connectionString: url, connectionTimeoutMillis: 10_000 })
  on.on('error', () => undefined) // the query under way is told; once is enough
  await on.connect()
  try {
    await on.query('set statement_timeout = 0; set idle_in_transaction_session_timeout = 0')
    await on.query('begin isolation level repeatable read read only')
    const head = await bookHead(on, book)
    if (!head) throw new NoSuchBook(`There is no book ${book}`)
    const { begin, each } = forms[form](head)
    let text = begin
    let entries = 0
    await tell(on, book, entry => {
      entries++
      text += each(entry)
      if (text.length < enough) return undefined
      const full = text
      text = ''
      return write(full)
    })
    await write(text)
    return { entries, currency: head.currency }
  } finally {
    await on.end()
  }
}
