/**
 * How often one may ask. By person once signed in, by key where a program asks, by address before; opening a session or an account
 * has a tighter one of its own. Counted per process, in windows of a minute; what must survive a
 * restart (wrong passwords) is counted in the database by parties.
 */
import { Refusal } from '@bursar/kernel'
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { placeOf } from './place.ts'
import type { Refused } from './refusals.ts'

/** Requests per minute; and merchants' screens that one person has open at once, at this server. */
export type Limits = Readonly<Record<Policy | 'screens', number>>
type Policy = 'person' | 'key' | 'address' | 'door'
export const usualLimits: Limits = { person: 600, key: 600, address: 300, door: 30, screens: 12 }

const window = 60_000
/** Beyond so many callers in a minute the oldest are forgotten: 100,000 take about 10 MB. */
const remembered = 100_000
/** What opens a door: dear, because a password is hashed. */
const doors: ReadonlySet<string> = new Set([
  'POST /v1/parties/sessions',
  'POST /v1/parties/people',
  'POST /v1/parties/set-up',
])

export function limitRequests(app: FastifyInstance, limits: Limits): void {
  const counts = new Map<string, { used: number; ends: number }>()

  function count(key: string, now: number): { used: number; ends: number } {
    const known = counts.get(key)
    if (known && known.ends > now) return (known.used++, known)
    const fresh = { used: 1, ends: now + window }
    counts.delete(key)
    counts.set(key, fresh)
    if (counts.size > remembered) counts.delete(counts.keys().next().value!)
    return fresh
  }

  app.addHook('onRequest', (request, reply, done) => {
    const place = placeOf(request)
    if (!place.startsWith('/v1/') || place.startsWith('/v1/gateways/')) return done()
    const policy = policyOf(request)
    const key = subjectOf(request, policy)
    const { used, ends } = count(key, Date.now())
    const left = Math.max(0, limits[policy] - used)
    const seconds = Math.max(1, Math.ceil((ends - Date.now()) / 1000))
    tell(reply, policy, limits[policy], left, seconds)
    if (used > limits[policy])
      return done(new Refusal<Refused>('too_many_requests', { retryAfter: seconds }))
    done()
  })
}

function policyOf(request: FastifyRequest): Policy {
  if (doors.has(`${request.method} ${request.routeOptions.url}`)) return 'door'
  if (request.integrator) return 'key'
  return request.actor ? 'person' : 'address'
}

function subjectOf(request: FastifyRequest, policy: Policy): string {
  if (policy === 'key') return request.integrator!.apiKey
  return policy === 'person' ? request.actor!.person : `${policy} ${request.ip}`
}

/** The header fields of the IETF draft on rate limits. */
function tell(
  reply: FastifyReply,
  policy: string,
  most: number,
  left: number,
  seconds: number,
): void {
  if (!Number.isFinite(most)) return
  reply.header('ratelimit-policy', `"${policy}";q=${most};w=${window / 1000}`)
  reply.header('ratelimit', `"${policy}";r=${left};t=${seconds}`)
}
