/** What the tables refuse, whatever the code above them believes. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { newId } from '@bursar/kernel'
import { cny } from '@bursar/money'
import { refund } from './refunds.ts'
import { spend } from './spends.ts'
import { useTown } from './testing.ts'
import { listTopUps } from './topUps.ts'

const town = useTown()
const refusal = (constraint: string) => ({ code: '23514', constraint })

async function paid() {
  const merchant = await town.merchant()
  const { person: by, purse } = await town.member(merchant, '50.00')
  const id = newId('spd')
  await spend(town.books, { id, purse, by, merchant, amount: cny('10.00') })
  return { id, purse, by, merchant }
}

test('P1-14 the refunds of a spend never exceed it, even if its counter is not kept', async () => {
  const { id, purse, by, merchant } = await paid()
  await refund(town.books, { id: newId('rfd'), spend: id, by, amount: cny('6.00'), reason: '多收' })
  const slipped = town.books.sql`
    insert into custody.refund
      (id, book, spend, ordinal, purse, merchant, minor, currency, reason, made_by)
    values (${newId('rfd')}, ${town.book}, ${id}, 2, ${purse}, ${merchant}, 401, 'CNY', '多收', ${by})`
  await assert.rejects(slipped, refusal('refunds_never_exceed_the_spend'))
})

test('P1-08 P1-14 what has ended does not begin again: no spend, no top-up', async () => {
  const { id, purse } = await paid()
  const known = refusal('only_known_steps_are_taken')
  const { sql } = town.books
  await assert.rejects(
    sql`update custody.spend set state = 'declined', answered_by = person where id = ${id}`,
    known,
  )
  const [topUp] = await listTopUps(town.books, { purse })
  for (const state of ['waiting', 'closed', 'expired'])
    await assert.rejects(
      sql`update custody.top_up set state = ${state} where id = ${topUp!.id}`,
      known,
    )
})

test('P1-28 nobody bars a merchant at which they sit, nor lifts its bar, even past the code', async () => {
  const merchant = await town.merchant()
  const clerk = await town.person()
  const { sql } = town.books
  const take = (n: number, takes: boolean) => sql`
    insert into custody.prepayments_step (merchant, n, takes, taken_by, taken_at, reason)
    values (${merchant}, ${n}, ${takes}, ${clerk}, now(), '疑似跑路')`
  await sql`
    insert into parties.seat (organisation, person, role, given_at)
    values (${merchant}, ${clerk}, 'staff', now())`
  await assert.rejects(take(1, false), refusal('nobody_bars_where_they_sit'))
  await sql`update parties.seat set ended_at = now() where organisation = ${merchant} and person = ${clerk}`
  const set = (takes: boolean) =>
    sql`update custody.merchant set takes_top_ups = ${takes} where merchant = ${merchant}`
  await assert.rejects(set(false), refusal('a_bar_has_its_step'))
  await take(1, false)
  await set(false)
  await assert.rejects(set(true), refusal('a_bar_has_its_step'))
})
