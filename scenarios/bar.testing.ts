/** A menu and one table at a shop: what a guest's phone finds behind the table's QR. */
import { placesOf, putCategory, putItem, putPlace } from '@bursar/cashier'
import { newId } from '@bursar/kernel'
import { cny } from '@bursar/money'
import { addOutlet } from '@bursar/parties'
import type { House, Shop } from './house.testing.ts'

const prices = { 啤酒: '38.00', 薯条: '40.00', 调酒: '62.00' }

/** Answers the path that the QR at the table leads to. */
export async function layTable({ books }: House, { id: merchant }: Shop): Promise<string> {
  const [outlet, category] = [newId('out'), newId('cat')]
  await addOutlet(books, { id: outlet, merchant, name: '夜航船', address: '巨鹿路 1 号' })
  await putCategory(books, { id: category, merchant, name: '酒水', rank: 1, offered: true })
  for (const [rank, [name, price]] of Object.entries(prices).entries())
    await putItem(books, {
      ...{ id: newId('itm'), merchant, category, name, price: cny(price), rank },
      ...{ station: 'bar', happyHour: null, offered: true },
      modifiers: name === '啤酒' ? [{ name: '大杯', price: cny('12.00') }] : [],
    })
  const sits = {
    id: newId('plc'),
    merchant,
    outlet,
    kind: 'table',
    name: 'A1',
    open: true,
  } as const
  await putPlace(books, sits)
  const [place] = await placesOf(books, { merchant })
  return `/cashier/places/${place!.token}`
}
