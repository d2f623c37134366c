/**
 * What every answer says to the browser about itself; written out once, because it never differs. Styles
 * may be inline because the pages' styles are made by a script (antd); scripts may not, and WebAssembly
 * may run because it reads the QR codes. An answer of the interface is no page: it may load nothing.
 */
import { createHash } from 'node:crypto'
import type { FastifyInstance } from 'fastify'
import { placeOf } from './place.ts'

const everywhere = {
  'x-content-type-options': 'nosniff',
  'x-frame-options': 'DENY',
  'referrer-policy': 'same-origin',
  'cross-origin-opener-policy': 'same-origin',
  'cross-origin-resource-policy': 'same-origin',
  'permissions-policy': 'camera=(self), microphone=(self), geolocation=(), payment=(), usb=()',
}
const ofApi = {
  ...everywhere,
  'cache-control': 'no-store',
  'content-security-policy': "default-src 'none'; frame-ancestors 'none'",
}
const ofPages = {
  ...everywhere,
  'content-security-policy': [
    "default-src 'self'",
    "script-src 'self' 'wasm-unsafe-eval'",
    "style-src 'self' 'unsafe-inline'",
    "img-src 'self' data: blob:",
    "font-src 'self' data:",
    "media-src 'self' blob:",
    "worker-src 'self' blob:",
    "object-src 'none'",
    "base-uri 'none'",
    "form-action 'self'",
    "frame-ancestors 'none'",
  ].join('; '),
}
const aYear = { 'strict-transport-security': 'max-age=31536000; includeSubDomains' }

export function guardBrowsers(app: FastifyInstance, secure: boolean): void {
  const always = secure ? aYear : {}
  const [api, pages] = [
    { ...ofApi, ...always },
    { ...ofPages, ...always },
  ]
  app.addHook('onRequest', (request, reply, done) => {
    reply.headers(isApi(placeOf(request)) ? api : pages).header('x-request-id', request.id)
    done()
  })
}

/** A read that is polled says what it was, and 304 when it still is. */
export function tagReads(app: FastifyInstance): void {
  app.addHook('onSend', (request, reply, payload, done) => {
    const whole = typeof payload === 'string' || Buffer.isBuffer(payload)
    const tagged = request.method === 'GET' && reply.statusCode === 200 && whole
    if (!tagged || !isApi(placeOf(request))) return done(null, payload)
    const tag = `"${createHash('sha256').update(payload).digest('base64url').slice(0, 27)}"`
    reply.header('etag', tag).header('vary', 'accept, accept-language')
    const known = request.headers['if-none-match']
      ?.split(',')
      .some(one => one.trim().replace(/^W\//, '') === tag)
    if (!known) return done(null, payload)
    reply.code(304).removeHeader('content-type')
    done(null, null)
  })
}

const isApi = (url: string): boolean => url.startsWith('/v1/')
