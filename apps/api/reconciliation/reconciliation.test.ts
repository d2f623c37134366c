import assert from 'node:assert/strict'
import { before, test } from 'node:test'
import {
  admitMerchant,
  join,
  openPool,
  startTopUp,
  type BillRow,
  type Wallet,
} from '@bursar/custody'
import { dayAfter, dayOf, newId, startOf } from '@bursar/kernel'
import { cny } from '@bursar/money'
import { foundInstitution } from '@bursar/parties'
import { bookConfirmed, compareBills, openDays, takeBills } from '@bursar/reconciliation'
import { useApi, type Client } from '../testing.ts'

const yesterday = dayAfter(dayOf(new Date()), -1)
const at = new Date(startOf(yesterday).getTime() + 12 * 3_600_000)
const rows: BillRow[] = []
let answers: Awaited<ReturnType<Wallet['query']>> = { state: 'unknown' }
const wallet = {
  ...{ gateway: 'alipay', account: 'app/seller', ways: ['phone'], refundable: { days: 365 } },
  create: async () => ({ way: 'phone', url: 'https://wallet.test/' }),
  query: async () => answers,
  bill: async function* () {
    yield* rows
  },
} as unknown as Wallet
const api = useApi(() => ({ wallets: [wallet] }))
let [ann, bob]: [Client | undefined, Client | undefined] = [undefined, undefined]
const watcher = newId('ins')
let order: string

before(async () => {
  await api.ready
  const { books } = api
  const [bank, supervisor, pool] = [newId('ins'), watcher, newId('pol')]
  await foundInstitution(books, { id: bank, kind: 'bank', name: '存管银行' })
  await foundInstitution(books, { id: supervisor, kind: 'supervisor', name: '监管' })
  await openPool(books, { id: pool, book: 1, name: '资金池', currency: 'CNY', bank, supervisor })
  const { id: merchant } = await api.merchant()
  await admitMerchant(books, { merchant, pool })
  const by = await api.person('李晓梅')
  const { id: purse } = await join(books, { person: by, merchant })
  const id = newId('top')
  const ask = { id, purse, by, amount: cny('300.00'), returnUrl: '', at }
  await startTopUp(books, wallet, ask)
  order = id
  const row = {
    kind: 'payment',
    tradeNo: 'trd-1',
    amount: cny('300.00'),
    fee: cny('0.00'),
  } as const
  rows.push({ ...row, order, at }, { ...row, order: newId('top'), tradeNo: 'trd-2', at })
  rows.push({ ...row, order: newId('top'), tradeNo: 'trd-3', amount: cny('1.00'), at })
  await openDays(books, [wallet])
  const now = new Date(startOf(dayAfter(yesterday)).getTime() + 10 * 3_600_000)
  await takeBills(books, [wallet], { now })
  await compareBills(books)
  ann = await api.as('reviewer')
  bob = await api.as('reviewer')
})
const wish = () => ({ key: crypto.randomUUID() })
const list = '/v1/reconciliation/breaks'

test('P5-21 the desk sees a day’s bill beside the books, finds its breaks by number, and takes them away as a sheet', async () => {
  const { rows: days } = (await ann!.get('/v1/reconciliation/days')).json()
  const [day] = days
  assert.deepEqual(
    [day.day, day.state, day.there.payments, day.here.payments, day.waiting],
    [yesterday, 'differs', 3, 0, 3],
  )
  const found = (await ann!.get(`${list}?state=waiting&q=trd-2`)).json()
  assert.deepEqual([found.rows.length, found.rows[0].kind], [1, 'missing_here'])
  const first = (await ann!.get(`${list}?limit=2`)).json()
  const second = (await ann!.get(`${list}?limit=2&cursor=${first.next}`)).json()
  assert.deepEqual([first.rows.length, second.rows.length, second.next], [2, 1, undefined])
  const sheet = await ann!.get(list, { headers: { accept: 'text/csv', 'accept-language': 'zh' } })
  assert.match(sheet.body, /我方缺失/)
  assert.equal((await (await api.as('custodian')).get(list)).statusCode, 403)
  const again = `/v1/reconciliation/days/alipay/${yesterday}/take`
  assert.equal((await ann!.post(again, {})).statusCode, 202)
  const none = await ann!.post('/v1/reconciliation/days/wechat-pay/2026-01-01/take', {})
  assert.deepEqual([none.statusCode, none.json().code], [404, 'no_such_bill'])
})

test('P5-05 P5-21 a payment whose notice was lost is booked when a second reviewer confirms, and told once', async () => {
  const { rows: found } = (await ann!.get(`${list}?q=${order}`)).json()
  const one = `${list}/${found[0].id}`
  const body = { kind: 'book', reason: 'our_fault', note: '通知丢失' }
  const key = wish()
  const asked = await ann!.post(`${one}/proposals`, body, key)
  assert.equal(asked.statusCode, 201, asked.body)
  assert.deepEqual((await ann!.post(`${one}/proposals`, body, key)).json(), asked.json())
  const { state, bookable, proposals } = asked.json()
  assert.deepEqual([state, bookable], ['proposed', true])
  const confirm = `${one}/proposals/${proposals[0].id}/confirm`
  const own = await ann!.post(confirm, {}, wish())
  assert.deepEqual([own.statusCode, own.json().code], [403, 'own_proposal'])
  const silent = (await bob!.post(confirm, {}, wish())).json()
  assert.equal(silent.state, 'booking', 'the platform does not say whose account has paid')
  answers = { state: 'paid', tradeNo: 'trd-1', amount: cny('300.00') }
  await bookConfirmed(api.books, [wallet])
  const booked = (await bob!.get(one)).json()
  assert.deepEqual([booked.state, booked.proposals[0].outcome], ['settled', 'credit'])
})

test('P5-21 one yuan is explained by one person; three hundred is not; a fee is agreed by an admin', async () => {
  const idOf = async (q: string) => (await ann!.get(`${list}?q=${q}`)).json().rows[0].id as string
  const why = { kind: 'explain', reason: 'by_hand', note: '平台后台手工收款' }
  const small = await ann!.post(`${list}/${await idOf('trd-3')}/proposals`, why, wish())
  assert.equal(small.json().state, 'settled')
  const great = await ann!.post(`${list}/${await idOf('trd-2')}/proposals`, why, wish())
  assert.equal(great.json().state, 'proposed')
  const reject = `${list}/${great.json().id}/proposals/${great.json().proposals[0].id}/reject`
  assert.equal((await bob!.post(reject, { reason: '再查' })).json().state, 'open')
  const admin = await api.as('admin')
  const fee = await admin.put('/v1/reconciliation/platforms/alipay', { feeBps: 60 })
  assert.deepEqual(fee.json(), { gateway: 'alipay', feeBps: 60 })
  const { rows: fees } = (await ann!.get('/v1/reconciliation/platforms')).json()
  assert.deepEqual(fees, [{ gateway: 'alipay', feeBps: 60 }])
  assert.equal(
    (await admin.put('/v1/reconciliation/platforms/nobody', { feeBps: 1 })).statusCode,
    404,
  )
})

test('P1-27 a supervisor of all pools reads the bills and the breaks, and decides nothing; one of some pools reads none', async () => {
  const supervisor = await api.as('supervisor', { institution: watcher })
  const days = (await supervisor.get('/v1/reconciliation/days')).json().rows
  assert.equal(days.length > 0, true)
  const { rows: breaks } = (await supervisor.get('/v1/reconciliation/breaks')).json()
  const one = `/v1/reconciliation/breaks/${breaks[0].id}`
  assert.equal((await supervisor.get(one)).statusCode, 200)
  const wish = { key: crypto.randomUUID() }
  const ask = { kind: 'explain', reason: 'other', note: '不归我定' }
  assert.equal((await supervisor.post(`${one}/proposals`, ask, wish)).statusCode, 403)
  const { books } = api
  const [bank, other, pool] = [newId('ins'), newId('ins'), newId('pol')]
  await foundInstitution(books, { id: bank, kind: 'bank', name: '另一家银行' })
  await foundInstitution(books, { id: other, kind: 'supervisor', name: '邻区监管' })
  await openPool(books, {
    id: pool,
    book: 2,
    name: '邻区',
    currency: 'CNY',
    bank,
    supervisor: other,
  })
  const english = { headers: { 'accept-language': 'en' } }
  for (const path of ['/days', '/breaks', '/platforms', one.replace('/v1/reconciliation', '')]) {
    const refused = await supervisor.get(`/v1/reconciliation${path}`, english)
    assert.deepEqual([refused.statusCode, refused.json().code], [409, 'bills_of_all_pools'], path)
  }
  assert.equal((await ann!.get('/v1/reconciliation/days')).statusCode, 200, 'the operator')
})
