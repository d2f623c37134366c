/** Whether the process lives, and whether it can serve: two questions with two answers. */
import type { FastifyInstance } from 'fastify'
import type { ApiOptions } from './options.ts'

export function tellHealth(app: FastifyInstance, { books, ready }: ApiOptions): void {
  app.get('/healthz', () => ({ status: 'ok' }))
  app.get('/readyz', async (request, reply) => {
    const database = await books.sql`select 1 as one`.then(
      () => true,
      (error: unknown) => (
        request.log.error({ err: error }, 'the database does not answer'),
        false
      ),
    )
    const checks = { database, ...(await ready?.()) }
    const all = Object.values(checks).every(Boolean)
    return reply.code(all ? 200 : 503).send({ status: all ? 'ready' : 'not ready', checks })
  })
}
