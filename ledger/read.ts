/** Reading the books: states, statements, the feed. All from the tables, none from memory. */
import type { Money } from '@bursar/money'
import { barredOf, floored, stateOf } from './bars.ts'
import { kinds } from './entry.ts'
import type { Held, Pending } from './overlay.ts'
import { Refusal, type Refused } from './refusal.ts'
import type { Account, Book, Entry, EntryId, Line, Side, Sql, Standing } from './types.ts'

export type BookRow = { currency: string; seq: bigint; at: Date; head: Buffer; archived: bigint }
export type StateRow = {
  ref: Account
  account: bigint
  last: bigint
  nth: bigint
  posted: bigint
  out_: bigint
  in_: bigint
  floor: bigint | null
  ceiling: bigint | null
  state: number
}

export async function readBook(sql: Sql, book: Book): Promise<BookRow | undefined> {
  const [row] =
    await sql<BookRow>`select currency, seq, at, head, archived from ledger.book where book = ${book}`
  return row
}

export async function readStates(
  sql: Sql,
  book: Book,
  accounts: readonly Account[],
): Promise<Held[]> {
  const rows = await sql<StateRow>`
    select ref, account, last, nth, posted, out_, in_, floor, ceiling, state
    from ledger.states(${book}, ${accounts})`
  return rows.map(heldOf)
}

/** The account as it was at a moment; undefined if it was not open by then. A moment may be an archive's. */
export async function readSideAt(
  sql: Sql,
  book: Book,
  account: Account,
  at: Date,
): Promise<Side | undefined> {
  type Found = { moment: bigint | null } & Partial<StateRow>
  const [row] = await sql<Found>`
    select moment, s.* from ledger.seq_at(${book}, ${at}) as moment
    left join lateral ledger.state_at(${book}, ${account}, moment) as s on true`
  if (row?.moment === null) throw new Refusal<Refused>('archived', { book })
  return row?.ref ? sideOf(heldOf({ ...(row as StateRow), nth: 0n })) : undefined
}

/** A row of ledger.states or ledger.tail as the rules know it. `before` is not asked for: nobody needs it. */
export const heldOf = (row: StateRow): Held => ({
  number: row.account,
  ref: row.ref,
  last: row.last,
  before: null,
  nth: row.nth,
  posted: row.posted,
  out: row.out_,
  in: row.in_,
  floor: row.floor,
  ceiling: row.ceiling,
  state: row.state,
})

export async function readPending(sql: Sql, book: Book, ids: readonly EntryId[]) {
  type PendRow = Pending & { id: EntryId }
  const rows = await sql<PendRow>`
    select p.id, p.seq, d.ref as debit, c.ref as credit, coalesce(p.minor, p.pended) as minor, p.expires_at as "expiresAt",
           exists (select from ledger.entry e where e.book = p.book and e.pend = p.seq) as ended
    from ledger.entry p
    join ledger.account d on d.book = p.book and d.account = p.debit
    left join ledger.account c on c.book = p.book and c.account = p.credit
    where p.book = ${book} and p.id = any(${ids}::uuid[]) and p.kind in (2, 11)`
  return new Map(rows.map(({ id, ...pend }) => [id, pend]))
}

export const sideOf = (held: Held): Side => ({
  account: held.ref,
  posted: held.posted,
  out: held.out,
  in: held.in,
  floor: held.floor,
  ceiling: held.ceiling,
  state: stateOf(held.state),
})

/** A row of ledger.readable, or of ledger.recalled where it is no archived one. */
export type EntryRow = {
  seq: bigint
  id: EntryId
  kind: number
  at: Date
  event: string
  subject: string | null
  minor: bigint | null
  pend_id: EntryId | null
  pended: bigint | null
  currency: string
} & SideRow<'debit'> &
  SideRow<'credit'>

type SideRow<At extends string> = { [Column in At]: Account | null } & {
  [Column in `${At}_${'posted' | 'out' | 'in' | 'floor' | 'ceiling'}`]: bigint | null
} & { [Column in `${At}_state`]: number | null }

/** An entry as callers see it. */
export function entryOf(book: Book, row: EntryRow): Entry {
  const amount: Money | null =
    row.minor === null ? null : { minor: row.minor, currency: row.currency }
  const { seq, id, at, event, subject } = row
  const kind = kinds[row.kind - 1]!
  return {
    book,
    seq,
    id,
    kind,
    at,
    event,
    subject,
    amount,
    bars: row.kind < 11 ? null : barredOf(row.pended!, row.currency),
    debit: row.debit && {
      account: row.debit,
      posted: row.debit_posted!,
      out: row.debit_out!,
      in: row.debit_in!,
      floor: row.debit_floor,
      ceiling: row.debit_ceiling,
      state: stateOf(row.debit_state!),
    },
    credit: row.credit && {
      account: row.credit,
      posted: row.credit_posted!,
      out: row.credit_out!,
      in: row.credit_in!,
      floor: row.credit_floor,
      ceiling: row.credit_ceiling,
      state: stateOf(row.credit_state!),
    },
  }
}

type BarRow = Readonly<{
  id: EntryId
  pended: bigint
  event: string
  subject: string | null
  at: Date
  expires_at: Date | null
  currency: string
  posted: bigint
  out_: bigint
  floor: bigint | null
}>

/** What stands on an account. What is there above its own floor goes to the first, then to the next. */
export async function readBars(sql: Sql, book: Book, account: Account): Promise<Standing[]> {
  const rows = await sql<BarRow>`
    select bar.id, bar.pended, bar.event, bar.subject, bar.at, bar.expires_at, b.currency,
           s.posted, s.out_, s.floor
    from ledger.bars(${book}, ${account}) as bar
    cross join ledger.states(${book}, array[${account}]) as s
    join ledger.book b on b.book = ${book} order by bar.seq`
  const all = rows.reduce((total, { pended }) => total + floored(pended), 0n)
  const [first] = rows
  let left = first?.floor == null ? 0n : first.posted - first.out_ - (first.floor - all)
  return rows.map(({ id, pended, event, subject, at, currency, expires_at: expiresAt }) => {
    const kept = least(floored(pended), left > 0n ? left : 0n)
    left -= kept
    const barred = barredOf(pended, currency)
    return { id, bars: barred, kept: pended > 0n ? kept : null, event, subject, at, expiresAt }
  })
}

const least = (a: bigint, b: bigint) => (a < b ? a : b)

/** What is left in the table of an entry that was archived. */
export type ArchivedRow = Readonly<{ seq: bigint; id: EntryId; kind: null }>

export async function readByIds(
  sql: Sql,
  book: Book,
  ids: readonly EntryId[],
): Promise<(EntryRow | ArchivedRow)[]> {
  return sql<EntryRow | ArchivedRow>`
    select * from ledger.recalled where book = ${book} and id = any(${ids}::uuid[]) order by seq`
}

export async function readFeed(
  sql: Sql,
  book: Book,
  after: bigint,
  limit: number,
): Promise<Entry[]> {
  const rows = await sql<EntryRow>`
    select * from ledger.readable where book = ${book} and seq > ${after}
      and ${after} >= (select archived from ledger.book where book = ${book}) order by seq limit ${limit}`
  if (rows.length === 0 && after < ((await readBook(sql, book))?.archived ?? 0n))
    throw new Refusal<Refused>('archived', { book })
  return rows.map(row => entryOf(book, row))
}

/** A page of an account's lines, newest first. `offset 0` keeps the order of the look-ups, without statistics too. */
export async function readStatement(
  sql: Sql,
  book: Book,
  account: Account,
  before: bigint | null,
  limit: number,
): Promise<Line[]> {
  const rows = await sql<EntryRow>`
    select r.* from ledger.account a
    cross join lateral (
      select seq from ledger.lines(${book}, a.account, 0, ${before}, ${limit}) as line (seq) offset 0) as line
    cross join lateral (
      select * from ledger.readable e where e.book = ${book} and e.seq = line.seq offset 0) as r
    where a.book = ${book} and a.ref = ${account} order by r.seq desc`
  return rows.map(row => {
    const entry = entryOf(book, row)
    const debited = entry.debit?.account === account
    const minor =
      entry.kind === 'post' || entry.kind === 'settle' ? (entry.amount?.minor ?? 0n) : 0n
    return {
      entry,
      change: debited ? -minor : minor,
      after: (debited ? entry.debit : entry.credit)!,
    }
  })
}
