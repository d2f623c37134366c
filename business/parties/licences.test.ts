import assert from 'node:assert/strict'
import { beforeEach, test } from 'node:test'
import { connected } from '@bursar/database'
import { newId, type InstitutionId, type PersonId } from '@bursar/kernel'
import {
  appoint,
  decideLicence,
  enterLicence,
  foundInstitution,
  listLicences,
  platformScopeIsLawful,
  type InstitutionRole,
  type LicenceId,
  type LicenceStep,
} from './parties.ts'
import { useParties } from './testing.ts'

const town = useParties()
let number = 0
/** A day in Shanghai, so many from today. */
const day = (from: number) =>
  new Date(Date.now() + 8 * 3_600_000 + from * 86_400_000).toISOString().slice(0, 10)

async function seated(at: InstitutionId, role: InstitutionRole): Promise<PersonId> {
  const { id } = await town.person(role)
  await appoint(town.books, { institution: at, person: id, role, by: null })
  return id
}
async function operator() {
  const at = newId('ins')
  await foundInstitution(town.books, { id: at, kind: 'operator', name: '运营方' })
  return { at, one: await seated(at, 'admin'), two: await seated(at, 'reviewer') }
}
type Operator = Awaited<ReturnType<typeof operator>>
const said = ({ at, one }: Operator, from = -1, to = 1) => ({
  ...{ id: newId('lic'), operator: at, by: one, kind: 'multi_purpose_prepaid_card' as const },
  ...{ number: `Z${++number}`, validFrom: day(from), validTo: day(to), paper: 'a'.repeat(64) },
})
const take = (licence: LicenceId, step: LicenceStep, by: PersonId, reason?: string) =>
  decideLicence(town.books, { licence, step, by, reason })
const lawful = () => platformScopeIsLawful(town.books)
const written = (change: string) => connected(town.db.url, on => on.script(change))

beforeEach(async () => {
  const rows = await town.books.sql<{ id: LicenceId; by: PersonId }>`
    select id, decided_by as by from parties.operator_licence where state = 'approved'`
  for (const { id, by } of rows) await take(id, 'revoke', by, '下一个测试')
})

test('P5-02 platform scope is lawful once a licence was entered by one and approved by another, until it is revoked', async () => {
  const house = await operator()
  const ask = said(house)
  assert.equal(await lawful(), false, 'nobody has a licence')
  const { id, state } = await enterLicence(town.books, ask)
  assert.deepEqual([state, await lawful()], ['entered', false], 'entering is not having')
  await assert.rejects(take(id, 'approve', house.one), { code: 'own_licence' })
  await Promise.all([take(id, 'approve', house.two), take(id, 'approve', house.two)])
  assert.equal(await lawful(), true)
  await assert.rejects(take(id, 'revoke', house.one, ' '), { code: 'reason_missing' })
  await take(id, 'revoke', house.one, '央行吊销')
  assert.equal(await lawful(), false)
  await assert.rejects(take(id, 'approve', house.two), { code: 'step_out_of_order' })
  const [known] = await listLicences(town.books, house.two)
  assert.deepEqual(
    [known!.state, known!.enterer, known!.decider, known!.revoker, known!.reason, known!.may],
    ['revoked', 'admin', 'reviewer', 'admin', '央行吊销', []],
  )
})

test('P5-02 a licence counts from its first day to its last, by the database’s clock', async () => {
  const house = await operator()
  for (const [from, to, holds] of [
    [2, 9, false],
    [-9, -1, false],
    [0, 0, true],
  ] as const) {
    const { id } = await enterLicence(town.books, said(house, from, to))
    const approved = await take(id, 'approve', house.two)
    assert.deepEqual([approved.holds, await lawful()], [holds, holds], `${from} to ${to}`)
  }
  const at = async (moment: string) => {
    const [row] = await town.books.sql<{ was: boolean }>`
      select parties.platform_scope_is_lawful(${moment}::timestamptz) as was`
    return row!.was
  }
  assert.equal(await at('2020-01-01T00:00:00Z'), false, 'nobody had approved it then')
  assert.equal(await at(`${day(0)}T23:59:59+08:00`), true)
  assert.equal(await at(`${day(1)}T00:00:00+08:00`), false)
})

test('P5-02 a licence that is entered twice is one, and whoever sits elsewhere has no say', async () => {
  const [house, other] = [await operator(), await operator()]
  const ask = said(house)
  const [first, again] = await Promise.all([
    enterLicence(town.books, ask),
    enterLicence(town.books, ask),
  ])
  assert.equal(first.id, again.id)
  const refused = (code: string, more: object) =>
    assert.rejects(enterLicence(town.books, { ...ask, ...more }), { code })
  await refused('id_already_used', { number: 'another' })
  await refused('licence_entered', { id: newId('lic') })
  await refused('licence_ends_early', { id: newId('lic'), validTo: day(-2) })
  await refused('licence_of_another', { id: newId('lic'), by: house.two })
  await refused('no_such_institution', { operator: newId('ins') })
  await assert.rejects(take(ask.id, 'approve', other.one), { code: 'licence_of_another' })
  await assert.rejects(take(ask.id, 'withdraw', house.two), { code: 'licence_of_another' })
  await assert.rejects(take(newId('lic'), 'approve', house.two), { code: 'no_such_licence' })
  const may = async (viewer: PersonId) =>
    (await listLicences(town.books, viewer)).find(one => one.id === ask.id)!.may
  assert.deepEqual(await may(house.one), ['withdraw'])
  assert.deepEqual(await may(house.two), ['approve', 'reject'])
  assert.deepEqual(await may(other.one), [])
  assert.equal((await take(ask.id, 'reject', house.two, '号码不对')).state, 'rejected')
  assert.equal((await enterLicence(town.books, said(house))).state, 'entered', 'another may follow')
})

test('P5-02 the table takes no licence that its own administrator approves, that begins approved, or comes back', async () => {
  const house = await operator()
  const { id } = await enterLicence(town.books, said(house))
  const put = (state: string, by: PersonId) =>
    written(`update parties.operator_licence set state = '${state}', decided_by = '${by}',
      decided_at = now() where id = '${id}'`)
  const refuses = (work: Promise<unknown>, constraint: string) =>
    assert.rejects(work, { constraint })
  await refuses(put('approved', house.one), 'nobody_decides_the_licence_that_they_entered')
  const stranger = (await town.person()).id
  await refuses(put('approved', stranger), 'who_has_a_say_sits_at_the_operator')
  await take(id, 'withdraw', house.one)
  await refuses(put('approved', house.two), 'only_known_steps_are_taken')
  const insert = (state: string, by: PersonId) =>
    written(`insert into parties.operator_licence (id, operator, kind, number, valid_from, valid_to,
      state, entered_by, decided_by, decided_at) values ('${newId('lic')}', '${house.at}',
      'stored_value_account', 'X', '2026-01-01', '2036-01-01', '${state}', '${by}',
      ${state === 'entered' ? 'null, null' : `'${house.two}', now()`})`)
  await refuses(insert('approved', house.one), 'a_licence_begins_entered')
  await refuses(insert('entered', house.two), 'who_has_a_say_sits_at_the_operator')
})
