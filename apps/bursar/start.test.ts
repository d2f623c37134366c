/** The two commands, as a person gives them: the real process, in a data folder of its own. */
import assert from 'node:assert/strict'
import { execFileSync } from 'node:child_process'
import fs from 'node:fs'
import https from 'node:https'
import path from 'node:path'
import { after, afterEach, before, test } from 'node:test'
import { setTimeout as sleep } from 'node:timers/promises'
import { lanAddress } from './certificate.ts'
import { aPort, newFolder, processesOn, start, type Started } from './start.testing.ts'

let folder: string
let port: number
const running = new Set<Started>()

before(async () => {
  folder = newFolder()
  port = await aPort()
})
afterEach(async () => {
  for (const one of running) one.kill('SIGKILL')
  await nobodyWorksOn(folder)
})
after(() => {
  fs.rmSync(folder, { recursive: true, force: true })
})

const begin = async (
  args: string[],
  shows = /Bursar is ready: (\S+)/,
  environment: Readonly<Record<string, string>> = {},
) => {
  const one = start(['--data', folder, '--port', `${port}`, ...args], environment)
  running.add(one)
  void one.ended.then(() => running.delete(one))
  const [, said] = await one.shows(shows)
  return { ...one, said: said! }
}
async function nobodyWorksOn(where: string): Promise<void> {
  for (let i = 0; i < 200 && processesOn(where).length; i++) await sleep(50)
  assert.deepEqual(processesOn(where), [])
}

const at = (address: string, to: string, body?: object) =>
  fetch(`${address}${to}`, {
    ...(body && { method: 'POST', body: JSON.stringify(body) }),
    headers: { origin: address, ...(body && { 'content-type': 'application/json' }) },
  })
const first = (token: string) => ({
  token,
  institution: { name: 'Tea Guild' },
  person: { name: 'Ada', email: 'ada@example.org', password: 'a long way round' },
})

test('a bare start has nobody in it; the token on its console lets the first operator in, once', async () => {
  const bursar = await begin(['--bare'], /works once: (\S+)/)
  const token = bursar.said
  const address = `http://localhost:${port}`
  assert.deepEqual(await (await at(address, '/v1/parties/set-up')).json(), { needed: true })
  assert.equal((await at(address, '/v1/demo/faces')).status, 404)
  assert.equal((await at(address, '/v1/parties/set-up', first(`${token}x`))).ok, false)
  const done = await at(address, '/v1/parties/set-up', first(token))
  assert.ok(done.ok, await done.text())
  assert.equal((await at(address, '/v1/parties/set-up', first(token))).ok, false)
  bursar.kill('SIGINT')
  assert.equal(await bursar.ended, 0)
  await nobodyWorksOn(folder)
})

test('a second start keeps what was there, offers no token, and goes on when PostgreSQL was killed under it', async () => {
  const bursar = await begin([])
  assert.equal(bursar.said, `http://localhost:${port}`)
  assert.doesNotMatch(bursar.shown(), /token/)
  const set = await at(bursar.said, '/v1/parties/set-up')
  assert.deepEqual(await set.json(), { needed: false })
  const login = { login: 'ada@example.org', password: 'a long way round' }
  assert.equal((await at(bursar.said, '/v1/parties/sessions', login)).status, 201)
  const again = start(['--data', folder, '--port', `${await aPort()}`])
  assert.equal(await again.ended, 1)
  assert.equal(again.shown(), `Bursar already runs on ${folder}, as process ${bursar.pid}.\n`)
  await goesOn(bursar)
  bursar.kill('SIGKILL')
  await bursar.ended
  await nobodyWorksOn(folder)
})

/** It says when it can serve, and goes on when PostgreSQL was killed under it. */
async function goesOn({ said }: { said: string }): Promise<void> {
  const ready = async () => {
    const answer = await at(said, '/readyz').catch(() => undefined)
    return answer?.status === 200
  }
  assert.ok(await ready())
  const pid = fs.readFileSync(path.join(folder, 'postgres/postmaster.pid'), 'utf8').split('\n')[0]
  process.kill(Number(pid), 'SIGKILL')
  const until = Date.now() + 20_000
  while (Date.now() < until && (!(await ready()) || processesOn(folder).includes(pid!)))
    await sleep(100)
  assert.ok(await ready())
}

test('behind a proxy people are at the public origin, and the proxy alone says from where', async () => {
  const origin = 'https://pay.example'
  const token = 'twenty-letters-at-least'
  const settings = { PUBLIC_ORIGIN: origin, TRUSTED_PROXY: '127.0.0.1,::1', METRICS_TOKEN: token }
  const bursar = await begin([], undefined, settings)
  assert.equal(bursar.said, origin)
  assert.match(bursar.shown(), new RegExp(`It listens at http://localhost:${port}, for the proxy`))
  assert.doesNotMatch(bursar.shown(), /certificate/)
  const address = `http://localhost:${port}`
  const ask = (to: string, headers: Record<string, string>, body?: object) =>
    fetch(`${address}${to}`, {
      ...(body && { method: 'POST', body: JSON.stringify(body) }),
      headers: { ...headers, ...(body && { 'content-type': 'application/json' }) },
    })
  const login = { login: 'ada@example.org', password: 'a long way round' }
  const foreign = await ask('/v1/parties/sessions', { origin: address }, login)
  const problem = (await foreign.json()) as { code: string; type: string }
  assert.deepEqual(
    [problem.code, problem.type],
    ['foreign_origin', `${origin}/docs/problems/foreign_origin`],
  )
  const forwarded = { origin, 'x-forwarded-for': '203.0.113.9', 'x-forwarded-proto': 'https' }
  const answer = await ask('/v1/parties/sessions', forwarded, login)
  const cookie = answer.headers.get('set-cookie')!
  assert.match(cookie, /^__Host-session=.*; Secure/)
  assert.match(String(answer.headers.get('strict-transport-security')), /max-age=31536000/)
  const sessions = await ask('/v1/parties/sessions', { cookie: cookie.split(';')[0]! })
  const { rows } = (await sessions.json()) as { rows: { address: string; current: boolean }[] }
  assert.equal(rows.find(one => one.current)?.address, '203.0.113.9')
  assert.equal((await ask('/metrics', {})).status, 401)
  const figures = await (await ask('/metrics', { authorization: `Bearer ${token}` })).text()
  assert.match(figures, /work_last_success_seconds\{job="payouts"\} \d/)
  bursar.kill('SIGTERM')
  assert.equal(await bursar.ended, 0)
  await nobodyWorksOn(folder)
})

test('on the local network it serves HTTPS with a certificate that it keeps', async t => {
  try {
    lanAddress()
  } catch {
    return t.skip('this machine is on no network')
  }
  const bursar = await begin(['--lan'])
  assert.equal(bursar.said, `https://${lanAddress()}:${port}`)
  const ca = fs.readFileSync(path.join(folder, 'lan.cert.pem'))
  const status = await new Promise(resolve =>
    https.get(`${bursar.said}/healthz`, { ca }, answer => resolve(answer.statusCode)),
  )
  assert.equal(status, 200)
  bursar.kill('SIGINT')
  assert.equal(await bursar.ended, 0)
  const next = await begin(['--lan'])
  assert.deepEqual(fs.readFileSync(path.join(folder, 'lan.cert.pem')), ca)
  next.kill('SIGINT')
  assert.equal(await next.ended, 0)
})

test('what lies in the data folder is nobody else’s to read', () => {
  for (const name of fs.readdirSync(folder)) {
    const { mode } = fs.statSync(path.join(folder, name))
    const secret = /password|keys|key\.pem|^postgres$/.test(name)
    assert.ok(!secret || (mode & 0o077) === 0, `${name} is ${(mode & 0o777).toString(8)}`)
  }
})

test('reset asks before it throws real data away, and then leaves nothing', async () => {
  const asked = start(['reset', '--data', folder])
  assert.equal(await asked.ended, 1)
  assert.match(asked.shown(), /is not a demo. "npm run reset -- --yes"/)
  assert.ok(fs.existsSync(path.join(folder, 'postgres')))
  const done = start(['reset', '--data', folder, '--yes'])
  assert.equal(await done.ended, 0)
  assert.deepEqual(fs.readdirSync(folder), [])
})

test('a demo shows its sign-ins at once, builds behind, and can be left at any moment', async () => {
  const bursar = await begin([])
  for (const role of ['consumer', 'owner', 'staff', 'reviewer', 'admin', 'custodian', 'supervisor'])
    assert.match(bursar.shown(), new RegExp(`${role} +\\+86`))
  const { faces } = (await (await at(bursar.said, '/v1/demo/faces')).json()) as { faces: object[] }
  assert.ok(faces.length >= 7)
  const progress = await (await at(bursar.said, '/v1/demo/progress')).json()
  assert.ok(['building', 'ready'].includes((progress as { state: string }).state))
  bursar.kill('SIGINT')
  assert.equal(await bursar.ended, 0)
  await nobodyWorksOn(folder)
  const bare = start(['--bare', '--data', folder, '--port', `${port}`])
  assert.equal(await bare.ended, 1)
  assert.match(bare.shown(), /holds a demo/)
})

test('an old Node is told what is missing', t => {
  const old = ['/usr/bin/node', '/usr/local/bin/node'].find(name => fs.existsSync(name))
  const major =
    old && execFileSync(old, ['-p', 'process.versions.node.split(".")[0]'], { encoding: 'utf8' })
  if (!old || Number(major) >= 24) return t.skip('there is no old Node on this machine')
  const program = path.resolve(import.meta.dirname, '../../start.mjs')
  assert.throws(
    () => execFileSync(old, [program], { stdio: 'pipe' }),
    /Bursar needs Node 24; this is v/,
  )
})
