/**
 * The key that seals: never in the database, since whoever may rewrite that must not be able to sign.
 * It is given by the environment, or lies in a file that only its owner reads.
 */
import { createPrivateKey, createPublicKey, generateKeyPairSync } from 'node:crypto'
import fs from 'node:fs'
import type { Signer } from './seal.ts'

/** Of a private Ed25519 key in PEM. */
export function signerOf(pem: string): Signer {
  const secret = createPrivateKey(pem)
  if (secret.asymmetricKeyType !== 'ed25519') throw new RangeError('A seal is signed with Ed25519')
  const { x } = createPublicKey(secret).export({ format: 'jwk' })
  return { key: Buffer.from(x!, 'base64url'), secret }
}

/** A new private Ed25519 key, as PEM. */
export const newKey = (): string =>
  generateKeyPairSync('ed25519').privateKey.export({ type: 'pkcs8', format: 'pem' }) as string

/** Of the key in a file, which is made if it is not there yet. */
export function signerIn(file: string): Signer {
  if (!fs.existsSync(file)) {
    // Whole or not at all: half a key would stand in the way of every later start.
    fs.writeFileSync(`${file}.half`, newKey(), { mode: 0o600, flush: true })
    fs.renameSync(`${file}.half`, file)
  }
  return signerOf(fs.readFileSync(file, 'utf8'))
}
