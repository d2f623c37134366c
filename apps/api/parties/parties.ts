/** The routes of parties. */
import type { FastifyInstance } from 'fastify'
import type { ApiOptions } from '../options.ts'
import { apiKeyRoutes } from './apiKeys.ts'
import { demoRoutes } from './demo.ts'
import { institutionRoutes } from './institutions.ts'
import { licenceRoutes } from './licences.ts'
import { merchantRoutes } from './merchants.ts'
import { personRoutes } from './people.ts'
import { seatRoutes } from './seats.ts'
import { watchRoutes } from './watch.ts'

export function partiesRoutes(app: FastifyInstance, options: ApiOptions): void {
  personRoutes(app, options)
  merchantRoutes(app, options)
  seatRoutes(app, options)
  institutionRoutes(app, options)
  licenceRoutes(app, options)
  demoRoutes(app, options)
  watchRoutes(app, options)
  apiKeyRoutes(app, options)
}
