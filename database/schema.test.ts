import assert from 'node:assert/strict'
import fs from 'node:fs'
import { test } from 'node:test'
import { connected } from './connect.ts'
import { describe, useDatabase } from './testing.ts'

const db = useDatabase()
const page = new URL('schema.sql', import.meta.url)

test('schema.sql is what the migrations add up to', async () => {
  const kept = fs.readFileSync(page, 'utf8')
  const now = await describe(db.ownerUrl)
  const [was, is] = [kept.split('\n'), now.split('\n')]
  const line = is.findIndex((text, i) => text !== was[i])
  assert.ok(kept === now, `"npm run schema" is due; line ${line + 1} is now: ${is[line]}`)
})

test('a column that nobody wrote into schema.sql is noticed', async () => {
  const before = await describe(db.ownerUrl)
  await connected(db.ownerUrl, on => on.script('alter table ledger.book add column note text'))
  assert.notEqual(await describe(db.ownerUrl), before)
  await connected(db.ownerUrl, on => on.script('alter table ledger.book drop column note'))
  assert.equal(await describe(db.ownerUrl), before)
})
