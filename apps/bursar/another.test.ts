/** Another PostgreSQL than the built-in one: prepared by its administrator, then used by its address. */
import assert from 'node:assert/strict'
import { spawnSync } from 'node:child_process'
import fs from 'node:fs'
import path from 'node:path'
import { after, before, test } from 'node:test'
import { leastBuffers, startPostgres, type Postgres } from '@bursar/database'
import { aPort, newFolder, start } from './start.testing.ts'

const tool = path.resolve(import.meta.dirname, '../../tools/prepare.ts')
let folder: string
let server: Postgres
before(async () => {
  folder = newFolder()
  server = await startPostgres({ folder: path.join(folder, 'server'), buffers: leastBuffers })
})
after(async () => {
  await server?.stop()
  fs.rmSync(folder, { recursive: true, force: true })
})

const prepare = (...more: string[]) =>
  spawnSync(process.execPath, [tool, server.url, ...more], { encoding: 'utf8' })
const addresses = (said: string) =>
  Object.fromEntries(
    said
      .trim()
      .split('\n')
      .map(line => line.split(/=(.*)/s).slice(0, 2)),
  )

test('its administrator prepares it, and Bursar runs on it, bare', async () => {
  const environment = addresses(prepare().stdout)
  assert.deepEqual(Object.keys(environment), ['DATABASE_URL', 'DATABASE_OWNER_URL'])
  const port = await aPort()
  const args = ['--data', path.join(folder, 'data'), '--port', `${port}`]
  const bursar = start(args, environment)
  await bursar.shows(/works once/)
  const answer = await fetch(`http://localhost:${port}/readyz`)
  assert.equal(answer.status, 200, await answer.text())
  bursar.kill('SIGTERM')
  assert.equal(await bursar.ended, 0)
})

test('preparing it again changes no password unless that is asked for', () => {
  const again = prepare()
  assert.equal(again.status, 1)
  assert.match(again.stderr, /The roles are there already/)
  assert.equal(prepare('--new-passwords').status, 0)
})

test('an administrator that is no address is one sentence', () => {
  const said = spawnSync(process.execPath, [tool, 'somewhere'], { encoding: 'utf8' })
  assert.equal(said.status, 1)
  assert.match(said.stderr, /^Give the address of an administrator: .*\n$/)
})
