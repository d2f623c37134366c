/**
 * The chain over a book: each entry's hash covers the one before it, so that no entry can be changed,
 * dropped or moved without every later hash being wrong.
 *
 *   hash = SHA-256( "bursar/entry/1" ‖ hash before ‖ fields )
 *
 * A field is its length and its bytes, an absent one has the length 255: no two different rows have
 * one encoding. Numbers are 8 bytes, big-endian; texts are UTF-8 with two bytes of length.
 */
import { createHash, hash } from 'node:crypto'
import { writeText, writeUuid } from './arrays.ts'
import type { Row } from './overlay.ts'
import type { Book } from './types.ts'

const domain = Buffer.from('bursar/entry/1')
// The fixed fields take less than 300 bytes; event and subject are bounded by the caller's checks.
const scratch = Buffer.alloc(8192)
scratch.set(domain)
// A DataView writes a bigint in one step; Buffer's own writer takes it apart in JavaScript.
const view = new DataView(scratch.buffer, scratch.byteOffset, scratch.byteLength)

/** What the first entry of a book stands on. */
export const genesis = (book: Book, currency: string): Buffer =>
  createHash('sha256').update(`bursar/book/1\0${book}\0${currency}`).digest()

/** Links the rows to the chain, in their order; answers their hashes, the last one being the head. */
export function chain(book: Book, at: Date, before: Buffer, rows: readonly Row[]): Buffer[] {
  let head = before
  return rows.map(row => (head = hash('sha256', encode(book, at, head, row), 'buffer')))
}

function encode(book: Book, at: Date, before: Buffer, row: Row): Buffer {
  scratch.set(before, domain.length)
  let end = domain.length + before.length
  end = number(BigInt(book), end)
  end = number(row.seq, end)
  end = writeUuid(scratch, row.id, end)
  end = number(BigInt(row.code), end)
  end = number(BigInt(at.getTime()), end)
  end = text(row.event, end)
  end = text(row.subject, end)
  end = text(row.ref, end)
  end = number(row.minor, end)
  end = number(row.pend, end)
  end = number(row.pended, end)
  end = number(row.expiresAt === null ? null : BigInt(row.expiresAt.getTime()), end)
  for (const side of [row.debit, row.credit]) {
    end = number(side?.number ?? null, end)
    if (!side) continue
    end = number(side.before, end)
    end = number(side.posted, end)
    end = number(side.out, end)
    end = number(side.in, end)
    end = number(side.floor, end)
    end = number(side.ceiling, end)
    end = number(BigInt(side.state), end)
  }
  return scratch.subarray(0, end)
}

function number(value: bigint | null, end: number): number {
  scratch[end] = value === null ? 255 : 8
  if (value === null) return end + 1
  view.setBigInt64(end + 1, value)
  return end + 9
}

function text(value: string | null, end: number): number {
  scratch[end] = value === null ? 255 : 254
  if (value === null) return end + 1
  const length = writeText(scratch, value, end + 3)
  view.setUint16(end + 1, length)
  return end + 3 + length
}
