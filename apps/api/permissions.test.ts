/**
 * The permission matrix: every route × every role × own or foreign object. What is expected follows from
 * the contract's `by` and `on` alone, by the few rules written here; what is answered comes from the server.
 */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { Role, Route } from '@bursar/contract'
import { newId } from '@bursar/kernel'
import type { Face } from './options.ts'
import { openShop, thingsOf, type Things } from './permissions.testing.ts'
import { routes } from './routes.ts'
import { useApi, type Client } from './testing.ts'

const faces: Face[] = []
const api = useApi(() => ({ demo: { faces: () => faces } }))

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
/** Of every role, and a merchant's own program besides: with an API key of every scope. */
type Caller = Role | 'integrator'
const desks: readonly Role[] = ['owner', 'staff']
const operators: readonly Role[] = ['admin', 'reviewer']
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
function expected(route: Route, role: Caller, own: boolean): readonly Expected[] {
  if (role === 'integrator') return expectedOfKeys(route, own)
  const { by, on, path } = route
  if (by.includes('guest')) return ['let in']
  if (role === 'guest') return [401]
  if (!by.includes('consumer') && !by.includes(role)) return [403]
  if (on === 'purse') return own ? ['let in'] : [404]
  const inOffice = offices.includes(role) && by.includes(role)
  const everywhere = inOffice && operators.includes(role)
  if (on === 'either' || path.includes(':pool')) return own || everywhere ? ['let in'] : [404]
  if (on !== 'merchant') return ['let in']
  // The operator is everywhere; a bank and a supervisor are where the pool is in their care.
  if (inOffice) return own || everywhere ? ['let in'] : [404]
  if (!own || !desks.includes(role)) return [404]
  return by.includes(role) ? ['let in'] : [403]
}

/** A key opens what names a scope, guest or not; its merchant is its only object. */
function expectedOfKeys({ scope }: Route, own: boolean): readonly Expected[] {
  if (!scope) return [403]
  return own ? ['let in'] : [404]
}

const there = /:(merchant|purse|spend|request|pool|suspense|tab|order|docket|terminal)\b/

/** Every id in the path: a thing that is there, where we have one, else one that nobody has. */
function pathOf(route: Route, things: Things): string {
  const kinds: Readonly<Record<string, string>> = {
    session: 'ses',
    person: 'per',
    institution: 'ins',
    topUp: 'top',
    item: 'itm',
    place: 'plc',
    plan: 'pln',
    shift: 'shf',
    break: 'brk',
    counter: 'ctr',
    notice: 'ntc',
    refundRequest: 'rrq',
    part: 'wdp',
    residue: 'rsd',
  }
  return route.path.replace(/:(\w+)/g, (_, name: string) => {
    if (name === 'order' && route.path.startsWith('/v1/integrators')) return things.shopOrder
    if (name in things) return things[name as keyof Things]
    if (name === 'gateway' || name === 'token')
      return name === 'token' ? newId('plc').slice(4) : 'silent'
    return name === 'step' ? 'approve' : newId(kinds[name] ?? name.slice(0, 3))
  })
}

async function ask(client: Client, route: Route, url: string): Promise<number> {
  const headers = route.money ? { 'idempotency-key': 'matrix' } : {}
  // A body that no route accepts: who is let in gets 400, and nothing changes.
  const body =
    route.method === 'GET' || route.method === 'DELETE' ? {} : { payload: { matrix: true } }
  const { statusCode } = await client.send({
    method: route.method,
    url,
    headers,
    ...body,
  })
  return statusCode
}

function agrees(route: Route, want: readonly Expected[], got: number): boolean {
  if (want.includes(got as Expected)) return true
  if (!want.includes('let in')) return false
  // Of some kinds we have none: what nobody has is not there for those who are let in, either.
  const absent =
    got === 404 &&
    /:(session|person|institution|topUp|nomination|licence|break|token|shift|outlet|item|category|gateway|terminal|notice|counter|refundRequest|part|picture|residue)\b/.test(
      route.path,
    )
  return absent || (got !== 401 && got !== 403 && got !== 404 && got < 500)
}

test('P1-25 every route, for every role, on own and on foreign objects, answers as its contract says', async () => {
  const [here, elsewhere] = [await openShop(api, 1), await openShop(api, 2)]
  faces.push({ person: here.owner, name: '老板', role: 'owner' })
  const foreign = await thingsOf(api, elsewhere, await api.person())
  const wrong: string[] = []
  for (const role of [...roles, 'integrator'] as const) {
    const institution = { custodian: here.offices[0]!, supervisor: here.offices[1]! }[
      role as string
    ]
    const client = await (role === 'integrator'
      ? api.program(here.merchant, here.owner)
      : api.as(role, { merchant: here.merchant, ...(institution && { institution }) }))
    const isPerson = role !== 'guest' && role !== 'integrator'
    const own = await thingsOf(api, here, isPerson ? client.person : await api.person())
    for (const [name, route] of routes)
      for (const things of there.test(route.path) ? [own, foreign] : [own]) {
        const want = expected(route, role, things === own)
        const got = await ask(client, route, pathOf(route, things))
        const whose = things === own ? 'own' : 'foreign'
        if (!agrees(route, want, got))
          wrong.push(`${role} ${name} ${whose}: ${got}, not ${want.join(' or ')}`)
      }
  }
  assert.deepEqual(wrong, [])
})

/** What the last id of a path may be instead: nothing, of letters that no id has, and what no table keeps. */
const noIds = ['undefined', `$1_${'i'.repeat(26)}`, '$1_%00']

test('P1-25 what is no id in a path is told as that, or as nothing there, by every route, and never as a fault of ours', async () => {
  const here = await openShop(api, 7)
  const wrong: string[] = []
  for (const role of ['consumer', 'owner', 'reviewer', 'supervisor', 'integrator'] as const) {
    const client = await (role === 'integrator'
      ? api.program(here.merchant, here.owner)
      : api.as(role, { merchant: here.merchant }))
    const own = await thingsOf(api, here, await api.person())
    for (const [name, route] of routes.filter(([, { path }]) => path.includes(':')))
      for (const id of noIds) {
        const url = pathOf(route, own).replace(/([a-z]{3})_[0-9a-z]{26}(?!.*_[0-9a-z]{26})/, id)
        const got = await ask(client, route, url)
        if (got >= 500 || got === 200) wrong.push(`${role} ${name} ${url}: ${got}`)
      }
  }
  assert.deepEqual(wrong, [])
})

test('P1-27 who watches over one pool sees of a merchant in another what everybody sees', async () => {
  const [here, elsewhere] = [await openShop(api, 3), await openShop(api, 4)]
  const custodian = await api.as('custodian', { institution: here.offices[0]! })
  const payeeOf = async (id: string) => {
    const { merchant, steps } = (await custodian.get(`/v1/parties/merchants/${id}`)).json()
    const { rows } = (await custodian.get('/v1/parties/merchants?limit=200')).json()
    const row = rows.find((one: { id: string }) => one.id === id)
    return [merchant.payee?.account, steps.length, row.payee?.account]
  }
  assert.deepEqual(await payeeOf(here.merchant), ['6217000000001234', 2, '6217000000001234'])
  assert.deepEqual(await payeeOf(elsewhere.merchant), [undefined, 0, undefined])
})

test('P1-27 who watches over one pool lists the requests of its merchants, and no others', async () => {
  const [here, elsewhere] = [await openShop(api, 5), await openShop(api, 6)]
  const asked = await thingsOf(api, here, await api.person())
  const foreign = await thingsOf(api, elsewhere, await api.person())
  const seen = async (role: 'supervisor' | 'reviewer') => {
    const place = role === 'supervisor' ? { institution: here.offices[1]! } : {}
    const client = await api.as(role, place)
    const { rows } = (await client.get('/v1/settlement/requests?limit=200')).json()
    const ids = rows.map(({ id }: { id: string }) => id)
    return [ids.includes(asked.request), ids.includes(foreign.request)]
  }
  assert.deepEqual(await seen('supervisor'), [true, false])
  assert.deepEqual(await seen('reviewer'), [true, true])
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
