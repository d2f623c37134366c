/**
 * A secret follows from its id and a key that is in no database, so whoever reads the tables can forge nothing.
 * Its fingerprint stands beside the id: a process with another key finds out before it signs.
 */
import { createHash, createHmac } from 'node:crypto'
import type { Id } from '@bursar/kernel'

export type SecretId = Id<'whs'>
export type Vault = Readonly<{ secretOf(id: SecretId): string }>

/** `key` is the installation's: 32 bytes or more. */
export function openVault(key: Buffer): Vault {
  if (key.length < 32) throw new RangeError('The key of the webhooks has 32 bytes at least')
  return {
    secretOf: id => `whsec_${createHmac('sha256', key).update(id).digest('base64')}`,
  }
}

export const fingerprintOf = (secret: string): string =>
  createHash('sha256').update(secret).digest('hex').slice(0, 16)
