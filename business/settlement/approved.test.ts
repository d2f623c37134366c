/** What becomes of an approval: it stands, it is paid from the right account, and it may be said again. */
import assert from 'node:assert/strict'
import { after, afterEach, before, beforeEach, test } from 'node:test'
import { useDatabase } from '@bursar/database/testing'
import { newId, type Books } from '@bursar/kernel'
import { openBooks } from '@bursar/ledger'
import { cny } from '@bursar/money'
import { decideMerchant } from '@bursar/parties'
import { payoutOf } from './payouts.ts'
import {
  bankAnswered,
  payOut,
  position,
  request,
  requestOf,
  review,
  type RequestId,
} from './settlement.ts'
import { noticeOf, openHouse, playBank, type House, type PlayedBank } from './testing.ts'

const db = useDatabase()
const opened: Books[] = []
let server: Books
let house: House
let bank: PlayedBank
let id: RequestId

before(async () => {
  await db.ready
  server = openBooks({ url: db.url })
  opened.push(server)
})
beforeEach(async () => {
  house = await openHouse(server)
  bank = playBank()
  await house.earn('100.00')
  id = newId('stl')
  const { books, merchant, owner, reviewer } = house
  await request(books, { id, merchant, by: owner, amount: cny('60.00') })
  await review(books, { id, by: reviewer, step: 'approve' })
})
// Each house has its own pool, and the run would find what an earlier one has left.
afterEach(() => payOut(house.books, bank))
after(() => Promise.all(opened.map(books => books.close())))

test('P1-12 P1-I2 what was approved before its merchant closed is still paid', async () => {
  const { books, merchant, reviewer: by } = house
  await decideMerchant(books, { merchant, by, step: 'close', reason: '停业' })
  assert.equal(await payOut(books, bank), 1)
})

test('P1-05 P1-12 P1-I2 a closed merchant is still paid what it had earned; a suspended one waits', async () => {
  const { books, merchant, owner, reviewer: by } = house
  const rest = { id: newId('stl'), merchant, by: owner, amount: cny('40.00') }
  const approval = { id: rest.id, by, step: 'approve' } as const
  await payOut(books, bank)
  await decideMerchant(books, { merchant, by, step: 'suspend', reason: '证照过期' })
  await assert.rejects(request(books, rest), { code: 'merchant_not_open' })
  await decideMerchant(books, { merchant, by, step: 'close', reason: '停业' })
  assert.equal((await request(books, rest)).state, 'submitted')
  assert.equal((await review(books, approval)).state, 'approved')
  assert.equal(await payOut(books, bank), 1)
  assert.deepEqual((await position(books, merchant)).earned, cny('0.00'))
})

test('P1-12 P1-25 a pool is never paid out from another pool’s account', async () => {
  const { books } = house
  const owner = openBooks({ url: db.ownerUrl })
  opened.push(owner)
  const liesAt = (account: string) => owner.sql`
    update custody.pool set account = ${account}
    where book = (select book from settlement.request where id = ${id})`
  await liesAt('somewhere-else')
  assert.equal(await payOut(books, bank), 0)
  assert.equal((await requestOf(books, id)).state, 'approved')
  await liesAt(bank.account)
  assert.equal(await payOut(books, bank), 1)
})

test('P1-11 an approval whose answer was lost may be asked for again, also when the money is under way', async () => {
  const { books, reviewer: by } = house
  const late = { by, id, step: 'reject', reason: '太迟' } as const
  await payOut(books, bank)
  for (const state of ['paying', 'paid'] as const) {
    assert.equal((await review(books, { id, by, step: 'approve' })).state, state)
    await assert.rejects(review(books, late), { code: 'step_out_of_order' })
    const notice = noticeOf(payoutOf(id), '60.00', { kind: 'paid' })
    await bankAnswered(books, bank, { notice, rawBody: Buffer.from('{}') })
  }
  assert.equal(bank.orders.length, 1)
})
