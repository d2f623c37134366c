/** Notices' routes, by who stands before them: the merchant, the owner with its terminals, and a terminal itself. */
import type { FastifyInstance } from 'fastify'
import type { ApiOptions } from '../options.ts'
import { deskRoutes } from './desk.ts'
import { ownRoutes } from './own.ts'
import { terminalRoutes } from './terminals.ts'

export function noticeRoutes(app: FastifyInstance, options: ApiOptions): void {
  deskRoutes(app, options)
  terminalRoutes(app, options)
  ownRoutes(app, options)
}
