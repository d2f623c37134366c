/**
 * An entry as a verifier meets it: the values, to hold against the rules, and the canonical bytes, to hash.
 * The bytes are put together here from what PostgreSQL sent, not by hash.ts: one mistake in both is less
 * likely than one in one.
 */
import { hash } from 'node:crypto'
import { micros, type Cells } from './stream.ts'

/** A side as it stands in the table, where a forger may have left anything out. */
export type FoundSide = Readonly<{
  account: bigint | null
  prev: bigint | null
  posted: bigint | null
  out: bigint | null
  in: bigint | null
  floor: bigint | null
  ceiling: bigint | null
  state: bigint | null
}>

export type FoundRow = Readonly<{
  seq: bigint
  kind: number
  /** microseconds since 1970 */
  at: bigint
  /** of the account that this entry numbers */
  ref: string | null
  minor: bigint | null
  pend: bigint | null
  pended: bigint | null
  expiresAt: bigint | null
  debit: FoundSide
  credit: FoundSide
  hash: Buffer
}>

const side = (name: string) =>
  ['', '_prev', '_posted', '_out', '_in', '_floor', '_ceiling']
    .map(column => `e.${name}${column}`)
    .join(', ') + `, e.${name}_state::bigint`

const cells = `e.seq, e.id, e.kind::bigint, e.at, e.event, e.subject, a.ref, e.minor, e.pend, e.pended,
         e.expires_at, ${side('debit')}, ${side('credit')}, e.hash`
const named = 'left join ledger.account a on a.book = e.book and a.account = e.seq'

/**
 * A book's entries in their order, after one and up to another, each with the name of the account whose
 * number is its seq.
 */
export const rowsOf = (book: number, after = 0n, to?: bigint) => `
  select ${cells} from ledger.entry e ${named}
  where e.book = ${book} and e.seq > ${after}${to === undefined ? '' : ` and e.seq <= ${to}`} order by e.seq`

/**
 * The entries that stay, or would stay, of those up to `to`, as above; and for each side that is its account's
 * opening how many entries the account has by then, and its name. `openings` is the query that says so; asked
 * once and each of its rows looked up, since nobody knows beforehand how many it answers: joined, it was read anew for each.
 */
export const keptRowsOf = (book: number, to: bigint, openings: string) => `
  select ${cells}, stays.debit, case when stays.debit is not null then
           (select n.ref from ledger.account n where n.book = ${book} and n.account = e.debit) end,
         stays.credit, case when stays.credit is not null then
           (select n.ref from ledger.account n where n.book = ${book} and n.account = e.credit) end
  from (
    select o.seq, max(o.nth) filter (where o.account = s.debit) as debit,
           max(o.nth) filter (where o.account = s.credit) as credit
    from (${openings}) as o
    cross join lateral (
      select e.debit, e.credit from ledger.entry e where e.book = ${book} and e.seq = o.seq offset 0) as s
    where o.seq <= ${to} group by o.seq
  ) as stays
  cross join lateral (
    select * from ledger.entry f where f.book = ${book} and f.seq = stays.seq offset 0) as e ${named} order by e.seq`

const domain = Buffer.from('bursar/entry/1')
const absent = 255
const aNumber = 8
const aText = 254

/** Reads row after row; `linked` is the hash that the last one read should have, behind that before it. */
export class RowReader {
  #bytes = Buffer.alloc(8192)
  #view = new DataView(this.#bytes.buffer, this.#bytes.byteOffset)
  #end = 0
  /** Where the hash before goes; book, seq and the rest follow it. */
  readonly #gap = domain.length

  constructor(book: number) {
    domain.copy(this.#bytes, 0)
    this.#bytes[this.#gap + 32] = aNumber
    this.#bytes.writeBigInt64BE(BigInt(book), this.#gap + 33)
  }

  linked(before: Buffer): Buffer {
    before.copy(this.#bytes, this.#gap)
    return hash('sha256', this.#bytes.subarray(0, this.#end), 'buffer')
  }

  /** The id of the last one read. */
  get id(): string {
    const at = this.#gap + 50
    return this.#bytes.toString('hex', at, at + 16)
  }

  read(cells: Cells): FoundRow {
    this.#hold(cells.bytes.length * 2)
    this.#end = this.#gap + 41
    const seq = this.#number(cells)!
    this.#end += this.#copy(cells, cells.skip()) // the id: 16 bytes, never absent
    const kind = Number(this.#number(cells))
    const at = this.#time(cells)!
    this.#text(cells)
    this.#text(cells)
    const ref = this.#text(cells)
    return {
      seq,
      kind,
      at,
      ref: ref < 0 ? null : cells.bytes.toString('utf8', cells.at - ref, cells.at),
      minor: this.#number(cells),
      pend: this.#number(cells),
      pended: this.#number(cells),
      expiresAt: this.#time(cells),
      debit: this.#side(cells),
      credit: this.#side(cells),
      hash: cells.raw() ?? Buffer.alloc(0),
    }
  }

  /** An absent side is one byte, whatever its other columns hold: that those are empty is a rule. */
  #side(cells: Cells): FoundSide {
    const account = this.#number(cells)
    const end = this.#end
    const found = {
      account,
      prev: this.#number(cells),
      posted: this.#number(cells),
      out: this.#number(cells),
      in: this.#number(cells),
      floor: this.#number(cells),
      ceiling: this.#number(cells),
      state: this.#number(cells),
    }
    if (account === null) this.#end = end
    return found
  }

  #number(cells: Cells): bigint | null {
    const found = cells.int8()
    this.#bytes[this.#end++] = found === null ? absent : aNumber
    if (found === null) return null
    this.#view.setBigInt64(this.#end, found)
    this.#end += 8
    return found
  }

  /** Hashed in milliseconds; anything finer would go unseen, so the rules ask that there is none. */
  #time(cells: Cells): bigint | null {
    const found = cells.int8()
    this.#bytes[this.#end++] = found === null ? absent : aNumber
    if (found === null) return null
    const time = micros(found)
    this.#view.setBigInt64(this.#end, time / 1000n)
    this.#end += 8
    return time
  }

  #text(cells: Cells): number {
    const length = cells.skip()
    this.#bytes[this.#end++] = length < 0 ? absent : aText
    if (length < 0) return length
    this.#bytes.writeUInt16BE(length & 0xffff, this.#end)
    this.#end += 2
    this.#end += this.#copy(cells, length)
    return length
  }

  #copy(cells: Cells, length: number): number {
    return cells.bytes.copy(this.#bytes, this.#end, cells.at - length, cells.at)
  }

  #hold(more: number): void {
    if (this.#bytes.length >= more + 1024) return
    const larger = Buffer.alloc(more + 1024)
    this.#bytes.copy(larger)
    this.#bytes = larger
    this.#view = new DataView(larger.buffer, larger.byteOffset)
  }
}
