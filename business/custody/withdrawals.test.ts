import assert from 'node:assert/strict'
import { test } from 'node:test'
import { setTimeout as sleep } from 'node:timers/promises'
import { newId, type MerchantId, type PersonId, type PurseId } from '@bursar/kernel'
import { cny } from '@bursar/money'
import { equation } from './equation.ts'
import { openHitches } from './hitches.ts'
import { creditReceived, receiveNotice } from './inbox.ts'
import { pollWithdrawals } from './parts.ts'
import { playWallet } from './playedWallet.testing.ts'
import { spend } from './spends.ts'
import { useTown } from './testing.ts'
import { listTopUps, readTopUp, startTopUp } from './topUps.ts'
import { readWithdrawal, withdraw } from './withdrawals.ts'

const town = useTown()
const { wallet, says, refunds } = town.wallet

type Member = { person: PersonId; purse: PurseId }
const pay = (merchant: MerchantId, { person: by, purse }: Member, yuan: string) =>
  spend(town.books, { id: newId('spd'), purse, by, merchant, amount: cny(yuan) })
const takeBack = ({ person: by, purse }: Member, yuan: string, id = newId('wdr')) =>
  withdraw(town.books, [wallet], { id, purse, amount: cny(yuan), by })
/** The platform pays all that it owes us. */
const paidOut = async () => {
  const minor = -(await town.posted('pool/transit-in'))
  if (minor > 0n)
    await creditReceived(town.books, {
      gateway: 'bank',
      event: newId('evt'),
      body: Buffer.from('{}'),
      pool: town.pool,
      amount: { minor, currency: 'CNY' },
      payer: 'wallet',
      reference: 'payout',
    })
}

// The first one: later tests leave money in custody.
test('P1-14 before the platform has paid us out, a withdrawal is confirmed but still on its way in the books', async () => {
  const merchant = await town.merchant()
  const member = await town.member(merchant, '40.00')
  const asked = await takeBack(member, '40.00')
  assert.equal(asked.parts[0]!.state, 'confirmed')
  assert.equal(await town.posted('pool/transit-out'), 4000n)
  await pollWithdrawals(town.books, wallet, { olderThanMs: 0 })
  assert.equal((await equation(town.books, town.pool)).holds, true)
  await paidOut()
  await pollWithdrawals(town.books, wallet, { olderThanMs: 0 })
  assert.equal((await readWithdrawal(town.books, asked.id)).parts[0]!.state, 'done')
  assert.equal(await town.posted('pool/transit-out'), 0n)
})

test('P1-14 a balance goes back to its source, newest top-up first, each no more than came from it', async () => {
  const merchant = await town.merchant()
  const member = await town.member(merchant)
  for (const yuan of ['100.00', '30.00']) await town.topUp(member, yuan)
  await pay(merchant, member, '10.00')
  await paidOut()
  const done = await takeBack(member, '50.00')
  assert.equal(done.state, 'done')
  const [newest, oldest] = await listTopUps(town.books, { purse: member.purse })
  assert.deepEqual(newest!.returned, cny('30.00'))
  assert.deepEqual(oldest!.returned, cny('20.00'))
  assert.deepEqual(done.parts.map(part => refunds.get(part.id)!.minor).toSorted(), [2000n, 3000n])
  assert.equal(await town.available(member.purse), 7000n)
  assert.equal(await town.posted('pool/transit-out'), 0n)
  await assert.rejects(takeBack(member, '70.01'), { code: 'insufficient_funds' })
})

test('P1-14 a platform that is silent is asked again under the same number, and pays once', async () => {
  const merchant = await town.merchant()
  const member = await town.member(merchant, '40.00')
  await paidOut()
  says.refund = 'unknown'
  const asked = await takeBack(member, '40.00')
  assert.equal(asked.state, 'sending')
  assert.equal(await town.posted('pool/transit-out'), 4000n)
  assert.equal(await town.available(member.purse), 0n)
  delete says.refund
  await pollWithdrawals(town.books, wallet, { olderThanMs: 0 })
  await pollWithdrawals(town.books, wallet, { olderThanMs: 0 })
  assert.equal((await readWithdrawal(town.books, asked.id)).state, 'done')
  assert.equal(await town.posted('pool/transit-out'), 0n)
})

test('P1-14 withdrawals that the platform leaves unanswered are all asked about, however many there are', async () => {
  const merchant = await town.merchant()
  const members = await Promise.all([1, 2, 3].map(() => town.member(merchant, '5.00')))
  await paidOut()
  says.refund = 'unknown'
  const asked = await Promise.all(members.map(member => takeBack(member, '5.00')))
  delete says.refund
  await pollWithdrawals(town.books, wallet, { olderThanMs: 0, limit: 1 })
  for (const { id } of asked) assert.equal((await readWithdrawal(town.books, id)).state, 'done')
})

test('P1-14 a withdrawal over many top-ups waits for a silent platform once, not once for each', async () => {
  const merchant = await town.merchant()
  const member = await town.member(merchant)
  for (let i = 0; i < 4; i++) await town.topUp(member, '5.00')
  await paidOut()
  let [asking, most] = [0, 0]
  const slow: typeof wallet = {
    ...wallet,
    refund: async ask => {
      most = Math.max(most, ++asking)
      await sleep(50)
      asking--
      return wallet.refund(ask)
    },
  }
  const [id, amount] = [newId('wdr'), cny('20.00')]
  const ask = { id, purse: member.purse, amount, by: member.person }
  const done = await withdraw(town.books, [slow], ask)
  assert.deepEqual([done.state, done.parts.length, most], ['done', 4, 4])
})

test("P1-14 what the platform refuses to pay back is the member's again", async () => {
  const merchant = await town.merchant()
  const member = await town.member(merchant, '40.00')
  says.refund = { refused: 'account_closed' }
  const { parts, state } = await takeBack(member, '40.00')
  delete says.refund
  assert.equal(state, 'returned')
  assert.equal(parts[0]!.reason, 'account_closed')
  assert.equal(await town.available(member.purse), 4000n)
  assert.deepEqual((await readTopUp(town.books, parts[0]!.topUp!)).returned, cny('0.00'))
})

/** As if the last call had been made so long ago that nothing of it can be under way. */

test('P1-14 a refund that throws stops none of those behind it, and is told of', async () => {
  const merchant = await town.merchant()
  const members = await Promise.all([1, 2, 3].map(() => town.member(merchant, '5.00')))
  await paidOut()
  says.refund = 'unknown'
  const asked = []
  for (const member of members) asked.push(await takeBack(member, '5.00'))
  delete says.refund
  const first = asked[0]!.parts[0]!.id
  const throwing: typeof wallet = {
    ...wallet,
    async refund(ask) {
      if (ask.refund === first) throw new TypeError('of somebody by name')
      return wallet.refund(ask)
    },
  }
  await pollWithdrawals(town.books, throwing, { olderThanMs: 0, limit: 1 })
  const states = await Promise.all(asked.map(({ id }) => readWithdrawal(town.books, id)))
  assert.deepEqual(
    states.map(({ state }) => state),
    ['sending', 'done', 'done'],
  )
  const told = (await openHitches(town.books)).find(({ job }) => job === 'part')!
  assert.deepEqual([told.count, told.subject, told.error], [1, first, 'TypeError'])
})

test('P1-14 P5-13 money that came by two platforms goes back by both, each its own', async () => {
  const member = await town.member(await town.merchant(), '30.00')
  const other = playWallet('other')
  const [order, amount] = [newId('top'), cny('20.00')]
  const { purse, person: by } = member
  const returnUrl = 'https://bursar.test/'
  await startTopUp(town.books, other.wallet, { id: order, purse, amount, by, returnUrl })
  other.pay(order)
  await receiveNotice(town.books, other.wallet, other.notice({ order }))
  const ask = { id: newId('wdr'), purse, amount: cny('50.00'), by }
  const { parts } = await withdraw(town.books, [wallet, other.wallet], ask)
  const back = (by: typeof refunds) => parts.flatMap(({ id }) => by.get(id)?.minor ?? [])
  assert.deepEqual([back(other.refunds), back(refunds)], [[2000n], [3000n]])
  assert.equal(await town.available(purse), 0n)
})

test('P1-14 P5-13 what its platform pays back no more, too old or too often, is left out', async () => {
  const member = await town.member(await town.merchant(), '30.00')
  await town.topUp(member, '20.00')
  const { purse, person: by } = member
  const [newest, oldest] = await listTopUps(town.books, { purse })
  const back = (yuan: string, times?: number) => {
    const refundable = { days: 90, ...(times && { times }) }
    const ask = { id: newId('wdr'), purse, amount: cny(yuan), by }
    return withdraw(town.books, [{ ...wallet, refundable }], ask)
  }
  await town.books.sql`
    update custody.top_up set ended_at = now() - interval '91 days' where id = ${oldest!.id}`
  await assert.rejects(back('20.01'), { code: 'source_short' })
  await back('5.00', 2)
  await back('5.00', 2)
  await assert.rejects(back('5.00', 2), { code: 'source_short' })
  await back('10.00')
  assert.deepEqual((await readTopUp(town.books, newest!.id)).returned, cny('20.00'))
  assert.equal(await town.available(purse), 3000n)
})

test('P1-14 withdrawals and spends at once never take a purse below zero', async () => {
  const merchant = await town.merchant()
  const member = await town.member(merchant, '10.00')
  await paidOut()
  const all = await Promise.allSettled([
    ...Array.from({ length: 4 }, () => takeBack(member, '9.00')),
    ...Array.from({ length: 4 }, () => pay(merchant, member, '9.00')),
  ])
  assert.equal(all.filter(one => one.status === 'fulfilled').length, 1)
  assert.equal(await town.available(member.purse), 100n)
})
