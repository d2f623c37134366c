import assert from 'node:assert/strict'
import { test } from 'node:test'
import { cny, pay, useShops, wish } from './custody/testing.ts'
import { origin, type Client } from './testing.ts'

const { api, shop, member } = await useShops()

/** Sends it, and asks what became of it by its key alone: before, and after. */
async function lost(who: Client, at: string, body: object) {
  const sent = wish()
  const asked = () => who.get(`${at}?key=${sent.key}`)
  const before = await asked()
  assert.deepEqual([before.statusCode, before.json().code], [404, 'unknown_key'], at)
  const answer = await who.post(at, body, sent)
  assert.equal(answer.statusCode, 201, answer.body)
  const told = (await asked()).json()
  const one = told.rows?.[0] ?? told
  assert.equal(one.id, answer.json().id, at)
  assert.deepEqual(one.amount, answer.json().amount, at)
  return { id: answer.json().id as string, key: sent.key }
}

test('whoever lost an answer asks for it by the key it was sent with, and is told what was done', async () => {
  const { id: merchant, till } = await shop()
  const owner = await api.as('owner', { merchant })
  const { who, purse } = await member(merchant, '50.00')
  const of = `/v1/custody/purses/${purse}`
  const spent = await lost(who, `${of}/spends`, { merchant, amount: cny('8.00') })
  const returnUrl = `${origin}/custody/top-ups`
  await lost(who, `${of}/top-ups`, { amount: cny('5.00'), returnUrl })
  await lost(who, `${of}/withdrawals`, { amount: cny('1.00') })
  const back = { amount: cny('1.00'), reason: '多收' }
  await lost(till, `/v1/custody/spends/${spent.id}/refunds`, back)
  const asks = `/v1/settlement/merchants/${merchant}/requests`
  await lost(owner, asks, { amount: cny('2.00') })
  const { code } = (await who.post(`${of}/codes`, {}, wish())).json()
  const charge = { code, amount: cny('3.00') }
  await lost(till, `/v1/custody/merchants/${merchant}/charges`, charge)
})

test('a key tells its own caller alone, at the address where it was sent, and only what was done', async () => {
  const { id: merchant, till } = await shop()
  const other = await api.as('staff', { merchant })
  const { who, purse } = await member(merchant, '5.00')
  const of = `/v1/custody/purses/${purse}`
  const refused = wish()
  assert.equal((await pay(who, purse, merchant, '9.00', {}, refused)).statusCode, 409)
  const code = async (client: Client, url: string) => (await client.get(url)).json().code
  assert.equal(await code(who, `${of}/spends?key=${refused.key}`), 'unknown_key')
  const { id, key } = await lost(who, `${of}/spends`, { merchant, amount: cny('4.00') })
  assert.equal(await code(who, `${of}/withdrawals?key=${key}`), 'unknown_key')
  assert.equal(await code(till, `${of}/spends?key=${key}`), 'not_found')
  assert.equal(await code(await api.as('consumer'), `${of}/spends?key=${key}`), 'not_found')
  const refunds = `/v1/custody/spends/${id}/refunds`
  const given = await lost(till, refunds, { amount: cny('1.00'), reason: '多收' })
  assert.equal(await code(other, `${refunds}?key=${given.key}`), 'unknown_key')
  assert.equal(await code(who, `${of}/spends`), 'malformed')
  assert.equal(await code(who, `${of}/spends?key=%20`), 'malformed')
})
