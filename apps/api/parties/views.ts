/** Parties as they go over the wire. */
import type * as wire from '@bursar/contract'
import type { Books, PersonId, SessionId } from '@bursar/kernel'
import {
  personOf,
  seatsOf,
  type Merchant,
  type MerchantStep,
  type Outlet,
  type Till,
  type Person,
  type Nomination,
  type Seated,
  type Institution,
} from '@bursar/parties'

export const institutionRoles = ['admin', 'reviewer', 'custodian', 'supervisor'] as const

export const personView = ({
  id,
  name,
  phone,
  email,
  locale,
  registeredAt,
}: Person): wire.Person => ({
  id,
  name,
  ...(phone && { phone }),
  ...(email && { email }),
  locale,
  registeredAt: registeredAt.toISOString(),
})

export async function meView(books: Books, person: PersonId, session: SessionId): Promise<wire.Me> {
  const [who, seats] = await Promise.all([personOf(books, person), seatsOf(books, person)])
  return { person: personView(who), session, seats }
}

export function merchantView(merchant: Merchant, whole: boolean): wire.Merchant {
  const { id, name, trade, address, state, confirmsSpends } = merchant
  const plain = { id, name, trade, address, state, confirmsSpends }
  if (!whole) return plain
  const { licence, representative, payee, appliedBy, appliedAt } = merchant
  return { ...plain, licence, representative, payee, appliedBy, appliedAt: appliedAt.toISOString() }
}

export const stepView = ({ name, state, takenBy, reason, takenAt }: MerchantStep) => ({
  name,
  state,
  takenBy,
  takenAt: takenAt.toISOString(),
  ...(reason && { reason }),
})

export const outletView = (
  { openedAt, ...outlet }: Outlet,
  tills: readonly Till[],
): wire.Outlet => ({
  ...outlet,
  openedAt: openedAt.toISOString(),
  tills: tills.filter(one => one.outlet === outlet.id).map(tillView),
})
export const tillView = ({ id, outlet, name, openedAt, closedAt, formerly }: Till): wire.Till => ({
  ...{ id, outlet, name, openedAt: openedAt.toISOString() },
  ...(closedAt && { closedAt: closedAt.toISOString() }),
  ...(formerly.length > 0 && {
    formerly: formerly.map(one => ({ ...one, until: one.until.toISOString() })),
  }),
})

export const seatedView = ({ person, name, role, givenAt }: Seated): wire.Seated => ({
  person,
  name,
  role,
  givenAt: givenAt.toISOString(),
})

export const institutionView = ({ foundedAt, ...institution }: Institution): wire.Institution => ({
  ...institution,
  foundedAt: foundedAt.toISOString(),
})

export function nominationView(nomination: Nomination): wire.Nomination {
  const { nominatedAt, endedBy, ender, endedAt, acceptableFrom, may, ...plain } = nomination
  return {
    ...plain,
    nominatedAt: nominatedAt.toISOString(),
    ...(endedBy && { endedBy }),
    ...(ender && { ender }),
    ...(endedAt && { endedAt: endedAt.toISOString() }),
    ...(acceptableFrom && { acceptableFrom: acceptableFrom.toISOString() }),
    may: [...may],
  }
}
