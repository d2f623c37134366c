import assert from 'node:assert/strict'
import { test } from 'node:test'
import { buildApi } from '../api.ts'
import { origin, useApi } from '../testing.ts'

const api = useApi()
const password = 'a quiet river at dawn'
let people = 0
const phone = () => `1391111${String(++people).padStart(4, '0')}`

async function registered() {
  const login = phone()
  await api.guest.post('/v1/parties/people', { name: '安', phone: login, password })
  return login
}
const enter = (login: string, secret = password, headers = {}) =>
  api.guest.post('/v1/parties/sessions', { login, password: secret }, { headers })
const cookieOf = (answer: { headers: Record<string, unknown> }) =>
  String(answer.headers['set-cookie']).split(';')[0]!
const withCookie = (cookie: string, method: 'GET' | 'DELETE', url: string) =>
  api.guest.send({ method, url, headers: { cookie } })

test('P1-15 somebody registers, signs in, and is known by the cookie', async () => {
  const login = await registered()
  const answer = await enter(login)
  assert.equal(answer.statusCode, 201)
  const cookie = String(answer.headers['set-cookie'])
  for (const part of ['__Host-session=', 'Path=/', 'HttpOnly', 'Secure', 'SameSite=Lax'])
    assert.ok(cookie.includes(part), part)
  const me = await withCookie(cookieOf(answer), 'GET', '/v1/parties/me')
  assert.equal(me.json().person.phone, `+86${login}`)
})

test('by plain http from elsewhere the cookie has a plain name, or no browser would keep it', async () => {
  const answer = await enter(await registered(), password, { host: '192.168.1.5:4000' })
  assert.match(String(answer.headers['set-cookie']), /^session=[^;]+;(?!.*Secure)/)
})

test('a cookie that was signed out opens nothing when it is sent again', async () => {
  const cookie = cookieOf(await enter(await registered()))
  const out = await withCookie(cookie, 'DELETE', '/v1/parties/sessions/current')
  assert.equal(out.statusCode, 204)
  assert.match(String(out.headers['set-cookie']), /__Host-session=;/)
  const replayed = await withCookie(cookie, 'GET', '/v1/parties/me')
  assert.equal(replayed.statusCode, 401)
  assert.equal(replayed.json().code, 'sign_in_first')
})

test('sessions are listed, and one can be ended from another', async () => {
  const login = await registered()
  const [phoneCookie, deskCookie] = [cookieOf(await enter(login)), cookieOf(await enter(login))]
  const { rows } = (await withCookie(deskCookie, 'GET', '/v1/parties/sessions')).json()
  assert.equal(rows.length, 2)
  const other = rows.find((row: { current: boolean }) => !row.current)
  await withCookie(deskCookie, 'DELETE', `/v1/parties/sessions/${other.id}`)
  assert.equal((await withCookie(phoneCookie, 'GET', '/v1/parties/me')).statusCode, 401)
  const again = await withCookie(deskCookie, 'DELETE', `/v1/parties/sessions/${other.id}`)
  assert.equal(again.json().code, 'no_such_session')
})

test('a session of somebody else cannot be ended', async () => {
  const [ann, bob] = [await api.as('consumer'), await api.as('consumer')]
  const { session } = (await bob.get('/v1/parties/me')).json()
  assert.equal((await ann.delete(`/v1/parties/sessions/${session}`)).statusCode, 404)
  assert.equal((await bob.get('/v1/parties/me')).statusCode, 200)
})

test('a lock survives a restart of the server, and says how long to wait', async () => {
  const login = await registered()
  for (let i = 0; i < 10; i++)
    assert.equal((await enter(login, 'guess')).json().code, 'wrong_login')
  const restarted = await buildApi({
    books: api.books,
    origin,
    wallets: [{}] as never,
    bank: {} as never,
    logger: false,
  })
  try {
    const ask = {
      method: 'POST',
      url: '/v1/parties/sessions',
      payload: { login, password },
    } as const
    const answer = await restarted.inject({ ...ask, headers: { host: 'localhost:4000', origin } })
    assert.equal(answer.statusCode, 429)
    assert.equal(answer.json().code, 'login_locked')
    assert.ok(Number(answer.headers['retry-after']) > 1700)
  } finally {
    await restarted.close()
  }
})

test('a refusal about one field points at it', async () => {
  const ask = { name: '安', phone: phone(), password: '12345678' }
  const answer = await api.guest.post('/v1/parties/people', ask)
  assert.deepEqual(answer.json().errors, [
    {
      pointer: '/password',
      rule: 'password_too_common',
      detail: '这个密码很容易被猜到，请换一个。',
    },
  ])
})

test('a password is changed by who knows it, and the other sessions end', async () => {
  const login = await registered()
  const [here, there] = [cookieOf(await enter(login)), cookieOf(await enter(login))]
  const change = (old: string) =>
    api.guest.send({
      method: 'POST',
      url: '/v1/parties/me/password',
      headers: { cookie: here },
      payload: { old, new: 'another long river' },
    })
  assert.equal((await change('guess')).json().errors[0].pointer, '/old')
  assert.equal((await change(password)).statusCode, 204)
  assert.equal((await withCookie(there, 'GET', '/v1/parties/me')).statusCode, 401)
  assert.equal((await withCookie(here, 'GET', '/v1/parties/me')).statusCode, 200)
})

test('no faces, no demo: its routes are not there', async () => {
  assert.equal((await api.guest.get('/v1/demo/faces')).statusCode, 404)
  assert.equal(
    (await api.guest.post('/v1/demo/sessions', { person: api.guest.person })).statusCode,
    404,
  )
})
