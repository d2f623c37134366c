import assert from 'node:assert/strict'
import { test } from 'node:test'
import { newId } from '@bursar/kernel'
import { appoint, decideNomination, foundInstitution, nominate } from './parties.ts'
import { useParties } from './testing.ts'

const town = useParties()

test('the day in which everybody can see a nomination is a day of the database’s clock', async () => {
  const [at, alone, person] = [newId('ins'), await town.person('管理员'), await town.person('新人')]
  const { sql } = town.books
  await foundInstitution(town.books, { id: at, kind: 'operator', name: '运营' })
  await appoint(town.books, { institution: at, person: alone.id, role: 'admin', by: null })
  const ask = { institution: at, person: person.id, role: 'admin', by: alone.id } as const
  const clock = { constraint: 'a_nomination_keeps_to_the_clock' }
  const days = (n: number) => new Date(Date.now() + n * 24 * 3_600_000)
  await assert.rejects(nominate(town.books, { ...ask, id: newId('nom'), at: days(-2) }), clock)
  const { id } = await nominate(town.books, { ...ask, id: newId('nom') })
  const accept = { nomination: id, step: 'accept', by: person.id } as const
  await assert.rejects(decideNomination(town.books, accept), { code: 'too_early_to_accept' })
  await assert.rejects(decideNomination(town.books, { ...accept, at: days(2) }), clock)
  const backdated = sql`update parties.nomination set nominated_at = ${days(-2)} where id = ${id}`
  await assert.rejects(backdated, { code: '42501' })
})
