/**
 * Archives a book: its entries up to a sealed one go to a file, and what they came to stays, signed. The book
 * goes on meanwhile. Nothing goes that was not proved, written, read back from the disk and proved once more.
 * Asked again after a failure it begins anew; a file that nobody was told of is written over.
 */
import pg from 'pg'
import { archivesIn, filesOf, writeArchive, type ArchiveFile } from './archive.file.ts'
import { signOpening, type Opening } from './opening.ts'
import type { Signer } from './seal.ts'
import type { Book } from './types.ts'
import { proveFiles } from './verify.archive.ts'
import { BookVerifier } from './verify.book.ts'
import { readKept, readOpening, wouldStay } from './verify.opening.ts'
import { verifyBook, type Fault, type Testimony } from './verify.ts'

/** What is archived, by whom, and where to. */
export type Archiving = Readonly<{
  /** A database address under the tables' owner: the server's own role may not. */
  url: string
  book: Book
  /** Entries of this moment and later stay. */
  before: Date
  /** Where the files of this book are, all of them. */
  folder: string
  signer: Signer
  outside?: readonly Testimony[]
  trusted?: readonly Buffer[]
}>

/** What came of it. */
export type Archived = Readonly<{
  file: string
  /** the first and the last entry of the file */
  from: bigint
  to: bigint
  /** how many entries up to `to` stay in the table, and how many went just now */
  kept: bigint
  went: bigint
}>

/** Why a book is not archived, in a sentence. Nothing changed. */
export class NotArchived extends Error {}

/** Refuses with `NotArchived` where nothing old enough is sealed, or not by this signer, an earlier file is missing, or a proof fails. */
export async function archiveBook(asked: Archiving): Promise<Archived> {
  const on = new pg.Client({ connectionString: asked.url, connectionTimeoutMillis: 10_000 })
  on.on('error', () => undefined) // the query under way is told; once is enough
  await on.connect()
  try {
    await on.query(
      'set statement_timeout = 0; set idle_in_transaction_session_timeout = 0; set jit = off',
    )
    await clear(on, asked.book)
    const { after, to, currency } = await range(on, asked)
    const earlier = await earlierFiles(on, asked, after)
    const written = await proved(on, asked, after, to)
    const opening = await readBack(on, asked, currency, [...earlier, written])
    const went = await letGo(on, opening, asked.signer)
    await clear(on, asked.book)
    return { file: written.file, from: written.from, to, kept: opening.kept, went }
  } finally {
    await on.end()
  }
}

type Range = { currency: string; archived: string; to: string | null; seals: boolean }

/**
 * The newest sealed entry of before then that is old enough, and where the archive ends so far. In a demo, which
 * lives a month in seconds, all are.
 */
async function range(on: pg.Client, { book, before, signer }: Archiving) {
  const { rows } = await on.query<Range>(
    `select b.currency, b.archived, exists (
       select from ledger.seal s where s.book = b.book and s.key = $3) as seals, (
       select max(s.seq) from ledger.seal s join ledger.entry e on e.book = s.book and e.seq = s.seq
       where s.book = b.book and s.seq > b.archived and e.at < $2
         and (e.at <= clock_timestamp() - interval '30 days' or exists (select from ledger.demo))) as to
     from ledger.book b where b.book = $1`,
    [book, before, signer.key],
  )
  const [row] = rows
  if (!row) throw new NotArchived(`There is no book ${book}.`)
  if (row.to === null)
    throw new NotArchived(
      `Book ${book} has no sealed entry from before ${before.toISOString()} that is 30 days old and not archived yet.`,
    )
  if (!row.seals)
    throw new NotArchived(
      `Nothing of book ${book} was sealed with the key ${signer.key.toString('hex')}: its opening would not be believed.`,
    )
  return { currency: row.currency, after: BigInt(row.archived), to: BigInt(row.to) }
}

/** The files so far, which must be there: without them nothing can be proved from nothing again. */
async function earlierFiles(
  on: pg.Client,
  { folder, book }: Archiving,
  after: bigint,
): Promise<ArchiveFile[]> {
  const { ends } = await readOpening(on, book)
  const files = filesOf(await archivesIn(folder, book), ends)
  let end = 0n
  for (const { from, to } of files) if (from === end + 1n) end = to
  if (end !== after)
    throw new NotArchived(
      `Book ${book} is archived up to entry ${after}, and the files in ${folder} end at ${end}.`,
    )
  return files
}

/** Proves the book as it stands, and writes from that same snapshot. */
async function proved(
  on: pg.Client,
  asked: Archiving,
  after: bigint,
  to: bigint,
): Promise<ArchiveFile> {
  const { book, folder, outside = [], trusted = [] } = asked
  await on.query('begin isolation level repeatable read read only')
  try {
    await on.query(
      'set local enable_sort = off; set local enable_hashjoin = off; set local enable_seqscan = off',
    )
    const { fault } = await verifyBook(on, book, { outside, trusted, archive: folder })
    if (fault) throw new NotArchived(`${faulty(fault)} Run ledger:verify.`)
    return await writeArchive(on, book, { folder, after, to })
  } finally {
    await on.query('rollback')
  }
}

const faulty = ({ book, seq, field, says }: Fault) =>
  `Book ${book} is wrong at entry ${seq}: ${field} ${says}.`

/** The files prove themselves, and give what the database would keep. */
async function readBack(
  on: pg.Client,
  { book }: Archiving,
  currency: string,
  files: readonly ArchiveFile[],
): Promise<Opening> {
  const { to } = files.at(-1)!
  const proof = new BookVerifier(book, currency, [])
  const given = await proveFiles(proof, book, files, to)
  if (proof.fault)
    throw new NotArchived(`What was written is not what was read. ${faulty(proof.fault)}`)
  const { kept, digest } = await readKept(on, book, to, wouldStay(book, to))
  if (kept !== given.kept || !digest.equals(given.digest))
    throw new NotArchived('What would stay is not what the files give.')
  return { book, seq: to, head: proof.head, kept, digest }
}

async function letGo(on: pg.Client, opening: Opening, signer: Signer): Promise<bigint> {
  const { key, signature } = signOpening(opening, signer)
  const { rows } = await on.query<{ went: string }>(
    'select ledger.let_go($1, $2, $3, $4, $5, $6) as went',
    [opening.book, opening.seq, opening.kept, opening.digest, key, signature],
  )
  return BigInt(rows[0]!.went)
}

const clearedAtOnce = 20_000n

/** Takes out of the table what has been let go, what an archive before this one did not get to as well. */
async function clear(on: pg.Client, book: Book): Promise<void> {
  const { rows } = await on.query<{ first: string; archived: string }>(
    `select b.archived, (select min(e.seq) from ledger.entry e where e.book = b.book) as first
     from ledger.book b where b.book = $1 and b.archived > 0`,
    [book],
  )
  const [row] = rows
  if (!row) return
  for (let to = BigInt(row.first) - 1n; to < BigInt(row.archived);) {
    const after = to
    to += clearedAtOnce
    await on.query('select ledger.clear_archived($1, $2, $3)', [book, after, to])
  }
}
