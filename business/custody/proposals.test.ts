/** Two people decide about money in suspense: nothing moves before the second, and the tables agree. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { newId, type PersonId, type PurseId } from '@bursar/kernel'
import { cny } from '@bursar/money'
import { creditReceived, receiveNotice } from './inbox.ts'
import { pollWithdrawals } from './parts.ts'
import { admitMerchant, openPool } from './pool.ts'
import { setTakesTopUps } from './prepayments.ts'
import { decide, propose, type ProposalId } from './proposals.ts'
import { readSuspense } from './suspended.ts'
import { listSuspense, type SuspenseId } from './suspense.ts'
import { useTown } from './testing.ts'
import { listTopUps } from './topUps.ts'
import { withdraw } from './withdrawals.ts'

const town = useTown()
const { wallet, notice, says, refunds } = town.wallet
const refusal = (constraint: string) => ({ code: '23514', constraint })

/** Money that nobody ordered, by the platform. */
async function stray(yuan: string, about: string = newId('top')): Promise<SuspenseId> {
  await receiveNotice(town.books, wallet, notice({ order: about, amount: cny(yuan) }))
  const rows = await listSuspense(town.books, { q: about })
  return rows[0]!.id
}
/** Somebody pays straight into the account. */
async function stranger(yuan: string, payer = '陌生人'): Promise<SuspenseId> {
  const event = newId('ntc')
  const credit = { gateway: 'bank', event, body: Buffer.from(`{"notice":"${event}"}`) }
  const said = { ...credit, pool: town.pool, amount: cny(yuan), payer, payerAccount: '6222001' }
  await creditReceived(town.books, { ...said, reference: '货款' })
  return (await listSuspense(town.books, { q: event }))[0]!.id
}
const people = async () => ({ maker: await town.person('提议人'), checker: await town.person() })
type About = { suspense: SuspenseId; by: PersonId; purse?: PurseId; reason?: string }
const suggest = ({ reason = '有付款凭证', ...about }: About, id: ProposalId = newId('pro')) =>
  propose(town.books, { id, reason, ...about })
const confirm = (id: ProposalId, by: PersonId) => decide(town.books, { id, step: 'confirm', by })
const stateOf = async (id: SuspenseId) => (await readSuspense(town.books, id)).state
const member = async (yuan?: string) => await town.member(await town.merchant(), yuan)

test('P1-08 money in suspense is the member’s when a second person confirms, and not before', async () => {
  const [suspense, { purse }] = [await stray('12.30'), await member()]
  const { maker, checker } = await people()
  const before = await town.posted('pool/suspense')
  const { id } = await suggest({ suspense, purse, by: maker })
  assert.equal(await stateOf(suspense), 'proposed')
  assert.deepEqual([await town.available(purse), await town.posted('pool/suspense')], [0n, before])
  const all = await Promise.all([1, 2, 3].map(() => confirm(id, checker)))
  assert.deepEqual(new Set(all.map(one => one.state)), new Set(['confirmed']))
  assert.equal(await town.available(purse), 1230n)
  assert.equal(await town.posted('pool/suspense'), before - 1230n)
  const { state, proposals, notice: told } = await readSuspense(town.books, suspense)
  assert.equal(state, 'assigned')
  assert.match(told!.text, /12\.30/)
  assert.deepEqual(
    proposals[0]!.steps.map(({ name, by, reason }) => [name, by, reason]),
    [
      ['propose', maker, '有付款凭证'],
      ['confirm', checker, null],
    ],
  )
})

test('P1-14 what was assigned goes back against its own order when the member takes it back', async () => {
  const order = newId('top')
  const [suspense, who] = [await stray('12.30', order), await member()]
  const { maker, checker } = await people()
  await confirm((await suggest({ suspense, purse: who.purse, by: maker })).id, checker)
  const [topUp] = await listTopUps(town.books, { purse: who.purse })
  assert.deepEqual([topUp!.state, topUp!.amount], ['credited', cny('12.30')])
  const asked: string[] = []
  const refund = async (ask: { order: string }) => (asked.push(ask.order), 'done' as const)
  const ask = { id: newId('wdr'), purse: who.purse, amount: cny('12.30'), by: who.person }
  await withdraw(town.books, [{ ...wallet, refund }], ask)
  assert.deepEqual([asked, await town.available(who.purse)], [[order], 0n])
  assert.equal((await listTopUps(town.books, { purse: who.purse }))[0]!.returned.minor, 1230n)
})

test('P1-08 money in suspense goes back to its payer by the platform that brought it, once', async () => {
  const suspense = await stray('7.00')
  await creditReceived(town.books, {
    ...{ gateway: 'bank', event: newId('ntc'), body: Buffer.from('{}'), pool: town.pool },
    ...{ amount: cny('7.00'), payer: 'wallet', reference: 'payout' },
  })
  const { maker, checker } = await people()
  const custody = await town.posted('pool/custody')
  const { id } = await suggest({ suspense, by: maker })
  await pollWithdrawals(town.books, wallet, { olderThanMs: 0 })
  assert.equal(await stateOf(suspense), 'proposed')
  await confirm(id, checker)
  await confirm(id, checker)
  assert.equal(await stateOf(suspense), 'returning')
  const sent = refunds.size
  await pollWithdrawals(town.books, wallet, { olderThanMs: 0 })
  await pollWithdrawals(town.books, wallet, { olderThanMs: 0 })
  assert.equal(refunds.size, sent + 1)
  assert.equal(await stateOf(suspense), 'returned')
  assert.equal(await town.posted('pool/custody'), custody + 700n)
})

test('P1-08 what the platform refuses to take back is open again, and may be proposed again', async () => {
  const suspense = await stray('3.00')
  const { maker, checker } = await people()
  says.refund = { refused: 'account_closed' }
  await confirm((await suggest({ suspense, by: maker })).id, checker)
  await pollWithdrawals(town.books, wallet, { olderThanMs: 0 })
  delete says.refund
  const { state, reason } = await readSuspense(town.books, suspense)
  assert.deepEqual([state, reason], ['unclaimed', 'could_not_return'])
  await confirm((await suggest({ suspense, by: checker })).id, maker)
  assert.equal(await stateOf(suspense), 'returning')
})

test('P1-08 a stranger’s credit goes back through the bank, against the bank’s own number of it', async () => {
  const suspense = await stranger('88.00')
  const { maker, checker } = await people()
  await confirm((await suggest({ suspense, by: maker })).id, checker)
  const asked: string[] = []
  const refund = async ({ order }: { order: string }) => (asked.push(order), 'done' as const)
  const bank = { gateway: 'bank', refund, refundQuery: async () => 'none' as const }
  const before = await town.posted('pool/custody')
  await pollWithdrawals(town.books, bank, { olderThanMs: 0 })
  const { tradeNo, state } = await readSuspense(town.books, suspense)
  assert.deepEqual([asked, state], [[tradeNo], 'returned'])
  assert.equal(await town.posted('pool/custody'), before + 8800n)
})

test('P1-08 who proposed does not decide, in code and in the table', async () => {
  const [suspense, { purse }] = [await stray('1.00'), await member()]
  const { maker } = await people()
  const { id } = await suggest({ suspense, purse, by: maker })
  await assert.rejects(confirm(id, maker), { code: 'own_proposal' })
  const rejection = decide(town.books, { id, step: 'reject', by: maker, reason: '算了' })
  await assert.rejects(rejection, { code: 'own_proposal' })
  const slipped = town.books.sql`
    update custody.proposal set state = 'confirmed', decided_by = ${maker} where id = ${id}`
  await assert.rejects(slipped, refusal('nobody_decides_their_own_proposal'))
})

test('P1-08 nobody decides for their own purse, nor for a merchant where they sit, in code and in the table', async () => {
  const suspense = await stray('1.00')
  const merchant = await town.merchant()
  const { person: owner, purse } = await town.member(merchant)
  const { maker, checker } = await people()
  await town.books.sql`
    insert into parties.seat (organisation, person, role)
    values (${merchant}, ${checker}, 'staff')`
  await assert.rejects(suggest({ suspense, purse, by: owner }), { code: 'own_purse' })
  const { id } = await suggest({ suspense, purse, by: maker })
  for (const by of [owner, checker]) {
    await assert.rejects(confirm(id, by), { code: 'own_purse' })
    const slipped = town.books.sql`
      update custody.proposal set state = 'confirmed', decided_by = ${by} where id = ${id}`
    await assert.rejects(slipped, refusal('nobody_decides_for_their_own_purse'))
  }
})

test('P1-08 a rejection has its reason, the money is open again, and the history keeps both proposals', async () => {
  const [suspense, { purse }] = [await stray('5.00'), await member()]
  const { maker, checker } = await people()
  const { id } = await suggest({ suspense, purse, by: maker })
  await assert.rejects(decide(town.books, { id, step: 'reject', by: checker, reason: ' ' }), {
    code: 'reason_missing',
  })
  await decide(town.books, { id, step: 'reject', by: checker, reason: '凭证不清楚' })
  await decide(town.books, { id, step: 'reject', by: checker, reason: '凭证不清楚' })
  await assert.rejects(confirm(id, await town.person()), { code: 'proposal_decided' })
  assert.equal(await town.available(purse), 0n)
  await confirm((await suggest({ suspense, purse, by: checker })).id, maker)
  const { proposals } = await readSuspense(town.books, suspense)
  assert.deepEqual(
    proposals.map(({ state, steps }) => [state, steps.at(-1)!.reason]),
    [
      ['confirmed', null],
      ['rejected', '凭证不清楚'],
    ],
  )
})

test('P1-08 of two proposals at once one stands; asked again it is the same, with other content it is refused', async () => {
  const [suspense, { purse }] = [await stray('5.00'), await member()]
  const { maker, checker } = await people()
  const both = await Promise.allSettled([
    suggest({ suspense, purse, by: maker }),
    suggest({ suspense, by: checker }),
  ])
  const lost = both.filter(one => one.status === 'rejected')
  assert.deepEqual(
    lost.map(one => one.reason.code),
    ['suspense_decided'],
  )
  const won = both.find(one => one.status === 'fulfilled')!.value
  const about = { suspense, by: won.proposedBy, ...(won.purse && { purse: won.purse }) }
  assert.equal((await suggest(about, won.id)).id, won.id)
  await assert.rejects(suggest({ ...about, reason: '别的' }, won.id), { code: 'id_already_used' })
})

test('P1-02 P1-28 a purse beyond its ceiling, of another pool, or of a merchant that takes no money is refused at both steps', async () => {
  const { maker, checker } = await people()
  const [much, full] = [await stray('4000.00'), await member('1500.00')]
  await assert.rejects(suggest({ suspense: much, purse: full.purse, by: maker }), {
    code: 'above_ceiling',
    facts: { amount: cny('4000.00'), room: cny('3500.00') },
  })
  const filling = await member()
  const { id } = await suggest({ suspense: much, purse: filling.purse, by: maker })
  await town.topUp(filling, '1000.01')
  await assert.rejects(confirm(id, checker), { code: 'above_ceiling' })
  assert.equal(await stateOf(much), 'proposed')

  const some = await stray('1.00')
  await assert.rejects(suggest({ suspense: some, purse: await elsewhere(), by: maker }), {
    code: 'purse_of_another_pool',
  })
  await assert.rejects(suggest({ suspense: some, purse: newId('pur'), by: maker }), {
    code: 'no_such_purse',
  })
  const merchant = await town.merchant()
  const { purse } = await town.member(merchant)
  await setTakesTopUps(town.books, { merchant, takes: false, by: maker, reason: '疑似跑路' })
  await assert.rejects(suggest({ suspense: some, purse, by: maker }), {
    code: 'merchant_takes_no_top_ups',
  })
})

/** A purse in a second pool. */
async function elsewhere(): Promise<PurseId> {
  const [pool, merchant, purse] = [newId('pol'), newId('mer'), newId('pur')]
  const [bank, supervisor] = [newId('ins'), newId('ins')]
  const named = { name: '第二资金池', currency: 'CNY', bank, supervisor }
  await openPool(town.books, { id: pool, book: 2, ...named })
  const owner = await town.person()
  await town.books.sql`
    insert into parties.merchant (id, name, trade, licence, representative, address, payee_bank,
      payee_account, payee_name, state, applied_by)
    values (${merchant}, '外池店', 'teahouse', ${merchant}, '王', '上海', '银行', '6222', '外池店', 'active',
      ${owner})`
  await admitMerchant(town.books, { merchant, pool })
  await town.books.sql`
    insert into custody.purse (id, book, pool, person, merchant, currency)
    values (${purse}, 2, ${pool}, ${owner}, ${merchant}, 'CNY')`
  return purse
}

test('P1-08 the table lets no money leave suspense undecided, nor into another pool', async () => {
  const suspense = await stray('1.00')
  const { sql } = town.books
  const { maker, checker } = await people()
  const known = refusal('only_known_steps_are_taken')
  await assert.rejects(
    sql`update custody.suspense set state = 'assigned' where id = ${suspense}`,
    refusal('nothing_leaves_suspense_undecided'),
  )
  await assert.rejects(
    sql`update custody.suspense set state = 'returned' where id = ${suspense}`,
    known,
  )
  const { purse } = await member()
  const { id } = await suggest({ suspense, purse, by: maker })
  for (const state of ['assigned', 'returning'])
    await assert.rejects(
      sql`update custody.suspense set state = ${state} where id = ${suspense}`,
      refusal('nothing_leaves_suspense_undecided'),
    )
  await assert.rejects(
    sql`
      insert into custody.proposal (id, suspense, kind, purse, reason, proposed_by, proposed_at)
      select ${newId('pro')}, ${suspense}, 'assign', id, '错', ${checker}, now()
      from custody.purse where book = 2 limit 1`,
    refusal('money_stays_in_its_pool'),
  )
  await decide(town.books, { id, step: 'reject', by: checker, reason: '不是' })
  await assert.rejects(sql`update custody.proposal set state = 'confirmed' where id = ${id}`, known)
})

test('P1-08 what is not in suspense, or was never proposed, is not there', async () => {
  const { maker } = await people()
  await assert.rejects(suggest({ suspense: newId('sus'), by: maker }), { code: 'no_such_suspense' })
  await assert.rejects(confirm(newId('pro'), maker), { code: 'no_such_proposal' })
  await assert.rejects(readSuspense(town.books, newId('sus')), { code: 'no_such_suspense' })
})

test('P1-08 what nobody has decided is listed from the oldest, by reason, payer and pool', async () => {
  const payer = `茶叶行 ${newId('x')}`
  const [first, second] = [await stranger('1.00', payer), await stranger('2.00', payer)]
  const ids = async (more: object) =>
    (await listSuspense(town.books, { q: payer, ...more })).map(({ id }) => id)
  assert.deepEqual(await ids({ state: 'open' }), [first, second])
  assert.deepEqual(await ids({ state: 'open', limit: 1, cursor: first }), [second])
  assert.deepEqual(await ids({}), [second, first])
  assert.deepEqual(await ids({ reason: 'unknown_order' }), [])
  assert.deepEqual(await ids({ within: [2] }), [])
  const { maker, checker } = await people()
  await confirm((await suggest({ suspense: first, by: maker })).id, checker)
  assert.deepEqual(await ids({ state: 'open' }), [second])
  assert.deepEqual(await ids({ state: 'returning', pool: town.pool }), [first])
})
