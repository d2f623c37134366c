import assert from 'node:assert/strict'
import { before, test } from 'node:test'
import { admitMerchant, join, openPool } from '@bursar/custody'
import { newId, type MerchantId } from '@bursar/kernel'
import { addOutlet, foundInstitution, seat } from '@bursar/parties'
import { useApi, type Client } from '../testing.ts'

const api = useApi()
const [outlet, pool] = [newId('out'), newId('pol')]
let [ming, lin, owner]: (Client | undefined)[] = []
let at: string

before(async () => {
  await api.ready
  const { books } = api
  const [bank, supervisor] = [newId('ins'), newId('ins')]
  await foundInstitution(books, { id: bank, kind: 'bank', name: '存管银行' })
  await foundInstitution(books, { id: supervisor, kind: 'supervisor', name: '监管' })
  await openPool(books, { id: pool, book: 1, name: '资金池', currency: 'CNY', bank, supervisor })
  const { id: merchant, owner: person } = await api.merchant()
  await admitMerchant(books, { merchant, pool })
  await addOutlet(books, { id: outlet, merchant, name: '店', address: '人民路 1 号' })
  owner = await api.session(person)
  const staff = async (name: string) => {
    const id = await api.person(name)
    await seat(books, { merchant, person: id, role: 'staff', by: person })
    return await api.session(id)
  }
  ming = await staff('阿明')
  lin = await staff('小林')
  at = `/v1/cashier/merchants/${merchant}`
})
const none = { amount: '0.00', currency: 'CNY' }

test('P5-22 a shift is opened, counted before its sums are seen, handed over and closed, over HTTP', async () => {
  const shifts = `${at}/outlets/${outlet}/shifts`
  const opened = await ming!.post(shifts, {})
  assert.equal(opened.statusCode, 201, opened.body)
  const { id, state, counts, personName } = opened.json()
  assert.deepEqual([state, counts, personName], ['open', [], '阿明'])
  assert.equal((await lin!.post(shifts, {})).json().code, 'shift_open')
  const day = `${at}/outlets/${outlet}/day`
  const early = await ming!.get(day, { headers: { 'accept-language': 'zh-CN' } })
  assert.deepEqual([early.statusCode, early.json().code], [409, 'count_first'])
  assert.equal((await owner!.get(day)).statusCode, 200, 'an owner counts nothing')
  const { id: purse } = await join(api.books, {
    person: lin!.person,
    merchant: at.split('/')[4] as MerchantId,
  })
  await api.books.sql`
    insert into custody.top_up (id, book, purse, minor, currency, gateway, asked_by, created_at, ended_at, expires_at, state,
      trade_no)
    values (${newId('top')}, 1, ${purse}, 100, 'CNY', 'wallet', ${lin!.person}, now(), now(), now(), 'credited', 'x')`
  const dockets = async (who: Client) => (await who.get(`${at}/dockets`)).json().rows.length
  const seen = [await dockets(owner!), await dockets(lin!), await dockets(ming!)]
  assert.deepEqual(seen, [1, 1, 0], 'nor what adds up to them')

  const one = `${at}/shifts/${id}`
  const counted = { counts: [{ means: 'balance', amount: none }] }
  const wrong = { counts: [{ means: 'balance', amount: { amount: '1', currency: 'CNY' } }] }
  const malformed = await ming!.post(`${one}/close`, wrong)
  assert.equal(malformed.json().errors[0].pointer, '/counts/0/amount/amount')
  const offered = await ming!.post(`${one}/hand-over`, { ...counted, to: lin!.person })
  assert.deepEqual([offered.json().state, offered.json().offeredToName], ['offered', '小林'])
  assert.deepEqual(offered.json().counts, [], 'it may be taken back, and counted again')
  assert.equal((await ming!.get(day)).json().code, 'count_first')
  assert.equal((await ming!.post(`${one}/accept`, {})).json().code, 'shift_of_another')
  const next = (await lin!.post(`${one}/accept`, {})).json()
  assert.deepEqual([next.number, next.personName, next.state], [2, '小林', 'open'])
  assert.equal((await ming!.post(`${at}/shifts/${next.id}/close`, counted)).statusCode, 403)
  const told = (await ming!.get(one)).json().counts
  assert.deepEqual(told, [
    { means: 'balance', declared: none, found: none },
    { means: 'wallet', declared: none, found: { ...none, amount: '1.00' } },
  ])
  assert.equal((await ming!.get(day)).statusCode, 200, 'once it is counted for good')
  const closed = await owner!.post(`${at}/shifts/${next.id}/close`, { ...counted, note: '代结' })
  assert.deepEqual([closed.json().state, closed.json().note], ['closed', '代结'])
  const { rows } = (await ming!.get(`${shifts}?limit=1`)).json()
  assert.deepEqual([rows.length, rows[0].number], [1, 2])
})

test('P5-22 a day that is over is made final once, over HTTP; one that is not, is not', async () => {
  const finals = `${at}/outlets/${outlet}/z-reports`
  const made = await ming!.post(finals, { day: '2026-01-05' })
  assert.equal(made.statusCode, 201, made.body)
  assert.deepEqual([made.json().number, made.json().report.day], [1, '2026-01-05'])
  assert.deepEqual((await ming!.post(finals, { day: '2026-01-05' })).json(), made.json())
  assert.deepEqual((await owner!.get(`${finals}/1`)).json(), made.json())
  assert.equal((await owner!.get(`${finals}/2`)).json().code, 'no_such_z_report')
  const future = await ming!.post(finals, { day: '2096-01-05' })
  assert.deepEqual([future.statusCode, future.json().code], [409, 'day_not_over'])
  const { rows } = (await ming!.get(finals)).json()
  assert.equal(rows.length, 1)
})
