import assert from 'node:assert/strict'
import { test } from 'node:test'
import { at, connected } from './connect.ts'
import { checkSettings, complaint, type Facts } from './settings.ts'
import { useDatabase } from './testing.ts'

const db = useDatabase()

test('a server that may lose what it has answered is refused', () =>
  assert.rejects(checkSettings(db.url), /runs with fsync off and loses money in a power cut/))

const safe: Facts = {
  version: 180004,
  fsync: 'on',
  synchronous_commit: 'on',
  full_page_writes: 'on',
  standby: false,
  read_only: 'off',
  superuser: false,
  bypass: false,
  owner: false,
}
const wrong: readonly (readonly [Partial<Facts>, RegExp])[] = [
  [{ version: 150013 }, /older than PostgreSQL 16/],
  [{ standby: true }, /is a standby/],
  [{ read_only: 'on' }, /lets this user only read/],
  [{ fsync: 'off' }, /fsync off/],
  [{ full_page_writes: 'off' }, /full_page_writes off/],
  [{ synchronous_commit: 'off' }, /synchronous_commit = on/],
  [{ synchronous_commit: 'local' }, /synchronous_commit = on/],
  [{ superuser: true }, /as a superuser/],
  [{ owner: true }, /as the owner/],
  [{ bypass: true }, /as the owner/],
]

test('a safe server is taken, and one with any single fault is not', () => {
  assert.equal(complaint(safe), undefined)
  assert.equal(complaint({ ...safe, version: 160000 }), undefined)
  for (const [fault, sentence] of wrong)
    assert.match(complaint({ ...safe, ...fault }) ?? '', sentence)
})

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
