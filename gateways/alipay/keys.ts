/**
 * The two RSA keys of an app: ours, to sign with, and Alipay's, to check with. Each is given as text (PEM, or one
 * line of Base64 as Alipay's own tool writes it) or as the file that it is in. A file is looked at before each use:
 * a new key counts from then on, and one that cannot be read leaves the last good one.
 */
import { createPrivateKey, createPublicKey, type KeyObject } from 'node:crypto'
import { existsSync, readFileSync, statSync } from 'node:fs'

/** A setting that cannot be worked with, as one sentence. */
export class Misconfigured extends Error {}

export type Report = (sentence: string) => void
/** PEM: PKCS 8 for the private half, SPKI for the public one, X.509 for a certificate. */
export type Key = Readonly<{ pem: string; version: number }>
type Kind = 'private' | 'public'

export const openKey = (name: string, setting: string, kind: Kind, report: Report): (() => Key) =>
  openSetting(name, setting, report, (called, text) => read(called, text, kind))

/** `read` throws `Misconfigured` for what it cannot read. */
export function openSetting(
  name: string,
  setting: string,
  report: Report,
  read: (name: string, text: string) => string,
): () => Key {
  const file = existsSync(setting) ? setting : undefined
  if (!file && /^[./~]/.test(setting) && !isReadable(setting, read))
    throw new Misconfigured(`${name}: there is no file ${setting}.`)
  let seen = file && stampOf(file)
  let key: Key = { pem: read(name, file ? readFileSync(file, 'utf8') : setting), version: 1 }
  if (!file) return () => key
  return () => {
    try {
      const stamp = stampOf(file)
      if (stamp === seen) return key
      seen = stamp
      key = { pem: read(name, readFileSync(file, 'utf8')), version: key.version + 1 }
    } catch (error) {
      report(`${(error as Error).message} The key from before is used on.`)
    }
    return key
  }
}

function stampOf(file: string): string {
  const { mtimeMs, size, ino } = statSync(file)
  return `${mtimeMs}/${size}/${ino}`
}

function read(name: string, text: string, kind: Kind): string {
  const key = parsed(text.trim(), kind)
  const { asymmetricKeyType: type, asymmetricKeyDetails: details } = key ?? {}
  if (!key || type !== 'rsa' || (details?.modulusLength ?? 0) < 2048)
    throw new Misconfigured(`${name} is not an RSA ${kind} key of 2048 bits or more.`)
  return String(key.export({ type: kind === 'private' ? 'pkcs8' : 'spki', format: 'pem' }))
}

function isReadable(text: string, read: (name: string, text: string) => string): boolean {
  try {
    return read('', text) !== ''
  } catch {
    return false
  }
}

function parsed(text: string, kind: Kind): KeyObject | undefined {
  const der = Buffer.from(text.replace(/\s/g, ''), 'base64')
  const tries: (() => KeyObject)[] =
    kind === 'public'
      ? [
          () => createPublicKey(text),
          () => createPublicKey({ key: der, format: 'der', type: 'spki' }),
        ]
      : [
          () => createPrivateKey(text),
          () => createPrivateKey({ key: der, format: 'der', type: 'pkcs8' }),
          () => createPrivateKey({ key: der, format: 'der', type: 'pkcs1' }),
        ]
  for (const one of tries)
    try {
      return one()
    } catch {
      // Not in this form: the next one.
    }
  return undefined
}
