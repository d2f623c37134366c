/**
 * An archived book, proved from its archive's end on: what stays of the entries before it is held against the
 * digest that was signed then. It says what every account was, and which pends and bars stood.
 */
import type pg from 'pg'
import {
  idGone,
  isOpeningSigned,
  nothingBefore,
  OpeningDigest,
  type Opened,
  type Opening,
  type Signed,
} from './opening.ts'
import { micros, stream, type Cells } from './stream.ts'
import type { BookVerifier, Standing } from './verify.book.ts'
import { keptRowsOf, RowReader, type FoundRow, type FoundSide } from './verify.row.ts'
import { wrong, type Known, type OpenBar, type OpenPend } from './verify.rules.ts'
import type { Book } from './types.ts'

/** An opening as the database keeps it; `at` of the archive's last entry, in microseconds since 1970. */
export type KeptOpening = Opening & Signed & Readonly<{ at: bigint }>

/** The newest archive's opening, if there is one, and where each archive ends. */
export async function readOpening(
  on: pg.ClientBase,
  book: Book,
): Promise<Readonly<{ opening: KeptOpening | undefined; ends: bigint[] }>> {
  let opening: KeptOpening | undefined
  const ends: bigint[] = []
  await stream(
    on,
    `select seq, at, head, kept, digest, key, signature from ledger.archive
     where book = ${book} order by seq`,
    cells => {
      opening = {
        book,
        seq: cells.int8()!,
        at: micros(cells.int8()!),
        head: cells.raw()!,
        kept: cells.int8()!,
        digest: cells.raw()!,
        key: cells.raw()!,
        signature: cells.raw()!,
      }
      ends.push(opening.seq)
    },
  )
  return { opening, ends }
}

/** Whether the opening may be believed: what is wrong with it, if something is. */
export function unbelieved(opening: KeptOpening, trusted: readonly Buffer[]): string | undefined {
  if (!isOpeningSigned(opening)) return 'the signature is not of this opening'
  if (trusted.length > 0 && !trusted.some(key => key.equals(opening.key)))
    return `signed with ${opening.key.toString('hex')}, which is none of the keys that may`
  return undefined
}

/** The query of what would stay, were the book archived up to `to`. */
export const wouldStay = (book: Book, to: bigint) =>
  `select seq, account, nth from ledger.openings(${book}, ${to})`

const stays = (book: Book, to: bigint) => `
  select seq, account, nth from ledger.opening where book = ${book}
  union all select e.seq, null, null from ledger.entry e where e.book = ${book} and e.seq <= ${to}
    and not exists (select from ledger.archived a where a.book = e.book and a.id = e.id and a.seq = e.seq)`

type KeptRow = Readonly<{ row: FoundRow; debit: Opened | undefined; credit: Opened | undefined }>

/** Reads what stays, and what it digests to. */
export async function readKept(
  on: pg.ClientBase,
  book: Book,
  to: bigint,
  openings: string,
): Promise<Readonly<{ rows: KeptRow[]; kept: bigint; digest: Buffer }>> {
  const rows: KeptRow[] = []
  const digest = new OpeningDigest()
  const reader = new RowReader(book)
  await stream(on, keptRowsOf(book, to, openings), cells => {
    const row = reader.read(cells)
    const [debit, credit] = [opened(cells), opened(cells)]
    rows.push({ row, debit, credit })
    digest.add(
      reader.linked(nothingBefore),
      row.hash,
      [debit, credit].filter(one => one !== undefined),
    )
  })
  return { rows, kept: digest.kept, digest: digest.end() }
}

function opened(cells: Cells): Opened | undefined {
  const [nth, ref] = [cells.int8(), cells.text()]
  return ref === null ? undefined : { nth: nth!, ref }
}

/** Begins the proof at the opening, with what stays of the entries before. */
export async function goOnFrom(
  on: pg.ClientBase,
  proof: BookVerifier,
  opening: KeptOpening,
): Promise<void> {
  const { book, seq, at, head } = opening
  const { rows, kept, digest } = await readKept(on, book, seq, stays(book, seq))
  const gone = await archivedIds(on, book)
  proof.check(seq, () => {
    if (kept !== opening.kept || !digest.equals(opening.digest))
      wrong(
        'ledger.archive',
        'what stays of the entries up to here was changed, or what ledger.opening says of it, or the name of an account',
      )
    if (gone.ids + kept !== seq)
      wrong('ledger.archived', `has the ids of ${gone.ids} entries; ${seq - kept} went`)
  })
  if (!proof.fault) proof.goOn({ seq, at, head, ...standing(rows) })
}

/** How many ids of archived entries are kept, and their digest in the order of the entries. */
export async function archivedIds(on: pg.ClientBase, book: Book) {
  let [ids, digest] = [0n, '']
  await stream(
    on,
    `select seq, id from ledger.archived where book = ${book} order by seq`,
    cells => {
      ids++
      digest = idGone(digest, cells.int8()!, cells.hex()!)
    },
  )
  return { ids, digest }
}

function standing(rows: readonly KeptRow[]): Pick<Standing, 'accounts' | 'pends'> {
  const accounts = new Map<bigint, Known>()
  const pends = new Map<bigint, OpenPend>()
  const bars = new Map<bigint, Map<bigint, OpenBar>>()
  for (const { row, debit, credit } of rows) {
    const { kind, seq, minor, pended, expiresAt } = row
    if (debit) accounts.set(row.debit.account!, begun(seq, row.debit, debit))
    if (credit) accounts.set(row.credit.account!, begun(seq, row.credit, credit))
    const [from, to] = [row.debit.account!, row.credit.account!]
    if (kind === 2) pends.set(seq, { debit: from, credit: to, minor: minor!, expiresAt })
    if (kind === 11)
      bars.set(from, (bars.get(from) ?? new Map()).set(seq, { barred: pended!, expiresAt }))
  }
  for (const [number, own] of bars) {
    const account = accounts.get(number)
    if (account) account.bars = own
  }
  return { accounts, pends }
}

function begun(seq: bigint, side: FoundSide, { ref, nth }: Opened): Known {
  return {
    ref,
    last: seq,
    entries: nth,
    posted: side.posted!,
    out: side.out!,
    in: side.in!,
    floor: side.floor,
    ceiling: side.ceiling,
    state: side.state!,
    bars: undefined,
    milestones: '',
    opening: { seq, nth },
  }
}
