/** The end of the town's last day: what can be ordered at tables, and the tabs that are open. */
import {
  openTab,
  placeOrder,
  placesOf,
  putCategory,
  putItem,
  putPlace,
  putPlan,
  setOutlet,
  setStock,
  startTimer,
  takeStep,
} from '@bursar/cashier'
import { listMembers } from '@bursar/custody'
import { idFor, type Books, type Id } from '@bursar/kernel'
import { memberIdOf, merchantIdOf, outletIdOf, tillIdOf } from './founding.ts'
import { menus, seated, type Dish, type Menu, type Seated } from './menus.ts'
import { shops, type Shop } from './merchants.ts'

const cny = (minor: bigint) => ({ minor, currency: 'CNY' })
const shopOf = (key: string): Shop => shops.find(shop => shop.key === key)!
const idOf = <P extends string>(prefix: P, shop: string, name: string): Id<P> =>
  idFor(prefix, 'town', shop, name)

/** Asked again it changes nothing: the ids are the names. */
export async function spendEvening(books: Books, at: Date): Promise<void> {
  for (const menu of menus) await layTables(books, menu)
  for (const [n, table] of seated.entries()) await sit(books, table, n, at)
}

async function layTables(books: Books, menu: Menu): Promise<void> {
  const shop = shopOf(menu.shop)
  const [merchant, outlet] = [merchantIdOf(shop), outletIdOf(shop, 0)]
  await setOutlet(books, { merchant, outlet, cutOff: 360, serviceBps: menu.service, taxBps: 0 })
  for (const name of menu.places) {
    const kind = name === '吧台' ? 'seat' : name.startsWith('PC') ? 'pc' : 'table'
    await putPlace(books, {
      id: idOf('plc', menu.shop, name),
      merchant,
      outlet,
      kind,
      name,
      open: true,
    })
  }
  for (const [rank, [name, dishes]] of Object.entries(menu.categories).entries()) {
    const category = idOf('cat', menu.shop, name)
    await putCategory(books, { id: category, merchant, name, rank, offered: true })
    for (const [place, dish] of dishes.entries())
      await serve(books, menu, dish, { category, rank: rank * 100 + place })
  }
  for (const { name, minutes, fen, ...time } of menu.time ?? []) {
    const { base = 0n, lasts = 0, night = null, pausable = false } = time
    const rates = { base: cny(base), baseMinutes: lasts, step: cny(fen), stepMinutes: minutes }
    const rest = { night, pausable, offered: true }
    await putPlan(books, { id: idOf('pln', menu.shop, name), merchant, name, ...rates, ...rest })
  }
}

async function serve(
  books: Books,
  { shop }: Menu,
  { name, fen, kitchen, happy, stock, extras = {} }: Dish,
  place: { category: Id<'cat'>; rank: number },
): Promise<void> {
  const [merchant, id] = [merchantIdOf(shopOf(shop)), idOf('itm', shop, name)]
  const known = await books.sql`select from cashier.item where id = ${id}`
  // What was sold since is not there again.
  if (known.length) return
  await putItem(books, {
    ...{ id, merchant, name, ...place, offered: true, price: cny(fen) },
    station: kitchen ? 'kitchen' : 'bar',
    happyHour: happy ? { price: cny(happy), from: 15 * 60, to: 17 * 60 } : null,
    modifiers: Object.entries(extras).map(([extra, more]) => ({ name: extra, price: cny(more) })),
  })
  if (stock !== undefined) await setStock(books, { merchant, item: id, stock })
}

/** Members with enough in their purses: an evening at a table, or an hour at a PC; the first face keeps its own for its visitor. */
async function guestsAt(books: Books, shop: Shop, least: bigint) {
  const members = await listMembers(books, { merchant: merchantIdOf(shop), limit: 200 })
  return members
    .filter(({ person, balance }) => person !== memberIdOf(0) && balance.minor >= least)
    .toSorted((a, b) => (a.purse < b.purse ? -1 : 1))
}

async function sit(books: Books, table: Seated, n: number, at: Date): Promise<void> {
  const shop = shopOf(table.shop)
  const guests = await guestsAt(books, shop, table.time ? 2_000n : 15_000n)
  const guest = guests[n % guests.length]
  if (!guest) return
  const { purse, person: by } = guest
  const places = await placesOf(books, { merchant: merchantIdOf(shop) })
  const { token } = places.find(({ name }) => name === table.place)!
  const tab = await openTab(books, {
    id: idOf('tab', table.shop, table.place),
    purse,
    token,
    by,
    at,
  })
  if (table.time) {
    const plan = idOf('pln', table.shop, table.time)
    const id = idOf('gds', table.shop, `${table.place} ${table.time}`)
    await startTimer(books, { id, tab, plan, by, at })
  }
  for (const [place, [state, ...dishes]] of table.orders.entries()) {
    const id = idOf('gds', table.shop, `${table.place} ${place}`)
    const lines = dishes.map(name => ({ item: idOf('itm', table.shop, name), count: 1 }))
    await placeOrder(books, { id, tab, lines, by, at })
    const clerk = { order: id, by: tillIdOf(shop), at }
    const known = await books.sql<{ state: string }>`
      select state from cashier.goods_order where id = ${id}`
    if (known[0]?.state !== 'placed' || state === 'placed') continue
    await takeStep(books, { ...clerk, step: 'accept' })
    if (state === 'delivered') await takeStep(books, { ...clerk, step: 'deliver' })
  }
}
