/** Openings: what is signed of an archived book, told once more by hand. */
import assert from 'node:assert/strict'
import { createHash, createPublicKey, verify } from 'node:crypto'
import { test } from 'node:test'
import { isOpeningSigned, nothingBefore, OpeningDigest, signOpening } from './opening.ts'
import { newKey, signerOf } from './seals.keys.ts'

const signer = signerOf(newKey())
const sha = (text: string) => createHash('sha256').update(text).digest()
const opening = { book: 1, seq: 12n, head: sha('head'), kept: 3n, digest: sha('kept') }

test('what an opening signs can be put together by anybody who reads how', () => {
  const { key, signature } = signOpening(opening, signer)
  const bytes = Buffer.concat([
    Buffer.from('\0\x10bursar/opening/1'),
    Buffer.from('0020', 'hex'),
    key,
    Buffer.from('00080000000000000001' + '0008000000000000000c' + '0020', 'hex'),
    opening.head,
    Buffer.from('00080000000000000003' + '0020', 'hex'),
    opening.digest,
  ])
  const x = key.toString('base64url')
  const open = createPublicKey({ key: { kty: 'OKP', crv: 'Ed25519', x }, format: 'jwk' })
  assert.ok(verify(null, bytes, open, signature))
})

test('an opening of which anything is changed is not signed', () => {
  const whole = { ...opening, ...signOpening(opening, signer) }
  assert.ok(isOpeningSigned(whole))
  const changed = [
    { book: 2 },
    { seq: 13n },
    { head: sha('tail') },
    { kept: 4n },
    { digest: sha('more') },
    { key: signerOf(newKey()).key },
    { signature: Buffer.alloc(64) },
  ]
  for (const change of changed)
    assert.ok(!isOpeningSigned({ ...whole, ...change }), Object.keys(change)[0])
})

test('the digest is of each entry that stays, and of each account that opens there behind its length', () => {
  const [plain, hash] = [sha('plain'), sha('hash')]
  const digest = new OpeningDigest()
  digest.add(plain, hash, [{ ref: 'purse/ann', nth: 7n }])
  digest.add(plain, hash, [])
  const byHand = createHash('sha256')
    .update(Buffer.concat([plain, hash]))
    .update(Buffer.from('0000000000000007' + '0009', 'hex'))
    .update('purse/ann')
    .update(Buffer.concat([plain, hash]))
  assert.deepEqual(digest.end(), byHand.digest())
  assert.equal(digest.kept, 2n)
  assert.equal(nothingBefore.length, 32)
})
