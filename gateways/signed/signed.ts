/**
 * One line to one counterparty: JSON over HTTP, both ways signed with Ed25519.
 *
 *   signature-key     which key signed
 *   signature-time    seconds since 1970
 *   signature-nonce   32 hexadecimal digits
 *   signature         base64 of Ed25519 over `time\nnonce\nbody\n`, body as the bytes on the wire
 *
 * An answer carries the nonce of its question, so that no old answer fits a new one; and the body
 * names its call, so that no question can be turned into another. Whatever is not a well-signed
 * answer (nothing, too late, HTML, a redirect, too much) is silence: the call may have been carried
 * out, and only asking again can tell.
 */
import { createPrivateKey, createPublicKey, randomBytes, sign, verify } from 'node:crypto'
import { Refusal } from '@bursar/kernel'
import type { Said } from './words.ts'

export { instantOf, moneyOf, textOf, type Said } from './words.ts'

export type Headers = Readonly<Record<string, string | readonly string[] | undefined>>
export type LineOptions = Readonly<{
  gateway: string
  url: string
  /** Ours, to sign with; PEM (PKCS 8). */
  ours: Readonly<{ id: string; privateKey: string }>
  /** Theirs, to check with; PEM (SPKI). */
  theirs: Readonly<{ id: string; publicKey: string }>
  /** How long we wait for an answer, in milliseconds. Default 5,000. */
  timeout?: number
  now?: () => Date
}>
export type Line = Readonly<{
  /** What they answered, or undefined: silence. */
  ask(call: string, what: Said): Promise<Said | undefined>
  /** What they told us, if it is they who said it, and now; else the Refusal `bad_signature`. */
  hear(headers: Headers, rawBody: Buffer): Said
}>

/** A notice is signed anew for each try, so an older one is no late retry. */
const windowSeconds = 600
const answerBytes = 256 * 1024
const nonceShape = /^[0-9a-f]{32}$/

export function openLine(options: LineOptions): Line {
  const { gateway, url, ours, theirs, timeout = 5_000, now = () => new Date() } = options
  const [privateKey, publicKey] = [
    createPrivateKey(ours.privateKey),
    createPublicKey(theirs.publicKey),
  ]
  const seconds = () => Math.floor(now().getTime() / 1000)

  function checked(
    headers: Headers,
    body: Buffer,
  ): { said: Said; nonce: string; signature: string } {
    const refuse = (reason: string) => new Refusal('bad_signature', { gateway, reason })
    const one = (name: string) => {
      const value = headers[name]
      if (typeof value !== 'string') throw refuse(`${name} is missing`)
      return value
    }
    const [time, nonce, signature] = [
      one('signature-time'),
      one('signature-nonce'),
      one('signature'),
    ]
    if (one('signature-key') !== theirs.id) throw refuse('unknown key')
    if (!/^\d{1,12}$/.test(time) || !nonceShape.test(nonce)) throw refuse('malformed')
    if (Math.abs(Number(time) - seconds()) > windowSeconds) throw refuse('not of now')
    if (!verify(null, signed(time, nonce, body), publicKey, Buffer.from(signature, 'base64')))
      throw refuse('does not fit')
    const said = parse(body)
    if (!said) throw refuse('not a JSON object')
    return { said, nonce, signature }
  }

  async function ask(call: string, what: Said): Promise<Said | undefined> {
    const body = Buffer.from(JSON.stringify({ call, ...what }))
    const [time, nonce] = [String(seconds()), randomBytes(16).toString('hex')]
    const signature = sign(null, signed(time, nonce, body), privateKey).toString('base64')
    const headers = headersOf(ours.id, time, nonce, signature)
    try {
      const signal = AbortSignal.timeout(timeout)
      const answer = await fetch(url, { method: 'POST', body, headers, signal, redirect: 'error' })
      const raw = await atMost(answer, answerBytes)
      const given = checked(Object.fromEntries(answer.headers), raw)
      return answer.status === 200 && given.nonce === nonce ? given.said : undefined
    } catch {
      return undefined
    }
  }

  const fresh = nonces(seconds)
  function hear(headers: Headers, rawBody: Buffer): Said {
    const { said, nonce, signature } = checked(headers, rawBody)
    if (!fresh(nonce, signature))
      throw new Refusal('bad_signature', { gateway, reason: 'nonce used before' })
    return said
  }

  return { ask, hear }
}

const headersOf = (key: string, time: string, nonce: string, signature: string) => ({
  'content-type': 'application/json',
  'signature-key': key,
  'signature-time': time,
  'signature-nonce': nonce,
  signature,
})

/** The same bytes again are a repetition, which the inbox makes harmless; a nonce reused is not. */
function nonces(seconds: () => number) {
  const heard = new Map<string, { signature: string; time: number }>()
  return (nonce: string, signature: string): boolean => {
    const known = heard.get(nonce)
    if (known) return known.signature === signature
    for (const [old, { time }] of heard) {
      if (seconds() - time <= 2 * windowSeconds) break
      heard.delete(old)
    }
    heard.set(nonce, { signature, time: seconds() })
    return true
  }
}

const signed = (time: string, nonce: string, body: Buffer): Buffer =>
  Buffer.concat([Buffer.from(`${time}\n${nonce}\n`), body, Buffer.from('\n')])

function parse(body: Buffer): Said | undefined {
  try {
    const said: unknown = JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(body))
    return said && typeof said === 'object' && !Array.isArray(said) ? (said as Said) : undefined
  } catch {
    return undefined
  }
}

/** Reads an answer, and lets go of one that is too long: an endless answer would fill the memory. */
async function atMost(answer: Response, limit: number): Promise<Buffer> {
  const parts: Uint8Array[] = []
  let length = 0
  for await (const part of answer.body ?? []) {
    length += part.length
    if (length > limit) throw new RangeError('The answer is too long.')
    parts.push(part)
  }
  return Buffer.concat(parts)
}
