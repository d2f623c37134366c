import assert from 'node:assert/strict'
import { test } from 'node:test'
import { at, connected } from './connect.ts'
import { checkSettings } from './settings.ts'
import { useDatabase } from './testing.ts'

const db = useDatabase()

test('a server that may lose what it has answered is refused', () =>
  assert.rejects(checkSettings(db.url), /runs with fsync off and loses money in a power cut/))

test('no password stands in a sentence about the database', async () => {
  const { password } = new URL(db.url)
  await assert.rejects(checkSettings(db.url), (error: Error) => !error.message.includes(password))
})

test('a wrong password, a wrong name and a wrong port each say so', async () => {
  const wrong = {
    'the password is wrong': at(db.url, { password: 'wrong' }),
    'there is no such database': at(db.url, { database: 'nowhere' }),
    'nothing listens there': 'postgres://bursar_app:secret@127.0.0.1:1/bursar',
  }
  for (const [sentence, url] of Object.entries(wrong))
    await assert.rejects(checkSettings(url), { name: 'Hindrance', message: new RegExp(sentence) })
})

test('a connection that was refused leaves the database usable', async () => {
  const [row] = await connected(db.url, on => on.sql<{ one: number }>`select 1 as one`)
  assert.equal(row!.one, 1)
})
