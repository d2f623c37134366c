/**
 * Proves the books: adds them up again from nothing, entry by entry as they stream out of the database, and
 * holds everything that the database says of itself, and everything that was kept of it outside, against
 * the sum. Finds the first bad row of each book.
 *
 * One snapshot, taken after the witnesses were read: their heads can only be of entries that it shows.
 * Memory goes by the accounts, the open pends and the kept heads, not by the entries.
 */
import pg from 'pg'
import { stream, micros, type Cells } from './stream.ts'
import { archivesIn, filesOf, type ArchiveFile } from './archive.file.ts'
import { proveArchive } from './verify.archive.ts'
import { BookVerifier, type BookEnd } from './verify.book.ts'
import { inDatabase, keptHeads, type Testimony } from './verify.kept.ts'
import { RowReader, rowsOf } from './verify.row.ts'
import { goOnFrom, readOpening, unbelieved } from './verify.opening.ts'
import { wrong, type Fault } from './verify.rules.ts'
import { checkTables } from './verify.tables.ts'
import { readWitness } from './seals.witness.ts'
import type { Seal } from './seal.ts'
import type { Book } from './types.ts'

export type { Fault } from './verify.rules.ts'
export type { Testimony } from './verify.kept.ts'

/** What came of one book. */
export type Proof = Readonly<{
  book: Book
  currency: string
  entries: bigint
  /** Where the proof begins: after this entry, with the opening that was signed there. 0 is the book's beginning. */
  after: bigint
  accounts: number
  openPends: number
  head: Buffer
  /** Seals and heads outside that fit, by who keeps them. */
  kept: Readonly<Record<string, number>>
  ms: number
  /** The first bad row; undefined if the book is proved. */
  fault: Fault | undefined
}>

/** What is proved, against whom, and who hears of it. */
export type Verifying = Readonly<{
  /** One book; default: all. */
  book?: Book
  outside?: readonly Testimony[]
  /** The public keys that may seal; default: whatever a seal itself names. */
  trusted?: readonly Buffer[]
  /** Where the archives of archived books are; without it they are proved from their openings on. */
  archive?: string
  progress?: (book: Book, entries: bigint) => void
}>

/**
 * What witness files say, and the keys that they name, which then are the ones that may seal. To be read
 * before the books are: every head that a witness has is then of an entry that they must show.
 */
export async function testimonies(files: readonly string[]) {
  const read = async (file: string) => ({
    witness: file,
    seals: await Array.fromAsync(readWitness(file)),
  })
  const outside = await Promise.all(files.map(read))
  const keys = new Map(
    outside.flatMap(({ seals }) => seals.map(({ key }) => [key.toString('hex'), key])),
  )
  return { outside, trusted: [...keys.values()] }
}

/** Proves the books over a connection of its own, in one snapshot. */
export async function verifyBooks(url: string, options: Verifying = {}): Promise<Proof[]> {
  const on = new pg.Client({ connectionString: url, connectionTimeoutMillis: 10_000 })
  on.on('error', () => undefined) // the query under way is told; once is enough
  await on.connect()
  try {
    // In the order of the index: a plan that sorts or hashes would hold all entries before the first comes.
    await on.query(`set statement_timeout = 0; set idle_in_transaction_session_timeout = 0;
      set enable_sort = off; set enable_hashjoin = off; set enable_seqscan = off; set jit = off`)
    await on.query('begin isolation level repeatable read read only')
    const proofs: Proof[] = []
    for (const book of options.book ? [options.book] : await booksIn(on, options.outside ?? []))
      proofs.push(await verifyBook(on, book, options))
    return proofs
  } finally {
    await on.end()
  }
}

/** Books that have a row, entries or a witness: a forger may have taken any of them away. */
async function booksIn(on: pg.ClientBase, outside: readonly Testimony[]): Promise<Book[]> {
  const { rows } = await on.query<{ book: Book }>(`
    with recursive filled as (
      select min(book) as book from ledger.entry
      union all
      select (select min(e.book) from ledger.entry e where e.book > filled.book)
      from filled where filled.book is not null
    )
    select book from filled where book is not null union select book from ledger.book`)
  const all = [...rows, ...outside.flatMap(({ seals }) => seals)].map(({ book }) => book)
  return [...new Set(all)].toSorted((a, b) => a - b)
}

/** Proves one book, as this connection's transaction sees it. */
export async function verifyBook(
  on: pg.ClientBase,
  book: Book,
  { outside = [], trusted = [], archive, progress }: Verifying = {},
): Promise<Proof> {
  if (!Number.isSafeInteger(book)) throw new RangeError('A book has a whole number')
  const began = performance.now()
  const row = await bookRow(on, book)
  const kept = keptHeads(book, await sealsOf(on, book), outside, trusted)
  const proof = new BookVerifier(book, row?.currency ?? '', kept.heads)
  const archived = row?.archived ?? 0n
  const files = archive === undefined ? [] : await archivesIn(archive, book)
  if (archived > 0n) await begin(on, proof, archived, { book, files, trusted })
  const reader = new RowReader(book)
  const linked = (before: Buffer) => reader.linked(before)
  await stream(on, rowsOf(book, archived), (cells: Cells) => {
    if (proof.fault) return
    proof.next(reader.read(cells), linked)
    if (proof.seq % 100_000n === 0n) progress?.(book, proof.seq)
  })
  proof.end(row ?? { seq: 0n, at: 0n, head: proof.head })
  if (!row) proof.fault = { book, seq: 0n, field: 'book', says: 'ledger.book has no such book' }
  // A seal that is gone says less than the entries that it was of: it is named when they are in order.
  proof.fault ??= kept.fault
  if (!proof.fault) await checkTables(on, book, proof)
  return {
    book,
    currency: row?.currency ?? '',
    entries: proof.seq,
    after: files.length > 0 ? 0n : archived,
    accounts: proof.accounts.size,
    openPends: proof.pends.size,
    head: proof.head,
    kept: counted(kept.heads.map(({ keeper }) => keeper)),
    ms: performance.now() - began,
    fault: proof.fault,
  }
}

/** Begins with the signed opening of an archived book; with the archive's files, from nothing. */
async function begin(
  on: pg.ClientBase,
  proof: BookVerifier,
  archived: bigint,
  {
    book,
    files,
    trusted,
  }: Readonly<{ book: Book; files: readonly ArchiveFile[]; trusted: readonly Buffer[] }>,
): Promise<void> {
  const { opening, ends } = await readOpening(on, book)
  proof.check(archived, () => {
    if (opening?.seq !== archived)
      return wrong(
        'book.archived',
        `is ${archived}; the newest archive ends at ${opening?.seq ?? 'nothing'}`,
      )
    const says = unbelieved(opening, trusted)
    if (says) wrong('ledger.archive', says)
  })
  if (!opening || proof.fault) return
  if (files.length > 0) await proveArchive(on, proof, opening, filesOf(files, ends))
  if (!proof.fault) await goOnFrom(on, proof, opening)
}

async function bookRow(on: pg.ClientBase, book: Book) {
  let found: (BookEnd & { currency: string; archived: bigint }) | undefined
  await stream(
    on,
    `select seq, at, head, currency, archived from ledger.book where book = ${book}`,
    cells => {
      found = {
        seq: cells.int8()!,
        at: micros(cells.int8()!),
        head: cells.raw()!,
        currency: cells.text()!,
        archived: cells.int8()!,
      }
    },
  )
  return found
}

/** A time finer than what is signed leaves the seal without its signature, and so unbelieved. */
async function sealsOf(on: pg.ClientBase, book: Book): Promise<Seal[]> {
  const seals: Seal[] = []
  const exact = `case when at = date_trunc('milliseconds', at) then signature end`
  await stream(
    on,
    `select seq, head, at, key, ${exact} from ledger.seal where book = ${book} order by seq`,
    cells => {
      const [seq, head] = [cells.int8()!, cells.raw()!]
      const at = new Date(Number(micros(cells.int8()!) / 1000n))
      seals.push({ book, seq, head, at, key: cells.raw()!, signature: cells.raw() ?? none })
    },
  )
  return seals
}

const none = Buffer.alloc(0)

function counted(keepers: readonly string[]): Record<string, number> {
  const counts: Record<string, number> = { [inDatabase]: 0 }
  for (const keeper of keepers) counts[keeper] = (counts[keeper] ?? 0) + 1
  return counts
}
