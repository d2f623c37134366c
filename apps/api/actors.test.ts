import assert from 'node:assert/strict'
import { mock, test } from 'node:test'
import { newId, type Books } from '@bursar/kernel'
import { openSession, seat, unseat } from '@bursar/parties'
import { openActors } from './actors.ts'
import { useApi } from './testing.ts'

const api = useApi()
const tokenOf = async () => {
  const person = await api.person()
  return (await openSession(api.books, { person, agent: 'test', address: '::1' })).token
}
/** Counts the questions that reach the database. */
function counted(): { books: Books; asked: () => number } {
  let asked = 0
  const sql: Books['sql'] = (text, ...values) => {
    asked++
    return api.books.sql(text, ...values)
  }
  return { books: { ...api.books, sql }, asked: () => asked }
}

test('a hundred requests at once are one question, and in the next second none', async () => {
  const tokens = await Promise.all(Array.from({ length: 10 }, tokenOf))
  const { books, asked } = counted()
  const actors = openActors(books)
  const all = () => Promise.all(Array.from({ length: 100 }, (_, i) => actors.of(tokens[i % 10]!)))
  const answers = await all()
  assert.equal(new Set(answers.map(one => one?.person)).size, 10)
  assert.equal(asked(), 1)
  await all()
  assert.equal(asked(), 1)
  assert.equal(await actors.of('nobody'), undefined)
})

test('what has changed is asked again, even if it changed while it was being asked', async () => {
  const token = await tokenOf()
  const { books, asked } = counted()
  const actors = openActors(books)
  const early = actors.of(token)
  await new Promise(resolve => setImmediate(resolve))
  actors.forget()
  await early
  await actors.of(token)
  assert.equal(asked(), 2)
})

test('a database that fails fails those who asked, and nobody after them', async () => {
  const token = await tokenOf()
  let broken = true
  const sql: Books['sql'] = (text, ...values) =>
    broken ? Promise.reject(new Error('gone')) : api.books.sql(text, ...values)
  const actors = openActors({ ...api.books, sql })
  await assert.rejects(actors.of(token), /gone/)
  broken = false
  assert.ok(await actors.of(token))
})

test('a seat that is taken away is gone with the answer that says so', async () => {
  const { id: merchant, owner } = await api.merchant()
  const [boss, staff] = [await api.session(owner), await api.as('consumer')]
  await seat(api.books, { merchant, person: staff.person, role: 'staff', by: owner })
  const path = `/v1/parties/merchants/${merchant}/staff`
  assert.equal((await staff.get(path)).statusCode, 200)
  assert.equal((await boss.delete(`${path}/${staff.person}`)).statusCode, 204)
  assert.equal((await staff.get(path)).statusCode, 403)
  await assert.rejects(
    unseat(api.books, { organisation: merchant, person: newId('per'), by: owner }),
  )
})

test('a refused request makes nobody be asked for again; one that changes something does', async () => {
  const forget = mock.method(api.app.house.actors, 'forget')
  await api.guest.post('/v1/parties/sessions', { login: 'nobody@example.com', password: 'wrong' })
  await api.guest.post('/v1/parties/merchants', {})
  assert.equal(forget.mock.callCount(), 0)
  const consumer = await api.as('consumer')
  assert.equal((await consumer.delete('/v1/parties/sessions/current')).statusCode, 204)
  assert.equal(forget.mock.callCount(), 1)
  forget.mock.restore()
})
