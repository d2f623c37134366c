import assert from 'node:assert/strict'
import { test } from 'node:test'
import { connected } from './connect.ts'
import { useDatabase } from './testing.ts'

const db = useDatabase()

test('a test file has a database of its own, entered as the app role', async () => {
  const [row] = await connected(db.url, on => on.sql<{ who: string }>`select current_user as who`)
  assert.equal(row!.who, 'bursar_app')
})
