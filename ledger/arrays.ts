/**
 * PostgreSQL's arrays of one dimension in its binary form.
 *
 *   array = dimensions, has nulls, type, length, lower bound; then each item = its length, bytes
 *
 * Source: array_recv of PostgreSQL; numbers are big-endian.
 */

/** The types of the items, as PostgreSQL has numbered its own for ever. */
export const int8 = 20
export const int4 = 23
const text = 25
const bytea = 17
const uuid = 2950
/** The bytes before the first item. */
export const head = 20

/** Puts the head before items that were written. An array of no items has no dimension. */
export function headed(type: number, length: number, bytes: Buffer): Buffer {
  bytes.writeInt32BE(length === 0 ? 0 : 1, 0)
  bytes.writeInt32BE(0, 4) // a hint that nobody reads
  bytes.writeInt32BE(type, 8)
  bytes.writeInt32BE(length, 12)
  bytes.writeInt32BE(1, 16)
  return length === 0 ? bytes.subarray(0, 12) : bytes
}

export const viewOf = (bytes: Buffer): DataView =>
  new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)

export function uuids(items: readonly string[]): Buffer {
  const bytes = Buffer.allocUnsafe(head + items.length * 20)
  let at = head
  for (const item of items) {
    bytes.writeInt32BE(16, at)
    writeUuid(bytes, item, at + 4)
    at += 20
  }
  return headed(uuid, items.length, bytes)
}

const digits = new Uint8Array(128)
for (let digit = 0; digit < 16; digit++) digits[digit.toString(16).charCodeAt(0)] = digit

/** The 16 bytes of a UUID as PostgreSQL writes it. Taking the dashes out and decoding costs three times as much. */
export function writeUuid(bytes: Uint8Array, id: string, start: number): number {
  let at = start
  for (let i = 0; i < 36; i += 2) {
    if (i === 8 || i === 13 || i === 18 || i === 23) i++
    bytes[at++] = (digits[id.charCodeAt(i)]! << 4) | digits[id.charCodeAt(i + 1)]!
  }
  return at
}

export function texts(items: readonly (string | null | undefined)[]): Buffer {
  let most = head
  for (const item of items) most += 4 + 3 * (item?.length ?? 0)
  const bytes = Buffer.allocUnsafe(most)
  let at = head
  for (const item of items) {
    const length = item === null || item === undefined ? -1 : writeText(bytes, item, at + 4)
    bytes.writeInt32BE(length, at)
    at += 4 + Math.max(0, length)
  }
  return headed(text, items.length, bytes.subarray(0, at))
}

export function buffers(items: readonly Buffer[]): Buffer {
  const bytes = Buffer.allocUnsafe(items.reduce((sum, item) => sum + 4 + item.length, head))
  let at = head
  for (const item of items) {
    bytes.writeInt32BE(item.length, at)
    item.copy(bytes, at + 4)
    at += 4 + item.length
  }
  return headed(bytea, items.length, bytes)
}

/** UTF-8. Answers how many bytes it takes; a short text is there sooner than a call into the runtime. */
export function writeText(bytes: Buffer, item: string, start: number): number {
  const { length } = item
  if (length > 64) return bytes.write(item, start)
  for (let i = 0; i < length; i++) {
    const code = item.charCodeAt(i)
    if (code > 127) return bytes.write(item, start)
    bytes[start + i] = code
  }
  return length
}

/** Numbers of 64 bits; an item may be null. */
export function bigints(items: readonly (bigint | null | undefined)[]): Buffer {
  const bytes = Buffer.allocUnsafe(head + items.length * 12)
  let at = head
  for (const item of items) {
    const absent = item === null || item === undefined
    bytes.writeInt32BE(absent ? -1 : 8, at)
    if (!absent) bytes.writeBigInt64BE(item, at + 4)
    at += absent ? 4 : 12
  }
  return headed(int8, items.length, bytes.subarray(0, at))
}
