/** The heads that were kept of a book, in the database and outside, each believed only with its signature. */
import { isSigned, type Seal } from './seal.ts'
import type { Fault } from './verify.rules.ts'
import type { KeptHead } from './verify.book.ts'
import type { Book } from './types.ts'

/** What a witness outside has shown. */
export type Testimony = Readonly<{ witness: string; seals: readonly Seal[] }>

export type Kept = Readonly<{ heads: KeptHead[]; fault: Fault | undefined }>

export const inDatabase = 'ledger.seal'

/**
 * All heads of one book, and the first seal that is not believed. `trusted` are the public keys that may
 * sign; without them each seal is held against the key that it names itself.
 */
export function keptHeads(
  book: Book,
  own: readonly Seal[],
  outside: readonly Testimony[],
  trusted: readonly Buffer[],
): Kept {
  const all = [
    { keeper: inDatabase, seals: own },
    ...outside.map(({ witness, seals }) => ({
      keeper: `witness ${witness}`,
      seals: seals.filter(seal => seal.book === book),
    })),
  ]
  for (const { keeper, seals } of all)
    for (const seal of seals) {
      const says = unbelieved(seal, trusted)
      if (says) return { heads: [], fault: { book, seq: seal.seq, field: keeper, says } }
    }
  const heads = all.flatMap(({ keeper, seals }) =>
    seals.map(({ seq, head }) => ({ seq, head, keeper })),
  )
  return { heads, fault: missing(book, own, all.slice(1)) }
}

function unbelieved(seal: Seal, trusted: readonly Buffer[]): string | undefined {
  if (!isSigned(seal)) return 'the signature is not of this seal'
  if (trusted.length > 0 && !trusted.some(key => key.equals(seal.key)))
    return `signed with ${seal.key.toString('hex')}, which is none of the keys that may`
  return undefined
}

/** The database keeps a seal before it hands it over: what a witness has, it must have too. */
function missing(
  book: Book,
  own: readonly Seal[],
  outside: readonly { keeper: string; seals: readonly Seal[] }[],
): Fault | undefined {
  const has = new Set(own.map(({ seq }) => seq))
  for (const { keeper, seals } of outside)
    for (const { seq } of seals)
      if (!has.has(seq))
        return { book, seq, field: inDatabase, says: `the seal that the ${keeper} has is gone` }
  return undefined
}
