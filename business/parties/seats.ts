/**
 * Institutions, and who has a seat where. What a seat allows is written in the contract, route by
 * route; here stands only which seats there are, and that a merchant never loses its last owner. One person
 * alone gives a seat at a merchant; at an institution it takes two (nominations.ts).
 */
import {
  Refusal,
  type Books,
  type InstitutionId,
  type MerchantId,
  type PersonId,
  type SeatRole,
  type Sql,
} from '@bursar/kernel'
import { personByLogin } from './people.ts'
import type { Refused } from './refusal.ts'

export type InstitutionKind = 'operator' | 'bank' | 'supervisor'
export type Institution = Readonly<{
  id: InstitutionId
  kind: InstitutionKind
  name: string
  foundedAt: Date
}>
export type MerchantRole = 'owner' | 'staff'
export type InstitutionRole = Exclude<SeatRole, MerchantRole>
export type Seated = Readonly<{ person: PersonId; name: string; role: SeatRole; givenAt: Date }>

/** Which roles an institution of each kind can give. */
export const rolesOf = {
  operator: ['admin', 'reviewer'],
  bank: ['custodian'],
  supervisor: ['supervisor'],
} as const satisfies Record<InstitutionKind, readonly InstitutionRole[]>

type Founding = Omit<Institution, 'foundedAt'> & Readonly<{ at?: Date }>
export async function foundInstitution(books: Books, ask: Founding): Promise<Institution> {
  return await insertInstitution(books.sql, ask)
}

export async function insertInstitution(
  sql: Sql,
  { id, kind, name, at = new Date() }: Founding,
): Promise<Institution> {
  await sql`
    insert into parties.institution (id, kind, name, founded_at) values (${id}, ${kind}, ${name}, ${at})
    on conflict (id) do nothing`
  const [known] = await sql<Institution>`
    select id, kind, name, founded_at as "foundedAt" from parties.institution where id = ${id}`
  if (known?.kind !== kind || known.name !== name)
    throw new Refusal<Refused>('id_already_used', { id })
  return known
}

export async function listInstitutions(books: Books): Promise<Institution[]> {
  return await books.sql<Institution>`
    select id, kind, name, founded_at as "foundedAt" from parties.institution order by id limit 1000`
}

type Giving = Readonly<{ person: PersonId; by: PersonId | null; at?: Date }>
export type Appointment = Giving &
  Readonly<{ institution: InstitutionId; role: InstitutionRole; by: null }>

/** The installation's own doing: a demo's founding. People seat people by a nomination (nominations.ts). */
export async function appoint(books: Books, ask: Appointment): Promise<void> {
  const { institution, person, role, by, at = new Date() } = ask
  await checkRole(books.sql, institution, role)
  await insertSeat(books.sql, { organisation: institution, person, role, by, at })
}

/** An institution of each kind has its own seats. */
export async function checkRole(
  sql: Sql,
  institution: InstitutionId,
  role: InstitutionRole,
): Promise<void> {
  const [held] = await sql<{ kind: InstitutionKind }>`
    select kind from parties.institution where id = ${institution}`
  if (!held) throw new Refusal<Refused>('no_such_institution', { id: institution })
  if (!(rolesOf[held.kind] as readonly InstitutionRole[]).includes(role))
    throw new Refusal<Refused>('wrong_seat', { field: 'role', role, kind: held.kind })
}

/** Gives a seat at a merchant. */
export async function seat(
  books: Books,
  ask: Giving & Readonly<{ merchant: MerchantId; role: MerchantRole }>,
): Promise<void> {
  const { merchant, person, role, by, at = new Date() } = ask
  await insertSeat(books.sql, { organisation: merchant, person, role, by, at })
}

/**
 * Seats whoever has this login, at a merchant that trades. The merchant is looked at first: an
 * applicant, whom nobody has looked at yet, must not learn who has a phone number, nor whether anybody has.
 */
export async function seatByLogin(
  books: Books,
  ask: Readonly<{ merchant: MerchantId; login: string; role: MerchantRole; by: PersonId }>,
): Promise<Seated> {
  const { merchant, login, role, by } = ask
  const [held] = await books.sql<{ state: string }>`
    select state from parties.merchant where id = ${merchant}`
  if (held?.state !== 'active')
    throw new Refusal<Refused>('merchant_not_open', { merchant, state: held?.state })
  const { id: person } = await personByLogin(books, login)
  await seat(books, { merchant, person, role, by })
  const seats = await seatsAt(books, merchant)
  return seats.find(one => one.person === person && one.role === role)!
}

type Seating = Readonly<{
  organisation: MerchantId | InstitutionId
  person: PersonId
  role: SeatRole
  by: PersonId | null
  at: Date
}>
export async function insertSeat(
  sql: Sql,
  { organisation, person, role, by, at }: Seating,
): Promise<void> {
  await sql`
    insert into parties.seat (organisation, person, role, given_by, given_at)
    values (${organisation}, ${person}, ${role}, ${by}, ${at})
    on conflict (organisation, person, role) where ended_at is null do nothing`
}

export type Leaving = Readonly<{
  organisation: MerchantId | InstitutionId
  person: PersonId
  by: PersonId
  at?: Date
}>

/** Ends all of a person's seats at an organisation. The last owner or admin stays. */
export async function unseat(
  books: Books,
  { organisation, person, by, at = new Date() }: Leaving,
): Promise<void> {
  await books.write(async tx => {
    const seats = await tx.sql<{ person: PersonId; role: SeatRole }>`
      select person, role from parties.seat
      where organisation = ${organisation} and ended_at is null
      order by person, role for update`
    const leaves = seats.filter(one => one.person === person)
    if (!leaves.length) throw new Refusal<Refused>('not_seated', { person })
    const stays = seats.filter(one => one.person !== person)
    for (const head of ['owner', 'admin'] as const)
      if (leaves.some(one => one.role === head) && !stays.some(one => one.role === head))
        throw new Refusal<Refused>('last_owner', { role: head })
    await tx.sql`
      update parties.seat set ended_at = greatest(${at}::timestamptz, given_at), ended_by = ${by}
      where organisation = ${organisation} and person = ${person} and ended_at is null`
  })
}

/** Who sits at an organisation now. */
export async function seatsAt(
  books: Books,
  organisation: MerchantId | InstitutionId,
): Promise<Seated[]> {
  return await books.sql<Seated>`
    select s.person, p.name, s.role, s.given_at as "givenAt"
    from parties.seat s join parties.person p on p.id = s.person
    where s.organisation = ${organisation} and s.ended_at is null
    order by s.given_at, s.person limit 1000`
}

export type Held = Readonly<{
  role: SeatRole
  organisation: MerchantId | InstitutionId
  name: string
}>

/** A person's seats with the names of the places: what the person sees after signing in. */
export async function seatsOf(books: Books, person: PersonId): Promise<Held[]> {
  return await books.sql<Held>`
    select s.role, s.organisation, coalesce(m.name, i.name) as name
    from parties.seat s
    left join parties.merchant m on m.id = s.organisation
    left join parties.institution i on i.id = s.organisation
    where s.person = ${person} and s.ended_at is null
    order by s.given_at, s.role`
}
