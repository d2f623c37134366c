import assert from 'node:assert/strict'
import { test } from 'node:test'
import { seat } from '@bursar/parties'
import { origin } from '../testing.ts'
import { cny, useShops, wish } from './testing.ts'

const { api, shop, member } = await useShops()

test('P1-28 an administrator bars a merchant from new top-ups with a reason, and lets it take them again', async () => {
  const { id } = await shop()
  const { who, purse } = await member(id)
  const [admin, reviewer] = [await api.as('admin'), await api.as('reviewer')]
  const path = `/v1/custody/merchants/${id}/prepayments`
  const topUp = async () => {
    const body = { amount: cny('1.00'), returnUrl: `${origin}/custody/top-ups` }
    return (await who.post(`/v1/custody/purses/${purse}/top-ups`, body, wish())).json().code
  }
  assert.equal((await admin.patch(path, { takes: false })).json().code, 'reason_missing')
  const barred = await admin.patch(path, { takes: false, reason: '疑似跑路' })
  assert.deepEqual([barred.statusCode, barred.json().takes], [200, false])
  assert.deepEqual((await admin.patch(path, { takes: false, reason: '又一次' })).json().steps, [
    { takes: false, by: admin.person, at: barred.json().steps[0].at, reason: '疑似跑路' },
  ])
  await new Promise(done => setTimeout(done, 1100)) // a merchant's standing is remembered for a second
  assert.equal(await topUp(), 'merchant_takes_no_top_ups')
  assert.deepEqual((await reviewer.get(path)).json(), (await admin.get(path)).json())
  assert.equal((await reviewer.patch(path, { takes: true })).statusCode, 403)
  assert.equal((await admin.patch(path, { takes: true })).json().takes, true)
  await new Promise(done => setTimeout(done, 1100))
  assert.equal(await topUp(), undefined)
})

test('P1-28 an administrator does not lift the bar of a merchant where they have a seat', async () => {
  const { id } = await shop()
  const admin = await api.as('admin')
  const path = `/v1/custody/merchants/${id}/prepayments`
  await admin.patch(path, { takes: false, reason: '疑似跑路' })
  const both = await api.as('admin')

  await seat(api.books, { merchant: id, person: both.person, role: 'staff', by: null })
  const answer = await (await api.session(both.person)).patch(path, { takes: true })
  assert.deepEqual([answer.statusCode, answer.json().code], [403, 'own_merchant'])
})
