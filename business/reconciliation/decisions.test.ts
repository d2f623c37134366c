import assert from 'node:assert/strict'
import { test } from 'node:test'
import { listSuspense, readTopUp, type TopUpId } from '@bursar/custody'
import { newId, type PersonId } from '@bursar/kernel'
import { cny } from '@bursar/money'
import { readBreak } from './breaks.ts'
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
