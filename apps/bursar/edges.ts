/**
 * Where we meet the network: the origin that people know, the proxies before us, who may read the figures.
 * What is malformed stops the start with one sentence: a wrong origin would refuse every change, and a wrong
 * proxy would let a caller choose the address that we count.
 */
import net from 'node:net'
import { Hindrance } from '@bursar/database'

/** Nothing but scheme, host and port: what a browser writes into `Origin`. */
export function originOf(text: string | undefined): string | undefined {
  if (text === undefined) return undefined
  const url = URL.canParse(text) ? new URL(text) : undefined
  const isOrigin = url && /^https?:$/.test(url.protocol) && [url.origin, url.href].includes(text)
  if (!isOrigin || url.href !== `${url.origin}/`)
    throw new Hindrance(
      `"${text}" is not an origin. PUBLIC_ORIGIN is how a browser writes it: https://pay.example.`,
    )
  return url.origin
}

/** Addresses, or networks as address/bits, with commas between them. */
export function proxiesOf(text: string | undefined): readonly string[] | undefined {
  if (text === undefined) return undefined
  const proxies = text.split(',').map(one => one.trim())
  for (const one of proxies)
    if (!isNetwork(one))
      throw new Hindrance(
        `"${one}" is not an address of a proxy. TRUSTED_PROXY lists them: 10.0.0.2,10.1.0.0/16.`,
      )
  return proxies
}

/** Nobody trusts everybody: a network of no bits is the whole internet. */
function isNetwork(text: string): boolean {
  const [address = '', bits, ...more] = text.split('/')
  const family = net.isIP(address)
  if (family === 0 || more.length > 0) return false
  const most = family === 4 ? 32 : 128
  return bits === undefined || (/^[1-9]\d{0,2}$/.test(bits) && Number(bits) <= most)
}

export function hostOf(
  text: string | undefined,
  origin: string | undefined,
  lan: boolean,
): string | undefined {
  if (text === undefined) return undefined
  if (net.isIP(text) === 0)
    throw new Hindrance(`"${text}" is not an address to listen at, like 0.0.0.0 or 10.0.0.5.`)
  if (lan) throw new Hindrance('--lan listens everywhere by itself: leave out --host.')
  if (origin === undefined)
    throw new Hindrance(
      '--host needs --origin: without it no page from elsewhere could change anything.',
    )
  return text
}

/** A short one could be guessed: nothing counts how often somebody tries. */
export function tokenOf(text: string | undefined): string | undefined {
  if (text !== undefined && !/^[\x21-\x7e]{20,200}$/.test(text))
    throw new Hindrance('METRICS_TOKEN must have 20 to 200 visible letters, without spaces.')
  return text
}
