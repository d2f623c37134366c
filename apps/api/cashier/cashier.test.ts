import assert from 'node:assert/strict'
import { test } from 'node:test'
import { newId, type MerchantId } from '@bursar/kernel'
import { addOutlet } from '@bursar/parties'
import { cny, left, useShops, wish } from '../custody/testing.ts'
import { origin, type Client } from '../testing.ts'

const { api, shop, member } = await useShops()
const at = (merchant: MerchantId) => `/v1/cashier/merchants/${merchant}`

/** A bar with one table, that sells beer, and rents a PC by the minute. */
async function bar() {
  const { id: merchant, till } = await shop()
  const owner = await api.as('owner', { merchant })
  const [outlet, category, item, plan] = [newId('out'), newId('cat'), newId('itm'), newId('pln')]
  await addOutlet(api.books, { id: outlet, merchant, name: '夜航船', address: '巨鹿路 1 号' })
  const put = async (path: string, body: object) => {
    const answer = await owner.put(`${at(merchant)}/${path}`, body)
    assert.equal(answer.statusCode, 200, answer.body)
    return answer.json()
  }
  await put(`outlets/${outlet}`, { cutOff: 300, serviceBps: 1000, taxBps: 0 })
  const listed = { name: '酒水', rank: 1, offered: true }
  await put(`categories/${category}`, listed)
  const modifiers = [{ name: '大杯', price: cny('5.00') }]
  const sold = { station: 'bar', price: cny('30.00'), category, modifiers }
  await put(`items/${item}`, { ...listed, name: '啤酒', ...sold })
  const base = { base: cny('0.00'), baseMinutes: 0, step: cny('0.10'), stepMinutes: 1 }
  await put(`plans/${plan}`, { name: '上网', ...base, pausable: true, offered: true })
  const sits = { outlet, kind: 'table', name: 'A1', open: true }
  const { token } = await put(`places/${newId('plc')}`, sits)
  return { merchant, till, owner, outlet, item, plan, token: token as string }
}
type Bar = Awaited<ReturnType<typeof bar>>

async function sit(who: Client, purse: string, { token }: Bar): Promise<string> {
  const answer = await who.post(`/v1/cashier/purses/${purse}/tabs`, { token })
  assert.equal(answer.statusCode, 201, answer.body)
  return answer.json().id
}
const order = (who: Client, tab: string, item: string, count = 1, key = wish()) =>
  who.post(`/v1/cashier/tabs/${tab}/orders`, { lines: [{ item, count }] }, key)

test('P5-06 P5-07 P5-09 P5-10 a guest scans, orders, is served and checks out; the merchant’s screen sees each at once', async () => {
  const here = await bar()
  const { who, purse } = await member(here.merchant, '100.00')
  const place = (await who.get(`/v1/cashier/places/${here.token}`)).json()
  assert.deepEqual([place.merchantName, place.outletName, place.name], ['老茶馆', '夜航船', 'A1'])
  const menu = (await who.get(`/v1/cashier/places/${here.token}/menu`)).json()
  assert.deepEqual(menu.items[0].now, cny('30.00'))
  const tab = await sit(who, purse, here)
  assert.equal(await sit(who, purse, here), tab)

  const screen = `${at(here.merchant)}/orders?waiting=true`
  const empty = await here.till.get(screen)
  const unchanged = { headers: { 'if-none-match': empty.headers['etag'] as string } }
  assert.equal((await here.till.get(screen, unchanged)).statusCode, 304)
  const key = wish()
  const placed = await order(who, tab, here.item, 2, key)
  assert.equal(placed.statusCode, 201, placed.body)
  assert.deepEqual(placed.json().total, cny('66.00'), 'service charge is held too')
  assert.equal((await order(who, tab, here.item, 2, key)).json().id, placed.json().id)
  assert.equal((await order(who, tab, here.item, 1, key)).statusCode, 422)
  const seen = await here.till.get(screen, unchanged)
  const [row] = seen.json().rows
  assert.deepEqual([row.id, row.placeName, row.state], [placed.json().id, 'A1', 'placed'])
  assert.equal(await left(who, purse), '34.00')

  for (const step of ['accept', 'deliver'])
    assert.equal((await here.till.post(`/v1/cashier/orders/${row.id}/${step}`, {})).statusCode, 200)
  const wrong = await who.post(`/v1/cashier/tabs/${tab}/checkout`, { total: cny('60.00') }, wish())
  assert.deepEqual([wrong.statusCode, wrong.json().code], [409, 'total_changed'])
  const paid = await who.post(`/v1/cashier/tabs/${tab}/checkout`, { tip: cny('4.00') }, wish())
  assert.equal(paid.statusCode, 200, paid.body)
  assert.deepEqual([paid.json().total, paid.json().ended], [cny('70.00'), 'guest'])
  const receipt = (await who.get(`/v1/custody/spends/${paid.json().spend}`)).json()
  assert.deepEqual([receipt.amount, receipt.balance], [cny('70.00'), cny('30.00')])
  const late = await order(who, tab, here.item)
  assert.deepEqual([late.statusCode, late.json().code], [409, 'tab_ended'])
})

test('P5-I1 who sits down is told what comes on top; an open tab keeps its rates when the outlet’s change', async () => {
  const here = await bar()
  const { who, purse } = await member(here.merchant, '100.00')
  const tab = await sit(who, purse, here)
  const dearer = { cutOff: 300, serviceBps: 1500, taxBps: 625 }
  await here.owner.put(`${at(here.merchant)}/outlets/${here.outlet}`, dearer)
  const place = (await who.get(`/v1/cashier/places/${here.token}`)).json()
  assert.deepEqual([place.serviceBps, place.taxBps], [1500, 625])
  const open = (await who.get(`/v1/cashier/tabs/${tab}`)).json()
  assert.deepEqual([open.serviceBps, open.taxBps], [1000, 0])
  assert.deepEqual((await order(who, tab, here.item)).json().total, cny('33.00'))
})

test('P5-10 the merchant reads its outlet’s day while tabs are open', async () => {
  const here = await bar()
  const { who, purse } = await member(here.merchant, '100.00')
  const tab = await sit(who, purse, here)
  await order(who, tab, here.item)
  const of = `${at(here.merchant)}/outlets/${here.outlet}/day`
  const { open, platforms, ended } = (await here.till.get(of)).json()
  assert.deepEqual([open, ended], [{ count: 1, sum: cny('33.00') }, false])
  assert.deepEqual(platforms, [{ gateway: 'wallet', kind: 'top_up', count: 1, sum: cny('100.00') }])
  assert.equal((await here.till.get(`${of}?day=2026-02-30`)).statusCode, 400)
  assert.equal((await here.till.get(`${of}?day=2026-02-28`)).json().ended, true)
})

test('P5-19 the merchant is asked for the bill, and checks out without a tip', async () => {
  const here = await bar()
  const { who, purse } = await member(here.merchant, '100.00')
  const tab = await sit(who, purse, here)
  const { id } = (await order(who, tab, here.item)).json()
  await here.till.post(`/v1/cashier/orders/${id}/accept`, {})
  const checkout = `/v1/cashier/tabs/${tab}/checkout`
  const tipped = await here.till.post(checkout, { tip: cny('1.00') }, wish())
  assert.deepEqual([tipped.statusCode, tipped.json().errors[0].pointer], [400, '/tip'])
  const paid = await here.till.post(checkout, {}, wish())
  assert.deepEqual([paid.json().ended, paid.json().total], ['merchant', cny('33.00')])
})

test('P5-I3 an order at another price than was shown is a 409 with the new sum, in both languages', async () => {
  const here = await bar()
  const { who, purse } = await member(here.merchant, '50.00')
  const tab = await sit(who, purse, here)
  const ask = (language: string) =>
    who.post(
      `/v1/cashier/tabs/${tab}/orders`,
      { lines: [{ item: here.item, count: 1 }], total: cny('22.00') },
      { ...wish(), headers: { 'accept-language': language } },
    )
  const [zh, en] = [await ask('zh-CN'), await ask('en')]
  assert.deepEqual([zh.statusCode, zh.json().code], [409, 'prices_changed'])
  assert.match(zh.json().detail, /^现在共 33.00 元，刚才显示的是 22.00 元。/)
  assert.match(en.json().detail, /^It comes to ¥33.00 now, ¥22.00 was shown/)
  assert.equal(await left(who, purse), '50.00')
})

test('P5-I1 what the purse cannot bear is a 409 that says how much is missing, in both languages', async () => {
  const here = await bar()
  const { who, purse } = await member(here.merchant, '50.00')
  const tab = await sit(who, purse, here)
  const ask = (language: string) =>
    who.post(
      `/v1/cashier/tabs/${tab}/orders`,
      { lines: [{ item: here.item, count: 2 }] },
      { ...wish(), headers: { 'accept-language': language } },
    )
  const [zh, en] = [await ask('zh-CN'), await ask('en')]
  assert.deepEqual([zh.statusCode, zh.json().code], [409, 'top_up_needed'])
  assert.equal(zh.json().detail, '可用余额 50.00 元，还差 16.00 元。请先充值。')
  assert.equal(en.json().detail, '¥50.00 is available, ¥16.00 more is needed. Top up first.')
})

test('P5-12 P5-14 what is left is previewed and goes back; each of the four orders has its number, as a sheet too', async () => {
  const here = await bar()
  const { who, purse } = await member(here.merchant, '100.00')
  const tab = await sit(who, purse, here)
  const { id } = (await order(who, tab, here.item)).json()
  await here.till.post(`/v1/cashier/orders/${id}/accept`, {})
  const preview = async () => (await who.get(`/v1/cashier/purses/${purse}/refund-preview`)).json()
  assert.deepEqual([(await preview()).most, (await preview()).held], [cny('67.00'), cny('33.00')])
  await who.post(`/v1/cashier/tabs/${tab}/checkout`, {}, wish())
  const { most } = await preview()
  await who.post(`/v1/custody/purses/${purse}/withdrawals`, { amount: most }, wish())
  assert.equal(await left(who, purse), '0.00')
  const mine = `/v1/cashier/purses/${purse}/dockets`
  const { rows } = (await who.get(mine)).json()
  assert.deepEqual(
    rows.map((row: { kind: string; amount: object }) => [row.kind, row.amount]),
    [
      ['refund', cny('67.00')],
      ['checkout', cny('33.00')],
      ['goods', cny('33.00')],
      ['top_up', cny('100.00')],
    ],
  )
  const sheet = await here.till.get(`${at(here.merchant)}/dockets`, {
    headers: { accept: 'text/csv', 'accept-language': 'zh-CN' },
  })
  assert.match(sheet.body, /单号/)
  assert.match(sheet.body, /商品订单/)
  const paper = async (subject: string) =>
    (await here.till.get(`/v1/cashier/dockets/${subject}`)).json()
  const docket = await paper(tab)
  const [refund, checkout, goods, topUp] = rows
  const link = ({ number, kind, subject, state }: typeof refund, amount = cny('33.00')) => [
    { number, kind, subject, state, amount },
  ]
  assert.deepEqual((await paper(checkout.subject)).links, link(goods))
  assert.deepEqual((await paper(goods.subject)).links, link(checkout))
  assert.deepEqual((await paper(refund.subject)).links, link(topUp, cny('67.00')))
  assert.deepEqual((await paper(topUp.subject)).links, link(refund, cny('67.00')))
  assert.deepEqual((await paper(goods.subject)).order.lines[0].amount, cny('30.00'))
  const found = (await here.till.get(`${at(here.merchant)}/dockets?q=${docket.number}`)).json()
  assert.equal(found.rows.length, 1)
  const filtered = (await who.get(`${mine}?kind=refund`)).json()
  assert.equal(filtered.rows.length, 1)
})

test('P5-I6 what was checked out is settled as ever: the evidence names one spend, and who spent', async () => {
  const here = await bar()
  const { who, purse } = await member(here.merchant, '100.00')
  const tab = await sit(who, purse, here)
  for (const n of [1, 2]) {
    const { id } = (await order(who, tab, here.item, n)).json()
    await here.till.post(`/v1/cashier/orders/${id}/accept`, {})
  }
  await who.post(`/v1/cashier/tabs/${tab}/checkout`, {}, wish())
  const asks = `/v1/settlement/merchants/${here.merchant}/requests`
  const asked = await here.owner.post(asks, { amount: cny('99.00') }, wish())
  const of = `/v1/settlement/requests/${asked.json().id}/evidence`
  const { spent, spends, total, rows } = (await here.owner.get(of)).json()
  assert.deepEqual([spent, spends, total], [cny('99.00'), 1, cny('99.00')])
  assert.ok(rows.every((row: { person: string }) => row.person === who.person))
})

test('P5-I2 time starts, pauses, goes on and stops, by the guest or the merchant', async () => {
  const here = await bar()
  const { who, purse } = await member(here.merchant, '10.00')
  const tab = await sit(who, purse, here)
  const timers = `/v1/cashier/tabs/${tab}/timers`
  const shown = {
    ...{ base: cny('0.00'), baseMinutes: 0, step: cny('0.10'), stepMinutes: 1 },
    ...{ serviceBps: 1000, taxBps: 0 },
  }
  for (const other of [{ step: cny('0.09') }, { stepMinutes: 2 }, { serviceBps: 0 }]) {
    const dated = await who.post(timers, { plan: here.plan, shown: { ...shown, ...other } }, wish())
    assert.deepEqual([dated.statusCode, dated.json().code], [409, 'prices_changed'], dated.body)
  }
  const started = await who.post(timers, { plan: here.plan, shown }, wish())
  assert.equal(started.statusCode, 201, started.body)
  const { id, timer } = started.json()
  assert.deepEqual([timer.state, timer.minutes, timer.cost], ['running', 1, cny('0.11')])
  const step = async (by: Client, name: string) =>
    (await by.post(`/v1/cashier/orders/${id}/${name}`, {})).json().timer.state
  assert.equal(await step(who, 'pause'), 'paused')
  assert.equal(await step(here.till, 'resume'), 'running')
  assert.equal(await step(here.till, 'stop'), 'stopped')
  const cancel = await here.till.post(`/v1/cashier/orders/${id}/cancel`, {})
  assert.equal(cancel.json().code, 'order_step_impossible')
})

test('P5-I3 a tab and an order of somebody else are as if they were not there; staff sell, the owner sets prices', async () => {
  const [here, there] = [await bar(), await bar()]
  const { who, purse } = await member(here.merchant, '50.00')
  const tab = await sit(who, purse, here)
  const { id } = (await order(who, tab, here.item)).json()
  const stranger = await api.as('consumer')
  for (const one of [stranger, there.till]) {
    assert.equal((await one.get(`/v1/cashier/tabs/${tab}`)).statusCode, 404)
    assert.equal((await one.post(`/v1/cashier/orders/${id}/cancel`, {})).statusCode, 404)
    assert.equal((await one.get(`/v1/cashier/dockets/${id}`)).statusCode, 404)
    assert.equal((await order(one, tab, here.item)).statusCode, 404)
  }
  assert.equal((await order(here.till, tab, here.item)).statusCode, 404, 'nor orders the staff')
  const settings = { cutOff: 0, serviceBps: 3000, taxBps: 0 }
  const set = await here.till.put(`${at(here.merchant)}/outlets/${here.outlet}`, settings)
  assert.equal(set.statusCode, 403)
  const elsewhere = await who.post(`/v1/cashier/purses/${purse}/tabs`, { token: there.token })
  assert.equal(elsewhere.json().code, 'purse_of_another_merchant')
  const stock = await here.till.patch(`${at(here.merchant)}/items/${here.item}`, { soldOut: true })
  assert.equal(stock.json().soldOut, true)
  const gone = await order(who, tab, here.item)
  assert.deepEqual([gone.statusCode, gone.json().code], [409, 'item_sold_out'])
})

test('P5-02 a platform that tells nobody’s account is not offered, and nobody is sent to a foreign page', async () => {
  const here = await bar()
  const { who, purse } = await member(here.merchant)
  const of = `/v1/cashier/purses/${purse}`
  const known = (await who.get(`${of}/bindings`)).json()
  assert.deepEqual([known.rows, known.platformScope], [[], false])
  const go = (gateway: string, returnUrl: string) =>
    who.post(`${of}/visits`, { gateway, returnUrl })
  const away = await go('wallet', 'https://evil.test/back')
  assert.deepEqual([away.statusCode, away.json().errors[0].pointer], [400, '/returnUrl'])
  if (!known.gateways.includes('wallet')) {
    const none = await go('wallet', `${origin}/cashier/back`)
    assert.deepEqual([none.statusCode, none.json().code], [409, 'binding_not_offered'])
  }
  const ended = await who.post(`${of}/bindings/wallet/end`, {}, wish())
  assert.deepEqual([ended.statusCode, ended.json().code], [404, 'no_such_binding'])
})
