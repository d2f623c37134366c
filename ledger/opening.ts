/**
 * What an archived book begins with: the entries up to the archive's last that stay in the table, under one
 * digest and a signature, so that the rest of the book is proved without the archive.
 *
 * What is signed, with Ed25519, each behind its length as in a seal:
 *
 *   "bursar/opening/1" ‖ key ‖ book ‖ seq ‖ head ‖ kept ‖ digest
 *
 * The digest is SHA-256 over the entries that stay, in their order; of each its canonical bytes' hash behind
 * 32 zero bytes, its own hash, and for each side that is its account's opening (debit first) the number of
 * entries that the account has by then, in 8 bytes, and the account's name behind its length in 2.
 */
import { createHash, hash, sign } from 'node:crypto'
import { eight, isSignature, signedBytes, type Signer } from './seal.ts'
import type { Book } from './types.ts'

/** What stays of a book's entries up to `seq`. */
export type Opening = Readonly<{
  book: Book
  seq: bigint
  head: Buffer
  /** how many entries stay */
  kept: bigint
  digest: Buffer
}>
/** The signer's public key, and its signature. */
export type Signed = Readonly<{ key: Buffer; signature: Buffer }>

const bytesOf = ({ book, seq, head, kept, digest }: Opening, key: Buffer) =>
  signedBytes('bursar/opening/1', [key, eight(BigInt(book)), eight(seq), head, eight(kept), digest])

export const signOpening = (opening: Opening, { key, secret }: Signer): Signed => ({
  key,
  signature: sign(null, bytesOf(opening, key), secret),
})

/** Whether its own key has signed it. Whether that key is to be believed is another question. */
export const isOpeningSigned = (opening: Opening & Signed): boolean =>
  isSignature(opening.key, bytesOf(opening, opening.key), opening.signature)

/** An account's name, and how many entries it has by its opening. */
export type Opened = Readonly<{ ref: string; nth: bigint }>

export const nothingBefore = Buffer.alloc(32)

export class OpeningDigest {
  readonly #hash = createHash('sha256')
  kept = 0n

  /** `plain` is the hash of the entry's canonical bytes behind `nothingBefore`. */
  add(plain: Buffer, hash: Buffer, opened: readonly Opened[]): void {
    this.kept++
    this.#hash.update(plain).update(hash)
    for (const { ref, nth } of opened) {
      const length = Buffer.alloc(2)
      length.writeUInt16BE(Buffer.byteLength(ref))
      this.#hash.update(eight(nth)).update(length).update(ref)
    }
  }

  end(): Buffer {
    return this.#hash.digest()
  }
}

/** Goes on with the digest of the ids that went: each with its place, in the order of the entries. */
export const idGone = (before: string, seq: bigint, id: string): string =>
  hash('sha256', `${before} ${seq} ${id}`)
