/**
 * Where a request goes: the address of its route, since the same one can be written in many ways (`/%761/…`), and
 * who writes it otherwise must not come in past the counters. What has no route goes where it says.
 */
import type { FastifyRequest } from 'fastify'

export function placeOf({ routeOptions, url }: FastifyRequest): string {
  return routeOptions.url?.startsWith('/v1/') ? routeOptions.url : url
}
