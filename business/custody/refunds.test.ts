import assert from 'node:assert/strict'
import { test } from 'node:test'
import { newId, type MerchantId, type PersonId, type PurseId } from '@bursar/kernel'
import { cny } from '@bursar/money'
import { readSpend, type SpendId } from './receipts.ts'
import { refund, refundsOf } from './refunds.ts'
import { spend } from './spends.ts'
import { useTown } from './testing.ts'

const town = useTown()
const clerk = newId('per')

type Member = { person: PersonId; purse: PurseId }
const pay = (merchant: MerchantId, { person: by, purse }: Member, yuan: string) =>
  spend(town.books, { id: newId('spd'), purse, by, merchant, amount: cny(yuan) })
const giveBack = (id: SpendId, yuan: string, more = {}) =>
  refund(town.books, {
    id: newId('rfd'),
    spend: id,
    amount: cny(yuan),
    reason: '退货',
    by: clerk,
    ...more,
  })
test('P1-14 a spend is given back in parts, to the purse that paid, and never beyond it', async () => {
  const merchant = await town.merchant()
  const member = await town.member(merchant, '100.00')
  const { id } = await pay(merchant, member, '60.00')
  await giveBack(id, '20.00')
  await giveBack(id, '25.00')
  assert.equal(await town.available(member.purse), 8500n)
  await assert.rejects(
    giveBack(id, '15.01'),
    (error: { code: string; facts: { left: unknown } }) => {
      assert.equal(error.code, 'refund_exceeds_spend')
      assert.deepEqual(error.facts.left, cny('15.00'))
      return true
    },
  )
  await giveBack(id, '15.00')
  assert.equal(await town.posted(`merchant/${merchant}/earned`), 0n)
  assert.deepEqual(
    (await refundsOf(town.books, id)).map(one => one.ordinal),
    [1, 2, 3],
  )
  assert.deepEqual((await readSpend(town.books, id)).refunded, cny('60.00'))
})

test('P1-14 eight refunds at once of one spend give back no more than it', async () => {
  const merchant = await town.merchant()
  const member = await town.member(merchant, '100.00')
  const { id } = await pay(merchant, member, '50.00')
  const all = await Promise.allSettled(Array.from({ length: 8 }, () => giveBack(id, '20.00')))
  assert.equal(all.filter(one => one.status === 'fulfilled').length, 2)
  assert.equal(await town.available(member.purse), 9000n)
})

test('P1-14 the table refuses what the code would let pass', async () => {
  const merchant = await town.merchant()
  const member = await town.member(merchant, '10.00')
  const { id } = await pay(merchant, member, '5.00')
  await assert.rejects(town.books.sql`update custody.spend set refunded = 501 where id = ${id}`, {
    constraint: 'refunds_never_exceed_the_spend',
  })
  await assert.rejects(town.books.sql`update custody.refund set minor = 1`, { code: '42501' })
})

test('P1-14 a refund asked twice is one refund, and its id means nothing else', async () => {
  const merchant = await town.merchant()
  const member = await town.member(merchant, '10.00')
  const { id } = await pay(merchant, member, '5.00')
  const same = { id: newId('rfd') }
  await Promise.all([1, 2, 3].map(() => giveBack(id, '2.00', same)))
  assert.equal(await town.available(member.purse), 700n)
  await assert.rejects(giveBack(id, '3.00', same), { code: 'id_already_used' })
})

test('P1-14 a merchant whose earned money is gone cannot refund, and a suspended one can', async () => {
  const merchant = await town.merchant()
  const member = await town.member(merchant, '10.00')
  const { id } = await pay(merchant, member, '5.00')
  await town.books.sql`update parties.merchant set state = 'suspended' where id = ${merchant}`
  await giveBack(id, '1.00')
  await town.books.write(async tx =>
    tx.append(town.book, {
      kind: 'post',
      id: crypto.randomUUID(),
      event: 'settlement',
      debit: `merchant/${merchant}/earned`,
      credit: `merchant/${merchant}/requested`,
      amount: cny('4.00'),
    }),
  )
  await assert.rejects(giveBack(id, '1.00'), { code: 'merchant_funds_short' })
  assert.equal((await refundsOf(town.books, id)).length, 1)
})
