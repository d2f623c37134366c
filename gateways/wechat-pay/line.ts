/**
 * Asking WeChat Pay, by its SDK: it signs what we say, and believes an answer only if the platform signed it.
 *
 *   2xx, signed               an answer
 *   4xx with a code           a "no", but for the codes that decide nothing
 *   5xx, HTML, too late …     silence: it may have been done, and only asking again can tell
 *
 * An answer that is signed with a certificate that we do not know yet is asked for again, once, when we know it.
 */
import { Wechatpay } from 'wechatpay-axios-plugin'
import { openPlatformKeys, type Listed, type PlatformKeys } from './certificates.ts'
import type { Settings } from './settings.ts'

export type Said = Readonly<Record<string, unknown>>
export type Heard = Readonly<{ said: Said } | { declined: string }> | undefined
export type Question = Readonly<{
  method: 'GET' | 'POST'
  url: string
  params?: Readonly<Record<string, string>>
  data?: Said
}>
export type Line = Readonly<{
  /** `patience`: how many times as long as usual we wait. */
  ask(question: Question, patience?: number): Promise<Heard>
  /** The bytes of a long answer, which nobody signs: a hash of it was told before. */
  stream(question: Question): Promise<AsyncIterable<Uint8Array> | undefined>
  platform: PlatformKeys
}>

/** They say that the platform is busy, or that it is we who are not let in: about the wish itself, nothing. */
const undecided: ReadonlySet<string> = new Set([
  ...['SYSTEM_ERROR', 'SYSTEMERROR', 'BANK_ERROR', 'BANKERROR', 'USERPAYING', 'SIGN_ERROR'],
  ...['FREQUENCY_LIMITED', 'FREQUENCY_LIMIT_EXCEED', 'RATELIMIT_EXCEEDED', 'RATE_LIMIT_EXCEEDED'],
])
const answerBytes = 256 * 1024
const billPatience = 600_000

export function openLine(settings: Settings, timeout: number, now: () => Date): Line {
  const { mchid, merchant, apiV3Key, publicKey, urls } = settings
  const baseURL = `${urls?.pay ?? 'https://api.mch.weixin.qq.com'}/`

  /** Made for each call: the keys of both sides may have changed since the last. */
  function client(certs: PlatformKeys['known']) {
    const { serial, privateKey } = merchant()
    // The SDK wants at least one key; a name without a key fits no signature.
    const keys = { none: undefined, ...certs() }
    const made = new Wechatpay({ mchid, serial, privateKey, certs: keys, baseURL } as never)
    return made.client.v3
  }
  const asked = (question: Question, patience: number) => ({
    ...{ ...question, maxRedirects: 0, proxy: false as const },
    signal: AbortSignal.timeout(patience),
    ...(publicKey && { headers: { 'Wechatpay-Serial': publicKey.id } }),
  })

  async function list(): Promise<Listed | undefined> {
    try {
      const question = asked({ method: 'GET', url: 'v3/certificates' }, timeout)
      const raw = {
        ...question,
        responseType: 'arraybuffer' as const,
        maxContentLength: answerBytes,
      }
      const answer = await client(() => ({})).request({ ...raw, transformResponse: [] })
      return { headers: answer.headers as Listed['headers'], body: answer.data as Buffer }
    } catch {
      return undefined
    }
  }
  const platform = openPlatformKeys({ apiV3Key, list, now, ...(publicKey && { publicKey }) })

  async function ask(question: Question, patience: number, again = true): Promise<Heard> {
    try {
      const more = { maxContentLength: answerBytes }
      const answer = await client(platform.known).request({
        ...asked(question, timeout * patience),
        ...more,
      })
      return { said: objectOf(answer.data) ?? {} }
    } catch (error) {
      const { code, status, said } = toldBy(error)
      if (code === 'EV3_RES_HEADER_PLATFORM_SERIAL' && again && (await platform.renew()))
        return ask(question, patience, false)
      const declined = status >= 400 && status < 500 ? said?.['code'] : undefined
      return typeof declined === 'string' && !undecided.has(declined) ? { declined } : undefined
    }
  }

  async function stream(question: Question): Promise<AsyncIterable<Uint8Array> | undefined> {
    try {
      const more = { responseType: 'stream' as const }
      const answer = await client(platform.known).request({
        ...asked(question, billPatience),
        ...more,
      })
      return answer.data as AsyncIterable<Uint8Array>
    } catch {
      return undefined
    }
  }

  return { ask: (question, patience = 1) => ask(question, patience), stream, platform }
}

function toldBy(error: unknown): { code: string; status: number; said: Said | undefined } {
  const { code, response } = error as {
    code?: string
    response?: { status: number; data: unknown }
  }
  return { code: code ?? '', status: response?.status ?? 0, said: objectOf(response?.data) }
}

const objectOf = (value: unknown): Said | undefined =>
  value && typeof value === 'object' && !Array.isArray(value) ? (value as Said) : undefined
