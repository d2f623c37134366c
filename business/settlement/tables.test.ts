/** What the tables refuse, whatever the code above them believes. */
import assert from 'node:assert/strict'
import { readFile } from 'node:fs/promises'
import { after, before, test } from 'node:test'
import { useDatabase } from '@bursar/database/testing'
import { newId } from '@bursar/kernel'
import { openBooks } from '@bursar/ledger'
import { cny } from '@bursar/money'
import pg from 'pg'
import { payOut, request, review, type RequestId, type State } from './settlement.ts'
import { openHouse, playBank, type House } from './testing.ts'

const db = useDatabase()
const bank = playBank()
let house: House

before(async () => {
  await db.ready
  house = await openHouse(openBooks({ url: db.url }))
  await house.earn('1000.00')
})
after(() => house.books.close())

const ask = (yuan: string) =>
  request(house.books, {
    ...{ id: newId('stl'), merchant: house.merchant, by: house.owner },
    amount: cny(yuan),
  })
const approved = async (yuan: string): Promise<RequestId> => {
  const { id } = await ask(yuan)
  await review(house.books, { id, by: house.reviewer, step: 'approve' })
  return id
}
const asOwner = (text: string) => db.owner.script(text)

const states: State[] = [
  'submitted',
  'approved',
  'rejected',
  'withdrawn',
  'paying',
  'paid',
  'bounced',
]
test('every pair of states that no step joins is refused by the table too', async () => {
  const joined = new Set([
    'submitted approved',
    'submitted rejected',
    'submitted withdrawn',
    'approved paying',
    'paying paid',
    'paying bounced',
    'paid bounced',
  ])
  const { id } = await ask('60.00')
  const to = (state: State) =>
    `update settlement.request set state = '${state}', reviewed_by = '${house.reviewer}', reason = 'x'
     where id = '${id}'`
  const trigger = (does: string) =>
    `alter table settlement.request ${does} trigger request_takes_a_step`
  for (const from of states) {
    await asOwner([trigger('disable'), to(from), trigger('enable')].join(';'))
    for (const next of states.filter(next => next !== from && !joined.has(`${from} ${next}`)))
      await assert.rejects(
        asOwner(to(next)),
        { code: '23514', constraint: 'only_known_steps_are_taken' },
        `${from} ${next}`,
      )
  }
})

test('the table keeps one payout per request, of exactly the approved sum', async () => {
  const id = await approved('60.00')
  await payOut(house.books, bank)
  const insert = (payout: string, minor: bigint, to: RequestId) => house.books.sql`
    insert into settlement.payout (id, request, minor, currency, gateway, sent_at)
    values (${payout}, ${to}, ${minor}, 'CNY', 'bank', now())`
  const twice = insert(newId('pay'), 6000n, id)
  await assert.rejects(twice, { code: '23505', constraint: 'a_request_is_paid_once' })
  const other = await approved('40.00')
  const more = insert(newId('pay'), 4001n, other)
  await assert.rejects(more, { code: '23503', constraint: 'a_payout_pays_what_was_approved' })
})

test('requests of before are numbered as they were asked for, each merchant’s from one', async () => {
  for (const yuan of ['1.00', '2.00', '3.00']) await ask(yuan)
  const client = new pg.Client({ connectionString: db.ownerUrl })
  await client.connect()
  const numbers = async () =>
    (await client.query(`select id, ordinal from settlement.request order by id`)).rows
  const before = await numbers()
  const file = await readFile(new URL('migrations/0003_break.sql', import.meta.url), 'utf8')
  const numbering = file.slice(file.indexOf('alter table settlement.request add column ordinal'))
  await client.query('begin')
  await client.query('alter table settlement.request drop column ordinal')
  await client.query(numbering)
  assert.deepEqual(await numbers(), before)
  await client.query('rollback')
  await client.end()
})

for (const table of ['step', 'inbox'])
  test(`the server cannot rewrite the history in settlement.${table}`, async () => {
    const { sql } = house.books
    const rewrite =
      table === 'step'
        ? sql`update settlement.step set taken_by = 'x'`
        : sql`delete from settlement.inbox`
    await assert.rejects(rewrite, { code: '42501' })
  })
