/** Every route of the contract, by the name it has there. */
import * as contract from '@bursar/contract'
import type { Route } from '@bursar/contract'

const isRoute = (value: unknown): value is Route =>
  typeof value === 'object' &&
  value !== null &&
  'path' in value &&
  'method' in value &&
  'by' in value

const said: readonly (readonly [string, unknown])[] = Object.entries(contract)
export const routes = said.filter((entry): entry is readonly [string, Route] => isRoute(entry[1]))

const names = new Map(routes.map(([name, route]) => [route, name]))

export const nameOf = (route: Route): string => {
  const name = names.get(route)
  if (!name) throw new Error(`${route.method} ${route.path} is not in the contract`)
  return name
}
