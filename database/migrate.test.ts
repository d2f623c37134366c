import assert from 'node:assert/strict'
import fs from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import { afterEach, beforeEach, test } from 'node:test'
import { at, connected } from './connect.ts'
import { migrate, pendingMigrations, type Folder } from './migrate.ts'
import { dropDatabase, useDatabase } from './testing.ts'

const db = useDatabase()
let folder: string
let url: string
let name: string

beforeEach(async () => {
  folder = fs.mkdtempSync(path.join(os.tmpdir(), 'bursar-migrations-'))
  name = `bursar_test_${path.basename(folder).slice(-6).toLowerCase()}`
  await connected(db.adminUrl, on => on.script(`create database ${name} owner bursar_owner`))
  url = at(db.ownerUrl, { database: name })
  write('0001_tea.sql', 'create schema shop; create table shop.tea (id int primary key);')
  write('grants.sql', '', '..')
})
afterEach(async () => {
  fs.rmSync(folder, { recursive: true })
  await dropDatabase(db.adminUrl, name)
})

const write = (file: string, text: string, where = '.') => {
  const to = path.join(folder, 'shop', where, file)
  fs.mkdirSync(path.dirname(to), { recursive: true })
  fs.writeFileSync(to, text)
}
const folders = (): Folder[] => [
  { name: 'none', path: path.join(folder, 'none') },
  { name: 'shop', path: path.join(folder, 'shop') },
]
const up = () => migrate(url, { folders: folders(), grants: path.join(folder, 'grants.sql') })
const count = () =>
  connected(
    url,
    async on => (await on.sql<{ n: number }>`select count(*)::int as n from shop.tea`)[0]!.n,
  )

test('each file is applied once, in its order, and remembered', async () => {
  write('0002_green.sql', 'insert into shop.tea values (1)')
  assert.deepEqual(await up(), ['shop/0001_tea.sql', 'shop/0002_green.sql'])
  assert.deepEqual(await up(), [])
  assert.equal(await count(), 1)
})

test('servers that start together take turns: each file is applied once', async () => {
  write('0002_slow.sql', 'select pg_sleep(0.2); insert into shop.tea values (1)')
  const applied = await Promise.all([up(), up(), up()])
  assert.deepEqual(applied.flat().sort(), ['shop/0001_tea.sql', 'shop/0002_slow.sql'])
  assert.equal(await count(), 1)
})

test('a file that fails leaves nothing of itself, and what came before it stays', async () => {
  write('0002_wrong.sql', 'insert into shop.tea values (1); select 1 / 0')
  await assert.rejects(
    up(),
    /shop\/0002_wrong.sql failed, and nothing of it was kept: division by zero/,
  )
  assert.equal(await count(), 0)
  write('0002_wrong.sql', 'insert into shop.tea values (1)')
  assert.deepEqual(await up(), ['shop/0002_wrong.sql'])
})

test('a migration that is killed half-way is applied whole by the next start', async () => {
  write('0002_slow.sql', 'insert into shop.tea values (1); select pg_sleep(30)')
  const first = assert.rejects(up())
  await killWhoSleeps()
  await first
  assert.equal(await count(), 0)
  assert.deepEqual(await pendingMigrations(url, folders()), ['shop/0002_slow.sql'])
})

async function killWhoSleeps(): Promise<void> {
  await connected(db.adminUrl, async on => {
    for (let killed = 0; killed === 0;)
      killed = (
        await on.sql`
          select pg_terminate_backend(pid) from pg_stat_activity
          where datname = ${name} and wait_event = 'PgSleep'`
      ).length
  })
}

test('a file that was edited after it was applied is refused', async () => {
  await up()
  write('0001_tea.sql', 'create schema shop; create table shop.tea (id bigint primary key);')
  await assert.rejects(up(), /Migration shop\/0001_tea.sql was changed after it was applied/)
})

test('a file that vanished after it was applied is refused', async () => {
  await up()
  fs.rmSync(path.join(folder, 'shop/0001_tea.sql'))
  await assert.rejects(up(), /Migration shop\/0001_tea.sql was applied .* its file is gone/)
})

test('a file that is numbered before an applied one is refused', async () => {
  write('0003_late.sql', 'select 1')
  await up()
  write('0002_early.sql', 'select 1')
  await assert.rejects(up(), /shop\/0002_early.sql comes before 0003_late.sql/)
})
