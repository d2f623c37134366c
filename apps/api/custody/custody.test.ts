import assert from 'node:assert/strict'
import { test } from 'node:test'
import { crc16 } from '@bursar/custody'
import { newId } from '@bursar/kernel'
import { origin } from '../testing.ts'
import { cny, left, pay, useShops, wish } from './testing.ts'

const { api, shop, member } = await useShops()

test('P1-02 P1-08 a consumer tops up on the platform’s page, and its signed word puts the money in the purse', async () => {
  const { id } = await shop()
  const { who, purse } = await member(id, '100.00')
  assert.equal(await left(who, purse), '100.00')
  const { rows } = (await who.get(`/v1/custody/purses/${purse}/top-ups`)).json()
  assert.deepEqual(
    rows.map((row: { state: string }) => row.state),
    ['credited'],
  )
})

test('P1-02 the platform sends the browser back to our own pages, and to no others', async () => {
  const { id } = await shop()
  const { who, purse } = await member(id)
  const body = { amount: cny('1.00'), returnUrl: 'https://evil.test/custody/top-ups' }
  const answer = await who.post(`/v1/custody/purses/${purse}/top-ups`, body, wish())
  assert.equal(answer.statusCode, 400)
  assert.equal(answer.json().errors[0].pointer, '/returnUrl')
})

test('P1-08 a forged notice is answered 401, and changes nothing', async () => {
  const { id } = await shop()
  const { who, purse } = await member(id)
  const body = { amount: cny('10.00'), returnUrl: `${origin}/custody/top-ups` }
  const order = (await who.post(`/v1/custody/purses/${purse}/top-ups`, body, wish())).json()
  const said = {
    notice: 'n1',
    order: order.id,
    state: 'paid',
    amount: cny('10.00'),
    tradeNo: 't1',
    account: 'pool',
  }
  const answer = await api.guest.send({
    method: 'POST',
    url: '/v1/gateways/wallet/notify',
    payload: JSON.stringify({ ...said, at: new Date().toISOString() }),
    headers: {
      'content-type': 'application/json',
      'signature-key': 'wallet-1',
      'signature-time': String(Math.floor(Date.now() / 1000)),
      'signature-nonce': 'a'.repeat(32),
      signature: Buffer.alloc(64, 7).toString('base64'),
    },
  })
  assert.equal(answer.statusCode, 401)
  assert.equal(answer.json().code, 'bad_signature')
  assert.equal(await left(who, purse), '0.00')
  assert.equal((await who.get(`/v1/custody/top-ups/${order.id}`)).json().state, 'waiting')
})

test('P1-22 P1-23 P1-24 a consumer scans the merchant’s QR, is told whom it pays, pays, and has a receipt', async () => {
  const { id, till } = await shop()
  const { who, purse } = await member(id, '50.00')
  const made = await till.post(
    `/v1/custody/merchants/${id}/codes`,
    { amount: cny('12.30') },
    wish(),
  )
  assert.equal(made.statusCode, 201)
  const seen = (await who.post('/v1/custody/scans', { text: made.json().text })).json()
  assert.deepEqual(seen, {
    merchant: id,
    merchantName: '老茶馆',
    merchantCode: made.json().id,
    purse,
    amount: cny('12.30'),
  })
  const { merchantCode } = seen
  const answer = await pay(who, purse, id, '12.30', { merchantCode, note: '龙井' })
  assert.equal(answer.statusCode, 201)
  assert.deepEqual(answer.json().balance, cny('37.70'))
  const receipt = (await till.get(`/v1/custody/spends/${answer.json().id}`)).json()
  assert.equal(receipt.note, '龙井')
  assert.equal(receipt.initiator, 'consumer')
  assert.equal(receipt.balance, undefined, 'what the member has left is not the shop’s to know')
  const again = await pay(who, purse, id, '12.30', { merchantCode })
  assert.equal(again.json().code, 'merchant_code_paid')
})

test('P1-24 what is no QR of ours is refused with the rule that it breaks', async () => {
  const who = await api.as('consumer')
  for (const text of ['hello', '0'.repeat(10_240), '老茶馆'])
    assert.equal((await who.post('/v1/custody/scans', { text })).json().code, 'qr_malformed')
  const absent = await who.post('/v1/custody/scans', { text: newId('mcd') })
  assert.deepEqual([absent.statusCode, absent.json().code], [404, 'no_such_merchant_code'])
})

test('P1-03 too little money is a 409 that says what there is and what was asked', async () => {
  const { id } = await shop()
  const { who, purse } = await member(id, '10.00')
  const answer = await pay(who, purse, id, '10.01')
  assert.deepEqual([answer.statusCode, answer.json().code], [409, 'insufficient_funds'])
  assert.match(answer.json().detail, /10\.00.*10\.01/)
})

test('P1-07 P1-10 a spend without a key, with bad sums, or with unknown fields is a 400 that names the field', async () => {
  const { id } = await shop()
  const { who, purse } = await member(id, '10.00')
  const url = `/v1/custody/purses/${purse}/spends`
  const keyless = await who.post(url, { merchant: id, amount: cny('1.00') })
  assert.deepEqual([keyless.statusCode, keyless.json().code], [400, 'idempotency_key_required'])
  for (const amount of ['-1.00', '1.005', '1e2', '1', '', '01.00', '9007199254740993.00'])
    assert.ok([400, 409].includes((await pay(who, purse, id, amount)).statusCode), amount)
  assert.equal((await pay(who, purse, id, '0.00')).json().code, 'amount_out_of_range')
  for (const field of ['balance', 'state', 'by', 'initiator', 'id']) {
    const answer = await pay(who, purse, id, '1.00', { [field]: 'x' })
    assert.equal(answer.statusCode, 400, field)
  }
  assert.equal(await left(who, purse), '10.00')
})

test('P1-03 one key is one spend, at once and later; with other content it is a 422', async () => {
  const { id } = await shop()
  const { who, purse } = await member(id, '10.00')
  const key = wish()
  const all = await Promise.all([1, 2, 3, 4].map(() => pay(who, purse, id, '3.00', {}, key)))
  assert.deepEqual(new Set(all.map(one => one.json().id)).size, 1)
  assert.equal(await left(who, purse), '7.00')
  const other = await pay(who, purse, id, '4.00', {}, key)
  assert.equal(other.statusCode, 422)
})

test('P1-03 a purse, a receipt and a top-up of somebody else are as if they were not there', async () => {
  const { id } = await shop()
  const { who, purse } = await member(id, '10.00')
  const spend = (await pay(who, purse, id, '1.00')).json().id
  const [stranger, otherTill] = [await api.as('consumer'), await api.as('owner')]
  for (const one of [stranger, otherTill]) {
    assert.equal((await one.get(`/v1/custody/purses/${purse}`)).statusCode, 404)
    assert.equal((await one.get(`/v1/custody/spends/${spend}`)).statusCode, 404)
    assert.equal((await pay(one, purse, id, '1.00')).statusCode, 404)
  }
  const refund = { amount: cny('1.00'), reason: '退' }
  assert.equal(
    (await otherTill.post(`/v1/custody/spends/${spend}/refunds`, refund, wish())).statusCode,
    404,
  )
  assert.equal(await left(who, purse), '9.00')
})

test('P1-14 a balance goes back to its source', async () => {
  const { id } = await shop()
  const { who, purse } = await member(id, '10.00')
  const answer = await who.post(
    `/v1/custody/purses/${purse}/withdrawals`,
    { amount: cny('4.00') },
    wish(),
  )
  assert.equal(answer.statusCode, 201)
  assert.deepEqual(answer.json().amount, cny('4.00'))
  assert.equal(await left(who, purse), '6.00')
})

test('P1-24 a QR that was pasted over names whom it really pays, whatever its text says', async () => {
  const [mine, other] = [await shop(), await shop()]
  const { who } = await member(mine.id)
  const [{ text, id }, { id: theirs }] = await Promise.all(
    [mine, other].map(async one =>
      (await one.till.post(`/v1/custody/merchants/${one.id}/codes`, {}, wish())).json(),
    ),
  )
  const body = text.slice(0, -4).replaceAll(id, theirs)
  const seen = (await who.post('/v1/custody/scans', { text: body + crc16(body) })).json()
  assert.deepEqual([seen.merchant, seen.purse], [other.id, undefined])
  assert.equal(
    (await who.post('/v1/custody/scans', { text: body + '0000' })).json().code,
    'qr_malformed',
  )
})

test('P1-06 a receipt that is asked for by what is no id is not there, and is no fault of ours', async () => {
  const { till } = await shop()
  assert.equal(
    (await till.get('/v1/custody/spends/spd_iloilouiloilouiloilouiloil')).statusCode,
    404,
  )
  const refund = { amount: cny('1.00'), reason: '退' }
  const back = await till.post('/v1/custody/spends/spd_x/refunds', refund, wish())
  assert.equal(back.statusCode, 404)
})
