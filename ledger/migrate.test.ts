/** The ledger makes its own schema, wherever it is: in an empty database (tools/pack.test.ts) or beside others. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { connected } from '@bursar/database'
import { describe, useDatabase } from '@bursar/database/testing'
import { grantsTo, migrate } from './migrate.ts'

const db = useDatabase()

test('in a database where others have their migrations too, the ledger looks at its own', async () => {
  assert.deepEqual(await migrate(db.ownerUrl), [])
})

test('what the house grants is what the ledger grants by itself', async () => {
  const before = await describe(db.ownerUrl)
  await connected(db.ownerUrl, on =>
    on.script('revoke all on all routines in schema ledger from bursar_app, bursar_report'),
  )
  assert.notEqual(await describe(db.ownerUrl), before)
  await migrate(db.ownerUrl, { writer: 'bursar_app', reader: 'bursar_report' })
  assert.equal(await describe(db.ownerUrl), before)
})

test('a migration of the ledger that was edited after it was applied is refused, in one sentence', async () => {
  const changed = { name: 'MigrationFault', message: /ledger\/0001_ledger\.sql was changed after/ }
  const edit = (sha256: string) =>
    connected(
      db.ownerUrl,
      on => on.sql<{ sha256: string }>`
        update database.migration m set sha256 = ${sha256} from database.migration was
        where (m.folder, m.name) = ('ledger', '0001_ledger.sql')
          and (was.folder, was.name) = (m.folder, m.name) returning was.sha256`,
    )
  const [was] = await edit('another')
  await assert.rejects(migrate(db.ownerUrl), changed)
  await edit(was!.sha256)
  assert.deepEqual(await migrate(db.ownerUrl), [])
})

test('a role is granted to by its name, whatever stands in it', () => {
  const text = grantsTo({ writer: 'a"; drop schema ledger; --' })
  assert.match(text, /to "a""; drop schema ledger; --", "a""; drop/)
  assert.doesNotMatch(text, /\$writer|\$reader/)
})
