import assert from 'node:assert/strict'
import { test } from 'node:test'
import { setTimeout as sleep } from 'node:timers/promises'
import {
  openTab,
  placeOrder,
  putCategory,
  putItem,
  putPlace,
  readTab,
  takeStep,
} from '@bursar/cashier'
import { useTown } from '@bursar/custody/testing'
import { newId } from '@bursar/kernel'
import { cny } from '@bursar/money'
import { startWorker } from './worker.ts'

const town = useTown()
const quiet = { info: () => undefined, warn: () => undefined }

test('P5-I7 a tab that was left open is checked out without anybody asking', async () => {
  const { books } = town
  const merchant = await town.merchant()
  const { person: by, purse } = await town.member(merchant, '50.00')
  const [outlet, category, item, order] = [newId('out'), newId('cat'), newId('itm'), newId('gds')]
  await books.sql`
    insert into parties.outlet (id, merchant, name, address) values (${outlet}, ${merchant}, '店', '路')`
  const listed = { merchant, name: '啤酒', rank: 1, offered: true }
  await putCategory(books, { id: category, ...listed })
  const sold = { station: 'bar', price: cny('38.00'), happyHour: null, modifiers: [] } as const
  await putItem(books, { id: item, ...listed, category, ...sold })
  const sits = { merchant, outlet, kind: 'table', open: true } as const
  const { token } = await putPlace(books, { ...sits, id: newId('plc'), name: 'A1' })
  const { id: place } = await putPlace(books, { ...sits, id: newId('plc'), name: 'A2' })
  const open = await openTab(books, { id: newId('tab'), purse, token, by })
  // Another one, of the day before.
  const tab = newId('tab')
  await books.sql`
    insert into cashier.tab (id, book, merchant, outlet, place, purse, person, currency, service_bps,
      tax_bps, opened_at, closes_at)
    select ${tab}, book, merchant, outlet, ${place}, purse, person, currency, service_bps, tax_bps,
      opened_at - interval '1 day', now() from cashier.tab where id = ${open}`
  await placeOrder(books, { id: order, tab, lines: [{ item, count: 1 }], by })
  await takeStep(books, { order, step: 'accept', by })

  const ports = { wallets: [town.wallet.wallet], bank: {} as never, logger: quiet }
  const worker = startWorker({ books, ...ports, every: { tabs: 20 } })
  const state = async () => (await readTab(books, tab)).state
  for (let left = 300; (await state()) === 'open'; left--) {
    assert.ok(left > 0, 'Within six seconds.')
    await sleep(20)
  }
  await worker.stop()
  const { ended, total } = await readTab(books, tab)
  assert.deepEqual([ended, total], ['forgotten', cny('38.00')])
  assert.equal((await readTab(books, open)).state, 'open', 'today’s is not')
})
