/**
 * The session's cookie. Over https, and on this very machine, it is `__Host-session`: Secure, so never
 * sent in clear, and bound to this host and path by its name. Plain http from elsewhere (a trial in a
 * closed network) cannot carry it: there it is called `session`.
 *
 * And the Origin check: a change must come from a page of ours. A program sends no Origin; a browser
 * always does, or says in Sec-Fetch-Site that it comes from elsewhere.
 *
 * A merchant's own program brings an API key instead, as `Authorization: Bearer bk_…`. No browser sends that by
 * itself, so it needs no Origin; and where it is, cookies count for nothing.
 */
import { Refusal } from '@bursar/kernel'
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { placeOf } from './place.ts'
import type { Refused } from './refusals.ts'

const days90 = 90 * 24 * 3600
const loopback = /^(localhost|127(\.\d{1,3}){3}|\[::1\])$/

function styleOf(request: FastifyRequest) {
  const secure = request.server.house.secure || loopback.test(request.hostname)
  return { name: secure ? '__Host-session' : 'session', secure }
}

export function giveCookie(request: FastifyRequest, reply: FastifyReply, token: string): void {
  const { name, secure } = styleOf(request)
  reply.setCookie(name, token, {
    path: '/',
    httpOnly: true,
    sameSite: 'lax',
    secure,
    maxAge: days90,
  })
}

export function takeCookie(request: FastifyRequest, reply: FastifyReply): void {
  const { name, secure } = styleOf(request)
  reply.clearCookie(name, { path: '/', httpOnly: true, sameSite: 'lax', secure })
}

/** Basic is a proxy's own door, and none of ours. */
export const bringsKey = ({ headers }: FastifyRequest): boolean =>
  /^bearer /i.test(headers.authorization ?? '')

export function knowSessions(app: FastifyInstance): void {
  app.addHook('onRequest', async request => {
    const place = placeOf(request)
    if (!place.startsWith('/v1/') || place.startsWith('/v1/gateways/')) return
    const { authorization } = request.headers
    if (authorization !== undefined && bringsKey(request))
      return await knowKey(request, authorization)
    checkOrigin(request)
    const token = request.cookies[styleOf(request).name]
    if (token && token.length <= 64) request.actor = await request.server.house.actors.of(token)
  })
  // Whatever changes a session or a seat is felt by the next request. What was refused changed nothing, and
  // a stranger's refused requests must not make us ask again for everybody.
  app.addHook('onSend', (request, { statusCode }, payload, done) => {
    const refused = statusCode >= 400 && statusCode < 500
    if (!refused && request.method !== 'GET' && placeOf(request).startsWith('/v1/parties/'))
      for (const known of [app.house.actors, app.house.integrators]) known.forget()
    done(null, payload)
  })
}

/** What is no key of ours opens nothing; admission says so, once the address has been counted. */
async function knowKey(request: FastifyRequest, authorization: string): Promise<void> {
  const [, secret] = /^Bearer (bk_[\w-]{1,80})$/i.exec(authorization) ?? []
  if (secret) request.integrator = await request.server.house.integrators.of(secret)
}

function checkOrigin(request: FastifyRequest): void {
  if (request.method === 'GET' || request.method === 'HEAD') return
  const { origin, 'sec-fetch-site': site } = request.headers
  const ours = origin === undefined ? undefined : request.server.house.origins.has(origin)
  const elsewhere = site !== undefined && site !== 'same-origin' && site !== 'none'
  if (ours === false || (ours === undefined && elsewhere))
    throw new Refusal<Refused>('foreign_origin')
}
