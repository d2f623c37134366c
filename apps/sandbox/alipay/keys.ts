/** Who signs at Alipay's door, and how: RSA with SHA-256 over the sorted fields, which Alipay calls RSA2. */
import { createPublicKey, generateKeyPairSync, sign, verify } from 'node:crypto'
import type { KeyPair } from '../wire.ts'

/** `app` is the operator's, `platform` is Alipay's. */
export type AlipayKeys = Readonly<{
  appId: string
  sellerId: string
  app: KeyPair
  platform: KeyPair
  /** Where both sides go by certificates. */
  certificates?: Readonly<{ app: string; platform: string; root: string }>
}>
/** What the player needs of them: the operator keeps its private half. */
export type AlipaySide = Omit<AlipayKeys, 'app'> & Readonly<{ app: Omit<KeyPair, 'privateKey'> }>
export type Fields = Readonly<Record<string, string>>

export function makeAlipayKeys(): AlipayKeys {
  const [appId, sellerId] = ['2021004100000001', '2088000000000001']
  return { appId, sellerId, app: makeRsaKey('app-1'), platform: makeRsaKey('alipay-1') }
}

export function makeRsaKey(id: string): KeyPair {
  const made = generateKeyPairSync('rsa', {
    modulusLength: 2048,
    privateKeyEncoding: { type: 'pkcs8', format: 'pem' },
    publicKeyEncoding: { type: 'spki', format: 'pem' },
  })
  return { id, ...made }
}

export const rsa2 = ({ privateKey }: Pick<KeyPair, 'privateKey'>, text: string): string =>
  sign('sha256', Buffer.from(text), privateKey).toString('base64')

/** Sorted, joined, without the signature itself. */
export const contentOf = (fields: Fields, ...without: string[]): string =>
  Object.keys(fields)
    .filter(name => name !== 'sign' && !without.includes(name))
    .toSorted()
    .map(name => `${name}=${fields[name]}`)
    .join('&')

export const signedBy = ({ publicKey }: Pick<KeyPair, 'publicKey'>, fields: Fields): boolean =>
  verify(
    'sha256',
    Buffer.from(contentOf(fields)),
    createPublicKey(publicKey),
    Buffer.from(fields['sign'] ?? '', 'base64'),
  )
