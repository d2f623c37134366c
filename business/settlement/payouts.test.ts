import assert from 'node:assert/strict'
import { after, before, beforeEach, test } from 'node:test'
import { setTimeout as sleep } from 'node:timers/promises'
import { useDatabase } from '@bursar/database/testing'
import { newId, type Books } from '@bursar/kernel'
import { openBooks, type Entry } from '@bursar/ledger'
import { cny } from '@bursar/money'
import { decideMerchant } from '@bursar/parties'
import { payoutOf } from './payouts.ts'
import {
  askBank,
  bankAnswered,
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
  await house.earn('100.00')
})
after(() => Promise.all(opened.map(books => books.close())))

const approved = async (yuan = '60.00'): Promise<RequestId> => {
  const { books, merchant, owner, reviewer } = house
  const id = newId('stl')
  await request(books, { id, merchant, by: owner, amount: cny(yuan) })
  await review(books, { id, by: reviewer, step: 'approve' })
  return id
}
const tell = (id: RequestId, more: Parameters<typeof noticeOf>[2], yuan = '60.00') =>
  bankAnswered(house.books, bank, {
    notice: noticeOf(payoutOf(id), yuan, more),
    rawBody: Buffer.from('{}'),
  })
const bounced = { kind: 'bounced', reason: 'no_such_account' } as const
const soon = (seconds: number) => new Date(Date.now() + seconds * 1000)
const stands = async (id: RequestId, state: State, earned: string, requested: string) => {
  const held = await position(house.books, house.merchant)
  assert.deepEqual([held.earned, held.requested], [cny(earned), cny(requested)])
  assert.equal((await requestOf(house.books, id)).state, state)
}
/** The movements of the book that belong to a request, as `debit → credit`. */
const movements = async (id: RequestId): Promise<string[]> => {
  const [row] = await house.books.sql<{ book: number }>`
    select book from settlement.request where id = ${id}`
  const all: Entry[] = await house.books.entries(row!.book, 0n, 1000)
  const short = (side: Entry['debit']) => side!.account.split('/').at(-1)
  return all
    .filter(entry => entry.subject === id && entry.kind === 'post')
    .map(entry => `${entry.event}: ${short(entry.debit)} → ${short(entry.credit)}`)
}

test('P1-12 what is approved is paid from the pool, by exactly the movements of the table', async () => {
  const id = await approved()
  assert.equal(await payOut(house.books, bank), 1)
  await stands(id, 'paying', '40.00', '0.00')
  assert.equal(await tell(id, { kind: 'paid' }), 'taken')
  await stands(id, 'paid', '40.00', '0.00')
  assert.deepEqual(await movements(id), [
    'settlement_requested: earned → requested',
    'payout_sent: requested → transit-out',
    'payout_paid: transit-out → custody',
  ])
  const [order] = bank.orders
  assert.deepEqual(order, {
    payout: payoutOf(id),
    amount: cny('60.00'),
    payee: { bank: '沙盒银行', account: '6217000000001234', name: '老茶馆' },
    remark: id,
  })
})

test('P1-12 nothing is sent that is not approved, nor for a merchant that was suspended since', async () => {
  const { books, merchant, owner, reviewer: by } = house
  await request(books, { id: newId('stl'), merchant, by: owner, amount: cny('10.00') })
  await approved('20.00')
  await decideMerchant(books, { merchant, by, step: 'suspend', reason: '失联' })
  assert.equal(await payOut(books, bank), 0)
  await decideMerchant(books, { merchant, by, step: 'resume' })
  assert.equal(await payOut(books, bank), 1)
  assert.deepEqual(
    bank.orders.map(order => order.amount),
    [cny('20.00')],
  )
})

test('P1-12 a payment that bounces brings the money back to what is earned, and can be asked for anew', async () => {
  const id = await approved()
  await payOut(house.books, bank)
  assert.equal(await tell(id, bounced), 'taken')
  await stands(id, 'bounced', '100.00', '0.00')
  assert.deepEqual((await movements(id)).slice(2), [
    'payout_bounced: transit-out → requested',
    'payout_bounced: requested → earned',
  ])
  assert.equal((await requestOf(house.books, id)).reason, 'no_such_account')
  const again = await approved()
  assert.equal(await payOut(house.books, bank), 1)
  await tell(again, { kind: 'paid' })
  await stands(again, 'paid', '40.00', '0.00')
})

test('P1-12 a payment that bounces after it was paid brings the money back too', async () => {
  const id = await approved()
  await payOut(house.books, bank)
  await tell(id, { kind: 'paid' })
  assert.equal(await tell(id, bounced), 'taken')
  await stands(id, 'bounced', '100.00', '0.00')
  assert.deepEqual((await movements(id)).slice(2), [
    'payout_paid: transit-out → custody',
    'payout_bounced: custody → requested',
    'payout_bounced: requested → earned',
  ])
})

test('a bank that refuses at once gives the merchant its money back', async () => {
  const id = await approved()
  bank.says({ refused: 'account_closed' })
  await payOut(house.books, bank)
  await stands(id, 'bounced', '100.00', '0.00')
  assert.deepEqual(bank.closings, [payoutOf(id)], 'and will never execute it')
})

test('though the bank’s answer is lost, it is paid once', async () => {
  const id = await approved()
  bank.says('lost')
  await payOut(house.books, bank)
  await stands(id, 'paying', '40.00', '0.00')
  assert.equal(await askBank(house.books, bank), 0, 'it is not yet time to ask')
  assert.equal(await askBank(house.books, bank, { at: soon(10) }), 0)
  bank.knows('paid')
  assert.equal(await askBank(house.books, bank, { at: soon(60) }), 1)
  await stands(id, 'paid', '40.00', '0.00')
  assert.equal(bank.orders.length, 1)
})

test('an instruction that never arrived is sent again, under the same reference', async () => {
  const id = await approved()
  bank.says('never')
  await payOut(house.books, bank)
  assert.equal(bank.orders.length, 0)
  await askBank(house.books, bank, { at: soon(10) })
  assert.deepEqual(
    bank.orders.map(order => order.payout),
    [payoutOf(id)],
  )
  bank.knows('paid')
  await askBank(house.books, bank, { at: soon(120) })
  await stands(id, 'paid', '40.00', '0.00')
})

test('a worker that died between its intent and its call leaves a payout that the next one ends', async () => {
  const id = await approved()
  const dies = { ...bank, pay: () => Promise.reject(new Error('power failure')) }
  await assert.rejects(payOut(house.books, dies), /power failure/)
  await stands(id, 'paying', '40.00', '0.00')
  await askBank(house.books, bank, { at: soon(30) })
  assert.equal(bank.orders.length, 0, 'for a minute it may still be calling')
  await askBank(house.books, bank, { at: soon(61) })
  assert.equal(bank.orders.length, 1)
})

test('after an unknown outcome a later "no" is not believed: the bank says what it knows when it is to close', async () => {
  const id = await approved()
  bank.says('lost', { refused: 'insufficient_balance' })
  await payOut(house.books, bank)
  const forgetful = { ...bank, query: async () => 'none' as const }
  await askBank(house.books, forgetful, { at: soon(10) })
  assert.deepEqual(bank.closings, [payoutOf(id)])
  await stands(id, 'paying', '40.00', '0.00')
  bank.knows('paid')
  await askBank(house.books, bank, { at: soon(120) })
  await stands(id, 'paid', '40.00', '0.00')
})

test('a worker that was overtaken drops its answer', async () => {
  const id = await approved()
  const slow = Promise.withResolvers<{ refused: string }>()
  const first = payOut(house.books, { ...bank, pay: () => slow.promise })
  while ((await requestOf(house.books, id)).state !== 'paying') await sleep(10)
  await askBank(house.books, bank, { at: soon(61) })
  assert.equal(bank.orders.length, 1, 'another worker has sent it meanwhile')
  slow.resolve({ refused: 'insufficient_balance' })
  await first
  await stands(id, 'paying', '40.00', '0.00')
  assert.equal(await tell(id, { kind: 'paid' }), 'taken')
})

test('run by four workers in two processes at once, each request is paid once', async () => {
  const ids = [await approved('10.00'), await approved('20.00'), await approved('30.00')]
  const other = openBooks({ url: db.url })
  opened.push(other)
  const runs = [house.books, other, house.books, other].map(books => payOut(books, bank))
  const sent = (await Promise.all(runs)).reduce((a, b) => a + b, 0)
  assert.equal(sent, 3)
  assert.deepEqual(bank.orders.map(order => order.payout).toSorted(), ids.map(payoutOf).toSorted())
  bank.knows('paid')
  const at = soon(60)
  await Promise.all([askBank(house.books, bank, { at }), askBank(other, bank, { at })])
  for (const id of ids) await stands(id, 'paid', '40.00', '0.00')
  assert.equal(bank.orders.length, 3)
})

test('a notice told a thousand times, fifty at once, is taken once', async () => {
  const id = await approved()
  await payOut(house.books, bank)
  const notice = noticeOf(payoutOf(id), '60.00', { kind: 'paid' })
  const told = { notice, rawBody: Buffer.from('{}') }
  for (let times = 0; times < 20; times++)
    await Promise.all(Array.from({ length: 50 }, () => bankAnswered(house.books, bank, told)))
  await stands(id, 'paid', '40.00', '0.00')
  const rows = await house.books
    .sql`select outcome from settlement.inbox where event = ${notice.id}`
  assert.deepEqual(rows, [{ outcome: 'taken' }])
})

test('two notices of one payment are one payment', async () => {
  const id = await approved()
  await payOut(house.books, bank)
  const outcomes = await Promise.all([tell(id, { kind: 'paid' }), tell(id, { kind: 'paid' })])
  assert.deepEqual(outcomes.toSorted(), ['known', 'taken'])
  await stands(id, 'paid', '40.00', '0.00')
})

test('bounced told before paid ends as paid told before bounced does', async () => {
  const id = await approved()
  await payOut(house.books, bank)
  assert.equal(await tell(id, bounced), 'taken')
  assert.equal(await tell(id, { kind: 'paid' }), 'out_of_order')
  await stands(id, 'bounced', '100.00', '0.00')
})

test('a genuine notice that does not fit is kept, and changes nothing', async () => {
  const id = await approved()
  await payOut(house.books, bank)
  assert.equal(await tell(id, { kind: 'paid' }, '60.01'), 'wrong_amount')
  assert.equal(await tell(id, { kind: 'paid', account: '1' }), 'wrong_account')
  assert.equal(await tell(newId('stl'), { kind: 'paid' }), 'unknown_payout')
  await stands(id, 'paying', '40.00', '0.00')
  const kept = await house.books.sql`select from settlement.inbox where payout = ${payoutOf(id)}`
  assert.equal(kept.length, 2)
})

test('notice and query at the same moment are one payment', async () => {
  const id = await approved()
  await payOut(house.books, bank)
  bank.knows('paid')
  await Promise.all([tell(id, { kind: 'paid' }), askBank(house.books, bank, { at: soon(10) })])
  await stands(id, 'paid', '40.00', '0.00')
})

test('a bounce whose notice was lost is found within a day', async () => {
  const id = await approved()
  await payOut(house.books, bank)
  await tell(id, { kind: 'paid' })
  bank.knows({ bounced: 'returned_by_payee_bank' })
  assert.equal(await askBank(house.books, bank, { at: soon(3600) }), 0)
  assert.equal(await askBank(house.books, bank, { at: soon(86_460) }), 1)
  await stands(id, 'bounced', '100.00', '0.00')
})

test('a payment that stays paid is asked about for three days, and then no more', async () => {
  const id = await approved()
  await payOut(house.books, bank)
  await tell(id, { kind: 'paid' })
  bank.knows('paid')
  for (let day = 1; day <= 5; day++) await askBank(house.books, bank, { at: soon(day * 86_500) })
  const [row] = await house.books.sql`select ask_at from settlement.payout where request = ${id}`
  assert.deepEqual(row, { ask_at: null })
  await stands(id, 'paid', '40.00', '0.00')
})
