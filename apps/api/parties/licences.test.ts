import assert from 'node:assert/strict'
import { test } from 'node:test'
import { foundInstitution } from '@bursar/parties'
import { newId } from '@bursar/kernel'
import { useApi } from '../testing.ts'

const api = useApi()
const body = {
  ...{ kind: 'stored_value_account', number: 'Z2018231000017' },
  ...{ validFrom: '2020-01-01', validTo: '2090-12-31' },
}

test('P5-02 P1-09 an administrator enters the operator’s licence, a reviewer approves it, and the supervisor reads all of it', async () => {
  const institution = newId('ins')
  await foundInstitution(api.books, { id: institution, kind: 'operator', name: '运营方' })
  const [admin, reviewer] = [
    await api.as('admin', { institution }),
    await api.as('reviewer', { institution }),
  ]
  const supervisor = await api.as('supervisor')
  const path = `/v1/parties/institutions/${institution}/licences`
  const early = await admin.post(path, { ...body, validTo: '2019-12-31' })
  assert.deepEqual([early.statusCode, early.json().code], [400, 'licence_ends_early'])
  const [first, again] = [
    await admin.post(path, body, { key: '01938c1e-7b5a-7cc0-9d3e-0123456789ac' }),
    await admin.post(path, body, { key: '01938c1e-7b5a-7cc0-9d3e-0123456789ac' }),
  ]
  assert.deepEqual([first.statusCode, first.json()], [201, again.json()])
  const step = `/v1/parties/licences/${first.json().id}`
  const own = await admin.post(`${step}/approve`, {})
  assert.deepEqual([own.statusCode, own.json().code], [403, 'own_licence'])
  assert.equal((await reviewer.post(`${step}/approve`, {})).json().holds, true)
  const seen = (await supervisor.get('/v1/parties/licences')).json()
  assert.deepEqual(
    [seen.platformScope, seen.rows[0].state, seen.rows[0].decider, seen.rows[0].may],
    [true, 'approved', 'reviewer', []],
  )
  const bare = await reviewer.post(`${step}/revoke`, {})
  assert.deepEqual([bare.statusCode, bare.json().errors[0].pointer], [400, '/reason'])
  await reviewer.post(`${step}/revoke`, { reason: '到期不续' })
  const after = (await supervisor.get('/v1/parties/licences')).json()
  assert.deepEqual([after.platformScope, after.rows[0].reason], [false, '到期不续'])
})
