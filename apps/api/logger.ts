/** One line of JSON a request, without what could sign somebody in or says who they are. */
import { pino, type DestinationStream, type Logger } from 'pino'
import type { FastifyInstance } from 'fastify'

const secret = [
  'cookie',
  'authorization',
  'password',
  'old',
  'new',
  'token',
  'secret',
  'code',
  'phone',
  'email',
  'login',
]
const anywhere = secret.flatMap(name => [name, `*.${name}`, `*.*.${name}`])

export function openLogger(level = 'info', to?: DestinationStream): Logger {
  const redact = { paths: [...anywhere, '*.headers["set-cookie"]'], censor: '…' }
  const serializers = { err: plain }
  return pino(
    { level, redact, serializers, base: null, timestamp: pino.stdTimeFunctions.isoTime },
    to,
  )
}

/** Only what says where the fault is: a database's error also quotes the row that it refused. */
const plain = (error: Error & { code?: unknown }) => ({
  type: error.name,
  message: error.message,
  code: error.code,
  stack: error.stack,
})

/** The route, not the address: what people search for stands in the query. */
export function logRequests(app: FastifyInstance): void {
  app.addHook('onResponse', (request, reply, done) => {
    const { method, routeOptions, actor, integrator, ip } = request
    const ms = Math.round(reply.elapsedTime * 10) / 10
    const line = {
      method,
      route: routeOptions.url ?? 'none',
      status: reply.statusCode,
      ms,
      person: actor?.person,
      apiKey: integrator?.apiKey,
      ip,
    }
    request.log.info(line, 'answered')
    done()
  })
}
