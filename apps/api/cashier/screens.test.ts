/** Merchants' screens over a real connection: what is told, to whom, and that nobody else is. */
import assert from 'node:assert/strict'
import { once } from 'node:events'
import { get, type IncomingMessage } from 'node:http'
import type { AddressInfo } from 'node:net'
import { test } from 'node:test'
import { setTimeout as sleep } from 'node:timers/promises'
import { newId, type MerchantId } from '@bursar/kernel'
import { addOutlet } from '@bursar/parties'
import { cny, useShops, wish } from '../custody/testing.ts'
import type { Client } from '../testing.ts'

const { api, shop, member } = await useShops()
const at = (merchant: MerchantId) => `/v1/cashier/merchants/${merchant}`

/** A bar that sells beer, and a guest with an open tab. */
async function evening() {
  const { id: merchant, till } = await shop()
  const owner = await api.as('owner', { merchant })
  const [outlet, category, item] = [newId('out'), newId('cat'), newId('itm')]
  await addOutlet(api.books, { id: outlet, merchant, name: '夜航船', address: '巨鹿路 1 号' })
  const listed = { name: '酒水', rank: 1, offered: true }
  await owner.put(`${at(merchant)}/categories/${category}`, listed)
  const sold = { station: 'bar', price: cny('30.00'), category, modifiers: [] }
  await owner.put(`${at(merchant)}/items/${item}`, { ...listed, name: '啤酒', ...sold })
  const sits = { outlet, kind: 'table', name: 'A1', open: true }
  const { token } = (await owner.put(`${at(merchant)}/places/${newId('plc')}`, sits)).json()
  const { who, purse } = await member(merchant, '100.00')
  const tab = (await who.post(`/v1/cashier/purses/${purse}/tabs`, { token })).json().id
  const order = async () => {
    const ask = { lines: [{ item, count: 1 }] }
    const placed = await who.post(`/v1/cashier/tabs/${tab}/orders`, ask, wish())
    assert.equal(placed.statusCode, 201, placed.body)
    return placed.json().id as string
  }
  return { merchant, till, order }
}

/** What a screen has been told so far, as `event data`. */
async function screen(who: Client, merchant: MerchantId) {
  if (!api.app.server.listening) await api.app.listen({ port: 0, host: '127.0.0.1' })
  const { port } = api.app.server.address() as AddressInfo
  const path = `${at(merchant)}/orders/told`
  const headers = { cookie: who.cookie, accept: 'text/event-stream' }
  const asked = get({ host: '127.0.0.1', port, path, headers })
  const [answer] = (await once(asked, 'response')) as [IncomingMessage]
  let text = ''
  answer.setEncoding('utf8').on('data', (part: string) => void (text += part))
  const rows = () =>
    [...text.matchAll(/event: orders\ndata: (.*)\n\n/g)].flatMap(
      ([, data]) => (JSON.parse(data!) as { rows: { id: string; state: string }[] }).rows,
    )
  const until = async (what: (row: { id: string; state: string }) => boolean) => {
    for (let left = 500; !rows().some(what); left--) {
      assert.ok(left > 0, `within ten seconds, of ${text}`)
      await sleep(20)
    }
  }
  return { status: answer.statusCode, rows, until, close: () => asked.destroy() }
}

test('P5-07 an order is on the merchant’s open screens without their asking, and so is what becomes of it', async () => {
  const here = await evening()
  const screens = [await screen(here.till, here.merchant), await screen(here.till, here.merchant)]
  // The server may be on its way to the database yet: then the screen is told that it has missed something.
  await sleep(200)
  const id = await here.order()
  for (const one of screens) await one.until(row => row.id === id && row.state === 'placed')
  await here.till.post(`/v1/cashier/orders/${id}/accept`, {})
  for (const one of screens) await one.until(row => row.id === id && row.state === 'accepted')
  for (const one of screens) one.close()
})

test('P5-07 a screen is told of its own merchant’s orders alone, and another’s people have none there', async () => {
  const [here, there] = [await evening(), await evening()]
  const mine = await screen(here.till, here.merchant)
  await sleep(200)
  const other = await there.order()
  const own = await here.order()
  await mine.until(row => row.id === own)
  assert.equal(
    mine.rows().some(row => row.id === other),
    false,
  )
  mine.close()
  const stranger = await screen(there.till, here.merchant)
  assert.equal(stranger.status, 404)
  stranger.close()
})

test('one person has twelve screens open at once and no more, and a closed one makes room', async () => {
  const here = await evening()
  const open = await Promise.all(Array.from({ length: 12 }, () => screen(here.till, here.merchant)))
  assert.deepEqual([...new Set(open.map(one => one.status))], [200])
  assert.equal((await screen(here.till, here.merchant)).status, 429)
  open[0]!.close()
  for (let left = 200, status = 0; status !== 200; left--) {
    assert.ok(left > 0, 'within ten seconds')
    const next = await screen(here.till, here.merchant)
    status = next.status!
    open.push(next)
    if (status !== 200) await sleep(50)
  }
  for (const one of open) one.close()
})
