/**
 * What an installation says about its account at WeChat Pay. All of it, or nothing: half of it stops the start
 * with one sentence, because money could come in that nobody hears of, or could not be paid back.
 */
import { createPublicKey } from 'node:crypto'
import type { Payer } from '@bursar/custody/wallet'
import { merchantOf, secretOf, type Merchant, type Secret } from './secrets.ts'

export type Settings = Readonly<{
  mchid: string
  appid: string
  apiV3Key: Secret
  merchant: () => Merchant
  /** The platform's public key, for merchants that have one in place of certificates. */
  publicKey?: Readonly<{ id: string; pem: Secret }>
  /** The app's own secret: without it nobody's account can be bound. */
  appSecret?: Secret
  /** As whom it pays us out. */
  payer?: Payer
  /** Where the platform answers, if not where it always does. */
  urls?: Readonly<{ pay?: string; open?: string; api?: string }>
}>

/** Why WeChat Pay cannot be used, as one sentence. */
export class HalfConfigured extends Error {}

type Environment = Readonly<Record<string, string | undefined>>
const needed = ['MCHID', 'APPID', 'API_V3_KEY', 'PRIVATE_KEY', 'CERTIFICATE'] as const
const together = ['PUBLIC_KEY_ID', 'PUBLIC_KEY'] as const
const others = ['APP_SECRET', 'PAYER', 'URL', 'OPEN_URL', 'API_URL'] as const
type Name = (typeof needed)[number] | (typeof together)[number] | (typeof others)[number]

const full = (name: string) => `WECHAT_PAY_${name}`

/** Undefined where nothing is said of WeChat Pay. */
export function settingsFrom(environment: Environment): Settings | undefined {
  const given = (name: Name) => environment[full(name)] || undefined
  const names = [...needed, ...together, ...others]
  if (!names.some(given)) return undefined
  const missing = needed.filter(name => !given(name))
  const half = together.filter(name => !given(name))
  if (half.length === 1) missing.push(half[0] as never)
  if (missing.length > 0)
    throw new HalfConfigured(
      `WeChat Pay is half configured: ${missing.map(full).join(', ')} missing.`,
    )

  const secret = (name: Name): Secret => read(name, () => secretOf(given(name)!))
  const apiV3Key = secret('API_V3_KEY')
  if (Buffer.byteLength(apiV3Key()) !== 32) throw wrong('API_V3_KEY', 'must have 32 bytes')
  const [privateKey, certificate] = [secret('PRIVATE_KEY'), secret('CERTIFICATE')]
  const merchant = read(
    'CERTIFICATE',
    () => merchantOf(privateKey, certificate),
    'and _PRIVATE_KEY do not belong together, or are not in PEM',
  )
  const publicKey = given('PUBLIC_KEY_ID') && {
    id: given('PUBLIC_KEY_ID')!,
    pem: secret('PUBLIC_KEY'),
  }
  if (publicKey)
    read('PUBLIC_KEY', () => createPublicKey(publicKey.pem()), 'is no public key in PEM')
  const urls = {
    pay: url(given('URL'), 'URL'),
    open: url(given('OPEN_URL'), 'OPEN_URL'),
    api: url(given('API_URL'), 'API_URL'),
  }
  return {
    ...{ mchid: given('MCHID')!, appid: given('APPID')!, apiV3Key, merchant },
    ...(publicKey && { publicKey }),
    ...(given('PAYER') && { payer: payerOf(given('PAYER')!) }),
    ...(given('APP_SECRET') && { appSecret: secret('APP_SECRET') }),
    urls: Object.fromEntries(Object.entries(urls).filter(([, value]) => value !== undefined)),
  }
}

/** `name` or `name, account`: as our bank writes it. */
function payerOf(text: string): Payer {
  const [name = '', account] = text.split(/\s*[,，]\s*/)
  return { name, ...(account && { account }) }
}

const wrong = (name: Name, why: string, cause?: unknown) =>
  new HalfConfigured(`${full(name)} ${why}.`, { cause })

function read<What>(name: Name, get: () => What, why = 'names a file that cannot be read'): What {
  try {
    return get()
  } catch (error) {
    throw wrong(name, why, error)
  }
}

function url(given: string | undefined, name: Name): string | undefined {
  if (given !== undefined && !/^https?:\/\/[^/]+\/?$/.test(given))
    throw wrong(name, 'is not scheme, host and port alone')
  return given?.replace(/\/$/, '')
}
