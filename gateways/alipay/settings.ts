/** The settings of a real app, from the environment: all of them, or none. README.md lists them. */
import type { Payer } from '@bursar/custody/wallet'
import type { Believed } from './identity.ts'
import { Misconfigured } from './keys.ts'

const needed = ['ALIPAY_APP_ID', 'ALIPAY_SELLER_ID', 'ALIPAY_PRIVATE_KEY'] as const
const publicKey = 'ALIPAY_PUBLIC_KEY'
const certificates = ['ALIPAY_APP_CERT', 'ALIPAY_PUBLIC_CERT', 'ALIPAY_ROOT_CERT'] as const
const besides = [
  'ALIPAY_GATEWAY',
  'ALIPAY_AUTHORISE',
  'ALIPAY_JSAPI_APP_ID',
  'ALIPAY_PAYER',
  'ALIPAY_PROTOCOL',
] as const

export type Settings = Believed &
  Readonly<{
    appId: string
    sellerId: string
    privateKey: string
    protocol?: 'v1' | 'v3'
    gateway?: string
    authorise?: string
    jsapiAppId?: string
    payer?: Payer
  }>
type Said = (name: string) => string | undefined

/** Undefined where nothing is said of Alipay. Throws `Misconfigured`, in one sentence, for half of it. */
export function settingsOf(
  environment: Readonly<Record<string, string | undefined>>,
): Settings | undefined {
  const said: Said = name => environment[name]?.trim() || undefined
  if (![...needed, publicKey, ...certificates, ...besides].some(said)) return undefined
  const believed = believedBy(said)
  const [appId, sellerId, privateKey] = needed.map(name => said(name)!)
  shaped('ALIPAY_APP_ID', appId!, /^\d{16}$/, 'the 16 digits of an app')
  shaped('ALIPAY_SELLER_ID', sellerId!, /^2088\d{12}$/, 'a number that begins with 2088')
  const [gateway, authorise] = ['ALIPAY_GATEWAY', 'ALIPAY_AUTHORISE'].map(said)
  if (gateway) shaped('ALIPAY_GATEWAY', gateway, /^https:\/\/[^/]+\//, 'an https address')
  if (authorise) shaped('ALIPAY_AUTHORISE', authorise, /^https:\/\/[^/]+\//, 'an https address')
  const jsapiAppId = said('ALIPAY_JSAPI_APP_ID')
  if (jsapiAppId) shaped('ALIPAY_JSAPI_APP_ID', jsapiAppId, /^\d{16}$/, 'the 16 digits of an app')
  const protocol = said('ALIPAY_PROTOCOL')
  if (protocol) shaped('ALIPAY_PROTOCOL', protocol, /^v[13]$/, 'v1 or v3')
  const payer = payerOf(said('ALIPAY_PAYER'))
  return {
    ...{ appId: appId!, sellerId: sellerId!, privateKey: privateKey!, ...believed },
    ...(protocol && { protocol: protocol as 'v1' | 'v3' }),
    ...(gateway && { gateway }),
    ...(authorise && { authorise }),
    ...(jsapiAppId && { jsapiAppId }),
    ...(payer && { payer }),
  }
}

/** By its public key, or by the three certificates: by one of them, and wholly. */
function believedBy(said: Said): Believed {
  const byCertificates = certificates.some(said)
  if (byCertificates && said(publicKey))
    throw new Misconfigured(
      `Alipay is believed by its key or by its certificate: set ${publicKey}, or ${certificates.join(', ')}, not both.`,
    )
  const all = [...needed, ...(byCertificates ? certificates : [publicKey])]
  const missing = all.filter(name => !said(name))
  if (missing.length > 0)
    throw new Misconfigured(
      `Alipay is half configured: ${missing.join(' and ')} ${missing.length > 1 ? 'are' : 'is'} missing. ` +
        `Set ${all.join(', ')}, or none of them.`,
    )
  if (!byCertificates) return { publicKey: said(publicKey)! }
  const [app, alipay, root] = certificates.map(name => said(name)!)
  return { certificates: { app: app!, alipay: alipay!, root: root! } }
}

function shaped(name: string, value: string, shape: RegExp, what: string): void {
  if (!shape.test(value)) throw new Misconfigured(`${name} is not ${what}.`)
}

/** `name` or `name, account`: as whom Alipay pays us out, as our bank writes it. */
function payerOf(text: string | undefined): Payer | undefined {
  const [name, account] = (text ?? '').split(/\s*[,，]\s*/)
  return name ? { name, ...(account && { account }) } : undefined
}
