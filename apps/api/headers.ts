/**
 * What every answer says to the browser about itself. Styles may be inline because the pages' styles are
 * made by a script (antd); scripts may not, and WebAssembly may run because it reads the QR codes.
 */
import { createHash } from 'node:crypto'
import helmet from '@fastify/helmet'
import type { FastifyInstance } from 'fastify'

export async function guardBrowsers(app: FastifyInstance, secure: boolean): Promise<void> {
  await app.register(helmet, {
    contentSecurityPolicy: {
      useDefaults: false,
      directives: {
        defaultSrc: ["'self'"],
        scriptSrc: ["'self'", "'wasm-unsafe-eval'"],
        styleSrc: ["'self'", "'unsafe-inline'"],
        imgSrc: ["'self'", 'data:', 'blob:'],
        fontSrc: ["'self'", 'data:'],
        mediaSrc: ["'self'", 'blob:'],
        workerSrc: ["'self'", 'blob:'],
        objectSrc: ["'none'"],
        baseUri: ["'none'"],
        formAction: ["'self'"],
        frameAncestors: ["'none'"],
      },
    },
    strictTransportSecurity: secure && { maxAge: 365 * 24 * 3600, includeSubDomains: true },
    referrerPolicy: { policy: 'same-origin' },
    crossOriginEmbedderPolicy: false,
    xFrameOptions: { action: 'deny' },
  })
  app.addHook('onRequest', (request, reply, done) => {
    reply.header(
      'permissions-policy',
      'camera=(self), microphone=(), geolocation=(), payment=(), usb=()',
    )
    reply.header('x-request-id', request.id)
    if (isApi(request.url)) reply.header('cache-control', 'no-store')
    done()
  })
}

/** A read that is polled says what it was, and 304 when it still is. */
export function tagReads(app: FastifyInstance): void {
  app.addHook('onSend', (request, reply, payload, done) => {
    const tagged =
      request.method === 'GET' && reply.statusCode === 200 && typeof payload === 'string'
    if (!tagged || !isApi(request.url)) return done(null, payload)
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
