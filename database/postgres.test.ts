import assert from 'node:assert/strict'
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import fs from 'node:fs'
import path from 'node:path'
import { after, before, test } from 'node:test'
import { setTimeout as sleep } from 'node:timers/promises'
import { at, connected } from './connect.ts'
import { leastBuffers as buffers, startPostgres } from './postgres.ts'
import { newPasswords, prepare, urlOf } from './roles.ts'
import { newScratch } from './scratch.ts'
import { checkSettings } from './settings.ts'

let folder: string
before(() => {
  folder = newScratch('bursar-postgres-')
})
after(() => fs.rmSync(folder, { recursive: true, force: true }))

/** A process that starts PostgreSQL and then only lives; it answers the server's pid and address. */
async function another(): Promise<{
  pid: number
  server: number
  url: string
  kill(): Promise<void>
}> {
  const source = `
    import { startPostgres } from '${new URL('postgres.ts', import.meta.url).href}'
    const { pid, url } = await startPostgres({ folder: ${JSON.stringify(folder)}, buffers: ${buffers} })
    console.log(JSON.stringify({ pid, url }))
    setInterval(() => {}, 1000)`
  const child = spawn(process.execPath, ['--input-type=module', '-e', source], {
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  const [line] = (await once(child.stdout!, 'data')) as [Buffer]
  const { pid, url } = JSON.parse(line.toString()) as { pid: number; url: string }
  const kill = async () => {
    child.kill('SIGKILL')
    await once(child, 'exit')
  }
  return { pid: child.pid!, server: pid, url, kill }
}

const alive = (pid: number) => fs.existsSync(`/proc/${pid}`)
async function gone(pid: number): Promise<void> {
  for (let i = 0; i < 100 && alive(pid); i++) await sleep(50)
  assert.ok(!alive(pid), `process ${pid} is still there`)
}

test('what was committed is there after kill -9 of our process, and PostgreSQL has ended with it', async () => {
  const first = await another()
  await connected(first.url, on =>
    on.script('create table kept (id int); insert into kept values (7)'),
  )
  await first.kill()
  const second = await startPostgres({ folder, buffers })
  await gone(first.server)
  const rows = await connected(second.url, on => on.sql<{ id: number }>`select id from kept`)
  assert.deepEqual(rows, [{ id: 7 }])
  await second.stop()
  assert.ok(!alive(second.pid))
})

test('what was committed is there after kill -9 of PostgreSQL', async () => {
  const first = await startPostgres({ folder, buffers })
  await connected(first.url, on => on.script('insert into kept values (8)'))
  process.kill(first.pid, 'SIGKILL')
  await first.ended
  await sleep(50)
  const second = await startPostgres({ folder, buffers })
  const rows = await connected(
    second.url,
    on => on.sql<{ id: number }>`select id from kept order by id`,
  )
  assert.deepEqual(rows, [{ id: 7 }, { id: 8 }])
  await second.stop()
})

test('a second start on the same folder is refused, and says who holds it', async () => {
  const first = await another()
  const message = `Bursar already runs on ${folder}, as process ${first.pid}.`
  await assert.rejects(startPostgres({ folder, buffers }), { name: 'Hindrance', message })
  assert.ok(alive(first.server), 'the first one is left alone')
  await first.kill()
  await gone(first.server)
})

test('a pid file that names a process of somebody else does not stop the start', async () => {
  const file = path.join(folder, 'postgres/postmaster.pid')
  fs.writeFileSync(file, `${process.pid}\n${folder}/postgres\n`)
  const server = await startPostgres({ folder, buffers })
  await server.stop()
})

test('a start that was killed while it made the database begins again', async () => {
  const half = path.join(folder, 'new/postgres.half')
  fs.mkdirSync(path.join(half, 'base'), { recursive: true })
  const server = await startPostgres({ folder: path.join(folder, 'new'), buffers })
  assert.ok(!fs.existsSync(half))
  await server.stop()
})

test('the built-in server keeps the settings that money needs; its administrator is no app role', async () => {
  const server = await startPostgres({ folder })
  try {
    const passwords = newPasswords()
    await prepare(server.url, { database: 'bursar', passwords })
    await prepare(server.url, { database: 'bursar', passwords })
    await checkSettings(urlOf(server.url, 'bursar', 'bursar_app', passwords))
    const refused = (url: string, sentence: RegExp) => assert.rejects(checkSettings(url), sentence)
    await refused(
      urlOf(server.url, 'bursar', 'bursar_owner', passwords),
      /as the owner of its tables/,
    )
    await refused(at(server.url, { database: 'bursar' }), /entered as a superuser/)
    await refused(
      urlOf(server.url, 'bursar', 'bursar_report', passwords),
      /lets this user only read/,
    )
    const [row] = await connected(
      server.url,
      on => on.sql`
      select current_setting('data_checksums') as checksums, current_setting('listen_addresses') as on,
        current_setting('password_encryption') as passwords`,
    )
    assert.deepEqual(row, { checksums: 'on', on: '127.0.0.1', passwords: 'scram-sha-256' })
  } finally {
    await server.stop()
  }
})

test('a data folder that is a file is refused with a sentence', async () => {
  const file = path.join(folder, 'file')
  fs.writeFileSync(file, '')
  await assert.rejects(startPostgres({ folder: file }), { name: 'Hindrance' })
})
