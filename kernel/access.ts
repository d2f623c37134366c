/** Who is asking: a person, in a session, with the seats that person holds. */
import type { InstitutionId, MerchantId, PersonId, SessionId } from './ids.ts'

/** A seat at a merchant (owner, staff), or at an institution (the others). */
export type SeatRole = 'owner' | 'staff' | 'admin' | 'reviewer' | 'custodian' | 'supervisor'
export type Seat = Readonly<{ role: SeatRole; organisation: MerchantId | InstitutionId }>
export type Actor = Readonly<{ person: PersonId; session: SessionId; seats: readonly Seat[] }>

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
