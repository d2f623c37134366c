import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { setTimeout as sleep } from 'node:timers/promises'
import { admitMerchant, issueCode, openPool } from '@bursar/custody'
import { walletOverHttp } from '@bursar/gateway-payments'
import { newId, type InstitutionId, type MerchantId, type PurseId } from '@bursar/kernel'
import { foundInstitution } from '@bursar/parties'
import { makeKeys, startSandbox } from '@bursar/sandbox'
import { origin, useApi, type Client } from '../testing.ts'

const keys = makeKeys()
const sandbox = await startSandbox({ keys, retry: [20, 20, 20] })
const { privateKey } = keys.operator
const wallet = walletOverHttp({
  gateway: 'wallet',
  account: 'pool',
  url: sandbox.walletUrl,
  ours: { id: 'operator-1', privateKey },
  theirs: keys.wallet,
})
const api = useApi(() => ({ wallet }))
const pool = newId('pol')
const [bank, watcher]: InstitutionId[] = [newId('ins'), newId('ins')]

before(async () => {
  await api.ready
  const url = await api.app.listen({ port: 0, host: '127.0.0.1' })
  sandbox.notify({ wallet: `${url}/v1/gateways/wallet/notify` })
  await foundInstitution(api.books, { id: bank!, kind: 'bank', name: '存管银行' })
  await foundInstitution(api.books, { id: watcher!, kind: 'supervisor', name: '市场监管局' })
  const ask = {
    id: pool,
    book: 1,
    name: '资金池',
    currency: 'CNY',
    bank: bank!,
    supervisor: watcher!,
  }
  await openPool(api.books, ask)
})
after(() => sandbox.stop())

const cny = (amount: string) => ({ amount, currency: 'CNY' })
const wish = () => ({ key: crypto.randomUUID() })
const until = async (done: () => Promise<boolean>) => {
  for (let left = 150; !(await done()); left--) {
    assert.ok(left > 0, 'It did not happen in three seconds.')
    await sleep(20)
  }
}

async function shop() {
  const { id } = await api.merchant()
  await admitMerchant(api.books, { merchant: id, pool })
  return { id, till: await api.as('staff', { merchant: id }) }
}

/** A member, with that much topped up through the platform's own page. */
async function member(merchant: MerchantId, yuan?: string) {
  const who = await api.as('consumer')
  const purse: PurseId = (await who.put(`/v1/custody/memberships/${merchant}`, {})).json().id
  if (yuan) {
    const body = { amount: cny(yuan), returnUrl: `${origin}/custody/top-ups` }
    const order = (await who.post(`/v1/custody/purses/${purse}/top-ups`, body, wish())).json()
    sandbox.pay(order.id)
    const credited = async () =>
      (await who.get(`/v1/custody/top-ups/${order.id}`)).json().state === 'credited'
    await until(credited)
  }
  return { who, purse }
}
const pay = (who: Client, purse: string, merchant: string, yuan: string, more = {}, key = wish()) =>
  who.post(`/v1/custody/purses/${purse}/spends`, { merchant, amount: cny(yuan), ...more }, key)
const left = async (who: Client, purse: string) =>
  (await who.get(`/v1/custody/purses/${purse}`)).json().available.amount

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

test('P1-04 the till charges against the member’s code; another shop’s till, a used and an old code are refused', async () => {
  const [mine, other] = [await shop(), await shop()]
  const { who, purse } = await member(mine.id, '50.00')
  const codeNow = async () =>
    (await who.post(`/v1/custody/purses/${purse}/codes`, {}, wish())).json().code
  const charge = ({ id, till }: typeof mine, code: string, yuan = '5.00') =>
    till.post(`/v1/custody/merchants/${id}/charges`, { code, amount: cny(yuan) }, wish())
  const code = await codeNow()
  const foreign = await charge(other, code)
  assert.deepEqual([foreign.statusCode, foreign.json().code], [409, 'code_of_another_merchant'])
  assert.ok(!foreign.body.includes(mine.id) && !foreign.body.includes(who.person))
  assert.equal((await charge(mine, code, '50.01')).json().code, 'insufficient_funds')
  const done = await charge(mine, code)
  assert.deepEqual([done.statusCode, done.json().initiator], [201, 'merchant'])
  assert.equal((await charge(mine, code)).json().code, 'code_used')
  const [id, at] = [newId('cod'), new Date(Date.now() - 61_000)]
  const old = await issueCode(api.books, { id, purse, by: who.person, at })
  assert.equal((await charge(mine, old.code)).json().code, 'code_expired')
  assert.equal((await charge(mine, '700000000000000000')).json().code, 'code_unknown')
  assert.equal(await left(who, purse), '45.00')
})

test('P1-03 too little money is a 409 that says what there is and what was asked', async () => {
  const { id } = await shop()
  const { who, purse } = await member(id, '10.00')
  const answer = await pay(who, purse, id, '10.01')
  assert.deepEqual([answer.statusCode, answer.json().code], [409, 'insufficient_funds'])
  assert.match(answer.json().detail, /10\.00.*10\.01/)
})

test('P1-10 a spend without a key, with bad sums, or with unknown fields is a 400 that names the field', async () => {
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

test('P1-14 the till refunds in parts, and the member sees it on the receipt and in the statement', async () => {
  const { id, till } = await shop()
  const { who, purse } = await member(id, '10.00')
  const spend = (await pay(who, purse, id, '6.00')).json().id
  const refund = (yuan: string) =>
    till.post(
      `/v1/custody/spends/${spend}/refunds`,
      { amount: cny(yuan), reason: '少做一项' },
      wish(),
    )
  assert.equal((await refund('4.00')).statusCode, 201)
  const tooMuch = await refund('2.01')
  assert.deepEqual([tooMuch.statusCode, tooMuch.json().code], [409, 'refund_exceeds_spend'])
  const receipt = (await who.get(`/v1/custody/spends/${spend}`)).json()
  assert.deepEqual([receipt.refunded, receipt.refunds.length], [cny('4.00'), 1])
  const { rows } = (await who.get(`/v1/custody/purses/${purse}/entries`)).json()
  assert.deepEqual(
    rows.map((row: { event: string; amount: { amount: string } }) => [
      row.event,
      row.amount.amount,
    ]),
    [
      ['refund', '4.00'],
      ['spend', '-6.00'],
      ['top_up', '10.00'],
      ['joined', '0.00'],
    ],
  )
})

test('P1-06 the till answers a spend that waits for it', async () => {
  const { id, till } = await shop()
  await api.books.sql`update parties.merchant set confirms_spends = true where id = ${id}`
  const { who, purse } = await member(id, '10.00')
  await sleep(1_050)
  const [yes, no] = [
    (await pay(who, purse, id, '2.00')).json(),
    (await pay(who, purse, id, '3.00')).json(),
  ]
  assert.deepEqual([yes.state, no.state], ['waiting', 'waiting'])
  const waiting = (await till.get(`/v1/custody/merchants/${id}/spends?state=waiting`)).json().rows
  assert.equal(waiting.length, 2)
  assert.equal((await till.post(`/v1/custody/spends/${yes.id}/accept`, {})).json().state, 'done')
  assert.equal(
    (await till.post(`/v1/custody/spends/${no.id}/decline`, {})).json().state,
    'declined',
  )
  assert.equal((await who.post(`/v1/custody/spends/${yes.id}/accept`, {})).statusCode, 403)
  assert.equal(await left(who, purse), '8.00')
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

test('P1-25 a merchant’s lists are its own, are searched, and go into a spreadsheet without a formula', async () => {
  const { id, till } = await shop()
  const { who, purse } = await member(id, '10.00')
  await pay(who, purse, id, '1.00', { note: '=cmd()' })
  await pay(who, purse, id, '2.00', { note: '剪发' })
  const list = async (query: string) =>
    (await till.get(`/v1/custody/merchants/${id}/spends${query}`)).json().rows.length
  assert.equal(await list(`?q=${encodeURIComponent('剪发')}`), 1)
  assert.equal(await list('?limit=1'), 1)
  assert.equal(await list('?from=2001-01-01&to=2001-01-02'), 0)
  const sheet = await till.get(`/v1/custody/merchants/${id}/spends`, {
    headers: { accept: 'text/csv' },
  })
  assert.equal(sheet.body.trim().split('\r\n').length, 3)
  assert.ok(sheet.body.includes("'=cmd()"))
  const { rows } = (await till.get(`/v1/custody/merchants/${id}/members`)).json()
  assert.deepEqual(
    rows.map((row: { balance: object }) => row.balance),
    [cny('7.00')],
  )
  const foreign = await api.as('staff')
  assert.equal((await foreign.get(`/v1/custody/merchants/${id}/members`)).statusCode, 404)
})

test('P1-04 a merchant’s day is cheap to ask for again: 304 while nothing happened', async () => {
  const { id, till } = await shop()
  const { who, purse } = await member(id, '10.00')
  const url = `/v1/custody/merchants/${id}/takings`
  const first = await till.get(url)
  const headers = { 'if-none-match': String(first.headers['etag']) }
  assert.equal((await till.get(url, { headers })).statusCode, 304)
  await pay(who, purse, id, '1.00')
  const next = await till.get(url, { headers })
  assert.deepEqual([next.statusCode, next.json().count, next.json().earned], [200, 1, cny('1.00')])
})

test('P1-09 P1-27 the supervisor of a pool sees the equation and what is behind each figure, another’s does not', async () => {
  const supervisor = await api.as('supervisor', { institution: watcher! })
  const { rows: pools } = (await supervisor.get('/v1/custody/pools')).json()
  assert.deepEqual(
    pools.map((one: { id: string; bankName: string }) => [one.id, one.bankName]),
    [[pool, '存管银行']],
  )
  const equation = (await supervisor.get(`/v1/custody/pools/${pool}/equation`)).json()
  assert.equal(equation.holds, true)
  assert.deepEqual(equation.assets, equation.claims)
  const term = await supervisor.get(`/v1/custody/pools/${pool}/terms/earned`)
  const [{ account }] = term.json().rows
  const entries = await supervisor.get(
    `/v1/custody/pools/${pool}/entries?account=${encodeURIComponent(account)}`,
  )
  assert.equal(entries.statusCode, 200)
  const stranger = await api.as('supervisor')
  assert.deepEqual((await stranger.get('/v1/custody/pools')).json().rows, [])
  for (const path of ['equation', 'terms/earned', 'entries?account=pool/custody'])
    assert.equal((await stranger.get(`/v1/custody/pools/${pool}/${path}`)).statusCode, 404)
})
