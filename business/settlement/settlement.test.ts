import assert from 'node:assert/strict'
import { after, before, beforeEach, test } from 'node:test'
import { refund } from '@bursar/custody'
import { useDatabase } from '@bursar/database/testing'
import { newId, type Books, type PersonId } from '@bursar/kernel'
import { openBooks } from '@bursar/ledger'
import { archiveWhole } from '@bursar/ledger/archive-testing'
import { cny } from '@bursar/money'
import { decideMerchant, seat } from '@bursar/parties'
import {
  evidence,
  listRequests,
  position,
  request,
  requestOf,
  review,
  withdraw,
  type RequestId,
} from './settlement.ts'
import { openHouse, type House } from './testing.ts'

const db = useDatabase()
let server: Books
let house: House

before(async () => {
  await db.ready
  server = openBooks({ url: db.url })
})
beforeEach(async () => {
  house = await openHouse(server)
  await house.earn('100.00')
})
after(() => server.close())

const ask = (yuan: string, id: RequestId = newId('stl')) =>
  request(house.books, { id, merchant: house.merchant, by: house.owner, amount: cny(yuan) })
const decide = (id: RequestId, step: 'approve' | 'reject', by: PersonId = house.reviewer) =>
  review(house.books, { id, by, step, ...(step === 'reject' && { reason: '资料不全' }) })
const take = (id: RequestId) => withdraw(house.books, { id, by: house.owner })
const stands = async (earned: string, requested: string) => {
  const held = await position(house.books, house.merchant)
  assert.deepEqual([held.earned, held.requested], [cny(earned), cny(requested)])
}
/** As the owner of the tables, who can do what the server may not even try. */
const asOwner = (text: string) => db.owner.script(text)

test('P1-05 P1-10 a merchant asks for what it has earned, and the sum is set aside at once', async () => {
  const asked = await ask('60.00')
  assert.equal(asked.state, 'submitted')
  await stands('40.00', '60.00')
})

test('P1-I4 more than is earned cannot be asked for, and the refusal says how much there is', async () => {
  await assert.rejects(ask('100.01'), (refusal: { code: string; facts: object }) => {
    assert.equal(refusal.code, 'insufficient_funds')
    assert.partialDeepStrictEqual(refusal.facts, { available: 10000n, minor: 10001n })
    return true
  })
  await stands('100.00', '0.00')
  assert.deepEqual((await listRequests(house.books, { merchant: house.merchant })).rows, [])
})

test('P1-I4 the same money cannot be asked for twice, even at the same moment', async () => {
  const asked = await Promise.allSettled([ask('60.00'), ask('60.00'), ask('60.00')])
  assert.deepEqual(asked.map(one => one.status).toSorted(), ['fulfilled', 'rejected', 'rejected'])
  await stands('40.00', '60.00')
})

test('P1-05 a merchant may have several requests open: their sum decides', async () => {
  await ask('60.00')
  await ask('40.00')
  await assert.rejects(ask('0.01'), { code: 'insufficient_funds' })
})

test('nothing, less than nothing, and another currency cannot be asked for', async () => {
  await assert.rejects(ask('0.00'), { code: 'amount_out_of_range' })
  await assert.rejects(ask('-1.00'), { code: 'amount_out_of_range' })
  const usd = { minor: 100n, currency: 'USD' }
  const { books, merchant, owner: by } = house
  const other = request(books, { id: newId('stl'), merchant, by, amount: usd })
  await assert.rejects(other, { code: 'other_currency' })
})

test('asked four times at once under one id, it is asked once; other content under it is refused', async () => {
  const id = newId('stl')
  await Promise.all([ask('60.00', id), ask('60.00', id), ask('60.00', id), ask('60.00', id)])
  await stands('40.00', '60.00')
  await assert.rejects(ask('61.00', id), { code: 'id_already_used' })
})

test('P1-11 approval moves no money, and the steps say who took them', async () => {
  const { id } = await ask('60.00')
  await decide(id, 'approve')
  await stands('40.00', '60.00')
  const { steps, reviewedBy, merchantName } = await requestOf(house.books, id)
  assert.equal(merchantName, '老茶馆')
  assert.equal(reviewedBy, house.reviewer)
  assert.deepEqual(
    steps.map(step => [step.name, step.byName]),
    [
      ['submit', '茶老板'],
      ['approve', '审核员'],
    ],
  )
})

test('P1-13 a rejected request says why, and gives the merchant its money back', async () => {
  const { id } = await ask('60.00')
  const { books, reviewer: by } = house
  await assert.rejects(review(books, { id, by, step: 'reject' }), { code: 'reason_missing' })
  await assert.rejects(review(books, { id, by, step: 'reject', reason: ' ' }), {
    code: 'reason_missing',
  })
  const rejected = await decide(id, 'reject')
  assert.deepEqual([rejected.state, rejected.reason], ['rejected', '资料不全'])
  await stands('100.00', '0.00')
  const reasonless = asOwner(`update settlement.request set reason = null where id = '${id}'`)
  await assert.rejects(reasonless, { code: '23514', constraint: 'a_rejection_has_a_reason' })
})

test('P1-13 a request that nobody has decided can be withdrawn by the merchant, and by nobody else', async () => {
  const { id } = await ask('60.00')
  const { books, owner, reviewer } = house
  await assert.rejects(withdraw(books, { id, by: reviewer }), { code: 'no_such_request' })
  assert.equal((await withdraw(books, { id, by: owner })).state, 'withdrawn')
  assert.equal((await withdraw(books, { id, by: owner })).state, 'withdrawn')
  await stands('100.00', '0.00')
})

test('P1-I4 nobody reviews their own request: refused in code, and by the table', async () => {
  const { id } = await ask('60.00')
  for (const step of ['approve', 'reject'] as const)
    await assert.rejects(decide(id, step, house.owner), { code: 'own_request' })
  const text = `update settlement.request set state = 'approved', reviewed_by = requested_by where id = '${id}'`
  await asOwner(
    `update parties.seat set ended_at = now(), ended_by = person where organisation = '${house.merchant}'`,
  )
  await assert.rejects(asOwner(text), {
    code: '23514',
    constraint: 'nobody_reviews_their_own_request',
  })
})

test('P1-I4 nobody with a seat at the merchant reviews its requests: in code, and in the table', async () => {
  const { id } = await ask('60.00')
  const { books, merchant: organisation, owner: by, reviewer: person } = house
  await seat(books, { merchant: organisation, person, role: 'staff', by })
  await assert.rejects(decide(id, 'approve'), { code: 'own_request' })
  const text = `update settlement.request set state = 'approved', reviewed_by = '${person}' where id = '${id}'`
  await assert.rejects(asOwner(text), {
    code: '23514',
    constraint: 'no_reviewer_sits_at_the_merchant',
  })
})

test('P1-11 a request of a suspended merchant stays: it is not approved, and can be rejected', async () => {
  const { id } = await ask('60.00')
  const { books, merchant, reviewer: by } = house
  await decideMerchant(books, { merchant, by, step: 'suspend', reason: '失联' })
  await assert.rejects(decide(id, 'approve'), { code: 'merchant_not_open' })
  await assert.rejects(ask('1.00'), { code: 'merchant_not_open' })
  await decide(id, 'reject')
  await stands('100.00', '0.00')
})

for (const column of ['payee_account', 'payee_name'])
  test(`what is approved is what was asked: a changed ${column} is refused`, async () => {
    const { id } = await ask('60.00')
    await asOwner(`update settlement.request set ${column} = '6217 9' where id = '${id}'`)
    await assert.rejects(decide(id, 'approve'), { code: 'payee_changed' })
    const { id: other } = await ask('30.00')
    await asOwner(`update parties.merchant set ${column} = '6217 9' where id = '${house.merchant}'`)
    await assert.rejects(decide(other, 'approve'), { code: 'payee_changed' })
  })

test('what is approved is what the reviewer saw', async () => {
  const { id, terms } = await ask('60.00')
  const { books, reviewer: by } = house
  const other = review(books, { id, by, step: 'approve', seen: '0'.repeat(64) })
  await assert.rejects(other, { code: 'payee_changed' })
  assert.equal((await review(books, { id, by, step: 'approve', seen: terms })).state, 'approved')
})

test('approved, rejected and withdrawn at the same moment, one counts and the others are told so', async () => {
  for (let round = 0; round < 5; round++) {
    const { id } = await ask('10.00')
    const all = await Promise.allSettled([decide(id, 'approve'), decide(id, 'reject'), take(id)])
    const refused = all.filter(one => one.status === 'rejected')
    assert.deepEqual(
      refused.map(one => (one.reason as { code: string }).code),
      ['step_out_of_order', 'step_out_of_order'],
    )
  }
})

test('withdrawn eight times at once, it is withdrawn once', async () => {
  const { id } = await ask('60.00')
  await Promise.all(Array.from({ length: 8 }, () => take(id)))
  await stands('100.00', '0.00')
})

test('approved four times at once by two reviewers, it is approved once', async () => {
  const { id } = await ask('60.00')
  await Promise.all([decide(id, 'approve'), decide(id, 'approve'), decide(id, 'approve')])
  const { steps } = await requestOf(house.books, id)
  assert.equal(steps.filter(step => step.name === 'approve').length, 1)
})

test('P1-I1 the evidence shows the spends and refunds since the last standing request, with the running sum', async () => {
  const first = await ask('70.00')
  await decide(first.id, 'approve')
  const spent = await house.earn('50.00')
  const { books, owner: by } = house
  await refund(books, {
    id: newId('rfd'),
    spend: spent,
    amount: cny('20.00'),
    reason: '退一壶',
    by,
  })
  const rejected = await ask('10.00')
  await decide(rejected.id, 'reject')
  const { id } = await ask('60.00')

  const shown = await evidence(books, id)
  const { opening, spent: sum, spends, refunded, refunds, other, total } = shown
  assert.deepEqual(
    [opening, sum, refunded, other, total],
    ['30.00', '50.00', '20.00', '0.00', '60.00'].map(cny),
  )
  assert.deepEqual([spends, refunds], [1, 1])
  assert.deepEqual(
    shown.rows.map(row => [row.event, row.personName, row.change, row.sum]),
    [
      ['settlement_rejected', null, cny('10.00'), cny('60.00')],
      ['settlement_requested', null, cny('-10.00'), cny('50.00')],
      ['refund', '会员', cny('-20.00'), cny('60.00')],
      ['spend', '会员', cny('50.00'), cny('80.00')],
    ],
  )
  const page = await evidence(books, id, { limit: 3 })
  const rest = await evidence(books, id, { limit: 3, cursor: page.next! })
  assert.deepEqual([...page.rows, ...rest.rows], shown.rows)
  assert.equal(rest.next, undefined)
})

test('P1-I1 evidence begins where the last request ended in the book, though the servers’ clocks differ', async () => {
  const { books, merchant, owner: by } = house
  const [early, late] = [newId('stl'), newId('stl')]
  const tomorrow = new Date(Date.now() + 86_400_000)
  await request(books, { id: early, merchant, by, amount: cny('30.00'), at: tomorrow })
  await request(books, { id: newId('stl'), merchant, by, amount: cny('20.00') })
  await house.earn('7.00')
  await request(books, { id: late, merchant, by, amount: cny('5.00') })
  const { opening, spent, total } = await evidence(books, late)
  assert.deepEqual([opening, spent, total], ['50.00', '7.00', '57.00'].map(cny))
})

test('P1-I1 where a part of it is archived, the evidence begins with what there was then, whatever stays of before', async () => {
  const { books } = house
  const first = await ask('70.00') // its entry stays: it is the newest of what was asked for
  await house.earn('50.00')
  type Row = { book: number }
  const [row] = await books.sql<Row>`select book from settlement.request where id = ${first.id}`
  await archiveWhole(db.ownerUrl, row!.book)
  await house.earn('8.00')
  const { id } = await ask('60.00')
  const shown = await evidence(books, id)
  assert.deepEqual(
    [shown.opening, shown.spent, shown.other, shown.total],
    ['80.00', '8.00', '0.00', '88.00'].map(cny),
  )
  await assert.rejects(evidence(books, first.id), { code: 'archived' })
})

test('P1-25 requests are found by merchant, state and words, page by page, oldest or newest first', async () => {
  const ids = [await ask('1.00'), await ask('2.00'), await ask('3.00')].map(one => one.id)
  await decide(ids[0]!, 'reject')
  const { books, merchant } = house
  const list = async (more: object) =>
    (await listRequests(books, { merchant, ...more })).rows.map(row => row.id)
  assert.deepEqual(await list({}), ids.toReversed())
  assert.deepEqual(await list({ state: 'submitted', oldestFirst: true }), ids.slice(1))
  assert.deepEqual(await list({ q: '老茶' }), ids.toReversed())
  assert.deepEqual(await list({ q: '%' }), [])
  const { rows, next } = await listRequests(books, { merchant, limit: 2 })
  assert.equal(rows.length, 2)
  assert.deepEqual(await list({ cursor: next }), [ids[0]])
})
