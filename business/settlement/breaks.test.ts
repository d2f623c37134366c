/** Where the bank's word and the books differ: it is seen, moves nothing, and ends when they agree. */
import assert from 'node:assert/strict'
import { after, before, beforeEach, test } from 'node:test'
import { useDatabase } from '@bursar/database/testing'
import { newId, type Books } from '@bursar/kernel'
import { openBooks } from '@bursar/ledger'
import { cny } from '@bursar/money'
import { payoutOf } from './payouts.ts'
import {
  askBank,
  bankAnswered,
  bookPaid,
  listBreaks,
  openBreaks,
  payOut,
  position,
  request,
  requestOf,
  review,
  type RequestId,
  type State,
} from './settlement.ts'
import { noticeOf, openHouse, playBank, type House, type PlayedBank } from './testing.ts'

const db = useDatabase()
const opened: Books[] = []
let server: Books
let house: House
let bank: PlayedBank

before(async () => {
  await db.ready
  server = openBooks({ url: db.url })
  opened.push(server)
})
beforeEach(async () => {
  house = await openHouse(server)
  bank = playBank()
})
after(() => Promise.all(opened.map(books => books.close())))

const sent = async (yuan = '60.00'): Promise<RequestId> => {
  const { books, merchant, owner, reviewer } = house
  const id = newId('stl')
  await request(books, { id, merchant, by: owner, amount: cny(yuan) })
  await review(books, { id, by: reviewer, step: 'approve' })
  assert.equal(await payOut(books, bank), 1)
  return id
}
const tell = (id: RequestId, more: Parameters<typeof noticeOf>[2], yuan = '60.00') =>
  bankAnswered(house.books, bank, {
    notice: noticeOf(payoutOf(id), yuan, more),
    rawBody: Buffer.from('{}'),
  })
const paid = { kind: 'paid' } as const
const bounced = { kind: 'bounced', reason: 'no_such_account' } as const
const soon = (seconds: number) => new Date(Date.now() + seconds * 1000)
const day = 86_460
const stands = async (id: RequestId, state: State, earned: string) => {
  assert.deepEqual((await position(house.books, house.merchant)).earned, cny(earned))
  assert.equal((await requestOf(house.books, id)).state, state)
}
/** The breaks of a request, as `kind: what the bank said`, those that have ended in brackets. */
const breaks = async (id: RequestId) =>
  (await listBreaks(house.books, { request: id })).rows
    .map(({ kind, said, endedAt }) => (endedAt ? `(${kind}: ${said})` : `${kind}: ${said}`))
    .toSorted()

test('P1-12 what the bank has paid without the custody to show for it is unbooked, and booked when custody has grown', async () => {
  await house.earnInTransit('100.00')
  const id = await sent()
  assert.equal(await tell(id, paid), 'unbooked')
  await stands(id, 'paying', '40.00')
  const { payout, breaks: open } = await requestOf(house.books, id)
  assert.deepEqual([payout?.state, payout?.serial], ['unbooked', 'bnk-1'])
  assert.deepEqual(
    [open[0]?.kind, open[0]?.saidAmount, open[0]?.endedAt],
    ['unbooked', cny('60.00'), null],
  )

  await house.arrive('59.99')
  assert.equal(await bookPaid(house.books), 0, 'there is not enough yet')
  await house.arrive('0.01')
  assert.equal(await bookPaid(house.books), 1)
  await stands(id, 'paid', '40.00')
  assert.deepEqual(await breaks(id), ['(unbooked: paid)'])
  assert.equal(await bookPaid(house.books), 0)
})

test('P1-12 an unbooked payment is never instructed again, whatever the bank says later', async () => {
  await house.earnInTransit('100.00')
  const id = await sent()
  bank.knows('paid')
  let asked = 0
  const query = bank.query
  bank = { ...bank, query: payout => (asked++, query(payout)) }
  assert.equal(await askBank(house.books, bank, { at: soon(10) }), 1, 'found by asking')
  assert.deepEqual(await breaks(id), ['unbooked: paid'])
  assert.equal(await tell(id, paid), 'known')
  const forgetful: PlayedBank = { ...bank, query: async () => (asked++, 'none') }
  for (const [i, other] of [bank, forgetful, bank].entries())
    for (const later of [0, 100, 200])
      await askBank(house.books, other, { at: soon(day * (i + 1) + later) })
  assert.equal(bank.orders.length, 1)
  assert.equal(bank.closings.length, 0)
  assert.equal(asked, 4, 'by the run, and then once a day')
  await house.arrive('60.00')
  await bookPaid(house.books)
  await stands(id, 'paid', '40.00')
  assert.deepEqual(await breaks(id), ['(unbooked: paid)', '(wrong_state: none)'])
})

test('custody that bears one of two payments books one, though four workers try at once; the smaller waits for none', async () => {
  await house.earnInTransit('200.00')
  const [great, small] = [await sent('90.00'), await sent('40.00')]
  await tell(great, paid, '90.00')
  await tell(small, paid, '40.00')
  const other = openBooks({ url: db.url })
  opened.push(other)
  const atOnce = async () => {
    const all = await Promise.all([house.books, other, house.books, other].map(on => bookPaid(on)))
    return all.reduce((a, b) => a + b, 0)
  }
  await house.arrive('89.99')
  assert.equal(await atOnce(), 1)
  await stands(small, 'paid', '70.00')
  await stands(great, 'paying', '70.00')
  await house.arrive('40.01')
  assert.equal(await atOnce(), 1)
  await stands(great, 'paid', '70.00')
})

test('P1-12 an unbooked payment that bounces is the merchant’s money again', async () => {
  await house.earnInTransit('100.00')
  const id = await sent()
  await tell(id, paid)
  bank.knows({ bounced: 'no_such_account' })
  assert.equal(await askBank(house.books, bank, { at: soon(day) }), 1)
  await stands(id, 'bounced', '100.00')
  assert.deepEqual(await breaks(id), ['(unbooked: paid)'])
  await house.arrive('100.00')
  assert.equal(await bookPaid(house.books), 0)
})

for (const [way, said] of [
  ['asked', { paid: '59.00' }],
  ['told', { paid: '61.00' }],
] as const)
  test(`P1-12 the bank, ${way}, has paid another sum: nothing is booked or sent, until it says the sum that was approved`, async () => {
    await house.earn('100.00')
    const id = await sent()
    if (way === 'told') assert.equal(await tell(id, paid, said.paid), 'wrong_amount')
    bank.knows(said)
    assert.equal(await askBank(house.books, bank, { at: soon(10) }), 0)
    await stands(id, 'paying', '40.00')
    assert.deepEqual(await breaks(id), ['wrong_amount: paid'])
    const [found] = (await requestOf(house.books, id)).breaks
    assert.deepEqual([found?.amount, found?.saidAmount], [cny('60.00'), cny(said.paid)])
    const forgetful = { ...bank, query: async () => 'none' as const }
    await askBank(house.books, forgetful, { at: soon(200) })
    assert.equal(bank.orders.length, 1, 'what it spoke of as paid is not sent again')
    bank.knows('paid')
    assert.equal(await askBank(house.books, bank, { at: soon(1200) }), 1)
    await stands(id, 'paid', '40.00')
    assert.deepEqual(await breaks(id), ['(wrong_amount: paid)'])
  })

test('a notice of another sum about what was paid is asked about at once, and ends when the bank says otherwise', async () => {
  await house.earn('100.00')
  const id = await sent()
  bank.knows('paid')
  await tell(id, paid)
  assert.equal(await tell(id, bounced, '59.00'), 'wrong_amount')
  await stands(id, 'paid', '40.00')
  await askBank(house.books, bank, { at: soon(1) })
  assert.deepEqual(await breaks(id), ['(wrong_amount: bounced)'])
})

test('a bank that denies what it said it had paid is a break, asked about until it agrees', async () => {
  await house.earn('100.00')
  const id = await sent()
  await tell(id, paid)
  const forgetful = { ...bank, query: async () => 'none' as const }
  for (let days = 1; days < 7; days++)
    await askBank(house.books, forgetful, { at: soon(days * day) })
  assert.deepEqual(await breaks(id), ['wrong_state: none'])
  await stands(id, 'paid', '40.00')
  assert.equal(bank.orders.length, 1)
  bank.knows('paid')
  await askBank(house.books, bank, { at: soon(7 * day) })
  assert.deepEqual(await breaks(id), ['(wrong_state: none)'])
})

test('P1-25 breaks are found by state and words, page by page, of one’s own pools; and counted', async () => {
  await house.earnInTransit('100.00')
  const ids = [await sent('10.00'), await sent('20.00'), await sent('30.00')]
  for (const id of ids) await tell(id, paid, '1.00')
  const [row] = await house.books.sql<{ book: number }>`
    select book from settlement.request where id = ${ids[0]}`
  const within = [row!.book]
  const found = async (more: object) =>
    (await listBreaks(house.books, { within, ...more })).rows.map(one => one.request)
  const { rows, next } = await listBreaks(house.books, { within, limit: 2 })
  assert.deepEqual(
    [...rows.map(one => one.request), ...(await found({ cursor: next }))].toSorted(),
    ids.toSorted(),
  )
  assert.deepEqual(await found({ q: payoutOf(ids[1]!) }), [ids[1]])
  assert.equal((await found({ q: '老茶', state: 'open' })).length, 3)
  assert.deepEqual(await found({ state: 'ended' }), [])
  assert.deepEqual(await found({ within: [1] }), [])
  const wrong = (await openBreaks(house.books)).find(one => one.kind === 'wrong_amount')
  assert.ok(wrong!.count >= 3 && wrong!.oldest)
})
