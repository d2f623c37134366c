/**
 * Who may touch what. Roles come from the contract's `by`, objects from its `on`. A thing that is not
 * yours is answered exactly like a thing that is not there.
 */
import type { Role, Route } from '@bursar/contract'
import { holds, Refusal, type Actor, type MerchantId, type SeatRole } from '@bursar/kernel'
import type { FastifyRequest } from 'fastify'
import type { Refused } from './refusals.ts'

/** Whether this caller may know the object in the path. The parameters are not yet validated. */
export type Sees = (ask: {
  params: Readonly<Record<string, string>>
  actor: Actor | undefined
}) => Promise<boolean> | boolean

const atMerchants: readonly Role[] = ['owner', 'staff']
const atInstitutions: readonly Role[] = ['admin', 'reviewer', 'custodian', 'supervisor']

/** The part of `by` that is seats of this kind. */
const seatsIn = (by: readonly Role[], kind: readonly Role[]): SeatRole[] =>
  by.filter(role => kind.includes(role)) as SeatRole[]

/** Runs before the body is read: a stranger cannot make us parse a megabyte. */
export async function admit(route: Route, request: FastifyRequest, sees?: Sees): Promise<void> {
  const { actor } = request
  if (!actor && !route.by.includes('guest')) throw new Refusal<Refused>('sign_in_first')
  if (actor && !mayCall(route, actor)) throw new Refusal<Refused>('not_allowed')
  const params = request.params as Readonly<Record<string, string>>
  if (actor && route.on === 'merchant') merchantRule(route, actor, params['merchant'] as MerchantId)
  if (sees && !(await sees({ params, actor }))) throw new Refusal<Refused>('not_found')
}

/** Every signed-in person is a consumer; the other roles are seats, held somewhere. */
function mayCall(route: Route, actor: Actor): boolean {
  if (route.by.includes('guest') || route.by.includes('consumer')) return true
  return holds(actor, route.by as readonly SeatRole[])
}

function merchantRule(route: Route, actor: Actor, merchant: MerchantId): void {
  if (holds(actor, seatsIn(route.by, atInstitutions))) return
  if (holds(actor, seatsIn(route.by, atMerchants), merchant)) return
  const seated = holds(actor, ['owner', 'staff'], merchant)
  throw new Refusal<Refused>(seated ? 'not_allowed' : 'not_found')
}
