import assert from 'node:assert/strict'
import { test } from 'node:test'
import { openShift } from '@bursar/cashier'
import { newId, type MerchantId } from '@bursar/kernel'
import { addOutlet, seat } from '@bursar/parties'
import { cny, pay, useShops, wish } from '../custody/testing.ts'
import { heldTerminal, openCounter } from '../notices/testing.ts'
import type { Client } from '../testing.ts'

const { api, shop, member } = await useShops()
const inCashier = (merchant: MerchantId) => `/v1/cashier/merchants/${merchant}`

/** A bar with one table and beer at 30.00, two outlets, an owner, the staff, and a guest with 100.00. */
async function bar() {
  const { id: merchant, till } = await shop()
  const owner = await api.as('owner', { merchant })
  const [outlet, other, category, item] = [newId('out'), newId('out'), newId('cat'), newId('itm')]
  await addOutlet(api.books, { id: outlet, merchant, name: '夜航船', address: '巨鹿路 1 号' })
  await addOutlet(api.books, { id: other, merchant, name: '二店', address: '巨鹿路 2 号' })
  const put = async (path: string, body: object) =>
    (await owner.put(`${inCashier(merchant)}/${path}`, body)).json()
  await put(`categories/${category}`, { name: '酒水', rank: 1, offered: true })
  const sold = { station: 'bar', price: cny('30.00'), category, modifiers: [] }
  await put(`items/${item}`, { name: '啤酒', rank: 1, offered: true, ...sold })
  const sits = { outlet, kind: 'table', name: 'A1', open: true }
  const { token } = await put(`places/${newId('plc')}`, sits)
  const guest = await member(merchant, '100.00')
  const evening = async () => {
    const tab = (await guest.who.post(`/v1/cashier/purses/${guest.purse}/tabs`, { token })).json()
      .id
    const ask = { lines: [{ item, count: 1 }] }
    const order = (await guest.who.post(`/v1/cashier/tabs/${tab}/orders`, ask, wish())).json()
    await till.post(`/v1/cashier/orders/${order.id}/accept`, {})
    await till.post(`/v1/cashier/orders/${order.id}/deliver`, {})
    const paid = await guest.who.post(`/v1/cashier/tabs/${tab}/checkout`, {}, wish())
    assert.equal(paid.statusCode, 200, paid.body)
  }
  return { merchant, till, owner, outlet, other, guest, evening }
}
type Bar = Awaited<ReturnType<typeof bar>>
const begin = async (who: Client, { merchant }: Bar, outlet: string) =>
  (await who.post(`${inCashier(merchant)}/outlets/${outlet}/shifts`, {})).json().id as string
const close = (who: Client, { merchant }: Bar, shift: string) =>
  who.post(`${inCashier(merchant)}/shifts/${shift}/close`, { counts: [] })
const rows = async (who: Client, path: string) => (await who.get(path)).json().rows.length

test('P5-22 whoever has a shift reads its takings by no door before the count; an owner by each', async () => {
  const here = await bar()
  const { merchant, till, owner } = here
  await here.evening()
  const custody = `/v1/custody/merchants/${merchant}`
  const sums = [`${custody}/takings`, `/v1/settlement/merchants/${merchant}/position`]
  const lists = [
    `${custody}/spends`,
    `${inCashier(merchant)}/tabs`,
    `${inCashier(merchant)}/orders`,
    `${inCashier(merchant)}/dockets?kind=checkout`,
  ]
  const shift = await begin(till, here, here.outlet)
  await here.evening()
  assert.equal((await pay(here.guest.who, here.guest.purse, merchant, '1.00')).statusCode, 201)
  const codes = async (who: Client) =>
    await Promise.all(sums.map(async path => (await who.get(path)).json().code ?? 'told'))
  const counted = async (who: Client) => await Promise.all(lists.map(path => rows(who, path)))
  // What was before stays, and so does what is charged at the till, which nobody counts.
  assert.deepEqual(
    [await codes(till), await counted(till)],
    [sums.map(() => 'count_first'), [2, 1, 1, 1]],
  )
  assert.deepEqual(
    [await codes(owner), await counted(owner)],
    [sums.map(() => 'told'), [3, 2, 2, 2]],
  )
  const sheet = await till.get(lists[0]!, { headers: { accept: 'text/csv' } })
  assert.equal(sheet.body.trim().split('\r\n').length, 1 + 2, 'a sheet is a list')
  assert.equal((await close(till, here, shift)).statusCode, 200)
  assert.deepEqual(
    [await codes(till), await counted(till)],
    [await codes(owner), await counted(owner)],
  )
})

test('P5-22 what another outlet’s shift was found to have is not told to whoever is still counting', async () => {
  const here = await bar()
  const { merchant, till, owner, outlet, other } = here
  const lin = await api.as('consumer')
  await seat(api.books, { merchant, person: lin.person, role: 'staff', by: owner.person })
  const mine = await begin(till, here, outlet)
  const theirs = await begin(lin, here, other)
  assert.ok((await close(lin, here, theirs)).json().counts.length > 0)
  const read = async (who: Client) =>
    (await who.get(`${inCashier(merchant)}/shifts/${theirs}`)).json().counts.length
  const listed = async (who: Client) =>
    (await who.get(`${inCashier(merchant)}/outlets/${other}/shifts`)).json().rows[0].counts.length
  assert.deepEqual([await read(till), await listed(till)], [0, 0])
  assert.deepEqual([await read(owner), await listed(owner)], [1, 1])
  await close(till, here, mine)
  assert.deepEqual([await read(till), await listed(till)], [1, 1])
})

test('P5-22 a day that ended while a shift was not counted is final to its counter once it is', async () => {
  const here = await bar()
  const { merchant, till, owner, outlet, other } = here
  const day = '2026-01-05'
  const finals = `${inCashier(merchant)}/outlets/${other}/z-reports`
  assert.equal((await till.post(finals, { day })).statusCode, 201)
  const shift = newId('shf')
  const began = new Date('2026-01-05T20:00:00Z')
  await openShift(api.books, { id: shift, merchant, outlet, by: till.person, at: began })
  assert.deepEqual([await rows(till, finals), await rows(owner, finals)], [0, 1])
  assert.equal((await till.get(`${finals}/1`)).json().code, 'count_first')
  assert.equal((await till.post(finals, { day })).json().code, 'count_first')
  assert.equal((await owner.get(`${finals}/1`)).statusCode, 200)
  await close(till, here, shift)
  assert.equal((await till.get(`${finals}/1`)).statusCode, 200)
})

test('P5-22 P4-13 the totals of a terminal are told to whoever has a shift once it is counted', async () => {
  const here = await bar()
  const { merchant, till, owner, outlet } = here
  await openCounter(api.books, merchant)
  const terminal = await heldTerminal(api.books, {
    ...{ merchant, owner: owner.person, person: till.person },
  })
  const totals = async () =>
    (await till.get(`/v1/notices/terminals/${terminal}/totals`)).json().code ?? 'told'
  assert.equal(await totals(), 'told')
  const shift = await begin(till, here, outlet)
  assert.equal(await totals(), 'count_first')
  await close(till, here, shift)
  assert.equal(await totals(), 'told')
})
