/**
 * The line to Alipay, by its official SDK: questions signed by our key, answers believed only with Alipay's
 * signature. Whatever is not a well-signed answer (nothing, too late, HTML) is silence: the call may have been
 * carried out, and only asking again can tell.
 */
import { createRequire } from 'node:module'
import type { AlipayRequestError, AlipaySdk } from 'alipay-sdk'
import { openIdentity, type Believed } from './identity.ts'
import type { Report } from './keys.ts'
import { beijing, type Said } from './words.ts'

export type LineOptions = Believed &
  Readonly<{
    appId: string
    /** Ours: text, or the file that it is in. */
    privateKey: string
    /** How trades are asked for. Pages, bills, authorisations and notices are v1 with either. */
    protocol?: 'v1' | 'v3'
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
  /** The text with which Alipay's kit in an app pays. Nothing is sent. */
  order(method: string, ask: Ask): string
  /** Whether Alipay has signed these fields of a notice. */
  genuine(fields: Said): boolean
}>

/** A fifth of all modules that a start would load: only where Alipay is spoken to. */
const sdkOf = () => createRequire(import.meta.url)('alipay-sdk') as typeof import('alipay-sdk')

const production = 'https://openapi.alipay.com/gateway.do'
const overV3 = /^alipay\.(trade|data\.dataservice\.bill)\./
/** What changes nothing there is a GET; a trade is asked for by POST all the same. */
const byGet = /\.downloadurl\.query$/

export function openLine(options: LineOptions): Line {
  const { appId, gateway = production, pages = gateway, timeout = 5_000 } = options
  const report = options.report ?? (() => undefined)
  const identity = openIdentity(options, report)

  let known: { version: string; calls: AlipaySdk; browsers: AlipaySdk } | undefined
  /** Made anew when a key has changed; the SDK keeps the keys that it was made with. */
  function sdk() {
    const { version, config } = identity()
    if (known?.version === version) return known
    const { AlipaySdk } = sdkOf()
    const to = (address: string) =>
      new AlipaySdk({
        ...{ appId, gateway: address, timeout, camelcase: false, keyType: 'PKCS8' },
        ...{ endpoint: new URL(address).origin, ...config },
      })
    return (known = { version, calls: to(gateway), browsers: to(pages) })
  }
  /** Its certificate has changed: what it says is not believed until ours of it is the new one. */
  function stranger(error: unknown): undefined {
    const mine = known?.calls.config.alipayCertSn
    const said = error instanceof sdkOf().AlipayRequestError ? numberIn(error) : undefined
    if (mine && said && said !== mine)
      report(`Alipay signs with the certificate ${said}, and ALIPAY_PUBLIC_CERT is ${mine}.`)
  }

  /** The SDK writes the machine's own time; Alipay reads it as Beijing's. */
  const now = (ask: Ask) => ({ ...ask, timestamp: beijing(new Date()) })

  return {
    async ask(method, ask) {
      const { calls } = sdk()
      try {
        if (options.protocol === 'v3' && overV3.test(method)) return await askV3(calls, method, ask)
        return await calls.exec(method, now(ask), { validateSign: true })
      } catch (error) {
        return refusedV3(error) ?? stranger(error)
      }
    },
    order: (method, ask) => sdk().calls.sdkExecute(method, now(ask)),
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

/** The same question as JSON, or as a query: its path is the method's name, and a notice's address stands beside the rest. */
async function askV3(
  calls: AlipaySdk,
  method: string,
  { bizContent, notifyUrl }: Ask,
): Promise<Said> {
  const path = `/v3/${method.replaceAll('.', '/')}`
  const body = { ...bizContent, ...(notifyUrl !== undefined && { notify_url: notifyUrl }) }
  const { data } = byGet.test(method)
    ? await calls.curl<Said>('GET', path, { query: { ...bizContent } })
    : await calls.curl<Said>('POST', path, { body })
  return { ...data, code: '10000' }
}

const no = /^ACQ\.|bill_not_exist/i

/**
 * A 4xx with a code of the trade's own, or that there is no bill, is a "no", of which the SDK checks no signature: TLS does.
 * That we are not let in has another code, and says nothing of the trade.
 */
function refusedV3(error: unknown): Said | undefined {
  if (!(error instanceof sdkOf().AlipayRequestError)) return undefined
  const { code = '', responseHttpStatus: status = 0 } = error
  return status >= 400 && status < 500 && no.test(code)
    ? { code: '40004', sub_code: code }
    : undefined
}

/** The number of the certificate that an answer says it was signed with. */
function numberIn({ responseDataRaw: raw, responseHttpHeaders: headers }: AlipayRequestError) {
  const said = headers?.['alipay-sn'] ?? /"alipay_cert_sn":"(\w+)"/.exec(String(raw))?.[1]
  return typeof said === 'string' ? said : undefined
}
