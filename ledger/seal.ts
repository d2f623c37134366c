/**
 * A seal is a head under a signature: this key says that, at this moment, the book stood at this seq with
 * this hash. The database keeps it, and witnesses outside keep a copy: what the hash chain alone cannot
 * show (a tail cut off, a book rewritten with new hashes, an old backup put back) no longer fits theirs.
 *
 * What is signed, with Ed25519:
 *
 *   "bursar/seal/1" ‖ key ‖ book ‖ seq ‖ head ‖ at
 *
 * Each of the six begins with its length in two bytes, big-endian. key is the signer's public key (32
 * bytes), so that a seal cannot be shown under another one; book and seq are 8 bytes, at is the
 * milliseconds since 1970 in 8 bytes, big-endian; head is the 32 bytes of the entry's hash.
 */
import { createPublicKey, sign, verify, type KeyObject } from 'node:crypto'
import type { Book } from './types.ts'

/** A head under a signature. */
export type Seal = Readonly<{
  book: Book
  seq: bigint
  head: Buffer
  at: Date
  /** The signer's public key. */
  key: Buffer
  signature: Buffer
}>
export type Unsigned = Omit<Seal, 'signature'>

/** A private Ed25519 key, and its public half as 32 bytes. */
export type Signer = Readonly<{ key: Buffer; secret: KeyObject }>

export const sealBytes = ({ book, seq, head, at, key }: Unsigned): Buffer =>
  signedBytes('bursar/seal/1', [
    key,
    eight(BigInt(book)),
    eight(seq),
    head,
    eight(BigInt(at.getTime())),
  ])

/** Fields under the name of what is signed, each behind its length. */
export const signedBytes = (domain: string, fields: readonly Buffer[]): Buffer =>
  Buffer.concat([Buffer.from(domain), ...fields].flatMap(field => [two(field.length), field]))

export function eight(value: bigint): Buffer {
  const bytes = Buffer.alloc(8)
  bytes.writeBigInt64BE(value)
  return bytes
}

function two(length: number): Buffer {
  const bytes = Buffer.alloc(2)
  bytes.writeUInt16BE(length)
  return bytes
}

export function sealed(head: Omit<Unsigned, 'key'>, { key, secret }: Signer): Seal {
  const unsigned = { ...head, key }
  return { ...unsigned, signature: sign(null, sealBytes(unsigned), secret) }
}

/** Whether its own key has signed it. Whether that key is to be believed is another question. */
export const isSigned = (seal: Seal): boolean =>
  isSignature(seal.key, sealBytes(seal), seal.signature)

const keys = new Map<string, KeyObject>()

/** Whether a public key of 32 bytes, which may be none, has signed these bytes. */
export function isSignature(publicKey: Buffer, bytes: Buffer, signature: Buffer): boolean {
  const x = publicKey.toString('base64url')
  let key = keys.get(x)
  if (!key) {
    try {
      key = createPublicKey({ key: { kty: 'OKP', crv: 'Ed25519', x }, format: 'jwk' })
    } catch {
      return false
    }
    keys.set(x, key)
  }
  return verify(null, bytes, key, signature)
}
