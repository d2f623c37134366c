/** What can be in the way of a start: each is one sentence on the console, and a non-zero exit. */
import assert from 'node:assert/strict'
import { spawnSync } from 'node:child_process'
import fs from 'node:fs'
import net from 'node:net'
import path from 'node:path'
import { after, before, test } from 'node:test'
import {
  leastBuffers,
  startPostgres,
  newPasswords,
  prepare,
  urlOf,
  type Postgres,
} from '@bursar/database'
import { useDatabase } from '@bursar/database/testing'
import { aPort, newFolder, start } from './start.testing.ts'

const db = useDatabase()
let folder: string
before(() => void (folder = newFolder()))
after(() => fs.rmSync(folder, { recursive: true, force: true }))

type Environment = Readonly<Record<string, string>>
async function refused(sentence: RegExp, args: string[], environment: Environment = {}) {
  const port = args.includes('--port') ? [] : ['--port', String(await aPort())]
  const data = args.includes('--data') ? [] : ['--data', path.join(folder, 'new')]
  const started = start([...port, ...data, ...args], environment)
  assert.notEqual(await started.ended, 0)
  assert.match(started.shown(), sentence)
  assert.equal(started.shown().trim().split('\n').length, 1, started.shown())
}

test('a port that somebody has is one sentence, with another one proposed', async t => {
  const taker = net.createServer().listen(0, '127.0.0.1')
  t.after(() => taker.close())
  await new Promise(resolve => taker.once('listening', resolve))
  const { port } = taker.address() as net.AddressInfo
  const sentence = new RegExp(`Port ${port} is taken. Choose another: npm start -- --port`)
  await refused(sentence, ['--port', `${port}`])
})

test('a word that we do not know is one sentence', () =>
  refused(/Unknown option '--bear'/, ['--bear']))
test('a port that is none is one sentence', () =>
  refused(/"70000" is not a port/, ['--port', '70000']))

const malformed: readonly (readonly [RegExp, Environment])[] = [
  [/"pay\.example" is not an origin\. PUBLIC_ORIGIN is/, { PUBLIC_ORIGIN: 'pay.example' }],
  [/is not an origin/, { PUBLIC_ORIGIN: 'https://pay.example/shop' }],
  [/is not an origin/, { PUBLIC_ORIGIN: 'https://ann@pay.example' }],
  [/is not an origin/, { PUBLIC_ORIGIN: 'ftp://pay.example' }],
  [/"all" is not an address of a proxy/, { TRUSTED_PROXY: 'all' }],
  [/"0\.0\.0\.0\/0" is not an address of a proxy/, { TRUSTED_PROXY: '10.0.0.1,0.0.0.0/0' }],
  [/"10\.0\.0\.0\/33" is not an address/, { TRUSTED_PROXY: '10.0.0.0/33' }],
  [/"" is not an address of a proxy/, { TRUSTED_PROXY: '10.0.0.1,' }],
  [/--host needs --origin/, { BURSAR_HOST: '0.0.0.0' }],
  [/METRICS_TOKEN must have 20 to 200/, { METRICS_TOKEN: 'too short' }],
  [/BURSAR_BUFFERS is not a number of megabytes from 64 on/, { BURSAR_BUFFERS: '8GB' }],
  [/BURSAR_BUFFERS is not a number/, { BURSAR_BUFFERS: '63' }],
]
for (const [sentence, environment] of malformed) {
  const [[name, value] = []] = Object.entries(environment)
  test(`${name}=${value} is one sentence`, () => refused(sentence, [], environment))
}

test('a data folder that is a file is one sentence', async () => {
  const file = path.join(folder, 'file')
  fs.writeFileSync(file, '')
  await refused(/is not a folder|cannot be written/, ['--data', file])
})

test('a data folder that cannot be written to is one sentence', async t => {
  const closed = path.join(folder, 'closed')
  fs.mkdirSync(closed, { mode: 0o555 })
  const nobody = process.getuid?.() === 0 ? { uid: 65534, gid: 65534 } : {}
  const program = process.execPath
  if (spawnSync(program, ['-e', ''], { ...nobody, cwd: '/' }).status !== 0)
    return t.skip('the checkout is closed to everybody but root')
  const started = start(['--data', closed, '--port', `${await aPort()}`], {}, nobody)
  assert.notEqual(await started.ended, 0)
  assert.match(started.shown(), /^The data folder .*closed.* cannot be written to \(EACCES\)\.\n$/)
})

test('a full disk is one sentence', async t => {
  const small = path.join(folder, 'small')
  fs.mkdirSync(small)
  const mounted = spawnSync('mount', ['-t', 'tmpfs', '-o', 'size=16m', 'tmpfs', small])
  if (mounted.status !== 0) return t.skip('only root can make a small disk')
  try {
    await refused(/^The disk that holds .*small is full/, ['--data', small])
  } finally {
    spawnSync('umount', [small])
  }
})

for (const [what, url, sentence] of [
  ['is no address', 'bursar', /DATABASE_URL is not an address like postgres:/],
  ['leads to nobody', 'postgres://a:b@127.0.0.1:1/bursar', /cannot be used: nothing listens there/],
  ['has a wrong host', 'postgres://a:b@nowhere.invalid/bursar', /cannot be used: .*host/],
] as const)
  test(`a DATABASE_URL that ${what} is one sentence`, () =>
    refused(sentence, [], { DATABASE_URL: url }))

test('a DATABASE_URL with a wrong password is one sentence, without the password', async () => {
  const url = new URL(db.url)
  url.password = 'wrong-secret'
  await refused(/^(?!.*wrong-secret).*the password is wrong/, [], { DATABASE_URL: url.href })
})

test('a PostgreSQL that may forget what it has answered is refused', () =>
  refused(/runs with fsync off/, [], { DATABASE_URL: db.url }))

test('a safe PostgreSQL of somebody else is refused as its superuser, its owner, and while it lacks migrations', async () => {
  const safe = { folder: path.join(folder, 'another'), buffers: leastBuffers }
  const server: Postgres = await startPostgres(safe)
  try {
    const passwords = newPasswords()
    await prepare(server.url, { database: 'bursar', passwords })
    const as = (role: 'bursar_app' | 'bursar_owner') => urlOf(server.url, 'bursar', role, passwords)
    await refused(/entered as a superuser/, [], { DATABASE_URL: server.url })
    await refused(/entered as the owner/, [], { DATABASE_URL: as('bursar_owner') })
    await refused(/lacks \d+ migrations.*DATABASE_OWNER_URL/, [], {
      DATABASE_URL: as('bursar_app'),
    })
  } finally {
    await server.stop()
  }
})
