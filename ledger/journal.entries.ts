/** The entries of a book with the names of their accounts, as they stream, for whoever writes them out. */
import type pg from 'pg'
import { stateOf } from './bars.ts'
import { kinds } from './entry.ts'
import { micros, stream, type Cells } from './stream.ts'
import type { Book } from './types.ts'

export type ToldSide = Readonly<{
  account: string
  posted: bigint
  out: bigint
  in: bigint
  floor: bigint | null
  ceiling: bigint | null
  state: string
}>
export type Told = Readonly<{
  seq: bigint
  id: string
  kind: (typeof kinds)[number]
  at: string
  event: string
  subject: string | null
  minor: bigint | null
  /** seq of the pend or the bar that ends here, and what the pend had reserved */
  pend: bigint | null
  pended: bigint | null
  /** what a bar bars, or did that ends here, as bars.ts numbers it */
  bars: bigint | null
  expiresAt: string | null
  debit: ToldSide | null
  credit: ToldSide | null
  hash: string
}>
export type Head = Readonly<{
  book: Book
  currency: string
  seq: bigint
  head: string
  /** Where an archived book is told from: after this entry, with what each account was then. */
  opening: Readonly<{ seq: bigint; at: string; sides: readonly ToldSide[] }> | undefined
}>
/** How a form begins, and what it makes of each entry. */
export type Teller = (head: Head) => Readonly<{ begin: string; each: (entry: Told) => string }>

export async function bookHead(on: pg.ClientBase, book: Book): Promise<Head | undefined> {
  if (!Number.isSafeInteger(book)) throw new RangeError('A book has a whole number')
  let found: Head | undefined
  await stream(on, `select currency, seq, head from ledger.book where book = ${book}`, cells => {
    found = {
      book,
      currency: cells.text()!,
      seq: cells.int8()!,
      head: cells.hex()!,
      opening: undefined,
    }
  })
  return found && { ...found, opening: await openingOf(on, book) }
}

async function openingOf(on: pg.ClientBase, book: Book): Promise<Head['opening']> {
  let begins: { seq: bigint; at: string } | undefined
  const newest = `select seq, at from ledger.archive where book = ${book} order by seq desc limit 1`
  await stream(on, newest, cells => void (begins = { seq: cells.int8()!, at: moment(cells)! }))
  if (!begins) return undefined
  const names = new Map<bigint, string>()
  const sides: ToldSide[] = []
  const query = `
    select o.account, a.ref, ${side('debit')}, ${side('credit')}
    from ledger.opening o join ledger.entry e on e.book = o.book and e.seq = o.seq
    join ledger.account a on a.book = o.book and a.account = o.account
    where o.book = ${book} order by o.account`
  await stream(on, query, cells => {
    const account = cells.int8()!
    names.set(account, cells.text()!)
    const found = [toldSide(cells, names), toldSide(cells, names)]
    sides.push(found.find(one => one?.account === names.get(account))!)
  })
  return { ...begins, sides }
}

const side = (name: string) =>
  ['', '_posted', '_out', '_in', '_floor', '_ceiling'].map(end => `e.${name}${end}`).join(', ') +
  `, e.${name}_state::bigint`

/** Accounts are named where they are opened, and their names kept here: no look-up walks the book. After an archive's end. */
export async function tell(
  on: pg.ClientBase,
  book: Book,
  each: (entry: Told) => void | Promise<void>,
): Promise<void> {
  const names = new Map<bigint, string>()
  let after = 0n
  const named = `
    select a.account, a.ref, b.archived from ledger.book b join ledger.account a on a.book = b.book and a.account <= b.archived
    where b.book = ${book}`
  await stream(on, named, cells => {
    names.set(cells.int8()!, cells.text()!)
    after = cells.int8()!
  })
  const query = `
    select e.seq, e.id, e.kind::bigint, e.at, e.event, e.subject, e.minor, e.pend, e.pended,
           e.expires_at, a.ref, ${side('debit')}, ${side('credit')}, e.hash
    from ledger.entry e left join ledger.account a on a.book = e.book and a.account = e.seq
    where e.book = ${book} and e.seq > ${after} order by e.seq`
  await stream(on, query, cells => each(read(cells, names)))
}

function read(cells: Cells, names: Map<bigint, string>): Told {
  const seq = cells.int8()!
  const id = cells.hex()!.replace(/^(.{8})(.{4})(.{4})(.{4})/, '$1-$2-$3-$4-')
  const code = Number(cells.int8())
  const [at, event, subject] = [moment(cells)!, cells.text()!, cells.text()]
  const [minor, pend, number, expiresAt] = [cells.int8(), cells.int8(), cells.int8(), moment(cells)]
  const [pended, bars] = code < 11 ? [number, null] : [null, number]
  const kind = kinds[code - 1]!
  const entry = { seq, id, kind, at, event, subject, minor, pend, pended, bars, expiresAt }
  const opened = cells.text()
  if (opened !== null) names.set(seq, opened)
  return {
    ...entry,
    debit: toldSide(cells, names),
    credit: toldSide(cells, names),
    hash: cells.hex()!,
  }
}

function toldSide(cells: Cells, names: ReadonlyMap<bigint, string>): ToldSide | null {
  const account = cells.int8()
  const [posted, out, coming] = [cells.int8(), cells.int8(), cells.int8()]
  const [floor, ceiling, state] = [cells.int8(), cells.int8(), cells.int8()]
  if (account === null) return null
  return {
    account: names.get(account)!,
    posted: posted!,
    out: out!,
    in: coming!,
    floor,
    ceiling,
    state: stateOf(Number(state)),
  }
}

function moment(cells: Cells): string | null {
  const found = cells.int8()
  return found === null ? null : new Date(Number(micros(found) / 1000n)).toISOString()
}
