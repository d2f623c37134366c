/** The routes of merchants' own programs: orders, endpoints, the log of events. */
import type { FastifyInstance } from 'fastify'
import type { ApiOptions } from '../options.ts'
import { orderRoutes } from './orders.ts'
import { webhookRoutes } from './webhooks.ts'

export function integratorRoutes(app: FastifyInstance, options: ApiOptions): void {
  orderRoutes(app, options)
  webhookRoutes(app, options)
}
