/**
 * Who may touch what. Roles come from the contract's `by`, objects from its `on`. A thing that is not
 * yours is answered exactly like a thing that is not there.
 */
import type { Role, Route } from '@bursar/contract'
import { inCareOf } from '@bursar/custody'
import {
  holds,
  Refusal,
  type Actor,
  type Books,
  type InstitutionId,
  type Integrator,
  type MerchantId,
  type SeatRole,
} from '@bursar/kernel'
import type { FastifyRequest } from 'fastify'
import type { Refused } from './refusals.ts'
import { bringsKey } from './sessions.ts'

/** Whether this caller may know the object in the path. The parameters are not yet validated. */
export type Sees = (ask: {
  params: Readonly<Record<string, string>>
  actor: Actor | undefined
  integrator: Integrator | undefined
  request: FastifyRequest
}) => Promise<boolean> | boolean

const atMerchants: readonly Role[] = ['owner', 'staff']
/** The operator's people see every merchant; a bank and a supervisor those of the pools in their care. */
const atOperator: readonly Role[] = ['admin', 'reviewer']
const watching: readonly Role[] = ['custodian', 'supervisor']

/** The part of `by` that is seats of this kind. */
const seatsIn = (by: readonly Role[], kind: readonly Role[]): SeatRole[] =>
  by.filter(role => kind.includes(role)) as SeatRole[]

/**
 * What was looked for, undefined where it is not there. A question that got no answer (a connection that broke, a house
 * that is busy) is neither a yes nor a no, and is thrown.
 */
export async function found<T>(looking: Promise<T>): Promise<T | undefined> {
  try {
    return await looking
  } catch (error) {
    if (error instanceof Refusal && error.code.startsWith('no_such_')) return undefined
    throw error
  }
}

/** Runs before the body is read: a stranger cannot make us parse a megabyte. */
export async function admit(route: Route, request: FastifyRequest, sees?: Sees): Promise<void> {
  const { actor, integrator } = request
  if (bringsKey(request)) mustOpen(route, integrator)
  else if (!actor && !route.by.includes('guest')) throw new Refusal<Refused>('sign_in_first')
  if (actor && !mayCall(route, actor)) throw new Refusal<Refused>('not_allowed')
  const params = request.params as Readonly<Record<string, string>>
  // What no id can be, no question to the database is made of.
  if (Object.values(params).some(value => value.includes('\0')))
    throw new Refusal<Refused>('not_found')
  if (actor && route.on === 'merchant')
    await merchantRule(route, actor, params['merchant'] as MerchantId, request.server.house.books)
  if (integrator && route.on === 'merchant' && params['merchant'] !== integrator.merchant)
    throw new Refusal<Refused>('not_found')
  if (sees && !(await sees({ params, actor, integrator, request })))
    throw new Refusal<Refused>('not_found')
}

/** A key opens a route that names a scope, if the key has that scope. Nothing else. */
function mustOpen({ scope }: Route, integrator: Integrator | undefined): void {
  if (!integrator) throw new Refusal<Refused>('api_key_unknown')
  if (!scope) throw new Refusal<Refused>('not_for_api_keys')
  if (!integrator.scopes.includes(scope)) throw new Refusal<Refused>('scope_missing', { scope })
}

/** Every signed-in person is a consumer; the other roles are seats, held somewhere. */
function mayCall(route: Route, actor: Actor): boolean {
  if (route.by.includes('guest') || route.by.includes('consumer')) return true
  return holds(actor, route.by as readonly SeatRole[])
}

async function merchantRule(
  route: Route,
  actor: Actor,
  merchant: MerchantId,
  books: Books,
): Promise<void> {
  if (await sitsOver(books, actor, merchant, route.by)) return
  const seated = holds(actor, ['owner', 'staff'], merchant)
  throw new Refusal<Refused>(seated ? 'not_allowed' : 'not_found')
}

/** Whether one of these roles lets the caller touch what is this merchant's. */
export async function sitsOver(
  books: Books,
  actor: Actor,
  merchant: MerchantId,
  by: readonly Role[],
): Promise<boolean> {
  if (holds(actor, seatsIn(by, atOperator))) return true
  if (holds(actor, seatsIn(by, atMerchants), merchant)) return true
  return (await watched(books, actor, [merchant], seatsIn(by, watching))).has(merchant)
}

/** Which of these merchants this caller knows well: their own people, the operator, who watches their pool. */
export async function knownWell(
  books: Books,
  actor: Actor,
  merchants: readonly MerchantId[],
): Promise<ReadonlySet<MerchantId>> {
  if (holds(actor, atOperator as SeatRole[])) return new Set(merchants)
  const own = merchants.filter(one => holds(actor, atMerchants as SeatRole[], one))
  const cared = await watched(books, actor, merchants, watching as SeatRole[])
  return new Set([...own, ...cared])
}

function watched(
  books: Books,
  { seats }: Actor,
  merchants: readonly MerchantId[],
  roles: readonly SeatRole[],
): Promise<ReadonlySet<MerchantId>> {
  const at = seats
    .filter(({ role }) => roles.includes(role))
    .map(({ organisation }) => organisation as InstitutionId)
  return inCareOf(books, at, merchants)
}
