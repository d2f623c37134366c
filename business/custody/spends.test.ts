import assert from 'node:assert/strict'
import { test } from 'node:test'
import { newId, type MerchantId, type PersonId, type PurseId } from '@bursar/kernel'
import { cny } from '@bursar/money'
import { answerSpend } from './answers.ts'
import { issueCode } from './codes.ts'
import { createMerchantCode } from './merchantCodes.ts'
import { readSpend } from './receipts.ts'
import { charge, spend } from './spends.ts'
import { useTown } from './testing.ts'

/** The town's clock, which a test may put forward: a code lives 60 seconds, a wait three minutes. */
let ahead = 0
const town = useTown(() => new Date(Date.now() + ahead))

type Member = { person: PersonId; purse: PurseId }
const pay = (
  merchant: MerchantId,
  { person: by, purse }: Member,
  yuan: string,
  id = newId('spd'),
  more = {},
) => spend(town.books, { id, purse, by, merchant, amount: cny(yuan), ...more })
const codeOf = ({ person: by, purse }: Member, at?: Date) =>
  issueCode(town.books, { id: newId('cod'), purse, by, ...(at && { at }) })
const take = async (merchant: MerchantId, code: string, yuan: string, id = newId('spd')) =>
  charge(town.books, { id, merchant, by: till, code, amount: cny(yuan) })
const till = newId('per')
const outcomes = (all: PromiseSettledResult<unknown>[]) =>
  all
    .map(one => (one.status === 'fulfilled' ? 'done' : (one.reason as { code: string }).code))
    .toSorted()

test('P1-03 P1-10 a consumer spends: the purse goes down, the merchant has earned it, a receipt says so', async () => {
  const merchant = await town.merchant()
  const member = await town.member(merchant, '100.00')
  const receipt = await pay(merchant, member, '30.00')
  assert.equal(receipt.state, 'done')
  assert.equal(receipt.initiator, 'consumer')
  assert.equal(receipt.by, member.person)
  assert.deepEqual(receipt.balance, cny('70.00'))
  assert.equal(await town.posted(`merchant/${merchant}/earned`), 3000n)
  const { hash, personName, ...read } = await readSpend(town.books, receipt.id)
  assert.match(hash!, /^[0-9a-f]{64}$/)
  assert.ok(personName)
  assert.deepEqual(read, receipt)
})

test('P1-04 P1-I1 a merchant charges against a one-time code, and it is recorded who started it', async () => {
  const merchant = await town.merchant()
  const member = await town.member(merchant, '100.00')
  const { code } = await codeOf(member)
  assert.match(code, /^\d{18}$/)
  const receipt = await take(merchant, code, '12.30')
  assert.equal(receipt.initiator, 'merchant')
  assert.equal(receipt.by, till)
  assert.equal(receipt.person, member.person)
  assert.equal(await town.available(member.purse), 8770n)
})

test('P1-03 too little money is refused with the balance and the amount, and nothing moves', async () => {
  const merchant = await town.merchant()
  const member = await town.member(merchant, '10.00')
  const id = newId('spd')
  await assert.rejects(
    pay(merchant, member, '10.01', id),
    (error: { code: string; facts: object }) => {
      assert.equal(error.code, 'insufficient_funds')
      assert.deepEqual((error.facts as { amount: unknown }).amount, cny('10.01'))
      return true
    },
  )
  assert.equal(await town.available(member.purse), 1000n)
  await assert.rejects(readSpend(town.books, id), { code: 'no_such_spend' })
})

test('P1-03 of 64 spends of 9 at once from a purse of 10 exactly one is done', async () => {
  const merchant = await town.merchant()
  const member = await town.member(merchant, '10.00')
  const all = await Promise.allSettled(
    Array.from({ length: 64 }, () => pay(merchant, member, '9.00')),
  )
  assert.equal(all.filter(one => one.status === 'fulfilled').length, 1)
  assert.equal(await town.available(member.purse), 100n)
})

test('P1-03 asking twice is asking once, and the same id for something else is refused', async () => {
  const merchant = await town.merchant()
  const member = await town.member(merchant, '100.00')
  const id = newId('spd')
  const many = await Promise.all([1, 2, 3, 4].map(() => pay(merchant, member, '30.00', id)))
  assert.equal(new Set(many.map(one => one.seq)).size, 1)
  assert.equal(await town.available(member.purse), 7000n)
  await assert.rejects(pay(merchant, member, '31.00', id), { code: 'id_already_used' })
  await assert.rejects(pay(merchant, member, '30.00', id, { note: 'another' }), {
    code: 'id_already_used',
  })
  assert.equal(await town.available(member.purse), 7000n)
})

test('P1-12 a purse pays only at its own merchant, and only for its own person', async () => {
  const [merchant, other] = [await town.merchant(), await town.merchant()]
  const [member, stranger] = [await town.member(merchant, '100.00'), await town.member(merchant)]
  await assert.rejects(pay(other, member, '1.00'), { code: 'purse_of_another_merchant' })
  await assert.rejects(pay(merchant, { ...member, person: stranger.person }, '1.00'), {
    code: 'no_such_purse',
  })
})

test('P1-04 of two terminals that read one code at once, exactly one is paid', async () => {
  const merchant = await town.merchant()
  const member = await town.member(merchant, '100.00')
  for (let round = 0; round < 10; round++) {
    const { code } = await codeOf(member)
    const all = await Promise.allSettled([1, 2, 3, 4].map(() => take(merchant, code, '1.00')))
    assert.deepEqual(outcomes(all), ['code_used', 'code_used', 'code_used', 'done'])
  }
  assert.equal(await town.available(member.purse), 9000n)
})

test('P1-04 a charge asked again under its key is the same charge, long after the code lapsed', async () => {
  const merchant = await town.merchant()
  const member = await town.member(merchant, '100.00')
  const { code } = await codeOf(member)
  const id = newId('spd')
  const first = await take(merchant, code, '5.00', id)
  assert.equal((await take(merchant, code, '5.00', id)).seq, first.seq)
  await assert.rejects(take(merchant, code, '6.00', id), { code: 'id_already_used' })
  await town.books.sql`delete from custody.code where used_by = ${id}`
  assert.equal((await take(merchant, code, '5.00', id)).seq, first.seq)
  assert.equal(await town.available(member.purse), 9500n)
})

test('P1-04 one key with two codes pays once, and its neighbours are not disturbed', async () => {
  const merchant = await town.merchant()
  const member = await town.member(merchant, '100.00')
  const codes = await Promise.all([codeOf(member), codeOf(member)])
  const id = newId('spd')
  const all = await Promise.allSettled([
    ...codes.map(({ code }) => take(merchant, code, '5.00', id)),
    pay(merchant, member, '1.00'),
  ])
  assert.deepEqual(outcomes(all), ['done', 'done', 'id_already_used'])
  assert.equal(all[2]!.status, 'fulfilled')
  assert.equal(await town.available(member.purse), 9400n)
})

test('P1-04 a code is refused after 60 seconds, when unknown, and at another merchant without a word of whose it is', async () => {
  const [merchant, other] = [await town.merchant(), await town.merchant()]
  const member = await town.member(merchant, '100.00')
  const { code } = await codeOf(member, new Date(Date.now() - 61_000))
  await assert.rejects(take(merchant, code, '1.00'), { code: 'code_expired' })
  await assert.rejects(take(merchant, '700000000000000000', '1.00'), { code: 'code_unknown' })
  const fresh = await codeOf(member)
  await assert.rejects(
    take(other, fresh.code, '1.00'),
    (error: { code: string; facts: object }) => {
      assert.equal(error.code, 'code_of_another_merchant')
      assert.deepEqual(error.facts, {})
      return true
    },
  )
  await take(merchant, fresh.code, '1.00')
})

test('P1-04 a refused charge does not use the code up', async () => {
  const merchant = await town.merchant()
  const member = await town.member(merchant, '10.00')
  const { code } = await codeOf(member)
  await assert.rejects(take(merchant, code, '11.00'), { code: 'insufficient_funds' })
  assert.equal((await take(merchant, code, '10.00')).balance.minor, 0n)
})

test('P1-04 the same asking gives the same code, and the table cannot be read backwards', async () => {
  const merchant = await town.merchant()
  const { person: by, purse } = await town.member(merchant, '10.00')
  const id = newId('cod')
  const [one, two] = [
    await issueCode(town.books, { id, purse, by }),
    await issueCode(town.books, { id, purse, by }),
  ]
  assert.deepEqual(one, two)
  const rows = await town.books
    .sql`select c::text as row from custody.code c where purse = ${purse}`
  assert.equal(rows.length, 1)
  assert.ok(!JSON.stringify(rows).includes(one.code) && !JSON.stringify(rows).includes(id))
})

test('P1-24 a dynamic merchant code says how much, and is paid once', async () => {
  const merchant = await town.merchant()
  const [one, two] = [await town.member(merchant, '100.00'), await town.member(merchant, '100.00')]
  const { id: merchantCode } = await createMerchantCode(town.books, {
    id: newId('mcd'),
    merchant,
    by: till,
    amount: cny('20.00'),
  })
  await assert.rejects(pay(merchant, one, '19.00', newId('spd'), { merchantCode }), {
    code: 'amount_differs',
  })
  const all = await Promise.allSettled(
    [one, two].map(member => pay(merchant, member, '20.00', newId('spd'), { merchantCode })),
  )
  assert.deepEqual(outcomes(all), ['done', 'merchant_code_paid'])
  assert.equal(await town.posted(`merchant/${merchant}/earned`), 2000n)
})

test('P1-24 a static merchant code is paid any number of times, and only at its merchant', async () => {
  const [merchant, other] = [await town.merchant(), await town.merchant()]
  const member = await town.member(merchant, '100.00')
  const [mine, theirs] = await Promise.all(
    [merchant, other].map(at =>
      createMerchantCode(town.books, { id: newId('mcd'), merchant: at, by: till }),
    ),
  )
  for (const yuan of ['1.00', '2.00'])
    assert.equal(
      (await pay(merchant, member, yuan, newId('spd'), { merchantCode: mine!.id })).merchantCode,
      mine!.id,
    )
  await assert.rejects(pay(merchant, member, '1.00', newId('spd'), { merchantCode: theirs!.id }), {
    code: 'no_such_merchant_code',
  })
})

test('P1-06 where the merchant confirms each spend, the money is reserved until it says yes', async () => {
  const merchant = await town.merchant({ confirms: true })
  const member = await town.member(merchant, '100.00')
  const { id, state, expiresAt } = await pay(merchant, member, '30.00')
  assert.equal(state, 'waiting')
  assert.ok(expiresAt)
  assert.equal(await town.available(member.purse), 7000n)
  assert.equal(await town.posted(`merchant/${merchant}/earned`), 0n)
  await answerSpend(town.books, { spend: id, by: till, step: 'accept' })
  const done = await answerSpend(town.books, { spend: id, by: till, step: 'accept' })
  assert.equal(done.state, 'done')
  assert.equal(done.answeredBy, till)
  assert.equal(await town.posted(`merchant/${merchant}/earned`), 3000n)
  await assert.rejects(answerSpend(town.books, { spend: id, by: till, step: 'decline' }), {
    code: 'spend_already_answered',
  })
})

test('P1-06 a declined spend gives the money back, and of yes and no at once one stands', async () => {
  const merchant = await town.merchant({ confirms: true })
  const member = await town.member(merchant, '100.00')
  const { id } = await pay(merchant, member, '30.00')
  await answerSpend(town.books, { spend: id, by: till, step: 'decline' })
  assert.equal(await town.available(member.purse), 10000n)
  const { id: second } = await pay(merchant, member, '30.00')
  const all = await Promise.allSettled(
    (['accept', 'decline'] as const).map(step =>
      answerSpend(town.books, { spend: second, by: till, step }),
    ),
  )
  assert.deepEqual(outcomes(all), ['done', 'spend_already_answered'])
})

test('P1-25 a merchant that is not in good standing takes no new money', async () => {
  const merchant = await town.merchant()
  const member = await town.member(merchant, '100.00')
  await town.books.sql`update parties.merchant set state = 'suspended' where id = ${merchant}`
  await new Promise(resolve => setTimeout(resolve, 1050))
  await assert.rejects(pay(merchant, member, '1.00'), { code: 'merchant_not_open' })
  await assert.rejects(codeOf(member), { code: 'merchant_not_open' })
})

// The last one: it puts the book's clock forward, and a book never goes back.
test("P1-06 what the merchant does not answer in three minutes is the consumer's again", async () => {
  const merchant = await town.merchant({ confirms: true })
  const member = await town.member(merchant, '100.00')
  const { id } = await pay(merchant, member, '30.00')
  await town.asDemo()
  ahead = 181_000
  const late = () => answerSpend(town.books, { spend: id, by: till, step: 'accept' })
  await assert.rejects(late(), { code: 'spend_already_answered' })
  assert.equal(await town.books.expire(town.book), 1)
  assert.equal(await town.available(member.purse), 10000n)
  await assert.rejects(late(), { code: 'spend_already_answered' })
  assert.equal((await readSpend(town.books, id)).state, 'expired')
})
