/** The cashier's routes, by who stands before them: the guest, and the merchant. */
import type { FastifyInstance } from 'fastify'
import type { ApiOptions } from '../options.ts'
import { bindingRoutes } from './bindings.ts'
import { catalogueRoutes } from './catalogue.ts'
import { deskRoutes } from './desk.ts'
import { docketRoutes } from './dockets.ts'
import { guestRoutes } from './guest.ts'
import { shiftRoutes } from './shifts.ts'

export function cashierRoutes(app: FastifyInstance, options: ApiOptions): void {
  guestRoutes(app, options)
  bindingRoutes(app, options)
  catalogueRoutes(app, options)
  deskRoutes(app, options)
  docketRoutes(app, options)
  shiftRoutes(app, options)
}
