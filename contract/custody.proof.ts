/** The books' own proof on the wire: where a book ends, who outside keeps that, what the last proof found. */
import { Type } from 'typebox'
import { desk } from './custody.ts'
import { route } from './route.ts'
import { Closed, IdOf, Instant } from './words.ts'

const Seq = Type.String({ pattern: '^\\d+$' })
const Hex = Type.String({ pattern: '^[0-9a-f]{64}$' })
const ProofView = Closed({
  seq: Seq,
  head: Hex,
  at: Instant,
  seal: Type.Optional(Closed({ seq: Seq, at: Instant, key: Hex })),
  witnesses: Type.Array(
    Closed({
      name: Type.String(),
      seq: Type.Optional(Seq),
      at: Type.Optional(Instant),
      agrees: Type.Boolean(),
    }),
  ),
  running: Type.Optional(Closed({ since: Instant, entries: Seq })),
  /** A proof could not be brought to its end: nothing is known by it. */
  failed: Type.Optional(Instant),
  last: Type.Optional(
    Closed({
      at: Instant,
      entries: Seq,
      /** Of an archived book whose files are not there: proved from the opening that was signed at this entry. */
      after: Type.Optional(Seq),
      accounts: Type.Integer(),
      ms: Type.Integer(),
      fault: Type.Optional(Closed({ seq: Seq, field: Type.String(), says: Type.String() })),
    }),
  ),
})
const ofPool = Closed({ pool: IdOf('pol') })
export const readProof = route({
  method: 'GET',
  path: '/v1/custody/pools/:pool/proof',
  summary: 'Where the pool’s book ends, who keeps that outside, and what its last proof found',
  by: desk,
  on: 'institution',
  params: ofPool,
  reply: ProofView,
})
export const startProof = route({
  method: 'POST',
  path: '/v1/custody/pools/:pool/proof',
  summary: 'Add the book up again from nothing; readProof tells how far it is, and what it found',
  by: desk,
  on: 'institution',
  params: ofPool,
  reply: ProofView,
})
