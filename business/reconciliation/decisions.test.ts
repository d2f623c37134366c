import assert from 'node:assert/strict'
import { test } from 'node:test'
import { listSuspense, readTopUp, type TopUpId, type Wallet } from '@bursar/custody'
import { newId, Refusal, type PersonId } from '@bursar/kernel'
import { cny } from '@bursar/money'
import { forgetLines } from './bills.ts'
import { readBreak, type BreakId } from './breaks.ts'
import { bookConfirmed, confirm, propose, reject, type ProposalAsk } from './decisions.ts'
import { useBills } from './testing.ts'

const town = useBills()
const { row } = town

/** A break of the day's bill, and how one of two people proposes about it. */
async function broken(
  of: Parameters<typeof row>[0] = { order: newId('top'), tradeNo: newId('trd') },
) {
  const platform = town.platform()
  await platform.ordered()
  platform.bill([row(of)])
  await platform.round()
  const { id } = await platform.single({ state: 'open' })
  const [ann, bob] = [await town.person('安'), await town.person('波')]
  const ask = (kind: ProposalAsk['kind'], by: PersonId = ann, id_ = newId('rcp')) =>
    ({ id: id_, break: id, kind, reason: 'platform_fault', note: '平台后台可查', by }) as const
  return { platform, id, ann, bob, ask, read: () => readBreak(town.books, id) }
}

test('P5-21 what is worth little is explained by one person; above the limit it takes two', async () => {
  const small = await broken({ order: newId('top'), tradeNo: newId('trd'), amount: cny('100.00') })
  assert.equal(await propose(town.books, small.ask('explain')), 'settled')
  const great = await broken({ order: newId('top'), tradeNo: newId('trd'), amount: cny('100.01') })
  const proposal = great.ask('explain')
  assert.equal(await propose(town.books, proposal), 'proposed')
  assert.equal(await propose(town.books, proposal), 'proposed', 'asked again it is the same')
  const own = confirm(town.books, [], { id: proposal.id, by: great.ann })
  await assert.rejects(own, { code: 'own_proposal' })
  assert.equal(await confirm(town.books, [], { id: proposal.id, by: great.bob }), 'settled')
  const { proposals, endedAt } = await great.read()
  assert.deepEqual([proposals[0]!.state, proposals[0]!.decidedByName], ['confirmed', '波'])
  assert.ok(endedAt)
})

test('P5-04 P5-05 a payment that we never heard of is booked by two people: into the purse of its top-up', async () => {
  const platform = town.platform()
  const waits = await platform.ordered()
  platform.bill([row(waits)])
  await platform.round()
  const { id } = await platform.single()
  const [ann, bob] = [await town.person(), await town.person()]
  const ask = {
    id: newId('rcp'),
    break: id,
    kind: 'book',
    reason: 'our_fault',
    note: '通知丢失',
  } as const
  assert.equal(await propose(town.books, { ...ask, by: ann }), 'proposed')
  assert.equal((await readTopUp(town.books, waits.order as TopUpId)).state, 'waiting', 'not yet')
  const decided = { id: ask.id, by: bob }
  assert.equal(await confirm(town.books, [platform.wallet], decided), 'settled')
  assert.equal(await confirm(town.books, [platform.wallet], decided), 'settled', 'and once')
  assert.equal((await readTopUp(town.books, waits.order as TopUpId)).state, 'credited')
  assert.equal(await town.available(waits.purse), 10000n)
  assert.equal((await readBreak(town.books, id)).proposals[0]!.outcome, 'credit')
})

test('P5-21 money of nobody’s is booked into suspense, also when the server stopped in between', async () => {
  const { platform, id, bob, ask, read } = await broken()
  const proposal = ask('book')
  await propose(town.books, proposal)
  // Confirmed by a server that does not know the platform: as if it had stopped before custody was asked.
  assert.equal(await confirm(town.books, [], { id: proposal.id, by: bob }), 'booking')
  assert.equal(await bookConfirmed(town.books, [platform.wallet]), 1)
  assert.equal(await bookConfirmed(town.books, [platform.wallet]), 0)
  const { state, order, proposals } = await read()
  assert.deepEqual([state, proposals[0]!.outcome], ['settled', 'unknown_order'])
  const [stray, ...more] = await listSuspense(town.books, { q: order })
  assert.deepEqual([stray!.amount, stray!.reason, more.length], [cny('100.00'), 'unknown_order', 0])
  assert.ok(id)
})

test('P5-21 a proposal is rejected by somebody else, with the reason, and the break is open again', async () => {
  const { bob, ask, read } = await broken()
  const proposal = ask('book')
  await propose(town.books, proposal)
  const second = propose(town.books, ask('book', bob))
  await assert.rejects(second, { code: 'break_decided' })
  const without = reject(town.books, { id: proposal.id, by: bob, reason: ' ' })
  await assert.rejects(without, { code: 'reason_missing' })
  assert.equal(await reject(town.books, { id: proposal.id, by: bob, reason: '不是我们的' }), 'open')
  const late = confirm(town.books, [], { id: proposal.id, by: bob })
  await assert.rejects(late, { code: 'proposal_decided' })
  assert.equal((await read()).state, 'open')
})

test('P5-21 a hundred yuan in a day is what one person settles alone, in however many breaks', async () => {
  const least = (amount: string) =>
    broken({ order: newId('top'), tradeNo: newId('trd'), amount: cny(amount) })
  const [first, second, third] = [await least('60.00'), await least('40.00'), await least('0.01')]
  const by = first.ann
  assert.equal(await propose(town.books, first.ask('explain')), 'settled')
  assert.equal(await propose(town.books, second.ask('explain', by)), 'settled')
  assert.equal(await propose(town.books, third.ask('explain', by)), 'proposed', 'it takes two')
  const fourth = await least('0.01')
  const slipped = town.books.sql`
    insert into reconciliation.proposal (id, break, kind, reason, note, state, proposed_by, proposed_at)
    values (${newId('rcp')}, ${fourth.id}, 'explain', 'other', 'x', 'alone', ${by}, now())`
  await assert.rejects(slipped, { constraint: 'above_the_limit_it_takes_two' })
  const tomorrow = { ...fourth.ask('explain', by), at: new Date(Date.now() + 86_400_000) }
  assert.equal(await propose(town.books, tomorrow), 'settled', 'another day')
})

test('P5-21 money that another account has paid is booked into suspense: the platform says whose it was', async () => {
  const platform = town.platform()
  const waits = await platform.ordered()
  await town.books.sql`
    insert into custody.payer (purse, gateway, payer)
    values (${waits.purse}, ${platform.wallet.gateway}, 'its own')`
  platform.bill([row(waits)])
  await platform.round()
  const { id } = await platform.single()
  const [ann, bob] = [await town.person(), await town.person()]
  const proposal = newId('rcp')
  await propose(town.books, {
    ...{ id: proposal, break: id, kind: 'book', reason: 'our_fault', note: '通知丢失', by: ann },
  })
  const { order: _, ...payment } = { ...waits, amount: cny('100.00'), payer: 'a friend’s' }
  let answers = false
  const wallet: typeof platform.wallet = {
    ...platform.wallet,
    query: async () =>
      answers
        ? { state: 'paid', amount: payment.amount, tradeNo: payment.tradeNo, payer: payment.payer }
        : await Promise.reject(new Refusal('gateway_silent')),
  }
  const decided = { id: proposal, by: bob }
  assert.equal(await confirm(town.books, [wallet], decided), 'booking', 'the platform says nothing')
  answers = true
  assert.equal(await bookConfirmed(town.books, [wallet]), 1)
  assert.equal((await readBreak(town.books, id)).proposals[0]!.outcome, 'other_payer')
  assert.equal(await town.available(waits.purse), 0n)
})

test('P5-21 what is of a platform that is gone waits, and stops nobody; of nothing there is nothing to book', async () => {
  const gone = town.platform()
  gone.bill(Array.from({ length: 200 }, () => row({ order: newId('top'), tradeNo: newId('trd') })))
  await gone.ordered()
  await gone.round()
  const [ann, bob] = [await town.person(), await town.person()]
  const book = async (id: BreakId, wallets: readonly Wallet[]) => {
    const ask = { id: newId('rcp'), kind: 'book', reason: 'other', note: 'x', by: ann } as const
    await propose(town.books, { ...ask, break: id })
    return await confirm(town.books, wallets, { id: ask.id, by: bob })
  }
  for (const { id } of await gone.list({ state: 'open', limit: 200 })) await book(id, [])
  const here = await broken()
  assert.equal(await book(here.id, []), 'booking')
  assert.equal(await bookConfirmed(town.books, [here.platform.wallet]), 1)
  assert.equal((await here.read()).state, 'settled')

  const nothing = await broken({ order: newId('top'), tradeNo: newId('trd'), amount: cny('0.00') })
  await assert.rejects(book(nothing.id, []), { code: 'nothing_to_book' })
  const slipped = town.books.sql`
    insert into reconciliation.proposal (id, break, kind, reason, note, proposed_by, proposed_at)
    values (${newId('rcp')}, ${nothing.id}, 'book', 'other', 'x', ${ann}, now())`
  await assert.rejects(slipped, { constraint: 'only_a_payment_is_booked' })
})

test('rows of bills are forgotten after five years, but where somebody has still to decide', async () => {
  const { platform, ask } = await broken()
  const kept = async () => {
    const [lines] = await town.books.sql<{ count: number }>`
      select count(*)::int as count from reconciliation.line where gateway = ${platform.wallet.gateway}`
    return lines!.count
  }
  const now = new Date(Date.now() + 6 * 365 * 86_400_000)
  await forgetLines(town.books, { now })
  assert.equal(await kept(), 1, 'it is what is looked at')
  await propose(town.books, ask('explain'))
  await forgetLines(town.books)
  assert.equal(await kept(), 1, 'not yet')
  assert.ok((await forgetLines(town.books, { now })) >= 1)
  assert.equal(await kept(), 0)
})

test('the tables refuse what the code refuses: alone above the limit, booked alone, by oneself, undecided', async () => {
  const { sql } = town.books
  const great = await broken({ order: newId('top'), tradeNo: newId('trd'), amount: cny('100.01') })
  const small = await broken()
  const { id, ann } = great
  const put = (kind: string, state: string, decided: PersonId | null = null, about = id) => sql`
    insert into reconciliation.proposal (id, break, kind, reason, note, state, proposed_by, proposed_at,
      decided_by, decided_at)
    values (${newId('rcp')}, ${about}, ${kind}, 'other', 'x', ${state}, ${ann}, now(), ${decided},
      case when ${decided}::text is null then null else now() end)`
  await assert.rejects(put('explain', 'alone'), { constraint: 'above_the_limit_it_takes_two' })
  await assert.rejects(put('book', 'alone', null, small.id), {
    constraint: 'nothing_is_booked_alone',
  })
  await assert.rejects(put('book', 'confirmed', ann), {
    constraint: 'nobody_decides_their_own_proposal',
  })
  const settle = (to: string) => sql`
    update reconciliation.break set state = ${to}, ended_at = ${to === 'settled' ? new Date() : null}
    where id = ${id}`
  await assert.rejects(settle('settled'), { constraint: 'nothing_is_settled_undecided' })
  await assert.rejects(settle('booking'), { constraint: 'nothing_is_settled_undecided' })
  await assert.rejects(sql`update reconciliation.line set minor = 1`, /permission denied|history/)
})
