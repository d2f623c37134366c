/**
 * Who may read the figures. With a token, whoever brings it; without one, this machine alone: and not what
 * comes through a proxy on this machine, whose address says nothing about who asks.
 */
import { createHash, timingSafeEqual } from 'node:crypto'
import { Refusal } from '@bursar/kernel'
import type { FastifyInstance, FastifyRequest } from 'fastify'
import type { ApiOptions } from './options.ts'
import type { Refused } from './refusals.ts'

export function tellMetrics(app: FastifyInstance, { metricsToken: token }: ApiOptions): void {
  const { metrics } = app.house
  app.get('/metrics', async (request, reply) => {
    if (token !== undefined && !brings(request, token)) {
      reply.header('www-authenticate', 'Bearer')
      throw new Refusal<Refused>('token_missing')
    }
    if (token === undefined && !isHere(request)) throw new Refusal<Refused>('not_found')
    return reply.type(metrics.contentType).send(await metrics.metrics())
  })
}

const digest = (text: string): Buffer => createHash('sha256').update(text).digest()
const brings = ({ headers }: FastifyRequest, token: string): boolean =>
  timingSafeEqual(digest(headers.authorization ?? ''), digest(`Bearer ${token}`))

const isHere = ({ socket, headers }: FastifyRequest): boolean =>
  /^(127\.|::1$|::ffff:127\.)/.test(socket.remoteAddress ?? '') &&
  headers['x-forwarded-for'] === undefined &&
  headers['forwarded'] === undefined
