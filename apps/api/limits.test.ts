import assert from 'node:assert/strict'
import { test } from 'node:test'
import { useApi } from './testing.ts'

const api = useApi(() => ({ limits: { person: 5, address: 3, door: 2 } }))

test('who asks too often is told how long to wait, and a header cannot make another person of him', async () => {
  const ask = (i: number) =>
    api.guest.get('/v1/parties/set-up', { headers: { 'x-forwarded-for': `10.0.0.${i}` } })
  const answers = [await ask(1), await ask(2), await ask(3), await ask(4)]
  assert.deepEqual(
    answers.map(one => one.statusCode),
    [200, 200, 200, 429],
  )
  assert.equal(answers[0]!.headers['ratelimit-policy'], '"address";q=3;w=60')
  assert.match(String(answers[2]!.headers['ratelimit']), /^"address";r=0;t=\d+$/)
  assert.ok(Number(answers[3]!.headers['retry-after']) > 0)
  assert.equal(answers[3]!.json().code, 'too_many_requests')
})

test('a person is counted by person, wherever they are', async () => {
  const [ann, bob] = [await api.as('consumer'), await api.as('consumer')]
  const codes: number[] = []
  for (let i = 0; i < 6; i++) codes.push((await ann.get('/v1/parties/me')).statusCode)
  assert.deepEqual(codes, [200, 200, 200, 200, 200, 429])
  assert.equal((await bob.get('/v1/parties/me')).statusCode, 200)
})

test('a door is opened less often', async () => {
  const knock = () =>
    api.guest.post('/v1/parties/sessions', { login: 'a@example.com', password: 'guess' })
  assert.deepEqual(
    [(await knock()).statusCode, (await knock()).statusCode, (await knock()).statusCode],
    [401, 401, 429],
  )
})

test('an address that is written in another way is counted, and asked from where it comes, all the same', async () => {
  const login = { login: 'a@example.com', password: 'guess' }
  for (const url of ['/%761/parties/sessions', '/v%31/parties/sessions']) {
    const knock = () => api.guest.post(url, login, { headers: { 'x-n': '1' } })
    const codes = [await knock(), await knock(), await knock(), await knock()].map(
      one => one.statusCode,
    )
    assert.ok([404, 429].includes(codes.at(-1)!), `${url}: ${codes.join()}`)
  }
})
