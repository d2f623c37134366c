import assert from 'node:assert/strict'
import { test } from 'node:test'
import { useApi } from './testing.ts'

const api = useApi()
const register = (body: object, headers = {}) =>
  api.guest.post('/v1/parties/people', body, { headers })
const person = { name: '安', email: 'an@example.com', password: 'a quiet river at dawn' }

test('a field that nobody knows is refused by its pointer, never dropped', async () => {
  const answer = await register({ ...person, balance: '100.00', role: 'admin' })
  assert.equal(answer.statusCode, 400)
  assert.deepEqual(answer.json().errors, [
    { pointer: '/balance', rule: 'unknown_field', detail: '没有这个字段，请去掉。' },
    { pointer: '/role', rule: 'unknown_field', detail: '没有这个字段，请去掉。' },
  ])
})

test('a number is not a text, and every flaw is named at once', async () => {
  const { errors } = (await register({ name: 100, email: 'an@example.com' })).json()
  assert.deepEqual(
    errors
      .map(({ pointer, rule }: { pointer: string; rule: string }) => [pointer, rule])
      .toSorted(),
    [
      ['/name', 'type'],
      ['/password', 'required'],
    ],
  )
})

test('the caller’s language decides the words, never the code', async () => {
  const said = async (language: string) =>
    (await register({}, { 'accept-language': language })).json()
  const [zh, en, fallback] = [
    await said('zh-CN'),
    await said('en-GB,en;q=0.9'),
    await said('fr, en;q=0.1, zh;q=0.5'),
  ]
  assert.equal(zh.title, '内容有误')
  assert.equal(en.title, 'Something is not right')
  assert.equal(en.errors[0].detail, 'This is required.')
  assert.equal(fallback.title, zh.title)
  assert.deepEqual([zh.code, en.code], ['malformed', 'malformed'])
})

test('a change that comes from another site is refused, and one that hides where it comes from', async () => {
  const consumer = await api.as('consumer')
  const leave = (headers: Record<string, string>) =>
    api.app.inject({
      method: 'DELETE',
      url: '/v1/parties/sessions/current',
      headers: { host: 'localhost:4000', cookie: consumer.cookie, ...headers },
    })
  for (const headers of [
    { origin: 'https://evil.example' },
    { origin: 'null' },
    { origin: 'http://localhost:4001' },
    { 'sec-fetch-site': 'cross-site' },
    { 'sec-fetch-site': 'same-site' },
  ]) {
    const answer = await leave(headers as Record<string, string>)
    assert.deepEqual(
      [answer.statusCode, answer.json().code],
      [403, 'foreign_origin'],
      JSON.stringify(headers),
    )
  }
  assert.equal((await consumer.get('/v1/parties/me')).statusCode, 200, 'nothing changed')
  assert.equal(
    (await leave({ origin: 'http://127.0.0.1:4000' })).statusCode,
    204,
    'this machine by its other name',
  )
})

test('a form of another site, a text, and half a JSON are no request', async () => {
  const post = (type: string, payload: string) =>
    api.guest.send({
      method: 'POST',
      url: '/v1/parties/sessions',
      headers: { 'content-type': type },
      payload,
    })
  for (const type of [
    'application/x-www-form-urlencoded',
    'text/plain',
    'multipart/form-data; boundary=x',
  ])
    assert.equal(
      (await post(type, 'login=a&password=b')).json().code,
      'unsupported_media_type',
      type,
    )
  assert.equal((await post('application/json', '{"login":')).statusCode, 400)
  assert.equal(
    (await post('application/json', '{"login":"a","password":"b","__proto__":{"x":1}}')).statusCode,
    400,
  )
  const large = JSON.stringify({ login: 'a', password: 'x'.repeat(1024 * 1024) })
  assert.deepEqual([(await post('application/json', large)).statusCode], [413])
})

test('a query is read as the contract says: no unknown word, none twice, no number out of range', async () => {
  const consumer = await api.as('consumer')
  for (const query of [
    'colour=red',
    'limit=0',
    'limit=201',
    'limit=1&limit=2',
    'limit=1e2x',
    'state=gone',
  ])
    assert.equal((await consumer.get(`/v1/parties/merchants?${query}`)).statusCode, 400, query)
  assert.equal((await consumer.get('/v1/parties/merchants?limit=5')).statusCode, 200)
})

test('a malformed id is not there', async () => {
  const consumer = await api.as('consumer')
  for (const id of ['mer_1', '%00', "mer_'; drop table x", '..%2f..%2fme'])
    assert.equal(
      (await consumer.get(`/v1/parties/merchants/${encodeURIComponent(id)}`)).statusCode,
      404,
      id,
    )
})

test('a path that names what no id can be is answered like a thing that is not there', async () => {
  const consumer = await api.as('consumer')
  for (const path of ['custody/purses', 'custody/spends', 'parties/merchants'])
    assert.equal((await consumer.get(`/v1/${path}/%00`)).statusCode, 404)
})

test('an address asked with a method that it does not know says which it knows', async () => {
  const consumer = await api.as('consumer')
  const answer = await consumer.delete('/v1/custody/purses?limit=1')
  assert.deepEqual(
    [answer.statusCode, answer.json().code, answer.headers['allow']],
    [405, 'method_not_allowed', 'GET'],
  )
  const merchants = await consumer.put('/v1/parties/merchants', {})
  assert.equal(merchants.headers['allow'], 'POST, GET')
  assert.equal((await consumer.post('/v1/parties/nothing', {})).statusCode, 404)
})
