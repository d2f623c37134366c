/** Seals: the ends of the books, signed and kept outside. seal.ts says what is signed. */
export { newKey, signerIn, signerOf } from './seals.keys.ts'
export { Contradicted, sealBooks, type Sealing } from './seals.sealer.ts'
export { headsOf, type Heads } from './seals.heads.ts'
export { fileWitness, readWitness, type Witness } from './seals.witness.ts'
export type { Seal, Signer } from './seal.ts'
