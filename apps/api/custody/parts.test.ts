import assert from 'node:assert/strict'
import { test } from 'node:test'
import { newId, type MerchantId } from '@bursar/kernel'
import type { Client } from '../testing.ts'
import { useShops } from './testing.ts'

const { api, watcher, shop, member } = await useShops()

type Row = { id: string; state: string; reason?: string; why?: string; personName?: string }

/** A member's refund that the platform has accepted and cannot deliver, asked for an hour ago. */
async function stuck(merchant: MerchantId) {
  const { who, purse } = await member(merchant, '40.00')
  const [top] = await api.books.sql<{ id: string }>`
    select id from custody.top_up where purse = ${purse} and state = 'credited'`
  const [withdrawal, part, at] = [newId('wdr'), newId('wdp'), new Date(Date.now() - 3_600_000)]
  await api.books.sql`
    insert into custody.withdrawal (id, book, purse, minor, currency, asked_by, at)
    values (${withdrawal}, 1, ${purse}, 1000, 'CNY', ${who.person}, ${at})`
  await api.books.sql`
    insert into custody.part (id, withdrawal, book, gateway, order_no, top_up, minor, state, reason, asked_at)
    values (${part}, ${withdrawal}, 1, 'wallet', ${top!.id}, ${top!.id}, 1000, 'stuck', 'refund_abnormal', ${at})`
  return { who, purse, part, order: top!.id }
}
const rows = async (who: Client, path: string): Promise<Row[]> => (await who.get(path)).json().rows

test('P5-13 a refund that is stuck is told to the operator, the shop and the guest, in plain words, and to nobody else', async () => {
  const [{ id: merchant, till }, { till: stranger }] = [await shop(), await shop()]
  const { who, purse, part, order } = await stuck(merchant)
  const owner = await api.as('owner', { merchant })
  const [reviewer, supervisor] = [
    await api.as('reviewer'),
    await api.as('supervisor', { institution: watcher }),
  ]
  const ofShop = `/v1/custody/merchants/${merchant}/parts?state=open`
  for (const [client, path] of [
    [reviewer, `/v1/custody/parts?state=open&q=${order}`],
    [supervisor, `/v1/custody/parts?state=open&q=${order}`],
    [owner, ofShop],
  ] as const) {
    const [row] = await rows(client, path)
    assert.deepEqual([row?.id, row?.state, row?.reason], [part, 'stuck', 'refund_abnormal'])
    assert.match(row!.why!, /银行卡收不了款/)
  }
  assert.equal((await till.get(ofShop)).statusCode, 403, 'its staff sees no member’s account')
  assert.ok((await stranger.get(ofShop)).statusCode >= 403)
  const other = await api.as('supervisor')
  assert.deepEqual(await rows(other, `/v1/custody/parts?q=${order}`), [])
  const english = { headers: { 'accept-language': 'en', accept: 'text/csv' } }
  const sheet = (await owner.get(ofShop, english)).body.trim().split('\r\n')
  assert.equal(sheet.length, 2)
  assert.match(sheet[1]!, /does not take it/)
  const [docket] = (await who.get(`/v1/cashier/purses/${purse}/dockets?kind=refund`)).json().rows
  assert.equal(docket.state, 'stuck', 'it is not told as done')
})

test('P5-13 the operator and the owner ask again at once; whoever else may look asks nobody', async () => {
  const { id: merchant, till } = await shop()
  const owner = await api.as('owner', { merchant })
  const { part, order } = await stuck(merchant)
  const again = (client: Client) => client.post(`/v1/custody/parts/${part}/ask`, {})
  assert.equal((await again(till)).statusCode, 403)
  assert.equal((await again(await api.as('owner'))).statusCode, 404)
  const said = await again(owner)
  // The platform has paid it by now: it is booked when the platform's payout is there.
  assert.deepEqual([said.statusCode, said.json().state], [200, 'confirmed'], said.body)
  assert.equal((await again(await api.as('reviewer'))).json().state, 'confirmed')
  const open = await rows(owner, `/v1/custody/merchants/${merchant}/parts?state=open`)
  assert.deepEqual(
    open.map(({ id }) => id),
    [part],
    'as long as it has no end',
  )
  assert.deepEqual(
    await rows(owner, `/v1/custody/merchants/${merchant}/parts?state=stuck&q=${order}`),
    [],
  )
})
