/** A small book with every kind of entry, and its rows as PostgreSQL would send them. */
import { createHash } from 'node:crypto'
import { cny } from '@bursar/money'
import { decide } from './decide.ts'
import { Overlay, type Asked, type Held, type Row } from './overlay.ts'
import { chain, genesis } from './hash.ts'
import { Cells } from './stream.ts'
import type { Account } from './types.ts'
import { BookVerifier, type BookEnd, type KeptHead } from './verify.book.ts'
import { RowReader } from './verify.row.ts'

/** Ids that are the same in every run. */
const id = (name: string) =>
  createHash('sha256')
    .update(name)
    .digest('hex')
    .replace(/^(.{8})(.{4})(.{4})(.{4})(.{12}).*/, '$1-$2-$3-$4-$5')

let turn = 0
const said = (name: string) => ({
  id: id(name),
  event: name.split(' ')[0]!,
  subject: `spd_${turn++}`,
})
const open = (account: Account, floor: bigint | null = 0n): Asked => ({
  ...said(`open ${account}`),
  kind: 'open',
  account,
  floor,
})
const sides = (debit: Account, credit: Account, yuan: string) => ({
  debit,
  credit,
  amount: cny(yuan),
})

/** Every kind, both ends of a pend, limits and states; the second pend stays open. */
export const everyKind = (at: Date): readonly Asked[] => [
  open('pool/bank', null),
  open('purse/ann'),
  open('purse/bob'),
  open('shop/till'),
  { ...said('topup 1'), kind: 'post', ...sides('pool/bank', 'purse/ann', '100.00') },
  { ...said('limit'), kind: 'limit', account: 'purse/ann', ceiling: 500_00n },
  { ...said('tab'), kind: 'pend', ...sides('purse/ann', 'shop/till', '30.00') },
  { ...said('spend 1'), kind: 'post', ...sides('purse/ann', 'shop/till', '12.00') },
  { ...said('paid'), kind: 'settle', pend: id('tab'), amount: cny('20.00') },
  {
    ...said('hold'),
    kind: 'pend',
    ...sides('purse/ann', 'shop/till', '5.00'),
    expiresAt: new Date(at.getTime() + 60_000),
  },
  { ...said('order'), kind: 'pend', ...sides('purse/ann', 'purse/bob', '1.00') },
  { ...said('dropped'), kind: 'void', pend: id('order') },
  { ...said('note'), kind: 'memo' },
  { ...said('freeze'), kind: 'freeze', account: 'purse/bob', state: 'no_debits' },
  { ...said('gift'), kind: 'post', ...sides('purse/ann', 'purse/bob', '3.00') },
  open('purse/cat'),
  { ...said('close'), kind: 'close', account: 'purse/cat' },
  { ...said('spend 2'), kind: 'post', ...sides('purse/ann', 'shop/till', '7.00') },
]

/** These drafts as one book's rows, each at its own second. */
export function written(
  book: number,
  at: Date,
  drafts: readonly Asked[] = everyKind(at),
): readonly Readonly<{ row: Row; at: Date; hash: Buffer }>[] {
  const on = new Overlay({ currency: 'CNY', held: () => undefined, pending: () => undefined })
  let head = genesis(book, 'CNY')
  return drafts.map((draft, place) => {
    const then = new Date(at.getTime() + place * 1000)
    const [row] = decide(on, then, BigInt(place + 1), [draft])
    ;[head] = chain(book, then, head, [row!]) as [Buffer]
    return { row: row!, at: then, hash: head }
  })
}

const cell = (bytes: Buffer | null): Buffer => {
  const length = Buffer.alloc(4)
  length.writeInt32BE(bytes?.length ?? -1)
  return bytes ? Buffer.concat([length, bytes]) : length
}
const int8 = (value: bigint | null): Buffer => {
  if (value === null) return cell(null)
  const bytes = Buffer.alloc(8)
  bytes.writeBigInt64BE(value)
  return cell(bytes)
}
const text = (value: string | null) => cell(value === null ? null : Buffer.from(value))
const time = (at: Date | null) =>
  int8(at === null ? null : BigInt(at.getTime() - Date.UTC(2000, 0, 1)) * 1000n)

const side = (held: Held | null): Buffer[] =>
  held
    ? [
        int8(held.number),
        int8(held.before),
        int8(held.posted),
        int8(held.out),
        int8(held.in),
        int8(held.floor),
        int8(held.ceiling),
        int8(BigInt(held.state)),
      ]
    : Array.from({ length: 8 }, () => int8(null))

/** The cells of one entry, in the order in which the verifier asks for them. */
export const cellsOf = ({ row, at, hash }: { row: Row; at: Date; hash: Buffer }): Buffer[] => [
  int8(row.seq),
  cell(Buffer.from(row.id.replaceAll('-', ''), 'hex')),
  int8(BigInt(row.code)),
  time(at),
  text(row.event),
  text(row.subject),
  text(row.ref),
  int8(row.minor),
  int8(row.pend),
  int8(row.pended),
  time(row.expiresAt),
  ...side(row.debit),
  ...side(row.credit),
  cell(hash),
]

export const book = 3
export const began = new Date('2026-11-20T08:00:00Z')
export type One = ReturnType<typeof written>[number]

export function prove(tuples: readonly Buffer[], kept: readonly KeptHead[], end: BookEnd) {
  const proof = new BookVerifier(book, 'CNY', kept)
  const reader = new RowReader(book)
  const cells = new Cells()
  for (const bytes of tuples) {
    cells.row(bytes, 0)
    proof.next(reader.read(cells), before => reader.linked(before))
  }
  proof.end(end)
  return proof
}
export const last = (rows: readonly One[]): BookEnd => ({
  seq: rows.at(-1)!.row.seq,
  at: BigInt(rows.at(-1)!.at.getTime()) * 1000n,
  head: rows.at(-1)!.hash,
})
export const tuplesOf = (rows: readonly One[]) => rows.map(one => Buffer.concat(cellsOf(one)))

/** These rows with hashes of their own: a forger who knows how, and sees to the book's row too. */
export function rehashed(rows: readonly One[]): readonly One[] {
  let head = genesis(book, 'CNY')
  return rows.map(one => {
    ;[head] = chain(book, one.at, head, [one.row]) as [Buffer]
    return { ...one, hash: head }
  })
}

/** Rows of these drafts, some of them forged, all hashes made to fit. */
export function forgedFrom(
  drafts: readonly Asked[],
  forge: Readonly<Record<number, (row: Row) => Partial<Row>>>,
): string | undefined {
  const rows = rehashed(
    written(book, began, drafts).map(one => ({
      ...one,
      row: { ...one.row, ...forge[Number(one.row.seq)]?.(one.row) },
    })),
  )
  const { fault } = prove(tuplesOf(rows), [], last(rows))
  return fault && `${fault.seq} ${fault.field}`
}
