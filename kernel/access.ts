/** Who is asking: a person, in a session, with seats; or a merchant's program, by its API key. */
import type { ApiKeyId, InstitutionId, MerchantId, PersonId, SessionId } from './ids.ts'

/** A seat at a merchant (owner, staff), or at an institution (the others). */
export type SeatRole = 'owner' | 'staff' | 'admin' | 'reviewer' | 'custodian' | 'supervisor'
export type Seat = Readonly<{ role: SeatRole; organisation: MerchantId | InstitutionId }>
export type Actor = Readonly<{ person: PersonId; session: SessionId; seats: readonly Seat[] }>

/** What an API key may be used for. */
export const scopes = [
  'orders:read',
  'orders:write',
  'spends:read',
  'refunds:write',
  'events:read',
] as const
export type Scope = (typeof scopes)[number]
/** A merchant's own program. It has no seat: its scopes are all that it may do, at its merchant alone. */
export type Integrator = Readonly<{
  apiKey: ApiKeyId
  merchant: MerchantId
  scopes: readonly Scope[]
}>
/** Whose hand a step was: a person's, or a program's. */
export type Hand = PersonId | ApiKeyId

/** Whether the actor holds one of these roles, at this organisation if one is named. */
export const holds = (
  actor: Actor,
  roles: readonly SeatRole[],
  organisation?: MerchantId | InstitutionId,
): boolean =>
  actor.seats.some(
    seat =>
      roles.includes(seat.role) &&
      (organisation === undefined || seat.organisation === organisation),
  )
