/** A shop in a pool of its own, and one of each thing that a route can name, of somebody's there. */
import { randomUUID } from 'node:crypto'
import { openTab, placeOrder, putCategory, putItem, putPlace } from '@bursar/cashier'
import {
  admitMerchant,
  creditReceived,
  join,
  listSuspense,
  openPool,
  propose,
  spend,
} from '@bursar/custody'
import { createOrder } from '@bursar/integrators'
import { newId, type Books, type Id, type MerchantId, type PersonId } from '@bursar/kernel'
import { cny } from '@bursar/money'
import { addOutlet, foundInstitution } from '@bursar/parties'
import { request } from '@bursar/settlement'
import { heldTerminal, openCounter } from './notices/testing.ts'
import type { useApi } from './testing.ts'

type Api = ReturnType<typeof useApi>
type Named =
  | 'merchant'
  | 'purse'
  | 'spend'
  | 'request'
  | 'pool'
  | 'suspense'
  | 'proposal'
  | 'tab'
  | 'order'
  | 'shopOrder'
  | 'docket'
  | 'terminal'
export type Things = Readonly<Record<Named, Id>>

export type Shop = Readonly<{
  merchant: MerchantId
  owner: PersonId
  pool: Id<'pol'>
  book: number
  offices: Id<'ins'>[]
}>

export async function openShop(api: Api, book: number): Promise<Shop> {
  const { id: merchant, owner } = await api.merchant()
  const [pool, bank, supervisor] = [newId('pol'), newId('ins'), newId('ins')]
  await foundInstitution(api.books, { id: bank, kind: 'bank', name: '存管银行' })
  await foundInstitution(api.books, { id: supervisor, kind: 'supervisor', name: '监管' })
  await openPool(api.books, { id: pool, book, name: '资金池', currency: 'CNY', bank, supervisor })
  await admitMerchant(api.books, { merchant, pool })
  await openCounter(api.books, merchant)
  return { merchant, owner, pool, book, offices: [bank, supervisor] }
}

/** Somebody's purse at the shop, a spend from it, the shop's request, and money that somebody would send back. */
export async function thingsOf(
  { books }: Pick<Api, 'books'>,
  { merchant, owner, pool, book }: Shop,
  person: PersonId,
): Promise<Things> {
  const { id: purse } = await join(books, { person, merchant })
  const [sides, amount] = [
    { debit: 'pool/transit-in', credit: `purse/${purse}` },
    cny('10.00'),
  ] as const
  const had = { id: randomUUID(), event: 'test', amount: cny('12.00') }
  const post = { kind: 'post', ...had, ...sides } as const
  await books.submit({ book, plan: () => ({ entries: [post] }) })
  const spent = { id: newId('spd'), purse, merchant, by: person, amount }
  await spend(books, spent)
  const asked = { id: newId('stl'), merchant, by: owner, amount: cny('1.00') }
  await request(books, asked)
  const suspense = await stray(books, pool)
  const about = { id: newId('pro'), suspense, by: owner, reason: '不明' }
  const { id: proposal } = await propose(books, about)
  const sells = { merchant, amount, subject: '茶', reference: 'A-1', minutes: 60, by: owner }
  const { id: shopOrder } = await createOrder(books, { id: newId('ord'), ...sells })
  const { tab, order } = await ordered(books, merchant, purse, person)
  const terminal = await heldTerminal(books, { merchant, owner, person })
  const money = { spend: spent.id, request: asked.id, suspense, proposal, shopOrder }
  return { merchant, purse, pool, ...money, tab, order, docket: order, terminal }
}

/** A tab of this person's, with one order on it. */
async function ordered(books: Books, merchant: MerchantId, purse: Id<'pur'>, by: PersonId) {
  const [outlet, category, item, at] = [newId('out'), newId('cat'), newId('itm'), { merchant }]
  await addOutlet(books, { id: outlet, merchant, name: '店', address: '人民路 1 号' })
  const listed = { name: '啤酒', rank: 1, offered: true }
  await putCategory(books, { id: category, ...at, ...listed })
  const sold = { station: 'bar', price: cny('2.00'), happyHour: null, modifiers: [] } as const
  await putItem(books, { id: item, ...at, ...listed, category, ...sold })
  const sits = { id: newId('plc'), outlet, kind: 'table', name: 'A1', open: true } as const
  const { token } = await putPlace(books, { ...at, ...sits })
  const tab = await openTab(books, { id: newId('tab'), purse, token, by })
  const order = newId('gds')
  await placeOrder(books, { id: order, tab, lines: [{ item, count: 1 }], by })
  return { tab, order }
}

async function stray(books: Books, pool: Id<'pol'>): Promise<Id<'sus'>> {
  const event = newId('ntc')
  const notice = { gateway: 'bank', event, body: Buffer.from('{}') }
  const said = { payer: '陌生人', reference: '货款', amount: cny('1.00') }
  await creditReceived(books, { ...notice, ...said, pool })
  return (await listSuspense(books, { q: event }))[0]!.id
}
