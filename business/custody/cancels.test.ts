import assert from 'node:assert/strict'
import { test } from 'node:test'
import { newId } from '@bursar/kernel'
import { cny } from '@bursar/money'
import { receiveNotice } from './inbox.ts'
import { useTown } from './testing.ts'
import { pollTopUps, readTopUp, startTopUp } from './topUps.ts'

const town = useTown()
const { wallet, notice, pay, says, orders } = town.wallet
const returnUrl = 'https://bursar.test/back'
const stateOf = async (id: `top_${string}`) => (await readTopUp(town.books, id)).state

test('P1-02 P1-08 an order whose create was never answered ends after two minutes, is cancelled, and late money goes back', async () => {
  const asked: string[] = []
  const inBooks: string[] = []
  const able = {
    ...wallet,
    cancel: async (id: `top_${string}`) => {
      inBooks.push(await stateOf(id))
      asked.push(id)
      return 'closed' as const
    },
  }
  says.dumb = true
  const merchant = await town.merchant()
  const { person: by, purse } = await town.member(merchant)
  const id = newId('top')
  const ask = { id, purse, amount: cny('10.00'), by, returnUrl }
  await assert.rejects(startTopUp(town.books, able, ask), { code: 'gateway_silent' })
  delete says.dumb
  const after = (minutes: number) => ({ now: new Date(Date.now() + minutes * 60_000) })
  const shown = newId('top')
  await startTopUp(town.books, able, { ...ask, id: shown })
  await pollTopUps(town.books, able, after(1))
  assert.equal(await stateOf(id), 'waiting', 'who asks again has it at once')
  await pollTopUps(town.books, able, after(3))
  assert.equal(await stateOf(id), 'expired')
  assert.deepEqual([asked, inBooks], [[id], ['expired']], 'ended here before it is cancelled there')
  assert.equal(await stateOf(shown), 'waiting', 'what somebody was shown is not cancelled')
  await pollTopUps(town.books, able, after(3))
  assert.deepEqual(asked, [id], 'once')
  const again = await startTopUp(town.books, able, ask)
  assert.deepEqual([again.state, again.offer], ['expired', null], 'asked again, the same')
  orders.set(id, { amount: cny('10.00'), state: 'paid', tradeNo: 'late-one' })
  await receiveNotice(town.books, able, notice({ order: id }))
  const [late] = await town.books.sql<{ reason: string }>`
    select reason from custody.suspense where about = ${id}`
  assert.equal(late?.reason, 'order_ended')
  assert.equal(await town.available(purse), 0n)
})

test('P5-04 P1-08 a payment that is told before the platform has answered the create is credited, and the answer changes nothing', async () => {
  const { person: by, purse } = await town.member(await town.merchant())
  const ask = { id: newId('top'), purse, amount: cny('10.00'), by, returnUrl }
  const create: typeof wallet.create = async order => {
    const offer = await wallet.create(order)
    pay(ask.id)
    const heard = await receiveNotice(town.books, wallet, notice({ order: ask.id }))
    assert.equal(heard.outcome, 'credit')
    return offer
  }
  const answered = await startTopUp(town.books, { ...wallet, create }, ask)
  assert.equal(answered.state, 'credited')
  assert.equal((await startTopUp(town.books, wallet, ask)).state, 'credited')
  assert.equal(await town.available(purse), 1000n)
})
