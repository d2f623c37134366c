/**
 * A seat at an institution takes two people. An administrator nominates somebody; then
 *
 *   confirm    another administrator; at a bank or a supervisor, who sits there   open → confirmed
 *   accept     where there is nobody like that, the one who is nominated,
 *              after a day in which everybody at the institution could see it     open → accepted
 *   decline    the one who is nominated, an administrator, who sits there          open → declined
 *   withdraw   who nominated it                                                    open → withdrawn
 *
 * Nobody nominates themselves, and nobody confirms what they nominated. The day begins again when the seat of
 * somebody who could have confirmed ends: putting out one's colleague does not make one the last.
 */
import {
  Refusal,
  type Books,
  type Id,
  type InstitutionId,
  type PersonId,
  type Sql,
} from '@bursar/kernel'
import type { Refused } from './refusal.ts'
import { checkRole, insertSeat, type InstitutionRole } from './seats.ts'

export type NominationId = Id<'nom'>
export type NominationState = 'open' | 'confirmed' | 'accepted' | 'declined' | 'withdrawn'
export type NominationStep = keyof typeof steps
export type Nomination = Readonly<{
  id: NominationId
  institution: InstitutionId
  institutionName: string
  person: PersonId
  name: string
  role: InstitutionRole
  nominatedBy: PersonId
  nominator: string
  nominatedAt: Date
  state: NominationState
  endedBy: PersonId | null
  ender: string | null
  endedAt: Date | null
  /** From when the person may accept alone; null while somebody could confirm. */
  acceptableFrom: Date | null
  /** What the viewer may do with it now. */
  may: readonly NominationStep[]
}>

/** Where each step leads from `open`; there is no other way. */
const steps = {
  confirm: 'confirmed',
  accept: 'accepted',
  decline: 'declined',
  withdraw: 'withdrawn',
} as const satisfies Record<string, NominationState>
const seats: readonly NominationState[] = ['confirmed', 'accepted']

export type Nominating = Readonly<{
  id: NominationId
  institution: InstitutionId
  person: PersonId
  role: InstitutionRole
  by: PersonId
  at?: Date
}>

/** Nominating again what one has nominated changes nothing. */
export async function nominate(books: Books, ask: Nominating): Promise<Nomination> {
  const { id, institution, person, role, by, at = new Date() } = ask
  if (person === by) throw new Refusal<Refused>('own_seat', { field: 'login' })
  return await books.write(async ({ sql }) => {
    await checkRole(sql, institution, role)
    const held = await sql`
      select from parties.seat
      where organisation = ${institution} and person = ${person} and role = ${role} and ended_at is null`
    if (held.length) throw new Refusal<Refused>('already_seated', { person })
    await sql`
      insert into parties.nomination (id, institution, person, role, nominated_by, nominated_at)
      values (${id}, ${institution}, ${person}, ${role}, ${by}, ${at})
      on conflict (institution, person, role) where state = 'open' do nothing`
    const [open] = (await seen(sql, { viewer: by, institution, at })).filter(
      one => one.state === 'open' && one.person === person && one.role === role,
    )
    if (open?.nominatedBy !== by) throw new Refusal<Refused>('already_nominated', { person })
    return open
  })
}

export type Ending = Readonly<{
  nomination: NominationId
  step: NominationStep
  by: PersonId
  at?: Date
}>

/** Takes one step, and with a confirmation or an acceptance gives the seat. Taken again, it changes nothing. */
export async function decideNomination(books: Books, ask: Ending): Promise<Nomination> {
  const { nomination: id, step, by, at = new Date() } = ask
  return await books.write(async ({ sql }) => {
    await sql`select from parties.nomination where id = ${id} for update`
    const [held] = await seen(sql, { viewer: by, id, at })
    if (!held) throw new Refusal<Refused>('no_such_nomination', { id })
    const to = steps[step]
    if (held.state === to && held.endedBy === by) return held
    await checkStep(sql, held, ask, at)
    await sql`
      update parties.nomination set state = ${to}, ended_by = ${by}, ended_at = ${at} where id = ${id}`
    const { institution: organisation, person, role, nominatedBy } = held
    if (seats.includes(to))
      await insertSeat(sql, { organisation, person, role, by: nominatedBy, at })
    return (await seen(sql, { viewer: by, id, at }))[0]!
  })
}

async function checkStep(
  sql: Sql,
  held: Nomination,
  { step, by }: Ending,
  at: Date,
): Promise<void> {
  const { state, person, nominatedBy, acceptableFrom, may } = held
  if (state !== 'open') throw new Refusal<Refused>('step_out_of_order', { step, state })
  if (seats.includes(steps[step])) {
    const standing = await sql`
      select from parties.seat where person = ${nominatedBy} and role = 'admin' and ended_at is null`
    if (!standing.length) throw new Refusal<Refused>('nominator_left', { nominatedBy })
  }
  if (step === 'confirm' && (by === nominatedBy || by === person))
    throw new Refusal<Refused>('own_nomination', { step })
  if (step === 'accept' && by === person) {
    if (!acceptableFrom) throw new Refusal<Refused>('another_must_confirm', { step })
    if (at < acceptableFrom)
      throw new Refusal<Refused>('too_early_to_accept', { from: acceptableFrom })
  }
  if (!may.includes(step)) throw new Refusal<Refused>('no_say_in_it', { step })
}

type Look = Readonly<{
  viewer: PersonId
  institution?: InstitutionId
  id?: NominationId
  at?: Date
}>

/** What concerns this person: their own, those of where they sit, for an administrator all. Open ones first. */
export async function listNominations(books: Books, look: Look): Promise<Nomination[]> {
  return await seen(books.sql, look)
}

type Row = Omit<Nomination, 'may'> & Readonly<{ confirms: boolean; declines: boolean }>
async function seen(
  sql: Sql,
  { viewer, institution, id, at = new Date() }: Look,
): Promise<Nomination[]> {
  const rows = await sql<Row>`
    select p.id, p.institution, i.name as "institutionName", p.person, w.name, p.role,
      p.nominated_by as "nominatedBy", b.name as nominator, p.nominated_at as "nominatedAt", p.state,
      p.ended_by as "endedBy", e.name as ender, p.ended_at as "endedAt",
      viewer.confirms, viewer.declines,
      case when p.state = 'open' and not others.could
           then greatest(p.nominated_at, others.last_ended) + interval '24 hours' end as "acceptableFrom"
    from parties.nomination p
    join parties.institution i on i.id = p.institution
    join parties.person w on w.id = p.person
    join parties.person b on b.id = p.nominated_by
    left join parties.person e on e.id = p.ended_by
    cross join lateral (
      select count(*) > 0 as declines,
        coalesce(bool_or(s.role = 'admin' or i.kind <> 'operator'), false) as confirms
      from parties.seat s
      where s.person = ${viewer} and s.ended_at is null
        and (s.role = 'admin' or s.organisation = p.institution)) viewer
    cross join lateral (
      select coalesce(bool_or(s.ended_at is null), false) as could, max(s.ended_at) as last_ended
      from parties.seat s
      where s.person not in (p.nominated_by, p.person)
        and (s.role = 'admin' or i.kind <> 'operator' and s.organisation = p.institution)) others
    where (${institution ?? null}::text is null or p.institution = ${institution ?? null})
      and (${id ?? null}::text is null or p.id = ${id ?? null})
      and (p.person = ${viewer} or p.nominated_by = ${viewer} or viewer.declines)
    order by p.state <> 'open', coalesce(p.ended_at, p.nominated_at) desc, p.id limit 200`
  return rows.map(row => {
    const { confirms: _, declines: __, ...nomination } = row
    return { ...nomination, may: mayOf(row, viewer, at) }
  })
}

function mayOf(row: Row, viewer: PersonId, at: Date): NominationStep[] {
  const { state, person, nominatedBy, acceptableFrom, confirms, declines } = row
  if (state !== 'open') return []
  if (viewer === nominatedBy) return ['withdraw']
  if (viewer === person && acceptableFrom && acceptableFrom <= at) return ['accept', 'decline']
  if (viewer !== person && confirms) return ['confirm', 'decline']
  return viewer === person || declines ? ['decline'] : []
}
