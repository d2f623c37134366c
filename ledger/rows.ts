/**
 * Rows in PostgreSQL's binary form of `ledger.row[]`: one parameter, which the server reads field by
 * field. As 26 arrays of text the same rows cost it three times as much.
 *
 *   array  = dimensions, has nulls, type, length, lower bound; then each row
 *   row    = its length; number of fields; each field = type, length (−1: null), bytes
 *
 * Source: array_recv and record_recv of PostgreSQL; numbers are big-endian.
 */
import type { Held, Row } from './overlay.ts'

/** The types of the fields, as PostgreSQL has numbered its own for ever. */
const int8 = 20
const int2 = 21
const text = 25
const bytea = 17
const timestamptz = 1184
const uuid = 2950
const int8s = 1016
const fields = 29
/** PostgreSQL counts microseconds from 2000. */
const epoch = Date.UTC(2000, 0, 1)
/** What a row takes at most without its texts: heads of row and fields, the numbers, the id, the hash, `was`. */
const rowMost = 4 + 4 + fields * 8 + 24 * 8 + 16 + 32 + 56

let scratch = Buffer.allocUnsafe(1 << 16)
let view = new DataView(scratch.buffer, scratch.byteOffset, scratch.byteLength)
let end = 0

/** `type` is the number that this database gave to ledger.row. */
export function encodeRows(type: number, rows: readonly Row[], hashes: readonly Buffer[]): Buffer {
  end = 0
  room(20)
  for (const word of [1, 0, type, rows.length, 1]) int(word)
  for (const [place, row] of rows.entries()) encodeRow(row, hashes[place]!)
  return Buffer.from(scratch.subarray(0, end))
}

function encodeRow(row: Row, hash: Buffer): void {
  const { event, subject, ref } = row
  room(rowMost + 3 * (event.length + (subject?.length ?? 0) + (ref?.length ?? 0)))
  const start = end
  end += 4
  int(fields)
  int(uuid)
  int(16)
  end += scratch.write(row.id.replaceAll('-', ''), end, 'hex')
  small(row.code)
  words(event)
  words(subject)
  words(ref)
  big(row.minor)
  big(row.pend)
  big(row.pended)
  moment(row.expiresAt)
  side(row.debit)
  side(row.credit)
  int(bytea)
  int(hash.length)
  end += hash.copy(scratch, end)
  was(row)
  view.setInt32(start, end - start - 4)
}

function side(held: Held | null): void {
  if (!held) {
    for (let field = 0; field < 8; field++) absent(int8)
    return absent(int2)
  }
  big(held.number)
  big(held.before)
  big(held.nth)
  big(held.posted)
  big(held.out)
  big(held.in)
  big(held.floor)
  big(held.ceiling)
  small(held.state)
}

/** Floor, ceiling and state before an entry that may change them; an account that is opened had none. */
function was({ was: held }: Row): void {
  if (!held) return absent(int8s)
  int(int8s)
  const length = end
  end += 4
  for (const word of [1, 1, int8, 3, 1]) int(word)
  for (const value of [held.floor, held.ceiling, BigInt(held.state)]) {
    int(value === null ? -1 : 8)
    if (value === null) continue
    view.setBigInt64(end, value)
    end += 8
  }
  view.setInt32(length, end - length - 4)
}

function room(bytes: number): void {
  if (end + bytes <= scratch.length) return
  const larger = Buffer.allocUnsafe(Math.max(scratch.length * 2, end + bytes))
  scratch.copy(larger, 0, 0, end)
  scratch = larger
  view = new DataView(scratch.buffer, scratch.byteOffset, scratch.byteLength)
}

function int(value: number): void {
  view.setInt32(end, value)
  end += 4
}

function absent(type: number): void {
  view.setInt32(end, type)
  view.setInt32(end + 4, -1)
  end += 8
}

function big(value: bigint | null): void {
  if (value === null) return absent(int8)
  view.setInt32(end, int8)
  view.setInt32(end + 4, 8)
  view.setBigInt64(end + 8, value)
  end += 16
}

function small(value: number): void {
  view.setInt32(end, int2)
  view.setInt32(end + 4, 2)
  view.setInt16(end + 8, value)
  end += 10
}

function words(value: string | null): void {
  if (value === null) return absent(text)
  view.setInt32(end, text)
  const bytes = scratch.write(value, end + 8)
  view.setInt32(end + 4, bytes)
  end += 8 + bytes
}

function moment(value: Date | null): void {
  if (value === null) return absent(timestamptz)
  view.setInt32(end, timestamptz)
  view.setInt32(end + 4, 8)
  view.setBigInt64(end + 8, BigInt(value.getTime() - epoch) * 1000n)
  end += 16
}
