/**
 * Ids say what they are, sort by time, and mean the same for ever.
 *
 * A business id is a prefix and 128 bits in Crockford's base32. When a caller names its wish with an
 * idempotency key, the id is a pure function of who asks, where, and that key: asking twice finds the
 * same id, and the primary key does the remembering. A transfer's id is a pure function of the
 * business id and the step, so that even a fault above the ledger cannot move the money twice.
 */
import { createHash, randomFillSync } from 'node:crypto'

/** The prefix is the type: a MerchantId cannot be passed where a PersonId is wanted. */
export type Id<Prefix extends string = string> = `${Prefix}_${string}`
export type PersonId = Id<'per'>
export type MerchantId = Id<'mer'>
export type OutletId = Id<'out'>
export type TillId = Id<'til'>
export type InstitutionId = Id<'ins'>
export type SessionId = Id<'ses'>
export type ApiKeyId = Id<'key'>
export type PoolId = Id<'pol'>
export type PurseId = Id<'pur'>
/** A UUID, as PostgreSQL writes it. */
export type TransferId = string

const alphabet = '0123456789abcdefghjkmnpqrstvwxyz'
const uuid7 = /^([0-9a-f]{8})-([0-9a-f]{4})-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/i

/** Random bytes of 256 ids at a time: asked for singly they cost more than all the rest of an id. */
const random = Buffer.alloc(4_096)
let used = random.length

/** The millisecond of the newest id, and how many were made in it. */
const newest = { at: 0, nth: 0 }

/**
 * A new id of now: 48 bits of milliseconds, 16 that count within one, 64 random bits. What one process makes in one
 * millisecond stands in its order: lists that end a tie by id show it so.
 */
export function newId<P extends string>(prefix: P, now = Date.now()): Id<P> {
  if (used === random.length) {
    randomFillSync(random)
    used = 0
  }
  const bits = random.subarray(used, (used += 16))
  newest.nth = now === newest.at ? (newest.nth + 1) & 0xffff : 0
  newest.at = now
  bits.writeUIntBE(now, 0, 6)
  bits.writeUInt16BE(newest.nth, 6)
  return `${prefix}_${base32(bits)}`
}

/** The id that this asker's key names on this route, for ever. A UUIDv7 key gives its time bits. */
export function idFor<P extends string>(
  prefix: P,
  asker: string,
  route: string,
  key: string,
): Id<P> {
  const bits = digest('bursar/id', asker, route, key)
  const time = uuid7.exec(key)
  if (time) {
    bits.copyWithin(6, 0, 10)
    bits.write(`${time[1]}${time[2]}`, 0, 6, 'hex')
  }
  return `${prefix}_${base32(bits)}`
}

/** The transfer that this step of this business object makes. It keeps the object's time bits. */
export function transferId(object: Id, step: string): TransferId {
  const bits = digest('bursar/transfer', object, step)
  bits.copyWithin(6, 0, 10)
  timeOf(object).copy(bits, 0)
  const hex = bits.toString('hex')
  const cuts = [0, 8, 12, 16, 20, 32]
  return cuts
    .slice(1)
    .map((to, i) => hex.slice(cuts[i], to))
    .join('-')
}

/** SHA-256 over length-prefixed parts, so that ("a","bc") and ("ab","c") differ; the first 128 bits. */
function digest(...parts: readonly string[]): Buffer {
  const hash = createHash('sha256')
  for (const part of parts) hash.update(`${Buffer.byteLength(part)}:`).update(part)
  return hash.digest().subarray(0, 16)
}

/** 128 bits as 26 characters: two zero bits in front, then 26 groups of five. As one big number it took ten times as long. */
function base32(bits: Buffer): string {
  let [text, value, held] = ['', 0, 2]
  for (const byte of bits) {
    value = (value << 8) | byte
    for (held += 8; held >= 5; held -= 5) text += alphabet[(value >> (held - 5)) & 31]!
    value &= 31
  }
  return text
}

/** The first 48 bits of an id: the time at which it was named, where its namer gave one. */
function timeOf(id: Id): Buffer {
  const text = id.slice(id.indexOf('_') + 1)
  let value = 0n
  for (const letter of text) {
    const at = alphabet.indexOf(letter)
    if (at < 0) throw new RangeError(`Not an id: ${id}`)
    value = (value << 5n) | BigInt(at)
  }
  return Buffer.from(value.toString(16).padStart(32, '0').slice(-32), 'hex').subarray(0, 6)
}
