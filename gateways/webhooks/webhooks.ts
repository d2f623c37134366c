/**
 * The courier: one POST to an address that a merchant has named. It trusts neither the address nor what answers there.
 */
import { lookup, type LookupAddress } from 'node:dns'
import { request as overHttp, type IncomingMessage, type RequestOptions } from 'node:http'
import { request as overHttps } from 'node:https'
import { isIP, type LookupFunction } from 'node:net'
import type { Answer, Courier, Message } from '@bursar/integrators/courier'
import { isPublic } from './addresses.ts'
import { headersOf } from './signature.ts'

export type CourierOptions = Readonly<{
  /** Of a demo: http, and any address at all. */
  open?: boolean
  /** Milliseconds for everything. */
  within?: number
  /** How names are resolved. */
  resolve?: typeof lookup
}>

const tenSeconds = 10_000
const answerBytes = 1024

class PrivateAddress extends Error {}

export function openCourier({
  open = false,
  within = tenSeconds,
  resolve = lookup,
}: CourierOptions = {}): Courier {
  const takes = (text: string) => {
    const url = URL.canParse(text) ? new URL(text) : undefined
    if (!url || url.username || url.password || url.hash) return false
    if (open) return url.protocol === 'https:' || url.protocol === 'http:'
    return url.protocol === 'https:' && !isOurs(url) && /\.|:/.test(url.hostname)
  }
  const guarded: LookupFunction = (name, options, done) =>
    resolve(name, { ...options, all: true }, (error, found) => {
      if (error) return done(error, '')
      const addresses = found as LookupAddress[]
      // One private address among them, and the name is not to be trusted with any.
      if (!open && addresses.some(({ address }) => !isPublic(address)))
        return done(new PrivateAddress(name), '')
      const [first] = addresses
      return options.all ? done(null, addresses) : done(null, first!.address, first!.family)
    })

  return {
    takes,
    async send(message) {
      const url = URL.canParse(message.url) ? new URL(message.url) : undefined
      if (!url || !takes(message.url))
        return { error: url && isOurs(url) ? 'private_address' : 'address_not_allowed' }
      try {
        return await post(url, message, guarded, AbortSignal.timeout(within))
      } catch (error) {
        return { error: errorOf(error as Error) }
      }
    },
  }
}

/** An address that stands in the URL itself is never looked up. */
function isOurs({ hostname }: URL): boolean {
  const bare = hostname.replace(/^\[|\]$/g, '')
  return isIP(bare) !== 0 && !isPublic(bare)
}

function errorOf(error: Error): NonNullable<Answer['error']> {
  if (error instanceof PrivateAddress) return 'private_address'
  return error.name === 'TimeoutError' || error.name === 'AbortError' ? 'timed_out' : 'not_reached'
}

function post(
  url: URL,
  message: Message,
  guarded: LookupFunction,
  signal: AbortSignal,
): Promise<Answer> {
  const { promise, resolve, reject } = Promise.withResolvers<Answer>()
  const body = Buffer.from(message.body)
  const options: RequestOptions = {
    method: 'POST',
    lookup: guarded,
    signal,
    // A connection of its own: none is kept that was made when the name said something else.
    agent: false,
    headers: {
      'content-type': 'application/json',
      'content-length': body.length,
      'user-agent': 'Bursar-Webhooks/1',
      ...headersOf(message),
    },
  }
  const asked = (url.protocol === 'https:' ? overHttps : overHttp)(url, options, reply => {
    readSome(reply).then(
      answer => resolve({ status: reply.statusCode!, answer }),
      // The status has come: that is the answer, however the rest went, unless time ran out.
      error => (signal.aborted ? reject(error as Error) : resolve({ status: reply.statusCode! })),
    )
  })
  asked.on('error', error => reject(signal.aborted ? (signal.reason as Error) : error))
  asked.end(body)
  return promise
}

/** The first kilobyte; then the line is cut. */
async function readSome(reply: IncomingMessage): Promise<string> {
  const parts: Buffer[] = []
  let bytes = 0
  for await (const part of reply) {
    parts.push(part as Buffer)
    bytes += (part as Buffer).length
    if (bytes >= answerBytes) break
  }
  reply.destroy()
  return Buffer.concat(parts).subarray(0, answerBytes).toString()
}
