/** Custody's routes, by who stands before them: the consumer, the merchant's till, the supervisor's desk. */
import type { FastifyInstance } from 'fastify'
import type { ApiOptions } from '../options.ts'
import { partRoutes } from './parts.ts'
import { poolRoutes } from './pools.ts'
import { proofRoutes } from './proof.ts'
import { purseRoutes } from './purses.ts'
import { spendRoutes } from './spends.ts'
import { suspenseRoutes } from './suspense.ts'
import { tillRoutes } from './till.ts'

export function custodyRoutes(app: FastifyInstance, options: ApiOptions): void {
  purseRoutes(app, options)
  spendRoutes(app, options)
  tillRoutes(app, options)
  poolRoutes(app, options)
  proofRoutes(app, options)
  suspenseRoutes(app, options)
  partRoutes(app, options)
}
