import assert from 'node:assert/strict'
import { after, test } from 'node:test'
import { newId, type Books, type MerchantId, type PersonId, type PurseId } from '@bursar/kernel'
import { openBooks } from '@bursar/ledger'
import { cny } from '@bursar/money'
import { issueCode } from './codes.ts'
import { createMerchantCode, type MerchantCodeId } from './merchantCodes.ts'
import { charge, spend } from './spends.ts'
import { useTown } from './testing.ts'

const town = useTown()
/** Another process on the same database. */
let others: Books | undefined
after(() => others?.close())

type Member = { person: PersonId; purse: PurseId }
const codeOf = (merchant: MerchantId, amount?: string) =>
  createMerchantCode(town.books, {
    ...{ id: newId('mcd'), merchant, by: newId('per') },
    ...(amount !== undefined && { amount: cny(amount) }),
  })
const scan = (
  { person: by, purse }: Member,
  merchant: MerchantId,
  merchantCode: MerchantCodeId,
  yuan: string,
  books = town.books,
) => spend(books, { id: newId('spd'), purse, by, merchant, merchantCode, amount: cny(yuan) })

test('P1-24 F38 fifty payments at once on the last ten yuan of the day’s limit of static codes: ten are done', async () => {
  const merchant = await town.merchant()
  const { id } = await codeOf(merchant)
  const member = await town.member(merchant, '900.00')
  await scan(member, merchant, id, '490.00')
  const both = [town.books, (others = openBooks({ url: town.url }))]
  const tries = Array.from({ length: 50 }, (_, n) =>
    scan(member, merchant, id, '1.00', both[n % 2]),
  )
  const ends = await Promise.allSettled(tries)
  assert.equal(ends.filter(one => one.status === 'fulfilled').length, 10)
  for (const one of ends)
    if (one.status === 'rejected') assert.equal(one.reason.code, 'static_code_limit')
  assert.equal(await town.available(member.purse), 40_000n)
  await assert.rejects(scan(member, merchant, id, '0.01'), (error: { facts?: object }) => {
    assert.deepEqual((error.facts as { left?: object }).left, cny('0.00'))
    return true
  })
})

test('P1-24 F38 beyond the limit there is one’s own code and the merchant’s dynamic one; others are not touched', async () => {
  const merchant = await town.merchant()
  const { id } = await codeOf(merchant)
  const [member, other] = [
    await town.member(merchant, '900.00'),
    await town.member(merchant, '900.00'),
  ]
  await scan(member, merchant, id, '500.00')
  await assert.rejects(scan(member, merchant, id, '1.00'), { code: 'static_code_limit' })
  await scan(other, merchant, id, '500.00')
  const dynamic = await codeOf(merchant, '100.00')
  await scan(member, merchant, dynamic.id, '100.00')
  const { person: by, purse } = member
  const { code } = await issueCode(town.books, { id: newId('cod'), purse, by })
  const charged = { id: newId('spd'), merchant, by: newId('per'), code, amount: cny('100.00') }
  assert.equal((await charge(town.books, charged)).state, 'done')
})

test('P1-24 F38 what was paid yesterday does not count, and a receipt is answered again beyond the limit', async () => {
  const merchant = await town.merchant()
  const { id: merchantCode } = await codeOf(merchant)
  const { person: by, purse } = await town.member(merchant, '900.00')
  await town.books.sql`
    insert into custody.spend (book, id, purse, person, merchant, minor, currency, merchant_code, initiator,
      started_by, state, at)
    values (${town.book}, ${newId('spd')}, ${purse}, ${by}, ${merchant}, 50000, 'CNY', ${merchantCode},
      'consumer', ${by}, 'done', now() - interval '1 day')`
  const ask = { id: newId('spd'), purse, by, merchant, merchantCode, amount: cny('500.00') }
  const receipt = await spend(town.books, ask)
  assert.equal((await spend(town.books, ask)).seq, receipt.seq)
})
