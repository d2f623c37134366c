/** Who pays a pool out, and at which account: what is somebody else's money is not taken for it. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { newId } from '@bursar/kernel'
import { cny } from '@bursar/money'
import { creditReceived, type Credit } from './inbox.ts'
import { addPlatform, endPlatform, platformsOf } from './platforms.ts'
import { openPool } from './pool.ts'
import { listSuspense } from './suspense.ts'
import { useTown } from './testing.ts'

const town = useTown()

async function told(yuan: string, by: Pick<Credit, 'payer' | 'payerAccount'>) {
  const event = newId('ntc')
  const credit = { gateway: 'bank', event, body: Buffer.from('{}'), pool: town.pool }
  const outcome = await creditReceived(town.books, {
    ...{ ...credit, amount: cny(yuan), reference: '划款' },
    ...by,
  })
  const [row] = await listSuspense(town.books, { q: event })
  return [outcome, row?.reason]
}

test('P1-08 a credit that fits what the platform owes is its payout only if the platform paid it', async () => {
  await town.member(await town.merchant(), '50.00')
  const owed = await town.posted('pool/transit-in')
  const before = await town.posted('pool/suspense')
  assert.deepEqual(await told('10.00', { payer: '陌生人' }), ['unknown_payer', 'unknown_payer'])
  assert.equal(await town.posted('pool/transit-in'), owed)
  assert.equal(await town.posted('pool/suspense'), before + 1000n)
  assert.deepEqual(await told('10.00', { payer: 'wallet' }), ['paid_out', undefined])
  assert.equal(await town.posted('pool/transit-in'), owed + 1000n)
})

test('P1-08 where the pool knows the platform’s account, the account decides and not the name', async () => {
  await town.member(await town.merchant(), '50.00')
  const by = await town.person()
  const payer = { name: '支付平台备付金', account: '31000001' }
  await addPlatform(town.books, { pool: town.pool, payer, by })
  await addPlatform(town.books, { pool: town.pool, payer, by })
  const { name, account } = payer
  assert.deepEqual(await told('5.00', { payer: name, payerAccount: account }), [
    'paid_out',
    undefined,
  ])
  assert.deepEqual(await told('5.00', { payer: '另一种写法', payerAccount: account }), [
    'paid_out',
    undefined,
  ])
  const strange = ['unknown_payer', 'unknown_payer']
  assert.deepEqual(await told('5.00', { payer: name, payerAccount: '31000002' }), strange)
  assert.deepEqual(await told('5.00', { payer: name }), strange)
  assert.deepEqual(
    (await platformsOf(town.books, town.pool)).map(one => [one.name, one.account]),
    [
      ['wallet', null],
      [name, account],
    ],
  )
  await endPlatform(town.books, { pool: town.pool, payer, by })
  assert.deepEqual(await told('5.00', { payer: name, payerAccount: account }), strange)
})

test('P1-08 opening a pool again with another platform is refused, though platforms came and went since', async () => {
  const [id, bank, supervisor] = [newId('pol'), newId('ins'), newId('ins')]
  const pool = { id, book: 31, name: '池', currency: 'CNY', bank, supervisor }
  const [first, other] = [{ name: '甲' }, { name: '乙', account: '3100' }]
  await openPool(town.books, { ...pool, platforms: [first] })
  await addPlatform(town.books, { pool: id, payer: other, by: await town.person() })
  assert.equal((await openPool(town.books, { ...pool, platforms: [first] })).id, id)
  for (const platforms of [[], [other], [first, other]])
    await assert.rejects(openPool(town.books, { ...pool, platforms }), { code: 'id_already_used' })
})

test('P1-09 two pools never share an account at one bank, in code and in the table', async () => {
  const [bank, other, supervisor] = [newId('ins'), newId('ins'), newId('ins')]
  const named = { name: '池', currency: 'CNY', supervisor, account: '6228480018' }
  const open = (book: number, at: typeof bank, more = {}) =>
    openPool(town.books, { id: newId('pol'), book, ...named, bank: at, ...more })
  await open(11, bank)
  await assert.rejects(open(12, bank), { code: 'bank_account_taken' })
  await open(12, other)
  await open(13, bank, { account: null })
  await open(14, bank, { account: null })
  const slipped = town.books.sql`
    insert into custody.pool (id, book, name, currency, bank, supervisor, account)
    values (${newId('pol')}, 15, '池', 'CNY', ${bank}, ${supervisor}, '6228480018')`
  await assert.rejects(slipped, {
    code: '23505',
    constraint: 'no_two_pools_share_a_bank_account',
  })
  const both = await Promise.allSettled(
    [21, 22].map(book => open(book, bank, { account: '6228480019' })),
  )
  const lost = both.filter(one => one.status === 'rejected')
  assert.deepEqual(
    lost.map(one => one.reason.code),
    ['bank_account_taken'],
  )
})
