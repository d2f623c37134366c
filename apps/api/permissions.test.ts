/**
 * The permission matrix: every route × every role × own or foreign object. What is expected follows from
 * the contract's `by` and `on` alone, by the few rules written here; what is answered comes from the server.
 */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { Role, Route } from '@bursar/contract'
import { admitMerchant, join, openPool } from '@bursar/custody'
import { newId, type MerchantId, type PersonId, type PurseId } from '@bursar/kernel'
import { routes } from './routes.ts'
import { useApi, type Client } from './testing.ts'

const api = useApi(() => ({ demo: { faces: () => [] } }))

const roles = [
  'guest',
  'consumer',
  'owner',
  'staff',
  'admin',
  'reviewer',
  'custodian',
  'supervisor',
] as const satisfies readonly Role[]
const desks: readonly Role[] = ['owner', 'staff']
const offices: readonly Role[] = ['admin', 'reviewer', 'custodian', 'supervisor']

/** Routes that are no contract's: machines, papers, platforms, and the files of the web app. */
const ours = new Set([
  '/healthz',
  '/readyz',
  '/metrics',
  '/openapi.json',
  '/docs',
  '/docs/problems',
  '/docs/problems/:code',
  '/v1/gateways/:name/notify',
  '/*',
  '*',
])

type Expected = 'let in' | 401 | 403 | 404

/** What the contract promises to somebody of this role, whose seat is here (`own`) or elsewhere. */
function expected({ by, on }: Route, role: Role, own: boolean): Expected {
  if (by.includes('guest')) return 'let in'
  if (role === 'guest') return 401
  const called = by.includes('consumer') || by.includes(role)
  if (!called) return 403
  if (on === 'purse') return own ? 'let in' : 404
  if (on !== 'merchant') return 'let in'
  if (offices.includes(role) && by.includes(role)) return 'let in'
  const seated = own && desks.includes(role)
  if (!seated) return 404
  return by.includes(role) ? 'let in' : 403
}

type Things = Readonly<{ merchant: MerchantId; purse: PurseId }>

/** Every id in the path: a thing that is there, where we have one, else one that nobody has. */
function pathOf(route: Route, things: Things): string {
  const kinds: Readonly<Record<string, string>> = {
    purse: 'pur',
    session: 'ses',
    person: 'per',
    institution: 'ins',
  }
  return route.path.replace(/:(\w+)/g, (_, name: string) => {
    if (name === 'merchant' || name === 'purse') return things[name]
    if (name === 'step') return 'approve'
    return newId(kinds[name] ?? name.slice(0, 3))
  })
}

async function ask(client: Client, route: Route, things: Things): Promise<number> {
  const headers = route.money ? { 'idempotency-key': 'matrix' } : {}
  // A body that no route accepts: who is let in gets 400, and nothing changes.
  const body =
    route.method === 'GET' || route.method === 'DELETE' ? {} : { payload: { matrix: true } }
  const { statusCode } = await client.send({
    method: route.method,
    url: pathOf(route, things),
    headers,
    ...body,
  })
  return statusCode
}

function agrees(route: Route, want: Expected, got: number): boolean {
  if (want !== 'let in') return got === want
  // An object that nobody has is not there for those who are let in, either.
  const names = /:(?!merchant\b|purse\b|step\b)\w+/.test(route.path)
  const absent = got === 404 && (names || route.on === 'either')
  return absent || (got !== 401 && got !== 403 && got !== 404 && got < 500)
}

/** A pool with two merchants, and a purse at one of them for whoever asks. */
async function scene() {
  const [{ id: merchant }, { id: elsewhere }] = [await api.merchant(), await api.merchant()]
  const pool = newId('pol')
  const [bank, supervisor] = [newId('ins'), newId('ins')]
  await openPool(api.books, {
    id: pool,
    book: 1,
    name: '资金池',
    currency: 'CNY',
    bank,
    supervisor,
  })
  for (const one of [merchant, elsewhere]) await admitMerchant(api.books, { merchant: one, pool })
  const purseOf = async (person: PersonId) => (await join(api.books, { person, merchant })).id
  const foreign = { merchant: elsewhere, purse: await purseOf(await api.person()) }
  return { merchant, purseOf, foreign }
}

test('P1-25 every route, for every role, on own and on foreign objects, answers as its contract says', async () => {
  const { merchant, purseOf, foreign } = await scene()
  const wrong: string[] = []
  for (const role of roles) {
    const client = await api.as(role, { merchant })
    const own = { merchant, purse: role === 'guest' ? newId('pur') : await purseOf(client.person) }
    for (const [name, route] of routes)
      for (const things of /:(merchant|purse)/.test(route.path) ? [own, foreign] : [own]) {
        const want = expected(route, role, things === own)
        const got = await ask(client, route, things)
        const whose = things === own ? 'own' : 'foreign'
        if (!agrees(route, want, got)) wrong.push(`${role} ${name} ${whose}: ${got}, not ${want}`)
      }
  }
  assert.deepEqual(wrong, [])
})

test('a route is in the contract and in the server, or in neither', () => {
  const registered = new Set(api.app.registered.map(({ method, path }) => `${method} ${path}`))
  const unbound = routes
    .filter(([, { method, path }]) => !registered.has(`${method} ${path}`))
    .map(([name]) => name)
  const unsaid = api.app.registered
    .filter(({ contract, path }) => !contract && !ours.has(path))
    .map(({ path }) => path)
  assert.deepEqual({ unbound, unsaid }, { unbound: [], unsaid: [] })
})

test('a stranger’s object and an absent one are answered alike', async () => {
  const { id } = await api.merchant({ state: 'applicant' })
  const consumer = await api.as('consumer')
  const [foreign, absent] = await Promise.all(
    [id, newId('mer')].map(one => consumer.get(`/v1/parties/merchants/${one}`)),
  )
  const { requestId: _, ...said } = foreign!.json()
  const { requestId: __, ...missing } = absent!.json()
  assert.equal(foreign!.statusCode, 404)
  assert.deepEqual(said, missing)
})
