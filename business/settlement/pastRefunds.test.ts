/** A top-up that its platform pays back no more goes to the guest's own account, as what was refused does. */
import assert from 'node:assert/strict'
import { beforeEach, test } from 'node:test'
import {
  giveUp,
  join,
  pastRefund,
  refund,
  spend,
  withdraw,
  type WithdrawalId,
} from '@bursar/custody'
import { newId, type MerchantId, type PersonId, type PurseId } from '@bursar/kernel'
import { cny } from '@bursar/money'
import { useRefused } from './residues.testing.ts'
import { listRefused } from './settlement.ts'

const { town, now, ask, decide, run, tell, stateOf, paidOut } = useRefused()
type Guest = { person: PersonId; purse: PurseId }
let ann: Guest
beforeEach(async () => {
  const person = await town.person('李晓梅')
  const purse = (await join(town.books, { person, merchant: await town.merchant() })).id
  ann = { person, purse }
  await town.topUp(ann, '30.00')
  await paidOut('30.00')
})

const limits = (days: number, times?: number) => [
  { ...town.wallet.wallet, refundable: { days, ...(times !== undefined && { times }) } },
]
const give = (wallets = limits(0), id: WithdrawalId = newId('wdr'), { person, purse } = ann) =>
  giveUp(town.books, wallets, { id, purse, by: person })

async function merchantOf(): Promise<MerchantId> {
  const [row] = await town.books.sql<{ merchant: MerchantId }>`
    select merchant from custody.purse where id = ${ann.purse}`
  return row!.merchant
}

test('P5-13 R-A10 a top-up too old for its platform goes to the guest’s own account at a bank, when somebody has agreed', async () => {
  const id = newId('wdr')
  const given = await give(limits(0), id)
  assert.deepEqual(await give(limits(0), id), given, 'asked again it is the same')
  assert.deepEqual([given.state, given.amount], ['returned', cny('30.00')])
  assert.equal(await town.available(ann.purse), 3000n, 'nothing has moved')
  const [refused] = await listRefused(town.books, ann.purse)
  assert.deepEqual([refused?.refusedFor, refused?.left], ['too_old', cny('30.00')])
  const own = { purse: ann.purse, part: refused!.part, by: ann.person }
  const residue = await ask('30.00', own)
  await decide(residue.id)
  await run()
  await tell(residue.id, { kind: 'paid' }, '30.00')
  assert.equal(await stateOf(residue.id), 'paid')
  assert.equal(await town.available(ann.purse), 0n)
  await assert.rejects(give(), { code: 'nothing_past_refund' })
})

test('P5-13 what was paid back as often as its platform does is given up too, and what is fresh is not', async () => {
  await assert.rejects(give(limits(365)), { code: 'nothing_past_refund' })
  const back = { id: newId('wdr'), purse: ann.purse, amount: cny('10.00'), by: ann.person }
  await withdraw(town.books, [town.wallet.wallet], back)
  const given = await give(limits(365, 1))
  assert.deepEqual(
    given.parts.map(({ amount, reason }) => [amount, reason]),
    [[cny('20.00'), 'too_often']],
  )
})

test('P5-13 no more is given up than is in the purse, nor what is given up already, nor another’s', async () => {
  const merchant = await merchantOf()
  const paid = { id: newId('spd'), merchant, amount: cny('25.00') }
  await spend(town.books, { ...paid, purse: ann.purse, by: ann.person })
  assert.deepEqual((await give()).amount, cny('5.00'))
  const stranger = { person: now.reviewer, purse: ann.purse }
  await assert.rejects(give(limits(0), newId('wdr'), stranger), { code: 'no_such_purse' })
  const told = (purse: PurseId) => pastRefund(town.books, purse, limits(0))
  assert.equal((await told(now.member.purse)).minor, 0n, 'it was refused already, all of it')
  assert.equal((await told(ann.purse)).minor, 0n, 'all that is left is given up')
  await assert.rejects(give(), { code: 'nothing_past_refund' })
  const back = { id: newId('rfd'), spend: paid.id, amount: cny('20.00'), reason: '退' }
  await refund(town.books, { ...back, by: now.reviewer })
  assert.equal((await told(ann.purse)).minor, 2000n, 'what came back since')
  assert.deepEqual((await give()).amount, cny('25.00'))
  const [one, ...others] = await listRefused(town.books, ann.purse)
  assert.deepEqual([one?.left, others.length], [cny('25.00'), 0], 'each top-up once')
})

test('P5-13 what a platform still pays back is not given up beside it', async () => {
  await town.books.sql`
    update custody.top_up set ended_at = now() - interval '400 days' where purse = ${ann.purse}`
  await town.topUp(ann, '10.00')
  const merchant = await merchantOf()
  const paid = { id: newId('spd'), merchant, amount: cny('5.00') }
  await spend(town.books, { ...paid, purse: ann.purse, by: ann.person })
  assert.deepEqual(await pastRefund(town.books, ann.purse, limits(365)), cny('25.00'))
  assert.deepEqual((await give(limits(365))).amount, cny('25.00'))
})
