import assert from 'node:assert/strict'
import { test } from 'node:test'
import { receiveNotice, type Wallet } from '@bursar/custody'
import { newId } from '@bursar/kernel'
import { cny } from '@bursar/money'
import { takeAgain } from './bills.ts'
import { readBreak } from './breaks.ts'
import { setFee } from './days.ts'
import { bookConfirmed, confirm, propose, reject } from './decisions.ts'
import { hoursLater, useBills, yesterday } from './testing.ts'

const town = useBills()

/** A payment that nobody here knows, of 100.00, and the bill that is taken again with another sum. */
async function corrected() {
  const platform = town.platform()
  await platform.ordered()
  const stray = { order: newId('top'), tradeNo: newId('trd') }
  platform.bill([town.row(stray)])
  await platform.round()
  const { id } = await platform.single()
  const [ann, bob] = [await town.person('安'), await town.person('波')]
  const why = { break: id, reason: 'platform_fault', note: '平台后台可查' } as const
  const again = async (hours = 1) => {
    platform.bill([town.row({ ...stray, amount: cny('90000.00') })])
    await takeAgain(town.books, platform.wallet.gateway, yesterday)
    await town.books.sql`
      update reconciliation.bill set ask_at = ${hoursLater(hours)} where gateway = ${platform.wallet.gateway}`
    await platform.round(hoursLater(hours))
  }
  return { platform, id, ann, bob, why, again, read: () => readBreak(town.books, id) }
}

test('P5-21 an open break is of the sums of the newest bill: what has grown, one person does not explain', async () => {
  const { ann, why, again, read } = await corrected()
  await again()
  const { state, atStake } = await read()
  assert.deepEqual([state, atStake], ['open', cny('90000.00')])
  const ask = { id: newId('rcp'), ...why, kind: 'explain', by: ann } as const
  assert.equal(await propose(town.books, ask), 'proposed')
})

test('P5-21 nobody agrees to another sum than was proposed: a bill taken again since then sends it back', async () => {
  const { platform, ann, bob, why, again, read } = await corrected()
  const ask = { id: newId('rcp'), ...why, kind: 'book', by: ann } as const
  await propose(town.books, ask)
  await again()
  const late = confirm(town.books, [platform.wallet], { id: ask.id, by: bob })
  await assert.rejects(late, { code: 'break_changed' })
  assert.equal((await read()).state, 'proposed')
  await reject(town.books, { id: ask.id, by: bob, reason: '账单已更正' })
  await platform.round(hoursLater(2))
  await platform.round(hoursLater(3))
  const { state, there } = await read()
  assert.deepEqual([state, there!.amount], ['open', cny('90000.00')])
})

test('P5-21 what was explained is open again when the bill names another sum, and what was said before says nothing', async () => {
  const { id, ann, bob, why, again, read } = await corrected()
  const first = { id: newId('rcp'), ...why, kind: 'explain', by: ann } as const
  assert.equal(await propose(town.books, first), 'settled')
  await again()
  assert.equal((await read()).state, 'open')
  const settle = town.books.sql`
    update reconciliation.break set state = 'settled', ended_at = now() where id = ${id}`
  await assert.rejects(settle, { constraint: 'nothing_is_settled_undecided' })
  const second = { ...first, id: newId('rcp') }
  assert.equal(await propose(town.books, second), 'proposed')
  assert.equal(await confirm(town.books, [], { id: second.id, by: bob }), 'settled')
  await again(2)
  assert.equal((await read()).state, 'settled', 'and the same sum again is nothing new')
})

test('P5-21 a break that ends leaves none behind it: the fee of what came late is compared too', async () => {
  const platform = town.platform()
  const by = await town.person()
  await setFee(town.books, { gateway: platform.wallet.gateway, feeBps: 60, by })
  const waits = await platform.ordered()
  platform.bill([town.row({ ...waits, fee: cny('50.00') })])
  await platform.round()
  assert.deepEqual(await platform.kinds(), ['payment wrong_state'])
  const notice = town.wallet.notice({ order: waits.order, state: 'paid' })
  await receiveNotice(town.books, platform.wallet, notice)
  await platform.round(hoursLater(1))
  await platform.round(hoursLater(2))
  assert.deepEqual(await platform.kinds(), ['payment wrong_fee'])
})

test('P5-21 a proposal is decided as one of its own break alone', async () => {
  const { id, ann, bob, why } = await corrected()
  const other = await corrected()
  const ask = { id: newId('rcp'), ...why, kind: 'book', by: ann } as const
  await propose(town.books, ask)
  const astray = { id: ask.id, break: other.id, by: bob }
  await assert.rejects(confirm(town.books, [], astray), { code: 'no_such_proposal' })
  const refused = reject(town.books, { ...astray, reason: '不是' })
  await assert.rejects(refused, { code: 'no_such_proposal' })
  assert.equal((await readBreak(town.books, id)).state, 'proposed')
})

test('P5-21 little of another currency is not little: nobody explains it alone', async () => {
  const platform = town.platform()
  const paid = await platform.paid()
  platform.bill([town.row({ ...paid, amount: { minor: 1n, currency: 'USD' } })])
  await platform.round()
  const { id, kind, atStake } = await platform.single()
  assert.deepEqual([kind, atStake], ['wrong_amount', { minor: 1n, currency: 'USD' }])
  const [by, reason] = [await town.person('安'), 'rounding'] as const
  const ask = { id: newId('rcp'), break: id, kind: 'explain', reason, note: '外币', by } as const
  assert.equal(await propose(town.books, ask), 'proposed')
})

test('P5-21 what cannot be booked stops nothing behind it', async () => {
  const platform = town.platform()
  await platform.ordered()
  const stray = (yuan: string) =>
    town.row({ order: newId('top'), tradeNo: newId('trd'), amount: cny(yuan) })
  platform.bill([stray('1.00'), stray('5.00')])
  await platform.round()
  const [ann, bob] = [await town.person('安'), await town.person('波')]
  const why = { kind: 'book', reason: 'our_fault', note: '通知丢失' } as const
  for (const { id } of (await platform.list({})).toSorted((a, b) => (a.id < b.id ? -1 : 1))) {
    const ask = { id: newId('rcp'), break: id, ...why, by: ann }
    await propose(town.books, ask)
    await confirm(town.books, [], { id: ask.id, by: bob })
  }
  const [silent] = (await platform.list({ state: 'booking' })).filter(
    one => one.there!.amount.minor === 100n,
  )
  const query: Wallet['query'] = order =>
    order === silent!.order ? Promise.reject(new Error('silent')) : platform.wallet.query(order)
  await assert.rejects(bookConfirmed(town.books, [{ ...platform.wallet, query }]), /silent/)
  const states = (await platform.list({})).map(one => [one.there!.amount.minor, one.state])
  assert.deepEqual(Object.fromEntries(states), { 100: 'booking', 500: 'settled' })
})
