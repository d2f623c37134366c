/** The two commands, as a person gives them: the real process, in a data folder of its own. */
import assert from 'node:assert/strict'
import { execFileSync } from 'node:child_process'
import fs from 'node:fs'
import http, { type IncomingMessage } from 'node:http'
import https from 'node:https'
import path from 'node:path'
import { text } from 'node:stream/consumers'
import { after, afterEach, before, test } from 'node:test'
import { setTimeout as sleep } from 'node:timers/promises'
import { certificateFor, lanAddress } from './certificate.ts'
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
  // This start has PostgreSQL's buffers as people have them.
  const bursar = await begin(['--bare'], /works once: (\S+)/, { BURSAR_BUFFERS: '' })
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

/** It says when it can serve, and goes on when PostgreSQL was killed under it. */
async function goesOn(bursar: Started, here: string): Promise<void> {
  const ready = async () => {
    const answer = await at(here, '/readyz').catch(() => undefined)
    return answer?.status === 200
  }
  assert.ok(await ready(), bursar.shown())
  const pid = fs.readFileSync(path.join(folder, 'postgres/postmaster.pid'), 'utf8').split('\n')[0]
  process.kill(Number(pid), 'SIGKILL')
  const until = Date.now() + 20_000
  while (Date.now() < until && (!(await ready()) || processesOn(folder).includes(pid!)))
    await sleep(100)
  assert.ok(await ready())
}

/** One start for both: that of what is there already, behind a proxy. */
test('a second start keeps what was there and offers no token; behind a proxy people are at the public origin, and the proxy alone says from where; it goes on when PostgreSQL was killed under it', async () => {
  const origin = 'https://pay.example'
  const token = 'twenty-letters-at-least'
  const settings = { PUBLIC_ORIGIN: origin, TRUSTED_PROXY: '127.0.0.1,::1', METRICS_TOKEN: token }
  const bursar = await begin([], undefined, settings)
  assert.equal(bursar.said, origin)
  assert.match(bursar.shown(), new RegExp(`It listens at http://localhost:${port}, for the proxy`))
  assert.doesNotMatch(bursar.shown(), /token|certificate/)
  const here = `http://localhost:${port}`
  const set = await at(here, '/v1/parties/set-up')
  assert.deepEqual(await set.json(), { needed: false })
  await believesTheProxy(here, origin)
  assert.equal((await fetch(`${here}/metrics`)).status, 401)
  const headers = { authorization: `Bearer ${token}` }
  const figures = await (await fetch(`${here}/metrics`, { headers })).text()
  assert.match(figures, /work_last_success_seconds\{job="payouts"\} \d/)
  const again = start(['--data', folder, '--port', `${await aPort()}`])
  assert.equal(await again.ended, 1)
  assert.equal(again.shown(), `Bursar already runs on ${folder}, as process ${bursar.pid}.\n`)
  await goesOn(bursar, here)
  bursar.kill('SIGKILL')
  await bursar.ended
  await nobodyWorksOn(folder)
})

async function believesTheProxy(here: string, origin: string): Promise<void> {
  const signIn = (headers: Record<string, string>) =>
    fetch(`${here}/v1/parties/sessions`, {
      method: 'POST',
      body: JSON.stringify({ login: 'ada@example.org', password: 'a long way round' }),
      headers: { ...headers, 'content-type': 'application/json' },
    })
  const foreign = await signIn({ origin: here })
  const problem = (await foreign.json()) as { code: string; type: string }
  assert.deepEqual(
    [problem.code, problem.type],
    ['foreign_origin', `${origin}/docs/problems/foreign_origin`],
  )
  const forwarded = { origin, 'x-forwarded-for': '203.0.113.9', 'x-forwarded-proto': 'https' }
  const answer = await signIn(forwarded)
  assert.equal(answer.status, 201)
  const cookie = answer.headers.get('set-cookie')!
  assert.match(cookie, /^__Host-session=.*; Secure/)
  assert.match(String(answer.headers.get('strict-transport-security')), /max-age=31536000/)
  const headers = { cookie: cookie.split(';')[0]! }
  const sessions = await fetch(`${here}/v1/parties/sessions`, { headers })
  const { rows } = (await sessions.json()) as { rows: { address: string; current: boolean }[] }
  assert.equal(rows.find(one => one.current)?.address, '203.0.113.9')
}

test('the certificate of the local network is kept, and made anew for another address', async () => {
  const made = await certificateFor('192.0.2.7', folder)
  assert.deepEqual(await certificateFor('192.0.2.7', folder), made)
  assert.notEqual((await certificateFor('192.0.2.8', folder)).cert, made.cert)
})

test('what lies in the data folder is nobody else’s to read', () => onlyOurs())

function onlyOurs(): void {
  for (const name of fs.readdirSync(folder)) {
    const { mode } = fs.statSync(path.join(folder, name))
    const secret = /password|keys|key\.pem|^postgres$/.test(name)
    assert.ok(!secret || (mode & 0o077) === 0, `${name} is ${(mode & 0o777).toString(8)}`)
  }
}

test('reset asks before it throws real data away, and then leaves nothing', async () => {
  const asked = start(['reset', '--data', folder])
  assert.equal(await asked.ended, 1)
  assert.match(asked.shown(), /is not a demo. "npm run reset -- --yes"/)
  assert.ok(fs.existsSync(path.join(folder, 'postgres')))
  const done = start(['reset', '--data', folder, '--yes'])
  assert.equal(await done.ended, 0)
  assert.deepEqual(fs.readdirSync(folder), [])
})

/** On the local network, where this machine is on one: over HTTPS. */
test('a demo shows its sign-ins at once, builds behind, and can be left at any moment; a phone reaches it over HTTPS', async t => {
  const address = onNetwork()
  if (!address) t.diagnostic('this machine is on no network: without HTTPS')
  const bursar = await begin(address ? ['--lan'] : [])
  const home = address ? `https://${address}` : 'http://localhost'
  assert.equal(bursar.said, `${home}:${port}`)
  for (const role of ['consumer', 'owner', 'staff', 'reviewer', 'admin', 'custodian', 'supervisor'])
    assert.match(bursar.shown(), new RegExp(`${role} +\\+86`))
  const { faces } = await answered<{ faces: object[] }>(`${bursar.said}/v1/demo/faces`)
  assert.ok(faces.length >= 7)
  const progress = await answered<{ state: string }>(`${bursar.said}/v1/demo/progress`)
  assert.ok(['building', 'ready'].includes(progress.state))
  bursar.kill('SIGINT')
  assert.equal(await bursar.ended, 0)
  await nobodyWorksOn(folder)
  onlyOurs()
  const bare = start(['--bare', '--data', folder, '--port', `${port}`])
  assert.equal(await bare.ended, 1)
  assert.match(bare.shown(), /holds a demo/)
})

function onNetwork(): string | undefined {
  try {
    return lanAddress()
  } catch {
    return undefined
  }
}

/** Its own certificate is the only one that is believed. */
async function answered<T>(url: string): Promise<T> {
  const file = path.join(folder, 'lan.cert.pem')
  const answer = await new Promise<IncomingMessage>((resolve, reject) => {
    const asked = url.startsWith('https:')
      ? https.get(url, { ca: fs.readFileSync(file) }, resolve)
      : http.get(url, resolve)
    asked.once('error', reject)
  })
  assert.equal(answer.statusCode, 200)
  return JSON.parse(await text(answer)) as T
}

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
