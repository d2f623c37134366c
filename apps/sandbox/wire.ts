/** How the platform and the bank speak: JSON, signed with Ed25519, both ways. README.md has the format. */
import {
  createPrivateKey,
  createPublicKey,
  generateKeyPairSync,
  randomBytes,
  sign,
  verify,
} from 'node:crypto'
import type { IncomingHttpHeaders } from 'node:http'
import { fromWire, type Money } from '@bursar/money'

export type Said = Readonly<Record<string, unknown>>
/** PEM: PKCS 8 for the private half, SPKI for the public one. */
export type KeyPair = Readonly<{ id: string; privateKey: string; publicKey: string }>
export type Keys = Readonly<{ wallet: KeyPair; bank: KeyPair; operator: KeyPair }>

/** A key pair of each party. An operator keeps its own, and the public halves of the others. */
export function makeKeys(): Keys {
  return { wallet: makeKey('wallet-1'), bank: makeKey('bank-1'), operator: makeKey('operator-1') }
}

export function makeKey(id: string): KeyPair {
  return {
    id,
    ...generateKeyPairSync('ed25519', {
      privateKeyEncoding: { type: 'pkcs8', format: 'pem' },
      publicKeyEncoding: { type: 'spki', format: 'pem' },
    }),
  }
}

const content = (time: string, nonce: string, body: Buffer) =>
  Buffer.concat([Buffer.from(`${time}\n${nonce}\n`), body, Buffer.from('\n')])

/** The headers that go with a body. An answer takes the nonce of its question. */
export function seal(
  key: Pick<KeyPair, 'id' | 'privateKey'>,
  body: Buffer,
  nonce = randomBytes(16).toString('hex'),
): Record<string, string> {
  const time = String(Math.floor(Date.now() / 1000))
  return {
    'content-type': 'application/json; charset=utf-8',
    'signature-key': key.id,
    'signature-time': time,
    'signature-nonce': nonce,
    signature: sign(null, content(time, nonce, body), createPrivateKey(key.privateKey)).toString(
      'base64',
    ),
  }
}

/** What the operator asks, or undefined if it is not the operator, or not now. */
export function unseal(
  key: Pick<KeyPair, 'id' | 'publicKey'>,
  headers: IncomingHttpHeaders,
  body: Buffer,
): { said: Said; nonce: string } | undefined {
  const one = (name: string) => String(headers[name] ?? '')
  const [time, nonce] = [one('signature-time'), one('signature-nonce')]
  const signature = Buffer.from(one('signature'), 'base64')
  const now = Math.abs(Number(time) - Date.now() / 1000) <= 600
  if (!now || one('signature-key') !== key.id) return undefined
  if (!verify(null, content(time, nonce, body), createPublicKey(key.publicKey), signature))
    return undefined
  return { said: JSON.parse(body.toString('utf8')) as Said, nonce }
}

/** A question that makes no sense: the answer names the field. */
export class Unclear extends Error {}

export function text(said: Said, name: string): string {
  const value = said[name]
  if (typeof value !== 'string' || value === '') throw new Unclear(name)
  return value
}

export function money(said: Said, name: string): Money {
  try {
    return fromWire(said[name] as Parameters<typeof fromWire>[0])
  } catch {
    throw new Unclear(name)
  }
}
