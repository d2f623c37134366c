import assert from 'node:assert/strict'
import { mkdtempSync, rmSync, writeFileSync, mkdirSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, test } from 'node:test'
import { routes } from './routes.ts'
import { statuses } from './refusals.ts'
import { openLogger } from './logger.ts'
import { useApi } from './testing.ts'

const web = mkdtempSync(join(tmpdir(), 'bursar-web-'))
mkdirSync(join(web, 'assets'))
writeFileSync(join(web, 'index.html'), '<!doctype html><title>Bursar</title>')
writeFileSync(join(web, 'assets', 'app-1.js'), 'export {}')
after(() => rmSync(web, { recursive: true }))

const lines: string[] = []
const logger = openLogger('info', { write: line => void lines.push(line) })
let databaseIsThere = true
const api = useApi(() => ({ web, logger, ready: async () => ({ migrations: databaseIsThere }) }))
const page = { headers: { accept: 'text/html' } }

test('a read that is polled says "still the same" without saying it again', async () => {
  const consumer = await api.as('consumer')
  const first = await consumer.get('/v1/parties/me')
  const etag = String(first.headers['etag'])
  const again = await consumer.get('/v1/parties/me', {
    headers: { 'if-none-match': `"x", W/${etag}` },
  })
  assert.deepEqual([again.statusCode, again.body], [304, ''])
  const changed = await consumer.get('/v1/parties/me', { headers: { 'if-none-match': '"x"' } })
  assert.equal(changed.statusCode, 200)
})

test('no answer of the interface is kept by anybody, and every answer guards the browser', async () => {
  const { headers } = await api.guest.get('/v1/parties/set-up')
  assert.equal(headers['cache-control'], 'no-store')
  assert.equal(headers['content-security-policy'], "default-src 'none'; frame-ancestors 'none'")
  const policy = String((await api.guest.get('/', page)).headers['content-security-policy'])
  assert.match(policy, /default-src 'self'.*object-src 'none'.*frame-ancestors 'none'/)
  assert.doesNotMatch(policy, /script-src[^;]*unsafe-inline/)
  assert.match(String(headers['permissions-policy']), /camera=\(self\)/)
  assert.equal(headers['x-content-type-options'], 'nosniff')
  assert.equal(headers['access-control-allow-origin'], undefined)
  assert.equal(headers['x-powered-by'], undefined)
})

test('nobody holds a connection for long', () => {
  const { server } = api.app
  assert.deepEqual([server.timeout, server.keepAliveTimeout], [60_000, 30_000])
})

test('a request keeps its id, if it is one', async () => {
  const id = async (given: string) =>
    (await api.guest.get('/v1/nothing', { headers: { 'x-request-id': given } })).json().requestId
  assert.equal(await id('a-trace-of-mine'), 'a-trace-of-mine')
  assert.notEqual(await id('bad id\twith spaces'), 'bad id\twith spaces')
})

test('the description is OpenAPI 3.1 and knows every route by its name', async () => {
  const { openapi, paths } = (await api.guest.get('/openapi.json')).json()
  assert.equal(openapi, '3.1.0')
  for (const [name, { method, path }] of routes) {
    const said = paths[path.replace(/:(\w+)/g, '{$1}')]?.[method.toLowerCase()]
    assert.equal(said?.operationId, name, path)
    assert.ok(said.responses.default.content['application/problem+json'], path)
  }
})

test('every problem has a page that says what it is', async () => {
  for (const code of Object.keys(statuses))
    assert.equal((await api.guest.get(`/docs/problems/${code}`)).statusCode, 200, code)
  assert.equal((await api.guest.get('/docs/problems/toString')).statusCode, 404)
  assert.equal((await api.guest.get('/docs')).statusCode, 200)
})

test('the process lives, and says apart whether it can serve', async () => {
  assert.equal((await api.guest.get('/healthz')).statusCode, 200)
  assert.deepEqual((await api.guest.get('/readyz')).json(), {
    status: 'ready',
    checks: { database: true, migrations: true },
  })
  databaseIsThere = false
  assert.equal((await api.guest.get('/readyz')).statusCode, 503)
  databaseIsThere = true
  const metrics = await api.guest.get('/metrics')
  assert.match(
    metrics.body,
    /http_request_duration_seconds_count\{method="GET",route="\/healthz",status="200"\} \d/,
  )
})

test('an address of the web app is its page; a missing file and a missing route are not', async () => {
  for (const url of ['/', '/merchant/takings', '/parties'])
    assert.match((await api.guest.get(url, page)).body, /<title>Bursar/, url)
  assert.match(
    String((await api.guest.get('/assets/app-1.js')).headers['cache-control']),
    /immutable/,
  )
  assert.equal((await api.guest.get('/', page)).headers['cache-control'], 'no-cache')
  for (const url of ['/assets/gone.js', '/v1/gone', '/../package.json', '/%2e%2e/package.json'])
    assert.equal((await api.guest.get(url)).statusCode, 404, url)
  assert.equal((await api.guest.get('/v1/gone', page)).json().code, 'not_found')
})

test('the log tells what happened, and no cookie, password, phone number or search', async () => {
  lines.length = 0
  const consumer = await api.as('consumer')
  await consumer.get('/v1/parties/merchants?q=13912345678')
  await api.guest.post('/v1/parties/people', {
    name: '安',
    phone: '13912345678',
    password: 'a canary in a mine',
  })
  await api.guest.post('/v1/parties/sessions', {
    login: '13912345678',
    password: 'a canary in a mine',
  })
  logger.info(
    { headers: { cookie: consumer.cookie }, body: { password: 'a canary in a mine' } },
    'by mistake',
  )
  const log = lines.join('')
  assert.ok(log.includes('"route":"/v1/parties/merchants"'))
  for (const secret of [consumer.cookie, '13912345678', 'canary'])
    assert.ok(!log.includes(secret), secret)
})

test('a fault of ours is a number to the caller, and a story in the log', async () => {
  lines.length = 0
  const { house } = api.app
  const { actors } = house
  const of = () => Promise.reject(new Error('relation parties.secret does not exist'))
  Object.assign(house, { actors: { ...actors, of } })
  const answer = await api.guest.get('/v1/parties/me', { headers: { cookie: '__Host-session=x' } })
  Object.assign(house, { actors })
  assert.deepEqual([answer.statusCode, answer.json().code], [500, 'internal'])
  assert.ok(!answer.body.includes('secret'))
  assert.ok(
    lines.some(line => line.includes('parties.secret') && line.includes(answer.json().requestId)),
  )
})
