/**
 * Which keys the platform signs with now. It changes its certificates without asking: from 24 hours before a
 * change both are shown, and the one that we do not know yet may sign at any moment.
 *
 *   a key we know        is used
 *   a key we do not      the certificates are asked for, once for all who wait; what is listed then is known
 *   no longer listed     is no longer believed, from the next list on: after half a day at the latest
 *
 * The list is sealed with our APIv3 key and signed by one of its own certificates. It is asked for five times
 * a minute at most: a stranger can name us as many serial numbers as he likes.
 */
import {
  createDecipheriv,
  createPublicKey,
  verify,
  X509Certificate,
  type KeyObject,
} from 'node:crypto'
import { promisify } from 'node:util'
import type { Secret } from './secrets.ts'

export type Headers = Readonly<Record<string, string | readonly string[] | undefined>>
export type Listed = Readonly<{ headers: Headers; body: Buffer }>
export type PlatformKeys = Readonly<{
  /** Those that we know now, by the name in `Wechatpay-Serial`. */
  known(): Readonly<Record<string, KeyObject>>
  /** The key of this name, asked for if need be. */
  keyOf(name: string): Promise<KeyObject | undefined>
  /** Asks for the certificates. False if there is nothing new to know. */
  renew(): Promise<boolean>
}>
type Options = Readonly<{
  apiV3Key: Secret
  publicKey?: Readonly<{ id: string; pem: Secret }>
  /** GET /v3/certificates, as it came. */
  list(): Promise<Listed | undefined>
  now: () => Date
}>
type Known = Readonly<{ key: KeyObject; until: number }>

/** The platform's own limit, for whatever it signs. */
export const windowSeconds = 300
const most = 5
const minute = 60_000
/** The platform's own advice: more often than every twelve hours. */
const freshFor = 11 * 60 * minute

export function openPlatformKeys({ apiV3Key, publicKey, list, now }: Options): PlatformKeys {
  let certificates: Readonly<Record<string, Known>> = {}
  let listedAt = 0
  let asked: number[] = []
  let asking: Promise<boolean> | undefined
  let parsed: Readonly<{ pem: string; key: KeyObject }> | undefined

  /** Read anew only when its text is another. */
  function keyIn(pem: string): KeyObject {
    if (parsed?.pem !== pem) parsed = { pem, key: createPublicKey(pem) }
    return parsed.key
  }

  const known = () => ({
    ...Object.fromEntries(
      Object.entries(certificates)
        .filter(([, { until }]) => until > now().getTime())
        .map(([id, { key }]) => [id, key]),
    ),
    ...(publicKey && { [publicKey.id]: keyIn(publicKey.pem()) }),
  })
  /** A stranger names the serial number, and every object has a word for `constructor`. */
  const named = (name: string) => new Map(Object.entries(known())).get(name)

  async function renewed(): Promise<boolean> {
    asked = asked.filter(at => at > Date.now() - minute)
    if (asked.length >= most) return false
    asked.push(Date.now())
    const listed = await list()
    const fresh = listed && certificatesIn(listed, apiV3Key())
    if (!fresh) return false
    const [time, name] = ['wechatpay-timestamp', 'wechatpay-serial'].map(header =>
      one(listed.headers, header),
    )
    // An old list, sent again, would bring back what was dropped.
    if (!(Math.abs(Number(time) - Date.now() / 1000) <= windowSeconds)) return false
    const signer = fresh[name!]?.key ?? known()[name!]
    if (!signer || !(await isSigned(listed, signer))) return false
    certificates = fresh
    listedAt = now().getTime()
    return true
  }
  const renew = () => (asking ??= renewed().finally(() => (asking = undefined)))

  async function keyOf(name: string): Promise<KeyObject | undefined> {
    const isOld = Object.hasOwn(certificates, name) && now().getTime() - listedAt > freshFor
    const key = isOld ? undefined : named(name)
    if (key) return key
    await renew()
    return named(name)
  }
  return { known, renew, keyOf }
}

const one = (headers: Headers, name: string): string => {
  const value = headers[name]
  return typeof value === 'string' ? value : ''
}

const verifying = promisify(verify)

/**
 * Whether this key signed these bytes, under the time and the nonce in the headers. Looked at beside the thread that answers:
 * what comes meanwhile does not wait for it.
 */
export function isSigned({ headers, body }: Listed, key: KeyObject): Promise<boolean> {
  const [time, nonce] = [one(headers, 'wechatpay-timestamp'), one(headers, 'wechatpay-nonce')]
  const content = Buffer.concat([Buffer.from(`${time}\n${nonce}\n`), body, Buffer.from('\n')])
  const signature = Buffer.from(one(headers, 'wechatpay-signature'), 'base64')
  return verifying('RSA-SHA256', content, key, signature)
}

type Sealed = Readonly<{ nonce: string; associated_data?: string; ciphertext: string }>

/** AES-256-GCM, the tag at the end. Throws for anything that our key did not seal. */
export function unsealed(
  apiV3Key: string,
  { nonce, associated_data = '', ciphertext }: Sealed,
): string {
  const bytes = Buffer.from(ciphertext, 'base64')
  const decipher = createDecipheriv('aes-256-gcm', apiV3Key, nonce, { authTagLength: 16 })
  decipher.setAAD(Buffer.from(associated_data)).setAuthTag(bytes.subarray(-16))
  const plain = Buffer.concat([decipher.update(bytes.subarray(0, -16)), decipher.final()])
  return new TextDecoder('utf-8', { fatal: true }).decode(plain)
}

function certificatesIn({ body }: Listed, apiV3Key: string): Record<string, Known> | undefined {
  try {
    const { data } = JSON.parse(body.toString('utf8')) as {
      data: { serial_no: string; expire_time: string; encrypt_certificate: Sealed }[]
    }
    return Object.fromEntries(
      data.map(({ serial_no: serial, expire_time: until, encrypt_certificate: sealed }) => {
        const shown = new X509Certificate(unsealed(apiV3Key, sealed))
        if (shown.serialNumber !== serial.toUpperCase()) throw new Error('another certificate')
        const end = Math.min(Date.parse(until), Date.parse(shown.validTo))
        return [serial, { key: shown.publicKey, until: end }]
      }),
    )
  } catch {
    return undefined
  }
}
