/** No two instructions for one sum can both be executed: what is given up, the bank has closed first. */
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
  listBreaks,
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
let server: Books
let house: House
let bank: PlayedBank

before(async () => {
  await db.ready
  server = openBooks({ url: db.url })
})
beforeEach(async () => {
  house = await openHouse(server)
  bank = playBank()
  await house.earn('60.00')
})
after(() => server.close())

const approved = async (): Promise<RequestId> => {
  const { books, merchant, owner, reviewer } = house
  const id = newId('stl')
  await request(books, { id, merchant, by: owner, amount: cny('60.00') })
  await review(books, { id, by: reviewer, step: 'approve' })
  return id
}
const tell = (id: RequestId, more: Parameters<typeof noticeOf>[2]) =>
  bankAnswered(house.books, bank, {
    notice: noticeOf(payoutOf(id), '60.00', more),
    rawBody: Buffer.from('{}'),
  })
const no = { refused: 'insufficient_balance' }
const paid = { kind: 'paid' } as const
const bounced = { kind: 'bounced', reason: 'no_such_account' } as const
const soon = (seconds: number) => new Date(Date.now() + seconds * 1000)
const day = 86_460
const stands = async (id: RequestId, state: State, earned: string) => {
  assert.deepEqual((await position(house.books, house.merchant)).earned, cny(earned))
  assert.equal((await requestOf(house.books, id)).state, state)
}
const stateOf = async (id: RequestId) => (await requestOf(house.books, id)).payout?.state
const open = async (id: RequestId) =>
  (await listBreaks(house.books, { request: id, state: 'open' })).rows.map(one => one.kind)

test('P1-12 as long as the bank is silent about closing, nothing is given back, and nothing is sent', async () => {
  const id = await approved()
  bank.says(no)
  bank.hearsClosing(false)
  await payOut(house.books, bank)
  for (const at of [60, 120, 240, 480].map(soon)) await askBank(house.books, bank, { at })
  await stands(id, 'paying', '0.00')
  assert.equal(await stateOf(id), 'closing')
  assert.equal(bank.orders.length, 1)
  assert.equal(bank.closings.length, 5)
  bank.hearsClosing(true)
  assert.equal(await askBank(house.books, bank, { at: soon(1200) }), 1)
  await stands(id, 'bounced', '60.00')
  assert.equal((await requestOf(house.books, id)).reason, 'insufficient_balance')
})

test('P1-12 an instruction that arrives after a later one was refused is not executed: one payment, by the new request', async () => {
  const id = await approved()
  bank.says('never', no)
  await payOut(house.books, bank)
  await askBank(house.books, bank, { at: soon(10) })
  await stands(id, 'bounced', '60.00')
  const again = await approved()
  await payOut(house.books, bank)
  assert.equal(bank.arrives(bank.orders[0]!), false, 'the first one, an hour late')
  bank.knows('paid')
  await askBank(house.books, bank, { at: soon(120) })
  await stands(again, 'paid', '0.00')
  await askBank(house.books, bank, { at: soon(day) })
  assert.deepEqual(await open(id), [])
})

test('P1-12 an instruction that arrives just before the closing is executed, and the closing finds it', async () => {
  const id = await approved()
  bank.says('never', no)
  await payOut(house.books, bank)
  const meanwhile: PlayedBank = {
    ...bank,
    close: payout => {
      bank.arrives(bank.orders[0]!)
      return bank.close(payout)
    },
  }
  await askBank(house.books, meanwhile, { at: soon(10) })
  assert.equal(await stateOf(id), 'accepted', 'too late to close it')
  bank.knows('paid')
  await askBank(house.books, bank, { at: soon(120) })
  await stands(id, 'paid', '0.00')
})

test('a notice that comes while it is being closed ends it; the closing then finds the same', async () => {
  const id = await approved()
  bank.says('never', no)
  await payOut(house.books, bank)
  const meanwhile: PlayedBank = {
    ...bank,
    async close(payout) {
      bank.arrives(bank.orders[0]!)
      bank.knows('paid')
      assert.equal(await tell(id, paid), 'taken')
      return await bank.close(payout)
    },
  }
  await askBank(house.books, meanwhile, { at: soon(10) })
  await stands(id, 'paid', '0.00')
  assert.deepEqual(await open(id), [])
})

for (const way of ['told', 'asked'] as const)
  test(`P1-12 a bank that executes what it has closed is a break that people see: ${way}, and until the money is back`, async () => {
    const id = await approved()
    bank.says(no)
    await payOut(house.books, bank)
    await stands(id, 'bounced', '60.00')
    bank.breaksItsWord(payoutOf(id))
    bank.knows('paid')
    if (way === 'told') {
      assert.equal(await tell(id, paid), 'wrong_state')
      assert.equal(await tell(id, paid), 'wrong_state', 'told twice, it is one break')
    } else await askBank(house.books, bank, { at: soon(day) })
    assert.deepEqual(await open(id), ['wrong_state'])
    await stands(id, 'bounced', '60.00')
    for (const days of [2, 3, 4, 5]) await askBank(house.books, bank, { at: soon(days * day) })
    assert.deepEqual(await open(id), ['wrong_state'], 'it is asked about for as long as it stands')
    bank.knows({ bounced: 'called_back' })
    await askBank(house.books, bank, { at: soon(6 * day) })
    assert.deepEqual(await open(id), [])
    assert.equal(bank.orders.length, 1)
  })

test('bounced and paid told the wrong way round is no break, when the bank, asked, says bounced', async () => {
  const id = await approved()
  await payOut(house.books, bank)
  bank.knows({ bounced: 'no_such_account' })
  assert.equal(await tell(id, bounced), 'taken')
  assert.equal(await tell(id, paid), 'out_of_order')
  await askBank(house.books, bank, { at: soon(1) })
  assert.deepEqual(await open(id), [])
  await stands(id, 'bounced', '60.00')
})

test('paid told after bounced is a break, when the bank, asked, says paid', async () => {
  const id = await approved()
  await payOut(house.books, bank)
  bank.knows('paid')
  await tell(id, bounced)
  assert.equal(await tell(id, paid), 'out_of_order')
  assert.deepEqual(await open(id), [])
  await askBank(house.books, bank, { at: soon(1) })
  assert.deepEqual(await open(id), ['wrong_state'])
  await stands(id, 'bounced', '60.00')
})

test('the table sends nothing again that is being closed, and pays nothing that was closed', async () => {
  const id = await approved()
  bank.says(no)
  bank.hearsClosing(false)
  await payOut(house.books, bank)
  const change = (to: string) =>
    db.owner.script(`update settlement.payout set ${to} where id = '${payoutOf(id)}'`)
  await assert.rejects(change(`state = 'sending'`), {
    constraint: 'a_payout_goes_only_where_it_can',
  })
  await assert.rejects(change(`state = 'paid', ended_at = now(), closed_at = now()`), {
    constraint: 'nothing_is_paid_that_was_closed',
  })
})
