/**
 * The line to Alipay, by its official SDK: questions signed by our key, answers believed only with Alipay's
 * signature. Whatever is not a well-signed answer (nothing, too late, HTML) is silence: the call may have been
 * carried out, and only asking again can tell.
 */
import { createRequire } from 'node:module'
import type { AlipaySdk } from 'alipay-sdk'
import { openKey, type Report } from './keys.ts'
import { beijing, type Said } from './words.ts'

export type LineOptions = Readonly<{
  appId: string
  /** Ours and Alipay's: text, or the file that it is in. */
  privateKey: string
  publicKey: string
  /** Alipay's address, for us and for payers. */
  gateway?: string
  /** For payers, where it is another one. */
  pages?: string
  /** How long we wait for an answer, in milliseconds. Default 5,000. */
  timeout?: number
  /** Told of a key that changed and cannot be read. */
  report?: Report
}>
/** A question: what belongs to the business, and what stands beside it. */
export type Ask = Readonly<Record<string, unknown>> &
  Readonly<{ bizContent?: Readonly<Record<string, string>> }>
export type Line = Readonly<{
  /** What it answered, or undefined: silence. */
  ask(method: string, ask: Ask): Promise<Said | undefined>
  /** The address of a page of Alipay's. Nothing is sent. */
  page(method: string, ask: Ask): string
  /** Whether Alipay has signed these fields of a notice. */
  genuine(fields: Said): boolean
}>

/** A fifth of all modules that a start would load: only where Alipay is spoken to. */
const sdkOf = () => createRequire(import.meta.url)('alipay-sdk') as typeof import('alipay-sdk')

const production = 'https://openapi.alipay.com/gateway.do'

export function openLine(options: LineOptions): Line {
  const { appId, gateway = production, pages = gateway, timeout = 5_000 } = options
  const report = options.report ?? (() => undefined)
  const ours = openKey('ALIPAY_PRIVATE_KEY', options.privateKey, 'private', report)
  const theirs = openKey('ALIPAY_PUBLIC_KEY', options.publicKey, 'public', report)

  let known: { versions: string; calls: AlipaySdk; browsers: AlipaySdk } | undefined
  /** Made anew when a key has changed; the SDK keeps the keys that it was made with. */
  function sdk() {
    const [mine, its] = [ours(), theirs()]
    const versions = `${mine.version}/${its.version}`
    if (known?.versions === versions) return known
    const { AlipaySdk } = sdkOf()
    const to = (address: string) =>
      new AlipaySdk({
        ...{ appId, gateway: address, timeout, camelcase: false, keyType: 'PKCS8' },
        ...{ privateKey: mine.pem, alipayPublicKey: its.pem },
      })
    return (known = { versions, calls: to(gateway), browsers: to(pages) })
  }

  /** The SDK writes the machine's own time; Alipay reads it as Beijing's. */
  const now = (ask: Ask) => ({ ...ask, timestamp: beijing(new Date()) })

  return {
    async ask(method, ask) {
      try {
        return await sdk().calls.exec(method, now(ask), { validateSign: true })
      } catch {
        return undefined
      }
    },
    page: (method, ask) => sdk().browsers.pageExecute(method, 'GET', now(ask)),
    genuine(fields) {
      try {
        return sdk().calls.checkNotifySignV2(fields)
      } catch {
        return false
      }
    },
  }
}
