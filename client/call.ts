/** One call, typed by its route: the key, the tries, and the three ways that it can end. */
import type { BodyOf, ParamsOf, Problem, QueryOf, ReplyOf, Route } from '@bursar/contract'

export type Options = Readonly<{
  /** Where Bursar is: `https://pay.example`. */
  url: string
  /** `bk_…` */
  apiKey: string
  fetch?: typeof globalThis.fetch
  /** How often in all. */
  tries?: number
  /** Milliseconds for one try. The server answers within ten seconds. */
  within?: number
  /** Milliseconds before the second try; then twice as long each time. */
  pause?: number
  language?: 'zh-CN' | 'en'
}>
export type Ask<R extends Route> = Readonly<{
  params: ParamsOf<R>
  query?: QueryOf<R>
  body?: BodyOf<R>
  /** Of a money command. */
  key?: string
}>

/** A definite no. `code` is stable, `message` is for people. */
export class Refused extends Error {
  readonly code: string
  readonly status: number
  readonly problem: Problem
  constructor(problem: Problem) {
    super(problem.detail ?? problem.title)
    this.code = problem.code
    this.status = problem.status
    this.problem = problem
  }
}

/** No answer came: it may have been done. Asked again with this key, it is done once. */
export class Unknown extends Error {
  readonly key: string | undefined
  constructor(key: string | undefined, cause: unknown) {
    super('No answer came', { cause })
    this.key = key
  }
}

const maySettle = (status: number) => status === 429 || status >= 500

export async function call<R extends Route>(
  options: Options,
  route: R,
  ask: Ask<R>,
): Promise<ReplyOf<R>> {
  const { tries = 4, pause = 250 } = options
  const key = route.money ? (ask.key ?? uuid7()) : undefined
  let last: unknown
  for (let n = 1; n <= tries; n++) {
    let wait = pause * 2 ** (n - 1) * (0.5 + Math.random())
    try {
      const response = await send(options, route, ask, key)
      if (response.ok) return (response.status === 204 ? undefined : await response.json()) as never
      const problem = await problemOf(response)
      if (problem && !maySettle(response.status)) throw new Refused(problem)
      last = problem ? new Refused(problem) : new Error(`Answered ${response.status}`)
      wait = Math.max(wait, Number(response.headers.get('retry-after') ?? 0) * 1000)
    } catch (error) {
      if (error instanceof Refused) throw error
      last = error
    }
    if (n < tries) await new Promise(resolve => setTimeout(resolve, wait))
  }
  // Too many requests is definite: nothing was done.
  if (last instanceof Refused && last.status === 429) throw last
  throw new Unknown(key, last)
}

async function send<R extends Route>(
  { url, apiKey, fetch = globalThis.fetch, within = 15_000, language = 'en' }: Options,
  { method, path }: R,
  { params, query, body }: Ask<R>,
  key: string | undefined,
): Promise<Response> {
  const ids = params as Readonly<Record<string, string>>
  const at = path.replace(/:(\w+)/g, (_, name: string) => encodeURIComponent(ids[name] ?? ''))
  const asked = new URL(at, url)
  for (const [name, value] of Object.entries((query ?? {}) as object))
    if (value !== undefined) asked.searchParams.set(name, String(value))
  return await fetch(asked, {
    method,
    headers: {
      accept: 'application/json',
      'accept-language': language,
      authorization: `Bearer ${apiKey}`,
      ...(key !== undefined && { 'idempotency-key': key }),
      ...(body !== undefined && { 'content-type': 'application/json' }),
    },
    ...(body !== undefined && { body: JSON.stringify(body) }),
    redirect: 'error',
    signal: AbortSignal.timeout(within),
  })
}

async function problemOf(response: Response): Promise<Problem | undefined> {
  if (!response.headers.get('content-type')?.startsWith('application/problem+json'))
    return undefined
  return (await response.json()) as Problem
}

/** A key whose time comes first, so that what it names sorts by when it was wished. */
export function uuid7(now = Date.now()): string {
  const bytes = crypto.getRandomValues(new Uint8Array(16))
  const view = new DataView(bytes.buffer)
  view.setUint16(0, Math.floor(now / 2 ** 32))
  view.setUint32(2, now % 2 ** 32)
  bytes[6] = (bytes[6]! & 0x0f) | 0x70
  bytes[8] = (bytes[8]! & 0x3f) | 0x80
  const hex = [...bytes].map(byte => byte.toString(16).padStart(2, '0')).join('')
  return hex.replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, '$1-$2-$3-$4-$5')
}
