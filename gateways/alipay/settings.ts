/** The settings of a real app, from the environment: all of them, or none. README.md lists them. */
import type { Payer } from '@bursar/custody/wallet'
import { Misconfigured } from './keys.ts'

const needed = [
  'ALIPAY_APP_ID',
  'ALIPAY_SELLER_ID',
  'ALIPAY_PRIVATE_KEY',
  'ALIPAY_PUBLIC_KEY',
] as const
const besides = [
  'ALIPAY_GATEWAY',
  'ALIPAY_AUTHORISE',
  'ALIPAY_JSAPI_APP_ID',
  'ALIPAY_PAYER',
] as const

export type Settings = Readonly<{
  appId: string
  sellerId: string
  privateKey: string
  publicKey: string
  gateway?: string
  authorise?: string
  jsapiAppId?: string
  payer?: Payer
}>

/** Undefined where nothing is said of Alipay. Throws `Misconfigured`, in one sentence, for half of it. */
export function settingsOf(
  environment: Readonly<Record<string, string | undefined>>,
): Settings | undefined {
  const said = (name: string) => environment[name]?.trim() || undefined
  if (![...needed, ...besides].some(said)) return undefined
  const missing = needed.filter(name => !said(name))
  if (missing.length > 0)
    throw new Misconfigured(
      `Alipay is half configured: ${missing.join(' and ')} ${missing.length > 1 ? 'are' : 'is'} missing. ` +
        `Set ${needed.join(', ')}, or none of them.`,
    )
  const [appId, sellerId, privateKey, publicKey] = needed.map(name => said(name)!)
  shaped('ALIPAY_APP_ID', appId!, /^\d{16}$/, 'the 16 digits of an app')
  shaped('ALIPAY_SELLER_ID', sellerId!, /^2088\d{12}$/, 'a number that begins with 2088')
  const [gateway, authorise] = ['ALIPAY_GATEWAY', 'ALIPAY_AUTHORISE'].map(said)
  if (gateway) shaped('ALIPAY_GATEWAY', gateway, /^https:\/\/[^/]+\//, 'an https address')
  if (authorise) shaped('ALIPAY_AUTHORISE', authorise, /^https:\/\/[^/]+\//, 'an https address')
  const jsapiAppId = said('ALIPAY_JSAPI_APP_ID')
  if (jsapiAppId) shaped('ALIPAY_JSAPI_APP_ID', jsapiAppId, /^\d{16}$/, 'the 16 digits of an app')
  const payer = payerOf(said('ALIPAY_PAYER'))
  return {
    ...{ appId: appId!, sellerId: sellerId!, privateKey: privateKey!, publicKey: publicKey! },
    ...(gateway && { gateway }),
    ...(authorise && { authorise }),
    ...(jsapiAppId && { jsapiAppId }),
    ...(payer && { payer }),
  }
}

function shaped(name: string, value: string, shape: RegExp, what: string): void {
  if (!shape.test(value)) throw new Misconfigured(`${name} is not ${what}.`)
}

/** `name` or `name, account`: as whom Alipay pays us out, as our bank writes it. */
function payerOf(text: string | undefined): Payer | undefined {
  const [name, account] = (text ?? '').split(/\s*[,，]\s*/)
  return name ? { name, ...(account && { account }) } : undefined
}
