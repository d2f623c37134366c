import assert from 'node:assert/strict'
import { createHash } from 'node:crypto'
import { test } from 'node:test'
import { newId } from '@bursar/kernel'
import type { Face } from '../options.ts'
import { useApi } from '../testing.ts'

const token = 'shown once on the console'
const faces: Face[] = []
const api = useApi(() => ({
  setUpTokenHash: createHash('sha256').update(token).digest('hex'),
  demo: { faces: () => faces },
}))
const ask = {
  institution: { name: '运营公司' },
  person: { name: '首位', phone: '13912340000', password: 'a quiet river at dawn' },
}

test('the first operator comes in with the token, is signed in, and the door is closed behind', async () => {
  assert.equal((await api.guest.get('/v1/parties/set-up')).json().needed, true)
  const wrong = await api.guest.post('/v1/parties/set-up', { ...ask, token: 'a guess' })
  assert.deepEqual([wrong.statusCode, wrong.json().errors[0].pointer], [403, '/token'])
  const done = await api.guest.post('/v1/parties/set-up', { ...ask, token })
  assert.deepEqual([done.statusCode, done.json().seats[0].role], [201, 'admin'])
  assert.match(String(done.headers['set-cookie']), /^__Host-session=/)
  assert.equal((await api.guest.get('/v1/parties/set-up')).json().needed, false)
  const again = await api.guest.post('/v1/parties/set-up', { ...ask, token })
  assert.deepEqual([again.statusCode, again.json().code], [409, 'already_set_up'])
})

test('a visitor of the demo becomes one of its faces, and nobody else', async () => {
  const person = await api.person('茶客')
  faces.push({ person, name: '茶客', role: 'consumer' })
  assert.deepEqual((await api.guest.get('/v1/demo/faces')).json().faces, faces)
  const become = (who: string) => api.guest.post('/v1/demo/sessions', { person: who })
  assert.equal((await become(person)).json().person.name, '茶客')
  assert.equal((await become(await api.person())).statusCode, 404)
  assert.equal((await become(newId('per'))).statusCode, 404)
})
