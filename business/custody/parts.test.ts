import assert from 'node:assert/strict'
import { test } from 'node:test'
import { newId, type PersonId, type PurseId } from '@bursar/kernel'
import { cny } from '@bursar/money'
import { openHitches } from './hitches.ts'
import { pollWithdrawals } from './parts.ts'
import { askAgain, listParts, readPart } from './shownParts.ts'
import { useTown } from './testing.ts'
import { readWithdrawal, withdraw } from './withdrawals.ts'

const town = useTown()
const { wallet, says, refunds } = town.wallet

type Member = { person: PersonId; purse: PurseId }
const takeBack = ({ person: by, purse }: Member, yuan: string, id = newId('wdr')) =>
  withdraw(town.books, [wallet], { id, purse, amount: cny(yuan), by })
const aMinuteLater = () =>
  town.books
    .sql`update custody.part set tried_at = tried_at - interval '61 seconds' where state = 'sending'`
const poll = () => pollWithdrawals(town.books, wallet, { olderThanMs: 0 })

test('P1-14 P5-13 a refusal after silence is not believed before the platform was asked for the refund', async () => {
  const member = await town.member(await town.merchant(), '40.00')
  says.refund = 'unknown'
  const { id, parts } = await takeBack(member, '40.00')
  refunds.set(parts[0]!.id, cny('40.00')) // carried out, and its answer lost
  says.refund = { refused: 'more_than_was_paid' }
  await aMinuteLater()
  says.refundQuery = 'unknown'
  await poll()
  assert.equal((await readWithdrawal(town.books, id)).state, 'sending')
  delete says.refundQuery
  await poll()
  delete says.refund
  assert.notEqual((await readWithdrawal(town.books, id)).parts[0]!.state, 'sending')
  assert.equal(await town.available(member.purse), 0n)
})

test('P1-14 P5-13 nor while a call of the last minute may still be under way; then the money is the member’s again', async () => {
  const member = await town.member(await town.merchant(), '40.00')
  says.refund = 'unknown'
  const { id } = await takeBack(member, '40.00')
  says.refund = { refused: 'account_closed' }
  await poll()
  assert.equal((await readWithdrawal(town.books, id)).state, 'sending')
  await aMinuteLater()
  await poll()
  delete says.refund
  assert.equal((await readWithdrawal(town.books, id)).state, 'returned')
  assert.equal(await town.available(member.purse), 4000n)
})

test('P1-14 P5-13 a refusal is believed a minute after the call that nobody answered, though the platform is asked every five seconds', async () => {
  const member = await town.member(await town.merchant(), '40.00')
  says.refund = 'unknown'
  const { id } = await takeBack(member, '40.00')
  says.refund = { refused: 'account_closed' }
  const states = []
  for (let seconds = 5; seconds <= 65; seconds += 5) {
    await town.books.sql`
      update custody.part set tried_at = tried_at - interval '5 seconds' where withdrawal = ${id}`
    await poll()
    states.push((await readWithdrawal(town.books, id)).state)
  }
  delete says.refund
  assert.deepEqual([states.at(-3), states.at(-1)], ['sending', 'returned'])
  assert.equal(await town.available(member.purse), 4000n)
})

test('P1-14 P5-13 a refusal that another process has asked past does not give the money back', async () => {
  const member = await town.member(await town.merchant(), '40.00')
  says.refund = 'unknown'
  const { id } = await takeBack(member, '40.00')
  await aMinuteLater()
  delete says.refund
  const slow: typeof wallet = {
    ...wallet,
    async refund() {
      // Meanwhile the other one asks; it hears nothing, and what it asked for may still come.
      const deaf: typeof wallet = { ...wallet, refund: async () => 'unknown' }
      await pollWithdrawals(town.books, deaf, { olderThanMs: 0 })
      return { refused: 'account_closed' }
    },
  }
  await pollWithdrawals(town.books, slow, { olderThanMs: 0 })
  assert.equal((await readWithdrawal(town.books, id)).state, 'sending')
  await poll()
  assert.notEqual((await readWithdrawal(town.books, id)).parts[0]!.state, 'sending')
})

test('P1-14 P5-13 a refund that is stuck at the platform is neither paid nor refused: its money stays claimed until a person has seen to it there', async () => {
  const member = await town.member(await town.merchant(), '40.00')
  says.refund = { stuck: 'refund_abnormal' }
  const { id, parts, state } = await takeBack(member, '40.00')
  assert.deepEqual(
    [state, parts[0]!.state, parts[0]!.reason],
    ['sending', 'stuck', 'refund_abnormal'],
  )
  assert.equal(await town.available(member.purse), 0n)
  await assert.rejects(takeBack(member, '40.00'), { code: 'source_short' }, 'nor by another way')
  const told = (await openHitches(town.books)).find(({ job }) => job === 'stuck')!
  assert.deepEqual([told.count, told.subject, told.error], [1, parts[0]!.id, 'refund_abnormal'])

  const [row] = await listParts(town.books, { state: 'open' })
  assert.deepEqual(
    [row!.id, row!.reason, row!.personName !== null],
    [parts[0]!.id, 'refund_abnormal', true],
  )
  const again = await askAgain(town.books, [wallet], parts[0]!.id)
  assert.deepEqual(
    [again.state, again.tries],
    ['stuck', 2],
    'asked at once, and not in ten minutes',
  )
  await assert.rejects(askAgain(town.books, [], parts[0]!.id), { code: 'way_not_offered' })

  const later = () =>
    town.books
      .sql`update custody.part set tried_at = tried_at - interval '11 minutes' where state = 'stuck'`
  await later()
  await poll()
  assert.equal((await readWithdrawal(town.books, id)).parts[0]!.state, 'stuck')
  delete says.refund
  await poll()
  assert.equal(refunds.has(parts[0]!.id), false, 'asked every ten minutes, not every round')
  await later()
  await poll()
  assert.notEqual((await readWithdrawal(town.books, id)).state, 'sending')
  assert.equal(refunds.get(parts[0]!.id)?.minor, 4000n)
})

test('P5-13 a part of a refund that is not there is refused by name, to be read and to be asked about', async () => {
  const unknown = newId('wdp')
  const no = { code: 'no_such_part', facts: { part: unknown } }
  await assert.rejects(readPart(town.books, unknown), no)
  await assert.rejects(askAgain(town.books, [wallet], unknown), no)
})
