/** A platform has refused a guest's refund for good: the bank pays it, once two people agree. */
import assert from 'node:assert/strict'
import { beforeEach, test } from 'node:test'
import { withdraw } from '@bursar/custody'
import { newId } from '@bursar/kernel'
import { openBooks } from '@bursar/ledger'
import { cny } from '@bursar/money'
import { useRefused } from './residues.testing.ts'
import { listBreaks, listResidues, readResidue } from './settlement.ts'

const house = useRefused()
const { town, payee, ask, decide, approved, run, tell, stateOf, left, bounced, insert } = house
const { paidOut, drain } = house
let { bank, member, reviewer } = house.now
beforeEach(() => ({ bank, member, reviewer } = house.now))

test('P5-13 P1-14 what a platform refused is set aside for the guest’s own account at a bank, once however often it is asked', async () => {
  const id = newId('rsd')
  const first = await ask('30.00', { id })
  assert.deepEqual(await ask('30.00', { id }), first)
  assert.equal(await left(), 1000n)
  await assert.rejects(ask('20.00', { id }), { code: 'id_already_used' })
  const [shown] = await listResidues(town.books, { purse: member.purse })
  assert.deepEqual(
    [shown?.account, shown?.holder, shown?.refusedFor],
    ['•••• 5671', '李晓梅', 'account_closed'],
  )
})

test('P5-13 an account in another’s name is refused, with field and name; in code and in the table', async () => {
  const other = { ...payee, name: '王五' }
  await assert.rejects(ask('1.00', { payee: other }), {
    code: 'holder_differs',
    facts: { field: 'holder', name: '李晓梅' },
  })
  const stranger = await town.person()
  await assert.rejects(ask('1.00', { by: stranger }), { code: 'no_such_part' })
  await assert.rejects(insert({ holder: '王五' }), { constraint: 'a_residue_goes_to_the_guest' })
  assert.equal(await left(), 4000n)
})

test('P5-13 never more than was refused, however many ask at once; in code and in the table', async () => {
  const all = await Promise.allSettled(Array.from({ length: 4 }, () => ask('15.00')))
  assert.equal(all.filter(({ status }) => status === 'fulfilled').length, 2)
  await assert.rejects(ask('10.01'), { code: 'residue_exceeds_part' })
  await assert.rejects(insert({ minor: 1001n }), { constraint: 'no_more_than_was_refused' })
  assert.equal(await left(), 1000n)
})

test('P5-13 what the platform takes back after all is not paid by the bank as well', async () => {
  await ask('30.00')
  const back = { id: newId('wdr'), purse: member.purse, by: member.person }
  const take = (yuan: string) =>
    withdraw(town.books, [town.wallet.wallet], { ...back, amount: cny(yuan) })
  await assert.rejects(take('10.01'), { code: 'source_short' })
  assert.equal((await take('10.00')).state, 'done')
  assert.equal(await left(), 0n)
})

test('P5-13 a part that is not refused has no residue', async () => {
  await town.topUp(member, '5.00')
  town.wallet.says.refund = 'unknown'
  const sent = { id: newId('wdr'), purse: member.purse, by: member.person, amount: cny('5.00') }
  const { parts } = await withdraw(town.books, [town.wallet.wallet], sent)
  delete town.wallet.says.refund
  await assert.rejects(ask('1.00', { part: parts[0]!.id }), { code: 'part_not_refused' })
})

test('P5-13 nobody reviews their own residue, nor one of where they sit; in code and in the table', async () => {
  const { id } = await ask()
  await assert.rejects(decide(id, { by: member.person }), { code: 'own_residue' })
  const { merchant } = await readResidue(town.books, id)
  const waiter = await town.person('服务员')
  await town.books.sql`
    insert into parties.seat (organisation, person, role, given_by)
    values (${merchant}, ${waiter}, 'staff', ${reviewer})`
  await assert.rejects(decide(id, { by: waiter }), { code: 'own_residue' })
  await assert.rejects(
    town.books.sql`
      update settlement.residue set state = 'sending', reviewed_by = ${waiter} where id = ${id}`,
    { constraint: 'no_residue_reviewer_sits_at_the_merchant' },
  )
  await assert.rejects(
    town.books.sql`
      update settlement.residue set state = 'sending', reviewed_by = ${member.person} where id = ${id}`,
    { constraint: 'nobody_reviews_their_own_residue' },
  )
  await assert.rejects(
    town.books.sql`update settlement.residue set state = 'sending' where id = ${id}`,
    {
      constraint: 'nothing_is_paid_unreviewed',
    },
  )
  await run()
  assert.equal(bank.orders.length, 0)
})

test('P5-13 a rejection has its reason, and the money is the purse’s again', async () => {
  const { id } = await ask()
  await assert.rejects(decide(id, { step: 'reject' }), { code: 'reason_missing' })
  await decide(id, { step: 'reject', reason: '账号不清楚' })
  assert.equal((await decide(id, { step: 'reject', reason: '账号不清楚' })).state, 'rejected')
  await assert.rejects(decide(id), { code: 'residue_decided' })
  assert.equal(await left(), 4000n)
  assert.equal((await ask()).state, 'submitted')
})

test('P5-13 approved, the bank pays it once, and its yes settles it: purse, transit and custody', async () => {
  const pool = () => Promise.all([town.posted('pool/transit-out'), town.posted('pool/custody')])
  const [transit, custody] = await pool()
  const id = await approved()
  await run()
  assert.deepEqual(
    bank.orders.map(({ payout, payee: to, amount }) => [payout, to.account, amount]),
    [[id, '6222021001012345671', cny('40.00')]],
  )
  assert.equal(await town.posted(`purse/${member.purse}`), 4000n)
  assert.equal(await tell(id, { kind: 'paid' }), 'taken')
  assert.equal(await tell(id, { kind: 'paid' }), 'known')
  assert.equal(await stateOf(id), 'paid')
  assert.equal(await town.posted(`purse/${member.purse}`), 0n)
  assert.deepEqual(await pool(), [transit, custody! + 4000n])
  const { steps } = await readResidue(town.books, id)
  assert.deepEqual(
    steps.map(({ name }) => name),
    ['submit', 'approve', 'pay'],
  )
})

test('P5-13 a silence is an unknown that is asked again under the same id, and paid once', async () => {
  const id = await approved()
  bank.says('lost')
  await run()
  assert.equal(await stateOf(id), 'sending')
  bank.knows('paid')
  await run(30)
  assert.equal(await stateOf(id), 'paid')
  assert.equal(bank.orders.length, 1)
})

test('P5-13 an instruction that never arrived is sent again under the same id', async () => {
  const id = await approved()
  bank.says('never')
  await run()
  await run(30)
  assert.deepEqual(
    bank.orders.map(({ payout }) => payout),
    [id],
  )
  assert.equal(await stateOf(id), 'accepted')
})

test('P5-13 the bank’s no gives the money back only once the bank has closed the reference, and says why', async () => {
  const id = await approved()
  bank.says({ refused: 'no_such_account' })
  bank.hearsClosing(false)
  await run()
  assert.deepEqual([await stateOf(id), await left()], ['closing', 0n])
  bank.hearsClosing(true)
  await run(30)
  const { state, reason } = await readResidue(town.books, id)
  assert.deepEqual([state, reason, await left()], ['bounced', 'no_such_account', 4000n])
  assert.equal((await ask()).state, 'submitted')
})

test('P5-13 a bounce gives it back to the purse, before the payment was told and after', async () => {
  const early = await approved('10.00')
  await run()
  assert.equal(await tell(early, bounced, '10.00'), 'taken')
  assert.equal(await left(), 4000n)
  const late = await approved('10.00')
  await run()
  await tell(late, { kind: 'paid' }, '10.00')
  assert.equal(await left(), 3000n)
  assert.equal(await tell(late, bounced, '10.00'), 'taken')
  const { state, reason } = await readResidue(town.books, late)
  assert.deepEqual([state, reason, await left()], ['bounced', 'no_such_account', 4000n])
})

test('P5-13 the bank’s word at another sum moves nothing, and is shown until both agree', async () => {
  const id = await approved()
  await run()
  assert.equal(await tell(id, { kind: 'paid' }, '39.00'), 'wrong_amount')
  const { state, differs } = await readResidue(town.books, id)
  assert.deepEqual([state, differs], ['accepted', 'wrong_amount'])
  const breaks = async () => (await listBreaks(town.books, { q: id })).rows
  const [found, ...more] = await breaks()
  assert.deepEqual(
    [found?.residue, found?.holder, found?.kind, found?.saidAmount, found?.endedAt, more],
    [id, payee.name, 'wrong_amount', cny('39.00'), null, []],
  )
  assert.equal((await listBreaks(town.books, { q: id, within: [town.book + 1] })).rows.length, 0)
  bank.knows('paid')
  await run(30)
  assert.deepEqual([await stateOf(id), (await readResidue(town.books, id)).differs], ['paid', null])
  assert.ok((await breaks())[0]!.endedAt)
})

test('P5-13 what the bank has paid before custody can bear it is booked when it can', async () => {
  const custody = await town.posted('pool/custody')
  if (custody < 0n) await drain(-custody)
  const id = await approved()
  await run()
  assert.equal(await tell(id, { kind: 'paid' }), 'unbooked')
  const open = async () =>
    (await listBreaks(town.books, { q: id, state: 'open' })).rows.map(({ kind }) => kind)
  assert.deepEqual(await open(), ['unbooked'])
  assert.equal(await town.posted(`purse/${member.purse}`), 4000n)
  await paidOut('40.00')
  assert.equal(await run(2), 1)
  assert.equal(await stateOf(id), 'paid')
  assert.deepEqual(await open(), [])
})

test('P5-13 what bounces off a purse that is full meanwhile is returned once there is room', async () => {
  const id = await approved()
  await run()
  await tell(id, { kind: 'paid' })
  await town.topUp(member, '4990.00')
  assert.equal(await tell(id, bounced), 'taken')
  assert.deepEqual([await stateOf(id), await left()], ['returning', 499_000n])
  assert.equal(await run(2), 0)
  const back = { id: newId('wdr'), purse: member.purse, by: member.person, amount: cny('100.00') }
  await withdraw(town.books, [town.wallet.wallet], back)
  assert.equal(await run(3), 1)
  assert.deepEqual([await stateOf(id), await left()], ['bounced', 493_000n])
})

test('P5-13 a residue and its steps are history', async () => {
  const { id } = await ask()
  const owner = openBooks({ url: town.database.ownerUrl })
  for (const books of [town.books, owner]) {
    await assert.rejects(books.sql`delete from settlement.residue where id = ${id}`)
    await assert.rejects(
      books.sql`update settlement.residue_step set reason = 'x' where residue = ${id}`,
    )
    await assert.rejects(books.sql`update settlement.residue set state = 'paid' where id = ${id}`)
  }
  await owner.close()
})
