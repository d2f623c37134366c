/** What a foreign key would hold of each row, held for a batch: and that both are one merchant's. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { newId, type MerchantId } from '@bursar/kernel'
import { cny } from '@bursar/money'
import { hearNow } from './hear.ts'
import { useCounters } from './testing.ts'
import type { Evidence } from './words.ts'

const { town, counter } = useCounters()
const notMerchants = { constraint: 'a_notice_that_is_named_is_there' }

async function told(merchant: MerchantId) {
  const word: Evidence = {
    ...{ merchant, source: 'callback', terminal: null, id: newId('evd'), outlet: null, till: null },
    ...{ platform: 'alipay', kind: 'payment', orders: [newId('ord')], amount: cny('20.00') },
    ...{ payer: null, payee: null, way: null, at: new Date(), text: null, app: null },
  }
  const [heard] = await hearNow(town.books, [word], new Date())
  return heard!.notice!
}
const orderId = (merchant: string, notice: string) => town.books.sql`
  insert into notices.order_id (merchant, platform, order_no, kind, firm, notice)
  values (${merchant}, 'alipay', ${newId('ord')}, 'payment', true, ${notice})`
const evidence = (merchant: string, notice: string | null) => town.books.sql`
  insert into notices.evidence (merchant, source, id, notice, outcome, grade, kind, orders, minor, currency, at, heard_at)
  values (${merchant}, 'callback', ${newId('evd')}, ${notice}, ${notice ? 'filtered' : 'unreadable'}, 'A', 'payment',
    '{}', 1, 'CNY', now(), now())`
const prompt = (merchant: string, notice: string) => town.books.sql`
  insert into notices.prompt (merchant, seq, notice, class, minor, at, late, loud, large)
  select ${merchant}, seq + 1, ${notice}, 'checked', 1, now(), false, false, false
  from notices.stream where merchant = ${merchant}`

test('P4-18 what a receipt writes names a notice of its own merchant, and of no other; none that is not there', async () => {
  const [here, there] = [await counter(), await counter()]
  const [ours, theirs] = [await told(here), await told(there)]
  for (const write of [orderId, evidence, prompt]) {
    await write(here, ours)
    await assert.rejects(write(here, theirs), notMerchants)
    await assert.rejects(write(here, newId('ntc')), notMerchants)
  }
  await evidence(here, null)
  await assert.rejects(evidence('mer_nobody', null), notMerchants)
})

test('P4-18 of a batch one row that names another’s notice refuses all', async () => {
  const [here, there] = [await counter(), await counter()]
  const [ours, theirs] = [await told(here), await told(there)]
  const many = town.books.sql`
    insert into notices.order_id (merchant, platform, order_no, kind, firm, notice)
    select ${here}, 'alipay', n::text, 'payment', true, case n when 50 then ${theirs} else ${ours} end
    from generate_series(1, 100) as n`
  await assert.rejects(many, notMerchants)
})

test('P4-18 a notice names a counter of its own merchant; what is named is neither deleted nor called otherwise', async () => {
  const [here, there] = [await counter(), await counter()]
  await told(here)
  const notice = (merchant: string, of: string) => town.books.sql`
    insert into notices.notice (id, merchant, counter, kind, platform, minor, currency, at, heard_at, heard, grade, weak,
      contradicted, rehearsal, late)
    select ${newId('ntc')}, ${merchant}, id, 'payment', 'alipay', 1, 'CNY', now(), now(), 1, 'C', false, false, false, false
    from notices.counter where merchant = ${of}`
  await notice(here, here)
  const refused = { constraint: 'a_counter_that_is_named_is_there' }
  await assert.rejects(notice(here, there), refused)
  await assert.rejects(notice('mer_nobody', here), refused)
  const kept = { constraint: 'what_is_named_keeps_its_name' }
  const { owner } = town.database
  for (const table of ['counter', 'stream', 'notice'])
    await assert.rejects(owner.script(`delete from notices.${table}`), /History/)
  await assert.rejects(owner.script(`update notices.stream set merchant = 'mer_x'`), kept)
  await assert.rejects(owner.script(`update notices.counter set id = 'ctr_x'`), kept)
  await assert.rejects(owner.script(`update notices.notice set merchant = '${there}'`), kept)
})
