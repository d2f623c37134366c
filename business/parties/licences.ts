/**
 * The operator's own licence to keep balances that are good at more than one merchant. It takes two people:
 *
 *   enter      an administrator of the operator's                         → entered
 *   approve    somebody else who sits there         entered  → approved
 *   reject     somebody else who sits there, why    entered  → rejected
 *   withdraw   who entered it                       entered  → withdrawn
 *   revoke     anybody who sits there, why          approved → revoked
 *
 * To end one takes one person, at once; to have it back takes two. What was entered is never changed: a licence
 * that is renewed is entered anew. Whether one holds says the database, by its own clock.
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

export type LicenceId = Id<'lic'>
export type LicenceKind = 'stored_value_account' | 'multi_purpose_prepaid_card'
export type LicenceState = 'entered' | 'approved' | 'rejected' | 'withdrawn' | 'revoked'
export type LicenceStep = keyof typeof steps
type Paper = Readonly<{
  kind: LicenceKind
  number: string
  /** Days in Shanghai; the last one counts. */
  validFrom: string
  validTo: string
  /** SHA-256 of its picture. */
  paper: string | null
}>
export type Licence = Paper &
  Readonly<{
    id: LicenceId
    operator: InstitutionId
    state: LicenceState
    enteredBy: PersonId
    enterer: string
    enteredAt: Date
    decidedBy: PersonId | null
    decider: string | null
    decidedAt: Date | null
    revoker: string | null
    revokedAt: Date | null
    reason: string | null
    /** Whether it is what platform scope stands on, now. */
    holds: boolean
    /** What the viewer may do with it now. */
    may: readonly LicenceStep[]
  }>

const steps = {
  approve: { from: 'entered', to: 'approved' },
  reject: { from: 'entered', to: 'rejected' },
  withdraw: { from: 'entered', to: 'withdrawn' },
  revoke: { from: 'approved', to: 'revoked' },
} as const satisfies Record<string, { from: LicenceState; to: LicenceState }>

/** By the database's clock. What the tables refuse by, too. */
export async function platformScopeIsLawful({ sql }: Pick<Books, 'sql'>): Promise<boolean> {
  const [row] = await sql<{ lawful: boolean }>`
    select parties.platform_scope_is_lawful() as lawful`
  return row!.lawful
}

export type Entering = Paper & Readonly<{ id: LicenceId; operator: InstitutionId; by: PersonId }>

/** Entering again what was entered changes nothing. */
export async function enterLicence(books: Books, ask: Entering): Promise<Licence> {
  const { id, operator, by, kind, number, validFrom, validTo, paper } = ask
  if (validTo < validFrom) throw new Refusal<Refused>('licence_ends_early', { field: 'validTo' })
  return await books.write(async ({ sql }) => {
    await mustSit(sql, operator, by, ['admin'])
    const [made] = await sql`
      insert into parties.operator_licence
        (id, operator, kind, number, valid_from, valid_to, paper, entered_by)
      values (${id}, ${operator}, ${kind}, ${number}, ${validFrom}, ${validTo}, ${paper}, ${by})
      on conflict do nothing returning id`
    const [known] = await seen(sql, by, id)
    if (!known) throw new Refusal<Refused>('licence_entered', { number })
    if (!made && !same(known, ask)) throw new Refusal<Refused>('id_already_used', { id })
    return known
  })
}

const same = (known: Licence, ask: Entering) =>
  known.enteredBy === ask.by &&
  (['operator', 'kind', 'number', 'validFrom', 'validTo', 'paper'] as const).every(
    field => known[field] === ask[field],
  )

async function mustSit(
  sql: Sql,
  operator: InstitutionId,
  person: PersonId,
  roles: readonly string[],
): Promise<void> {
  const [held] = await sql<{ kind: string; sits: boolean }>`
    select kind, exists (
      select from parties.seat s where s.organisation = i.id and s.person = ${person}
        and s.role = any(${roles}::text[]) and s.ended_at is null) as sits
    from parties.institution i where i.id = ${operator}`
  if (held?.kind !== 'operator') throw new Refusal<Refused>('no_such_institution', { id: operator })
  if (!held.sits) throw new Refusal<Refused>('licence_of_another', { operator })
}

export type LicenceDecision = Readonly<{
  licence: LicenceId
  step: LicenceStep
  reason?: string | undefined
  by: PersonId
}>

/** Taken again by the same person, a step changes nothing. */
export async function decideLicence(books: Books, ask: LicenceDecision): Promise<Licence> {
  const { licence: id, step, by } = ask
  const { from, to } = steps[step]
  const needs = step === 'reject' || step === 'revoke'
  const reason = needs ? ask.reason?.trim() || null : null
  if (needs && !reason) throw new Refusal<Refused>('reason_missing', { field: 'reason' })
  return await books.write(async ({ sql }) => {
    const [held] = await sql<{
      state: LicenceState
      hand: PersonId | null
      operator: InstitutionId
      enteredBy: PersonId
    }>`
      select state, coalesce(revoked_by, decided_by) as hand, operator, entered_by as "enteredBy"
      from parties.operator_licence where id = ${id} for update`
    if (!held) throw new Refusal<Refused>('no_such_licence', { licence: id })
    if (held.state === to && held.hand === by) return (await seen(sql, by, id))[0]!
    if (held.state !== from)
      throw new Refusal<Refused>('step_out_of_order', { step, state: held.state })
    await mustSit(sql, held.operator, by, ['admin', 'reviewer'])
    if (step !== 'revoke' && (step === 'withdraw') !== (by === held.enteredBy))
      throw new Refusal<Refused>(step === 'withdraw' ? 'licence_of_another' : 'own_licence', {
        step,
      })
    if (step === 'revoke')
      await sql`
        update parties.operator_licence
        set state = ${to}, revoked_by = ${by}, revoked_at = clock_timestamp(), reason = ${reason}
        where id = ${id}`
    else
      await sql`
        update parties.operator_licence
        set state = ${to}, decided_by = ${by}, decided_at = clock_timestamp(), reason = ${reason}
        where id = ${id}`
    return (await seen(sql, by, id))[0]!
  })
}

/** All that were ever entered; what waits and what stands before what has ended. */
export async function listLicences({ sql }: Books, viewer: PersonId): Promise<Licence[]> {
  return await seen(sql, viewer)
}

type Row = Omit<Licence, 'may'> & Readonly<{ sits: boolean }>
async function seen(sql: Sql, viewer: PersonId, id: LicenceId | null = null): Promise<Licence[]> {
  const rows = await sql<Row>`
    select l.id, l.operator, l.kind, l.number, l.valid_from::text as "validFrom",
      l.valid_to::text as "validTo", l.paper, l.state, l.entered_by as "enteredBy",
      e.name as enterer, l.entered_at as "enteredAt", l.decided_by as "decidedBy",
      d.name as decider, l.decided_at as "decidedAt", r.name as revoker,
      l.revoked_at as "revokedAt", l.reason,
      l.state = 'approved' and (clock_timestamp() at time zone 'Asia/Shanghai')::date
        between l.valid_from and l.valid_to as holds,
      exists (select from parties.seat s
        where s.organisation = l.operator and s.person = ${viewer} and s.ended_at is null) as sits
    from parties.operator_licence l
    join parties.person e on e.id = l.entered_by
    left join parties.person d on d.id = l.decided_by
    left join parties.person r on r.id = l.revoked_by
    where ${id}::text is null or l.id = ${id}
    order by l.state not in ('entered', 'approved'), l.id desc limit 200`
  return rows.map(({ sits, ...row }) => ({ ...row, may: sits ? mayOf(row, viewer) : [] }))
}

function mayOf({ state, enteredBy }: Omit<Row, 'sits'>, viewer: PersonId): LicenceStep[] {
  if (state === 'approved') return ['revoke']
  if (state !== 'entered') return []
  return viewer === enteredBy ? ['withdraw'] : ['approve', 'reject']
}
