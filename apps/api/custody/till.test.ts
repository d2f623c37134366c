import assert from 'node:assert/strict'
import { test } from 'node:test'
import { setTimeout as sleep } from 'node:timers/promises'
import { issueCode } from '@bursar/custody'
import { newId } from '@bursar/kernel'
import { cny, left, pay, useShops, wish } from './testing.ts'

const { api, pool, watcher, shop, member } = await useShops()

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
})

test('P1-25 a merchant’s members and what each has left are the owner’s: no list, search, file or sheet for a staff seat', async () => {
  const { id, till } = await shop()
  const { purse } = await member(id, '7.00')
  const owner = await api.as('owner', { merchant: id })
  const list = `/v1/custody/merchants/${id}/members`
  const { rows } = (await owner.get(list)).json()
  assert.deepEqual(
    rows.map((row: { balance: object }) => row.balance),
    [cny('7.00')],
  )
  for (const accept of ['application/json', 'text/csv'])
    for (const ask of ['', `?q=${purse}`, '?limit=1']) {
      const told = await till.get(list + ask, { headers: { accept } })
      assert.equal(told.statusCode, 403)
      assert.ok(!told.body.includes(purse))
    }
  const [stranger, elsewhere] = [await api.as('staff'), await api.as('owner')]
  for (const other of [stranger, elsewhere])
    assert.notEqual((await other.get(list)).statusCode, 200)
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
  const supervisor = await api.as('supervisor', { institution: watcher })
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

test('P1-09 P1-25 the operator opens a pool at a bank, under a supervisor, once per key; merchants come into the first', async () => {
  const admin = await api.as('admin')
  const { rows } = (await admin.get('/v1/custody/pools')).json()
  const { bank } = rows[0]
  const key = wish()
  const ask = (more = {}) =>
    admin.post(
      '/v1/custody/pools',
      { name: '第二池', currency: 'CNY', bank, supervisor: watcher, ...more },
      key,
    )
  const [one, two] = await Promise.all([ask(), ask()])
  assert.deepEqual([one!.statusCode, two!.json()], [201, one!.json()])
  const wrong = await ask({ bank: watcher })
  assert.deepEqual([wrong.statusCode, wrong.json().code], [404, 'no_such_institution'])
  const { id: merchant } = await api.merchant()
  const owner = await api.as('owner', { merchant })
  assert.equal((await owner.get(`/v1/custody/merchants/${merchant}/takings`)).statusCode, 200)
  const [admitted] = await api.books
    .sql`select pool from custody.merchant where merchant = ${merchant}`
  assert.equal(admitted!['pool'], pool)
})

test('P1-08 the supervisor sees what stands in suspense, and why', async () => {
  const supervisor = await api.as('supervisor', { institution: watcher })
  const { id } = await shop()
  const { who, purse } = await member(id)
  const order = newId('top')
  await api.books.sql`
    insert into custody.suspense (id, book, gateway, about, source, trade_no, minor, currency, reason)
    values (${newId('sus')}, 1, 'wallet', ${order}, ${order}, 'stray', 700, 'CNY', 'unknown_order')`
  const { rows } = (
    await supervisor.get(`/v1/custody/suspense?pool=${pool}&state=unclaimed`)
  ).json()
  assert.deepEqual(
    [rows[0].about, rows[0].reason, rows[0].amount],
    [order, 'unknown_order', cny('7.00')],
  )
  assert.equal((await who.get('/v1/custody/suspense')).statusCode, 403)
  assert.equal(await left(who, purse), '0.00')
})

test('P1-24 a closed QR code pays nobody', async () => {
  const [{ id, till }, other] = [await shop(), await shop()]
  const { who, purse } = await member(id, '10.00')
  const made = (
    await till.post(`/v1/custody/merchants/${id}/codes`, { label: '前台' }, wish())
  ).json()
  const url = (merchant: string) => `/v1/custody/merchants/${merchant}/codes/${made.id}`
  assert.equal((await other.till.delete(url(other.id))).json().code, 'no_such_merchant_code')
  assert.ok((await till.delete(url(id))).json().closedAt)
  const answer = await pay(who, purse, id, '1.00', { merchantCode: made.id })
  assert.deepEqual([answer.statusCode, answer.json().code], [409, 'merchant_code_closed'])
})
