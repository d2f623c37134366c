/** The suspense desk over HTTP: who sees it, who proposes, who decides, and what each is told. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { creditReceived } from '@bursar/custody'
import { newId } from '@bursar/kernel'
import * as money from '@bursar/money'
import type { Client } from '../testing.ts'
import { left, useShops, wish } from './testing.ts'

const { api, pool, watcher, shop, member } = await useShops()

/** Somebody pays straight into the account at the bank. */
async function stranger(yuan: string, payer = '陌生人'): Promise<string> {
  const event = newId('ntc')
  const notice = { gateway: 'bank', event, body: Buffer.from(`{"notice":"${event}"}`), pool }
  const who = { payer, payerAccount: '6222001', reference: '货款' }
  await creditReceived(api.books, { ...notice, ...who, amount: money.cny(yuan) })
  const supervisor = await api.as('supervisor', { institution: watcher })
  return (await supervisor.get(`/v1/custody/suspense?q=${event}`)).json().rows[0].id
}
const one = (id: string, more = '') => `/v1/custody/suspense/${id}${more}`
const assign = (by: Client, id: string, purse: string, key = wish()) =>
  by.post(one(id, '/assignments'), { purse, reason: '客户出示了转账凭证' }, key)
const sendBack = (by: Client, id: string) =>
  by.post(one(id, '/returns'), { reason: '付款人说打错了' }, wish())
const proposed = (answer: { json(): { proposals: { id: string }[] } }) =>
  answer.json().proposals[0]!.id

test('P1-08 one reviewer proposes whose the money is, another confirms, and only then the member has it', async () => {
  const { id } = await shop()
  const { who, purse } = await member(id)
  const [maker, checker] = [await api.as('reviewer'), await api.as('reviewer')]
  const suspense = await stranger('12.30', '李晓梅')
  const found = (await maker.get(one(suspense, `/purses?q=${purse}`))).json().rows
  assert.deepEqual([found[0].purse, found[0].merchantName], [purse, '老茶馆'])
  const key = wish()
  const first = await assign(maker, suspense, purse, key)
  assert.equal(first.statusCode, 201)
  assert.deepEqual((await assign(maker, suspense, purse, key)).json(), first.json())
  const other = await maker.post(one(suspense, '/assignments'), { purse, reason: '别的' }, key)
  assert.deepEqual([other.statusCode, other.json().code], [422, 'idempotency_key_reused'])
  assert.equal(await left(who, purse), '0.00')

  const confirm = one(suspense, `/proposals/${proposed(first)}/confirm`)
  const own = await maker.post(confirm, {}, wish())
  assert.deepEqual([own.statusCode, own.json().code], [403, 'own_proposal'])
  assert.equal((await checker.post(confirm, {})).json().code, 'idempotency_key_required')
  const done = await checker.post(confirm, {}, wish())
  assert.deepEqual([done.statusCode, done.json().state], [200, 'assigned'])
  assert.deepEqual((await checker.post(confirm, {}, wish())).json(), done.json())
  assert.equal(await left(who, purse), '12.30')
  const { notice, payerName, proposals } = done.json()
  assert.match(notice.text, /ntc_/)
  assert.deepEqual(
    [payerName, proposals[0].steps.map((step: { name: string }) => step.name)],
    ['李晓梅', ['propose', 'confirm']],
  )
})

test('P1-08 a rejection has its reason, and the money is open to another proposal', async () => {
  const [maker, checker] = [await api.as('reviewer'), await api.as('reviewer')]
  const suspense = await stranger('5.00')
  const reject = one(suspense, `/proposals/${proposed(await sendBack(maker, suspense))}/reject`)
  assert.equal((await checker.post(reject, {})).statusCode, 400)
  const twice = await sendBack(checker, suspense)
  assert.deepEqual([twice.statusCode, twice.json().code], [409, 'suspense_decided'])
  const done = (await checker.post(reject, { reason: '先问付款人' })).json()
  assert.deepEqual([done.state, done.proposals[0].state], ['unclaimed', 'rejected'])
  const late = await maker.post(reject.replace('/reject', '/confirm'), {}, wish())
  assert.equal(late.json().code, 'own_proposal')
  const third = await api.as('reviewer')
  assert.equal(
    (await third.post(reject.replace('/reject', '/confirm'), {}, wish())).json().code,
    'proposal_decided',
  )
  const again = proposed(await sendBack(checker, suspense))
  const other = await stranger('1.00')
  const astray = await maker.post(one(other, `/proposals/${again}/confirm`), {}, wish())
  assert.deepEqual([astray.statusCode, astray.json().code], [404, 'no_such_proposal'])
})

test('P1-02 P1-08 what a purse cannot take is refused with the room that it has', async () => {
  const { id } = await shop()
  const { purse } = await member(id)
  const reviewer = await api.as('reviewer')
  const answer = await assign(reviewer, await stranger('5000.01'), purse)
  assert.deepEqual([answer.statusCode, answer.json().code], [409, 'above_ceiling'])
  assert.match(answer.json().detail, /5000\.00 元.*5000\.01 元/)
  const nobody = await assign(reviewer, await stranger('1.00'), newId('pur'))
  assert.equal(nobody.json().code, 'no_such_purse')
  assert.equal((await sendBack(reviewer, newId('sus'))).statusCode, 404)
})

test('P1-27 the supervisor reads the desk of its pool, filtered and as a sheet, and decides nothing', async () => {
  const supervisor = await api.as('supervisor', { institution: watcher })
  const payer = `茶叶行-${newId('x').slice(-6)}`
  const ids = [await stranger('1.00', payer), await stranger('2.00', payer)]
  const list = `/v1/custody/suspense?state=open&reason=unknown_payer&q=${encodeURIComponent(payer)}`
  const { rows, next } = (await supervisor.get(`${list}&limit=1`)).json()
  const rest = (await supervisor.get(`${list}&limit=1&cursor=${next}`)).json()
  assert.deepEqual(
    [...rows, ...rest.rows].map((row: { id: string }) => row.id),
    ids,
  )
  const sheet = await supervisor.get(list, { headers: { accept: 'text/csv' } })
  assert.match(sheet.body, /付款人不明/)
  assert.equal(sheet.body.trim().split('\r\n').length, 3)
  assert.equal((await supervisor.get(one(ids[0]!))).statusCode, 200)
  assert.equal((await sendBack(supervisor, ids[0]!)).statusCode, 403)
  const stranger_ = await api.as('supervisor')
  assert.deepEqual((await stranger_.get(list)).json().rows, [])
  assert.equal((await stranger_.get(one(ids[0]!))).statusCode, 404)
})

test('P1-09 a second pool at the same account of the same bank is refused', async () => {
  const admin = await api.as('admin')
  const { bank } = (await admin.get('/v1/custody/pools')).json().rows[0]
  const open = (account: string) =>
    admin.post(
      '/v1/custody/pools',
      { name: '又一池', currency: 'CNY', bank, supervisor: watcher, account },
      wish(),
    )
  assert.equal((await open('6228001')).statusCode, 201)
  const second = await open('6228001')
  assert.deepEqual([second.statusCode, second.json().code], [409, 'bank_account_taken'])
  assert.equal((await open('6228002')).statusCode, 201)
})

test('P1-08 an administrator names who pays a pool out, and ends it', async () => {
  const [admin, reviewer] = [await api.as('admin'), await api.as('reviewer')]
  const url = `/v1/custody/pools/${pool}/platforms`
  const named = async (answer: Promise<{ json(): { rows: { name: string }[] } }>) =>
    (await answer).json().rows.map(({ name }) => name)
  const payer = { name: '备付金', account: '31000001' }
  const before = await named(reviewer.get(url))
  assert.deepEqual(await named(admin.post(url, payer)), [...before, '备付金'])
  assert.deepEqual(await named(admin.post(url, payer)), [...before, '备付金'])
  assert.equal((await reviewer.post(url, payer)).statusCode, 403)
  assert.deepEqual(await named(admin.post(`${url}/end`, payer)), before)
})
