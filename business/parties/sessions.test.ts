import assert from 'node:assert/strict'
import { test } from 'node:test'
import { newId, type PersonId } from '@bursar/kernel'
import { connected } from '@bursar/database'
import {
  actorOf,
  appoint,
  changePassword,
  endSession,
  foundInstitution,
  openSession,
  register,
  sessionsOf,
  signIn,
} from './parties.ts'
import { password, useParties } from './testing.ts'

const town = useParties()
const device = { agent: 'test', address: '10.0.0.1' }
const minute = 60_000
const day = 24 * 60 * minute
const wrong = { code: 'wrong_login' }

const enter = (login: string, secret = password, more: { at?: Date; address?: string } = {}) =>
  signIn(town.books, { ...device, login, password: secret, ...more })
const later = (ms: number) => new Date(Date.now() + ms)

test('P1-15 a person signs in with phone or e-mail, however it is written', async () => {
  const id = newId('per')
  await register(town.books, {
    id,
    name: '安',
    phone: '139 1234 5678',
    email: 'An@Example.COM',
    password,
    locale: 'zh-CN',
  })
  for (const login of ['13912345678', '+86 139-1234-5678', '008613912345678', ' an@example.com'])
    assert.equal((await enter(login)).person.id, id, login)
})

test('a wrong password and an unknown login are the same "no"', async () => {
  const { phone } = await town.person('安', password)
  await assert.rejects(enter(phone, 'not the password'), wrong)
  await assert.rejects(enter('13700000000'), wrong)
  await assert.rejects(enter('not a login at all'), wrong)
})

test('somebody without a password cannot sign in with one', async () => {
  const { phone } = await town.person('面孔')
  await assert.rejects(enter(phone, ''), wrong)
})

test('ten wrong tries close the door for half an hour, to the right password too, and a restart opens nothing', async () => {
  const { phone } = await town.person('安', password)
  for (let i = 0; i < 10; i++) await assert.rejects(enter(phone, 'guess'), wrong)
  await assert.rejects(enter(phone), { code: 'login_locked' })
  await town.restart()
  await assert.rejects(enter(phone), { code: 'login_locked' })
  assert.ok(await enter(phone, password, { at: later(31 * minute) }))
})

test('guesses made at the same moment are all counted', async () => {
  const { phone } = await town.person('安', password)
  const tries = await Promise.allSettled(Array.from({ length: 14 }, () => enter(phone, 'guess')))
  const codes = tries.map(one => (one.status === 'rejected' ? one.reason.code : 'in'))
  assert.equal(codes.filter(code => code === 'wrong_login').length, 10)
  assert.equal(codes.filter(code => code === 'login_locked').length, 4)
})

test('an address that tries many people is locked as well, and spares the others', async () => {
  const { phone } = await town.person('安', password)
  const address = '10.9.9.9'
  for (let i = 0; i < 100; i++) {
    const login = `1370000${String(1000 + i)}`
    await assert.rejects(enter(login, 'guess', { address }), wrong)
  }
  await assert.rejects(enter(phone, password, { address }), { code: 'login_locked' })
  assert.ok(await enter(phone))
})

test('more password checks than we can queue are told that we are busy', async () => {
  const { phone } = await town.person('安', password)
  const tries = await Promise.allSettled(
    Array.from({ length: 40 }, (_, i) =>
      enter(`1360000${1000 + i}`, 'guess', { address: `10.1.0.${i}` }),
    ),
  )
  const codes = new Set(tries.map(one => (one.status === 'rejected' ? one.reason.code : 'in')))
  assert.deepEqual(codes, new Set(['wrong_login', 'busy']))
  assert.ok(await enter(phone), 'and afterwards the door is open')
})

test('a token is only with its holder: the table knows its hash', async () => {
  const { phone } = await town.person('安', password)
  const { token, session } = await enter(phone)
  const [row] = await connected(
    town.db.ownerUrl,
    on =>
      on.sql<{
        text: string
      }>`select s::text as text from parties.session s where id = ${session.id}`,
  )
  assert.ok(!row!.text.includes(token))
})

test('sessions are listed, and ended one by one', async () => {
  const { id, phone } = await town.person('安', password)
  const [first, second] = [await enter(phone), await enter(phone)]
  assert.equal((await sessionsOf(town.books, { person: id })).length, 2)
  await endSession(town.books, { person: id, session: first.session.id })
  assert.equal(await actorOf(town.books, first.token), undefined)
  assert.equal((await actorOf(town.books, second.token))?.person, id)
  const other = await town.person()
  const foreign = { person: other.id, session: second.session.id }
  await assert.rejects(endSession(town.books, foreign), { code: 'no_such_session' })
})

test('a new password ends every other session, and the old one opens nothing', async () => {
  const { id: person, phone } = await town.person('安', password)
  const [here, there] = [await enter(phone), await enter(phone)]
  const change = { person, session: here.session.id, new: 'another long river' }
  await assert.rejects(changePassword(town.books, { ...change, old: 'guess' }), wrong)
  await changePassword(town.books, { ...change, old: password })
  assert.equal(await actorOf(town.books, there.token), undefined)
  assert.ok(await actorOf(town.books, here.token))
  await assert.rejects(enter(phone), wrong)
  assert.ok(await enter(phone, 'another long river'))
})

const seated = async (person: PersonId) => {
  const institution = newId('ins')
  await foundInstitution(town.books, { id: institution, kind: 'supervisor', name: '市场监管局' })
  await appoint(town.books, { institution, person, role: 'supervisor', by: null })
  return institution
}

test('a consumer’s session sleeps for thirty days, an institution’s for thirty minutes', async () => {
  const [consumer, officer] = [await town.person(), await town.person()]
  const institution = await seated(officer.id)
  const [a, b] = [consumer, officer].map(one =>
    openSession(town.books, { ...device, person: one.id }),
  )
  const [slow, quick] = [(await a!).token, (await b!).token]
  const seats = (await actorOf(town.books, quick, later(29 * minute)))?.seats
  assert.deepEqual(seats, [{ role: 'supervisor', organisation: institution }])
  assert.equal(await actorOf(town.books, quick, later(61 * minute)), undefined)
  assert.ok(await actorOf(town.books, slow, later(29 * day)))
  assert.equal(await actorOf(town.books, slow, later(60 * day)), undefined)
})

test('a session that is kept busy ends all the same: after ninety days, or twelve hours in office', async () => {
  const [consumer, officer] = [await town.person(), await town.person()]
  await seated(officer.id)
  for (const [person, step, end] of [
    [consumer.id, 20 * day, 90 * day],
    [officer.id, 20 * minute, 12 * 60 * minute],
  ] as const) {
    const { token } = await openSession(town.books, { ...device, person })
    for (let at = step; at < end; at += step) assert.ok(await actorOf(town.books, token, later(at)))
    assert.equal(await actorOf(town.books, token, later(end + minute)), undefined)
  }
})

test('what is easily guessed is no password', async () => {
  for (const [secret, code] of [
    ['short', 'password_too_short'],
    ['12345678', 'password_too_common'],
    ['Password123', 'password_too_common'],
    ['zzzzzzzzzz', 'password_too_common'],
    ['x'.repeat(129), 'password_too_long'],
  ] as const)
    await assert.rejects(town.person('安', secret), { code }, secret)
  assert.ok(await town.person('安', '春眠不觉晓处处闻'), 'eight characters of any kind are enough')
})

test('a phone and an e-mail address belong to one person; registering twice with one id is once', async () => {
  const ask = {
    id: newId('per'),
    name: '安',
    phone: town.phone(),
    password,
    locale: 'zh-CN' as const,
  }
  await Promise.all([register(town.books, ask), register(town.books, ask)])
  await assert.rejects(register(town.books, { ...ask, name: '别人' }), { code: 'id_already_used' })
  await assert.rejects(register(town.books, { ...ask, password: 'quite another one' }), {
    code: 'id_already_used',
  })
  await assert.rejects(register(town.books, { ...ask, id: newId('per') }), { code: 'login_taken' })
  const { phone: _, ...unreachable } = ask
  await assert.rejects(register(town.books, unreachable), { code: 'login_missing' })
  await assert.rejects(register(town.books, { ...ask, phone: '123' }), { code: 'phone_malformed' })
  await assert.rejects(register(town.books, { ...ask, email: 'a@b' }), { code: 'email_malformed' })
})
