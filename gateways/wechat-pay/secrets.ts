/**
 * What must not be written down in code: a text, or the file that it is in. A file is read again when it has
 * changed, so that a key is replaced without a restart; while it is half written the last good text holds.
 */
import { createPrivateKey, X509Certificate, type KeyObject } from 'node:crypto'
import fs from 'node:fs'
import path from 'node:path'

export type Secret = () => string

/** An absolute path is a file; anything else is the text itself. Throws if the file cannot be read now. */
export function secretOf(given: string): Secret {
  if (!path.isAbsolute(given)) return () => given
  let [stamp, text] = [stampOf(given), fs.readFileSync(given, 'utf8').trim()]
  return () => {
    try {
      const now = stampOf(given)
      if (now === stamp) return text
      ;[stamp, text] = [now, fs.readFileSync(given, 'utf8').trim()]
    } catch {
      // It is being replaced.
    }
    return text
  }
}

function stampOf(file: string): string {
  const { mtimeNs, size, ino } = fs.statSync(file, { bigint: true })
  return `${mtimeNs}/${size}/${ino}`
}

/** As whom we sign. */
export type Merchant = Readonly<{ serial: string; privateKey: KeyObject }>

/** Two files are not replaced in one instant: until they fit one another, the pair before them signs. */
export function merchantOf(privateKey: Secret, certificate: Secret): () => Merchant {
  let [texts, pair] = ['', pairOf(privateKey(), certificate())]
  if (!pair) throw new Error('The certificate is not that of the private key.')
  return () => {
    const now = `${privateKey()}\n${certificate()}`
    if (now !== texts) {
      texts = now
      pair = pairOf(privateKey(), certificate()) ?? pair
    }
    return pair!
  }
}

function pairOf(privateKey: string, certificate: string): Merchant | undefined {
  try {
    const [key, shown] = [createPrivateKey(privateKey), new X509Certificate(certificate)]
    return shown.checkPrivateKey(key) ? { serial: shown.serialNumber, privateKey: key } : undefined
  } catch {
    return undefined
  }
}
