import assert from 'node:assert/strict'
import { before, test } from 'node:test'
import { connected } from '@bursar/database'
import { newId, type InstitutionId, type PersonId } from '@bursar/kernel'
import {
  appoint,
  decideNomination,
  foundInstitution,
  listNominations,
  nominate,
  seatsOf,
  unseat,
  type InstitutionKind,
  type InstitutionRole,
  type NominationStep,
} from './parties.ts'
import { useParties } from './testing.ts'

const town = useParties()
/** A demo may live in another time, and so in a day that goes by at once. */
before(async () => {
  await town.db.ready
  await connected(town.db.ownerUrl, on => on.sql`insert into ledger.demo default values`)
})
const begun = new Date('2026-03-02T09:00:00Z')
const later = (hours: number) => new Date(begun.getTime() + hours * 3_600_000)

async function institution(kind: InstitutionKind): Promise<InstitutionId> {
  const id = newId('ins')
  await foundInstitution(town.books, { id, kind, name: kind, at: begun })
  return id
}
/** Somebody whom the installation itself has seated. */
async function seated(at: InstitutionId, role: InstitutionRole): Promise<PersonId> {
  const { id } = await town.person(role)
  await appoint(town.books, { institution: at, person: id, role, by: null, at: begun })
  return id
}
const asked = async (at: InstitutionId, role: InstitutionRole, by: PersonId) => {
  const { id: person } = await town.person('新人')
  const ask = { id: newId('nom'), institution: at, person, role, by, at: begun }
  return { person, ask, nomination: (await nominate(town.books, ask)).id }
}
const take = (
  nomination: `nom_${string}`,
  step: NominationStep,
  by: PersonId,
  at: Date = later(1),
) => decideNomination(town.books, { nomination, step, by, at })
/** Other tests have administrators too: they are gone, so that somebody can be alone. */
const nobodyElse = () => connected(town.db.ownerUrl, on => on.sql`delete from parties.seat`)
async function operator() {
  const at = await institution('operator')
  return { at, one: await seated(at, 'admin'), two: await seated(at, 'admin') }
}

test('one administrator nominates who shall sit at the operator, and another one confirms', async () => {
  const { at, one, two } = await operator()
  const { person, nomination } = await asked(at, 'reviewer', one)
  assert.deepEqual(await seatsOf(town.books, person), [], 'a nomination is no seat')
  await assert.rejects(take(nomination, 'confirm', one), { code: 'own_nomination' })
  await assert.rejects(take(nomination, 'confirm', person), { code: 'own_nomination' })
  await Promise.all([take(nomination, 'confirm', two), take(nomination, 'confirm', two)])
  assert.deepEqual(await seatsOf(town.books, person), [
    { role: 'reviewer', organisation: at, name: 'operator' },
  ])
  const [known] = await listNominations(town.books, { viewer: one, institution: at })
  assert.deepEqual(
    [known!.state, known!.nominatedBy, known!.endedBy, known!.may],
    ['confirmed', one, two, []],
  )
  await assert.rejects(take(nomination, 'decline', person), { code: 'step_out_of_order' })
})

test('nobody nominates themselves, who is seated is not nominated, and one seat is nominated once', async () => {
  const { at, one, two } = await operator()
  const { person, ask, nomination } = await asked(at, 'reviewer', one)
  const again = await nominate(town.books, { ...ask, id: newId('nom') })
  assert.equal(again.id, nomination, 'asking twice is asking once')
  const by = (who: PersonId, of = person) =>
    nominate(town.books, { ...ask, id: newId('nom'), by: who, person: of })
  await assert.rejects(by(two), { code: 'already_nominated' })
  await assert.rejects(by(two, two), { code: 'own_seat' })
  await take(nomination, 'confirm', two)
  await assert.rejects(by(one), { code: 'already_seated' })
  await assert.rejects(nominate(town.books, { ...ask, role: 'custodian' }), { code: 'wrong_seat' })
})

test('at a bank whoever sits there confirms; a reviewer of the operator does not', async () => {
  const { at, one } = await operator()
  const bank = await institution('bank')
  const [banker, reviewer] = [await seated(bank, 'custodian'), await seated(at, 'reviewer')]
  const { person, nomination } = await asked(bank, 'custodian', one)
  await assert.rejects(take(nomination, 'confirm', reviewer), { code: 'no_such_nomination' })
  await take(nomination, 'confirm', banker)
  assert.equal((await seatsOf(town.books, person))[0]?.role, 'custodian')
  const second = await asked(at, 'reviewer', one)
  await assert.rejects(take(second.nomination, 'confirm', banker), { code: 'no_such_nomination' })
  await assert.rejects(take(second.nomination, 'confirm', reviewer), { code: 'no_say_in_it' })
  await take(second.nomination, 'decline', reviewer)
})

test('where nobody could confirm, who is nominated accepts after a day that everybody could see', async () => {
  await nobodyElse()
  const at = await institution('operator')
  const [alone, reviewer] = [await seated(at, 'admin'), await seated(at, 'reviewer')]
  const { person, nomination } = await asked(at, 'admin', alone)
  const [shown] = await listNominations(town.books, { viewer: reviewer, at: later(1) })
  assert.deepEqual([shown!.acceptableFrom, shown!.may], [later(24), ['decline']])
  await assert.rejects(take(nomination, 'accept', person, later(23.9)), {
    code: 'too_early_to_accept',
  })
  await assert.rejects(take(nomination, 'accept', alone, later(30)), { code: 'no_say_in_it' })
  await take(nomination, 'accept', person, later(24))
  assert.equal((await seatsOf(town.books, person))[0]?.role, 'admin')
  const third = await asked(at, 'admin', alone)
  await assert.rejects(take(third.nomination, 'accept', third.person, later(99)), {
    code: 'another_must_confirm',
  })
  await take(third.nomination, 'confirm', person, later(99))
})

test('who puts out a colleague is not alone before another day has gone by', async () => {
  await nobodyElse()
  const { at, one, two } = await operator()
  const { person, nomination } = await asked(at, 'admin', one)
  await unseat(town.books, { organisation: at, person: two, by: one, at: later(20) })
  await assert.rejects(take(nomination, 'accept', person, later(43)), {
    code: 'too_early_to_accept',
  })
  await take(nomination, 'accept', person, later(44))
})

test('a nomination is declined, withdrawn, or falls with its nominator; none of them gives a seat', async () => {
  const { at, one, two } = await operator()
  const [a, b, c] = [
    await asked(at, 'reviewer', one),
    await asked(at, 'reviewer', one),
    await asked(at, 'reviewer', one),
  ]
  await assert.rejects(take(a.nomination, 'withdraw', two), { code: 'no_say_in_it' })
  await take(a.nomination, 'withdraw', one)
  await take(b.nomination, 'decline', b.person)
  await unseat(town.books, { organisation: at, person: one, by: two, at: later(2) })
  await assert.rejects(take(c.nomination, 'confirm', two, later(3)), { code: 'nominator_left' })
  await take(c.nomination, 'decline', two, later(3))
  for (const { person } of [a, b, c]) assert.deepEqual(await seatsOf(town.books, person), [])
})

test('the tables too refuse the second pair of eyes that is the first, and a seat that nobody confirmed', async () => {
  await nobodyElse()
  const { at, one, two } = await operator()
  const { person, nomination } = await asked(at, 'admin', one)
  const { sql } = town.books
  const end = (state: string, by: PersonId, when = later(30)) => sql`
    update parties.nomination set state = ${state}, ended_by = ${by}, ended_at = ${when}
    where id = ${nomination}`
  const refused = (work: Promise<unknown>, constraint: string) =>
    assert.rejects(work, { constraint })
  await refused(end('confirmed', one), 'nobody_confirms_what_they_nominated')
  await refused(end('confirmed', person), 'who_confirms_has_a_say')
  await refused(end('accepted', person), 'nobody_accepts_past_who_could_confirm')
  const give = (by: PersonId | null) => sql`
    insert into parties.seat (organisation, person, role, given_by, given_at)
    values (${at}, ${person}, 'admin', ${by}, ${later(1)})`
  await refused(give(one), 'an_institution_seat_was_confirmed')
  await take(nomination, 'confirm', two)
  await refused(end('declined', two), 'a_nomination_ends_once')
  await refused(give(null), 'the_installation_seats_only_the_first')
  await unseat(town.books, { organisation: at, person, by: one, at: later(2) })
  await refused(
    sql`update parties.seat set ended_at = null where organisation = ${at} and person = ${person}`,
    'a_seat_that_ended_stays_ended',
  )
  const begin = (state: string, by: PersonId) => sql`
    insert into parties.nomination (id, institution, person, role, nominated_by, nominated_at, state, ended_by, ended_at)
    values (${newId('nom')}, ${at}, ${two}, 'reviewer', ${by}, ${begun}, ${state},
      ${state === 'open' ? null : two}, ${state === 'open' ? null : later(1)})`
  await refused(begin('declined', one), 'a_nomination_begins_open')
  await refused(begin('open', two), 'nobody_nominates_themselves')
  await refused(begin('open', person), 'an_administrator_nominates')
  await assert.rejects(sql`delete from parties.nomination where id = ${nomination}`, {
    code: '42501',
  })
})
