import assert from 'node:assert/strict'
import { test, after, beforeEach } from 'node:test'
import { useDatabase } from '@bursar/database/testing'
import { openBooks } from '@bursar/ledger'
import { newId, type Books } from '@bursar/kernel'
import { register, signIn, actorOf } from './parties.ts'
const db = useDatabase()
let books: Books
beforeEach(() => void (books ??= openBooks({ url: db.url })))
after(() => books.close())
test('x', async () => {
  const id = newId('per')
  await register(books, {
    id,
    name: 'a',
    phone: '13800138000',
    password: 'correct horse',
    locale: 'en',
  })
  const { token } = await signIn(books, {
    login: '138 0013 8000',
    password: 'correct horse',
    agent: '',
    address: '::1',
  })
  assert.equal((await actorOf(books, token))?.person, id)
})
