/**
 * Asks the API, typed by the contract. Three ends: an answer; a refusal, which is definite and says
 * what to do; or *unknown*, when no answer came and the server may or may not have acted. Only a
 * money command cares about the difference, and wish.ts keeps its key until the end is definite.
 */
import type { BodyOf, ParamsOf, Problem, QueryOf, ReplyOf, Route } from '@bursar/contract'
import { languageNow } from './language.ts'

type Part<Name extends string, T> = keyof T extends never
  ? { [K in Name]?: undefined }
  : object extends T
    ? { [K in Name]?: T }
    : { [K in Name]: T }
export type Ask<R extends Route> = Part<'params', ParamsOf<R>> &
  Part<'query', QueryOf<R>> &
  Part<'body', BodyOf<R>>
type Loose = { params?: unknown; query?: unknown; body?: unknown }

export type Ending = 'refused' | 'unknown' | 'offline'
export class Failure extends Error {
  readonly ending: Ending
  readonly problem: Problem | undefined
  readonly status: number
  constructor(ending: Ending, status = 0, problem?: Problem) {
    super(problem?.detail ?? problem?.title ?? ending)
    this.ending = ending
    this.status = status
    this.problem = problem
  }
}

/** 20 s: a money command that has not answered by then is shown as unknown, not as failed. */
const patience = 20_000
const tags = new Map<string, { tag: string; reply: unknown }>()

export async function call<R extends Route>(
  route: R,
  ask: Ask<R>,
  { key, signal }: { key?: string | undefined; signal?: AbortSignal } = {},
): Promise<ReplyOf<R>> {
  const url = urlOf(route, ask)
  const known = route.method === 'GET' ? tags.get(url) : undefined
  const headers: Record<string, string> = {
    accept: 'application/json',
    'accept-language': languageNow(),
  }
  if (key) headers['idempotency-key'] = key
  if (known) headers['if-none-match'] = known.tag
  const { body } = ask as Loose
  const hasBody = body !== undefined && route.method !== 'GET'
  if (hasBody) headers['content-type'] = 'application/json'
  const response = await send(url, {
    method: route.method,
    headers,
    ...(hasBody ? { body: JSON.stringify(body) } : {}),
    signal: signal
      ? AbortSignal.any([signal, AbortSignal.timeout(patience)])
      : AbortSignal.timeout(patience),
  })
  if (response.status === 304 && known) return known.reply as ReplyOf<R>
  if (!response.ok) throw await failureOf(response)
  if (response.status === 204) return undefined as ReplyOf<R>
  const reply: unknown = await response.json().catch(() => {
    throw new Failure('unknown', response.status)
  })
  const tag = response.headers.get('etag')
  if (tag && route.method === 'GET') remember(url, tag, reply)
  return reply as ReplyOf<R>
}

async function send(url: string, init: RequestInit): Promise<Response> {
  try {
    return await fetch(url, { credentials: 'same-origin', ...init })
  } catch (error) {
    if (error instanceof DOMException && error.name === 'AbortError') throw error
    throw new Failure(navigator.onLine ? 'unknown' : 'offline')
  }
}

async function failureOf(response: Response): Promise<Failure> {
  const told = response.headers.get('content-type')?.includes('problem+json')
  const problem = told
    ? ((await response.json().catch(() => undefined)) as Problem | undefined)
    : undefined
  const definite = problem !== undefined && (response.status < 500 || problem.code === 'busy')
  return new Failure(definite ? 'refused' : 'unknown', response.status, problem)
}

/** Keeps the last 50 tagged answers: enough for every page that polls. */
function remember(url: string, tag: string, reply: unknown): void {
  tags.delete(url)
  tags.set(url, { tag, reply })
  const oldest = tags.keys().next()
  if (tags.size > 50 && !oldest.done) tags.delete(oldest.value)
}

/** Nobody sees the last person's answers: called when the person changes. */
export const forgetAll = () => tags.clear()

export function urlOf<R extends Route>(route: R, ask: Ask<R>): string {
  const { params, query } = ask as {
    params?: Record<string, string>
    query?: Record<string, unknown>
  }
  const path = route.path.replace(/:([a-zA-Z]+)/g, (_, name: string) =>
    encodeURIComponent(params?.[name] ?? ''),
  )
  const search = new URLSearchParams()
  for (const [name, value] of Object.entries(query ?? {}))
    if (value !== undefined && value !== '') search.set(name, String(value))
  const tail = search.toString()
  return tail ? `${path}?${tail}` : path
}
