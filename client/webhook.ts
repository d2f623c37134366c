/** Whether a webhook is from Bursar: Standard Webhooks, over the raw body, within five minutes of now. */
import type { WebhookEvent } from '@bursar/contract'

export type { WebhookEvent } from '@bursar/contract'

type Sent = Readonly<{
  /** `whsec_…`. Any of its valid secrets will do while one follows another. */
  secret: string
  headers: Headers | Readonly<Record<string, string | string[] | undefined>>
  /** The bytes as they came: parsed and written again, they are others. */
  body: string
  now?: number
}>
/** `id` is the same however often it is sent: who has seen it, has heard it. */
export type Heard = Readonly<{ id: string; event: WebhookEvent }>

export class NotSigned extends Error {}

const toleranceSeconds = 300

export async function verifyWebhook({
  secret,
  headers,
  body,
  now = Date.now(),
}: Sent): Promise<Heard> {
  const header = (name: string) => {
    const value = headers instanceof Headers ? headers.get(name) : headers[name]
    if (typeof value !== 'string') throw new NotSigned(`${name} is missing`)
    return value
  }
  const [id, timestamp] = [header('webhook-id'), header('webhook-timestamp')]
  if (!/^\d{1,12}$/.test(timestamp)) throw new NotSigned('The timestamp is none')
  if (Math.abs(now / 1000 - Number(timestamp)) > toleranceSeconds)
    throw new NotSigned('It was sent more than five minutes from now')
  const key = await keyOf(secret)
  const said = new TextEncoder().encode(`${id}.${timestamp}.${body}`)
  for (const signature of header('webhook-signature').split(' ')) {
    const bytes = signature.startsWith('v1,') ? bytesOf(signature.slice(3)) : undefined
    // WebCrypto compares in constant time.
    if (bytes && (await crypto.subtle.verify('HMAC', key, bytes, said)))
      return { id, event: JSON.parse(body) as WebhookEvent }
  }
  throw new NotSigned('No signature fits')
}

async function keyOf(secret: string) {
  const raw = bytesOf(secret.replace(/^whsec_/, ''))
  if (!raw) throw new NotSigned('The secret is none')
  return crypto.subtle.importKey('raw', raw, { name: 'HMAC', hash: 'SHA-256' }, false, ['verify'])
}

function bytesOf(base64: string): Uint8Array<ArrayBuffer> | undefined {
  try {
    return Uint8Array.from(atob(base64), letter => letter.charCodeAt(0))
  } catch {
    return undefined
  }
}
