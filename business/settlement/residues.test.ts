/** A platform has refused a guest's refund for good: the bank pays it, once two people agree. */
import assert from 'node:assert/strict'
import { beforeEach, test } from 'node:test'
import { join, withdraw } from '@bursar/custody'
import { useTown } from '@bursar/custody/testing'
import { newId, type PersonId, type PurseId } from '@bursar/kernel'
import { openBooks } from '@bursar/ledger'
import { cny, type Money } from '@bursar/money'
import {
  askResidue,
  bankAnswered,
  listResidues,
  payResidues,
  readResidue,
  reviewResidue,
  type ResidueId,
  type ResidueReview,
} from './settlement.ts'
import { noticeOf, playBank, type PlayedBank } from './testing.ts'

const town = useTown()
const payee = { bank: '工商银行', account: '6222 0210 0101 2345 678', name: '李晓梅' }
let bank: PlayedBank
let member: { person: PersonId; purse: PurseId }
let part: `wdp_${string}`
let reviewer: PersonId

beforeEach(async () => {
  bank = playBank()
  ;({ member, part } = await refusedGuest('40.00'))
  reviewer = await town.person('审核员')
})

/** A guest whose platform has refused to take the money back. */
async function refusedGuest(yuan: string, { arrived = true } = {}) {
  const person = await town.person('李晓梅')
  const purse = (await join(town.books, { person, merchant: await town.merchant() })).id
  await town.topUp({ person, purse }, yuan)
  if (arrived) await paidOut(yuan)
  town.wallet.says.refund = { refused: 'account_closed' }
  const ask = { id: newId('wdr'), purse, amount: cny(yuan), by: person }
  const { parts, state } = await withdraw(town.books, [town.wallet.wallet], ask)
  delete town.wallet.says.refund
  assert.equal(state, 'returned')
  return { member: { person, purse }, part: parts[0]!.id }
}
const post = (debit: `pool/${string}`, credit: `pool/${string}`, amount: Money) => {
  const sides = { debit, credit, amount, event: 'test' }
  const entry = { kind: 'post', id: crypto.randomUUID(), ...sides } as const
  return town.books.submit({ book: town.book, plan: () => ({ entries: [entry] }) })
}
/** The platform pays us out. */
const paidOut = (yuan: string) => post('pool/custody', 'pool/transit-in', cny(yuan))
const ask = (yuan = '40.00', more: Partial<Parameters<typeof askResidue>[1]> = {}) =>
  askResidue(town.books, {
    ...{ id: newId('rsd'), part, purse: member.purse, amount: cny(yuan), payee, by: member.person },
    ...more,
  })
const decide = (id: ResidueId, more: Partial<ResidueReview> = {}) =>
  reviewResidue(town.books, { id, by: reviewer, step: 'approve', ...more })
const approved = async (yuan = '40.00') => {
  const { id } = await ask(yuan)
  await decide(id)
  return id
}
const later = (seconds: number) => new Date(Date.now() + seconds * 1000)
const run = (seconds = 1) => payResidues(town.books, bank, { at: later(seconds) })
const tell = (id: ResidueId, more: Parameters<typeof noticeOf>[2], yuan = '40.00') =>
  bankAnswered(town.books, bank, { notice: noticeOf(id, yuan, more), rawBody: Buffer.from('{}') })
const stateOf = async (id: ResidueId) => (await readResidue(town.books, id)).state
const left = () => town.available(member.purse)
const bounced = { kind: 'bounced', reason: 'no_such_account' } as const

test('P5-13 P1-14 what a platform refused is set aside for the guest’s own account at a bank, once however often it is asked', async () => {
  const id = newId('rsd')
  const first = await ask('30.00', { id })
  assert.deepEqual(await ask('30.00', { id }), first)
  assert.equal(await left(), 1000n)
  await assert.rejects(ask('20.00', { id }), { code: 'id_already_used' })
  const [shown] = await listResidues(town.books, { purse: member.purse })
  assert.deepEqual(
    [shown?.account, shown?.holder, shown?.refusedFor],
    ['•••• 5678', '李晓梅', 'account_closed'],
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
    [[id, '6222021001012345678', cny('40.00')]],
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
  bank.knows('paid')
  await run(30)
  assert.deepEqual([await stateOf(id), (await readResidue(town.books, id)).differs], ['paid', null])
})

test('P5-13 what the bank has paid before custody can bear it is booked when it can', async () => {
  const custody = await town.posted('pool/custody')
  if (custody < 0n) await drain(-custody)
  const id = await approved()
  await run()
  assert.equal(await tell(id, { kind: 'paid' }), 'unbooked')
  assert.equal(await town.posted(`purse/${member.purse}`), 4000n)
  await paidOut('40.00')
  assert.equal(await run(2), 1)
  assert.equal(await stateOf(id), 'paid')
})

/** As if the platforms had not paid so much out yet. */
const drain = (minor: bigint) => post('pool/transit-in', 'pool/custody', { minor, currency: 'CNY' })

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

/** Past the code, as the table has it. */
const insert = (more: { holder?: string; minor?: bigint }) => {
  const { holder = '李晓梅', minor = 100n } = more
  return town.books.sql`
    insert into settlement.residue (id, book, part, purse, minor, currency, bank, account, holder,
      asked_by, asked_at)
    values (${newId('rsd')}, ${town.book}, ${part}, ${member.purse}, ${minor}, 'CNY', '银行',
      '6222021001012345678', ${holder}, ${member.person}, now())`
}
