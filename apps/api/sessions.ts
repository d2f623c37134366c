/**
 * The session's cookie. Over https, and on this very machine, it is `__Host-session`: Secure, so never
 * sent in clear, and bound to this host and path by its name. Plain http from elsewhere (a trial in a
 * closed network) cannot carry it: there it is called `session`.
 *
 * And the Origin check: a change must come from a page of ours. A program sends no Origin; a browser
 * always does, or says in Sec-Fetch-Site that it comes from elsewhere.
 */
import { Refusal } from '@bursar/kernel'
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
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

export function knowSessions(app: FastifyInstance): void {
  app.addHook('onRequest', async request => {
    if (!request.url.startsWith('/v1/') || request.url.startsWith('/v1/gateways/')) return
    checkOrigin(request)
    const token = request.cookies[styleOf(request).name]
    if (token && token.length <= 64) request.actor = await request.server.house.actors.of(token)
  })
  // Whatever changes a session or a seat is felt by the next request. What was refused changed nothing, and
  // a stranger's refused requests must not make us ask again for everybody.
  app.addHook('onSend', (request, { statusCode }, payload, done) => {
    const refused = statusCode >= 400 && statusCode < 500
    if (!refused && request.method !== 'GET' && request.url.startsWith('/v1/parties/'))
      app.house.actors.forget()
    done(null, payload)
  })
}

function checkOrigin(request: FastifyRequest): void {
  if (request.method === 'GET' || request.method === 'HEAD') return
  const { origin, 'sec-fetch-site': site } = request.headers
  const ours = origin === undefined ? undefined : request.server.house.origins.has(origin)
  const elsewhere = site !== undefined && site !== 'same-origin' && site !== 'none'
  if (ours === false || (ours === undefined && elsewhere))
    throw new Refusal<Refused>('foreign_origin')
}
