/**
 * An archived book, proved from nothing: the archive's files first, entry by entry, then what stays in the
 * database of them, then the rest. What the opening signed must be what the files give.
 */
import type pg from 'pg'
import { Damaged, readArchive, type ArchiveFile } from './archive.file.ts'
import { idGone, nothingBefore, OpeningDigest, type Opened } from './opening.ts'
import type { BookVerifier } from './verify.book.ts'
import { archivedIds, type KeptOpening } from './verify.opening.ts'
import { RowReader, type FoundRow } from './verify.row.ts'
import { wrong } from './verify.rules.ts'
import type { Book } from './types.ts'

type Each = (row: FoundRow, reader: RowReader) => void

/** Tells the entries of the files up to `to`. */
async function readFiles(
  book: Book,
  files: readonly ArchiveFile[],
  to: bigint,
  each: Each,
): Promise<void> {
  const reader = new RowReader(book)
  for (const file of files)
    await readArchive(file, cells => {
      const row = reader.read(cells)
      if (row.seq <= to) each(row, reader)
    })
}

/** What stays of a proved book, by the proof alone: seq, and which accounts open there. */
function openingsOf(proof: BookVerifier): Map<bigint, Map<bigint, Opened>> {
  const stays = new Map<bigint, Map<bigint, Opened>>([[proof.seq, new Map()]])
  const at = (seq: bigint) => {
    const found = stays.get(seq) ?? new Map<bigint, Opened>()
    stays.set(seq, found)
    return found
  }
  for (const [number, { ref, last, entries }] of proof.accounts)
    at(last).set(number, { ref, nth: entries })
  for (const seq of proof.pends.keys()) at(seq)
  for (const { bars } of proof.accounts.values()) for (const seq of bars?.keys() ?? []) at(seq)
  return stays
}

/** Proves the entries up to `to` from the files. Answers what stays of them, and the ids of what goes. */
export async function proveFiles(
  proof: BookVerifier,
  book: Book,
  files: readonly ArchiveFile[],
  to: bigint,
): Promise<Readonly<{ kept: bigint; digest: Buffer; ids: string }>> {
  await readFiles(book, files, to, (row, reader) =>
    proof.next(row, before => reader.linked(before)),
  )
  if (proof.seq !== to)
    proof.check(proof.seq + 1n, () =>
      wrong('archive', `is missing: its files end here, the book is archived to ${to}`),
    )
  const digest = new OpeningDigest()
  let ids = ''
  const stays = openingsOf(proof)
  await readFiles(book, files, to, (row, reader) => {
    const opens = stays.get(row.seq)
    if (!opens) return void (ids = idGone(ids, row.seq, reader.id))
    const opened = [row.debit, row.credit].map(({ account }) =>
      account === null ? undefined : opens.get(account),
    )
    digest.add(
      reader.linked(nothingBefore),
      row.hash,
      opened.filter(one => one !== undefined),
    )
  })
  return { kept: digest.kept, digest: digest.end(), ids }
}

/** Proves the archived entries from its files, and that they come to what was signed as the opening. */
export async function proveArchive(
  on: pg.ClientBase,
  proof: BookVerifier,
  opening: KeptOpening,
  files: readonly ArchiveFile[],
): Promise<void> {
  const { book, seq } = opening
  try {
    const given = await proveFiles(proof, book, files, seq)
    const { digest } = await archivedIds(on, book)
    proof.check(seq, () => {
      if (
        !proof.head.equals(opening.head) ||
        given.kept !== opening.kept ||
        !given.digest.equals(opening.digest)
      )
        wrong('ledger.archive', "is not what the archive's files give")
      if (digest !== given.ids) wrong('ledger.archived', "has other ids than the archive's files")
    })
  } catch (error) {
    if (!(error instanceof Damaged)) throw error
    proof.check(proof.seq + 1n, () => wrong('archive', error.message))
  }
}
