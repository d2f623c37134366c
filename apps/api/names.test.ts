/** What something is called is seen: by the contract, in every language, and by the tables, which know the same letters. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { seen } from '@bursar/contract'
import { connected } from '@bursar/database'
import { newId } from '@bursar/kernel'
import { openShop, thingsOf } from './permissions.testing.ts'
import { routes } from './routes.ts'
import { useApi } from './testing.ts'

const api = useApi()
const blanks = [' ', '\u3000', '\u00a0\t', '\u200b', '\ufeff\n']

type Schema = Readonly<{
  type?: string
  pattern?: string
  properties?: Record<string, Schema>
  items?: Schema
  anyOf?: Schema[]
}>
/** The texts of a body that are called `name` or `zone`, with where they stand. */
function namesIn(schema: Schema, at = '', called = ''): [string, Schema][] {
  const below = Object.entries(schema.properties ?? {})
  const inside = [...(schema.anyOf ?? []), ...(schema.items ? [schema.items] : [])]
  return [
    ...(schema.type === 'string' && /^(name|zone|holder|representative)$/.test(called)
      ? ([[at, schema]] as [string, Schema][])
      : []),
    ...below.flatMap(([key, one]) => namesIn(one, `${at}/${key}`, key)),
    ...inside.flatMap(one => namesIn(one, at, called)),
  ]
}

test('P4-09 a name that a body brings is seen, in whatever route', () => {
  const loose = [...routes].flatMap(([name, { body }]) =>
    body
      ? namesIn(body as Schema)
          .filter(([, { pattern }]) => pattern !== seen)
          .map(([at]) => `${name}${at}`)
      : [],
  )
  assert.deepEqual(loose, [])
})

test('P4-09 a terminal, a till and a table called by spaces are refused at their field, in both languages', async () => {
  const { id: merchant } = await api.merchant()
  const owner = await api.as('owner', { merchant })
  const asked = [
    ['PUT', `/v1/notices/merchants/${merchant}/terminals/${newId('trm')}`],
    ['PUT', `/v1/cashier/merchants/${merchant}/places/${newId('plc')}`],
    ['POST', `/v1/parties/merchants/${merchant}/outlets`],
  ] as const
  for (const [method, url] of asked)
    for (const [language, detail] of [
      ['zh-CN', '必填，不能只有空格。'],
      ['en', 'This is required; spaces alone are no name.'],
    ] as const)
      for (const name of blanks) {
        const headers = { 'accept-language': language }
        const { errors } = (await owner.send({ method, url, payload: { name }, headers })).json()
        const flaw = errors.find((one: { pointer: string }) => one.pointer === '/name')
        assert.deepEqual(flaw, { pointer: '/name', rule: 'unseen', detail }, `${url} ${name}`)
      }
})

test('P4-09 the tables refuse it too, and mean the same letters as the contract', async () => {
  const { sql } = api.books
  const rows = await sql<{ n: number }>`
    select n from generate_series(1, 65535) as n
    where n not between 55296 and 57343 and parties.is_unseen(chr(n))`
  const letters = new RegExp(seen, 'u')
  const unseen = Array.from({ length: 65535 }, (_, n) => n + 1).filter(
    n => !(n >= 0xd800 && n <= 0xdfff) && !letters.test(String.fromCharCode(n)),
  )
  assert.deepEqual(
    rows.map(({ n }) => n),
    unseen,
  )
})

test('P4-09 each table of things with a name has the rule', async () => {
  const shop = await openShop(api, 1)
  await thingsOf(api, shop, await api.person())
  const { merchant } = shop
  await connected(api.ownerUrl, async ({ script }) => {
    await script(`
    insert into parties.till (id, merchant, outlet, name)
      select '${newId('til')}', merchant, id, '1' from parties.outlet limit 1;
    insert into cashier.plan (id, merchant, name, base_minor, base_minutes, step_minor, step_minutes, currency)
      values ('${newId('pln')}', '${merchant}', '夜', 0, 0, 1, 1, 'CNY');
    insert into cashier.modifier (item, name, minor, rank) select id, '冰', 0, 0 from cashier.item limit 1`)
    const tables = [
      ...['person', 'institution', 'merchant', 'outlet', 'till'].map(one => `parties.${one}`),
      ...['category', 'item', 'modifier', 'plan', 'place'].map(one => `cashier.${one}`),
      ...['notices.counter', 'notices.terminal', 'custody.pool'],
    ]
    for (const table of tables)
      for (const blank of blanks)
        await assert.rejects(
          script(`update ${table} set name = '${blank}'`),
          { constraint: 'a_name_is_seen' },
          table,
        )
    await assert.rejects(script(`update notices.terminal set zone = ' '`), {
      constraint: 'a_name_is_seen',
    })
  })
})
