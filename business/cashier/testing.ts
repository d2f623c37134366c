/** A bar in custody's small town, for tests: places, things to drink, rates of time, guests with money. */
import { useTown } from '@bursar/custody/testing'
import { newId, type MerchantId, type OutletId, type PersonId, type PurseId } from '@bursar/kernel'
import { cny, format } from '@bursar/money'
import { putCategory, putItem, putPlan, type ItemId, type Plan, type PlanId } from './catalogue.ts'
import type { OrderId } from './holds.ts'
import { takeStep } from './orders.ts'
import { placeOrder, type Wanted } from './placing.ts'
import { placesOf, putPlace, setOutlet, type Place, type Settings } from './places.ts'
import { readOrder, type Order } from './shownOrders.ts'
import { readTab, type Tab } from './shownTabs.ts'
import { openTab, type TabId } from './tabs.ts'

export type Guest = { person: PersonId; purse: PurseId }
export type Bar = {
  merchant: MerchantId
  outlet: OutletId
  staff: PersonId
  places: Place[]
  /** By its name, which tells what it costs. */
  item(name: string): ItemId
}
type Town = Omit<ReturnType<typeof useTown>, 'database'>
type Opening = { settings?: Partial<Settings>; prices?: Record<string, string>; places?: number }

const usual = { beer: '38.00', cocktail: '62.00', fries: '40.00' }

async function openBar(
  town: Town,
  { settings = {}, prices = usual, places = 2 }: Opening = {},
): Promise<Bar> {
  const { books } = town
  const merchant = await town.merchant({ name: '夜航船' })
  const [outlet, staff] = [newId('out'), await town.person('阿明')]
  await books.sql`
    insert into parties.outlet (id, merchant, name, address)
    values (${outlet}, ${merchant}, '夜航船', '巨鹿路 1 号')`
  await books.sql`
    insert into parties.seat (organisation, person, role) values (${merchant}, ${staff}, 'staff')`
  await setOutlet(books, {
    ...{ merchant, outlet, cutOff: 360, serviceBps: 0, taxBps: 0, ...settings },
  })
  const category = newId('cat')
  await putCategory(books, { id: category, merchant, name: '酒水', rank: 1, offered: true })
  const items = new Map<string, ItemId>()
  for (const [name, price] of Object.entries(prices)) {
    const id = newId('itm')
    items.set(name, id)
    const rest = {
      station: 'bar',
      happyHour: null,
      offered: true,
      rank: 1,
      modifiers: [],
    } as const
    await putItem(books, { id, merchant, category, name, price: cny(price), ...rest })
  }
  for (let n = 1; n <= places; n++) {
    const place = { id: newId('plc'), merchant, outlet, kind: 'table', open: true } as const
    await putPlace(books, { ...place, name: `A${n}` })
  }
  const item = (name: string) => items.get(name)!
  return { merchant, outlet, staff, places: await placesOf(books, { merchant }), item }
}

/** Valid inside tests. */
export const useBar = (clock?: () => Date) => barIn(useTown(clock), clock)

export function barIn<Place extends Town>(town: Place, clock?: () => Date) {
  const at = () => (clock ? { at: clock() } : {})

  const sit = ({ person: by, purse }: Guest, { places }: Bar, place = 0): Promise<TabId> =>
    openTab(town.books, { id: newId('tab'), purse, token: places[place]!.token, by, ...at() })

  /** Ordered by the guest, and accepted. */
  async function order(guest: Guest, tab: TabId, { item, staff: by }: Bar, ...names: string[]) {
    const lines = names.map((name): Wanted => ({ item: item(name), count: 1 }))
    const ask = { id: newId('gds'), tab, lines, by: guest.person, ...at() }
    const id = await placeOrder(town.books, ask)
    await takeStep(town.books, { order: id, step: 'accept', by, ...at() })
    return id
  }

  async function plan({ merchant }: Bar, more: Partial<Plan> = {}): Promise<PlanId> {
    const id = newId('pln')
    const rate = { base: cny('0.00'), baseMinutes: 0, step: cny('1.00'), stepMinutes: 5 }
    const rest = { night: null, pausable: true, offered: true, name: '上网' }
    await putPlan(town.books, { id, merchant, ...rate, ...rest, ...more })
    return id
  }

  return Object.assign(town, {
    bar: (opening?: Opening) => openBar(town, opening),
    ...{ sit, order, plan },
    /** In the one order of lives: as of the test's clock. */
    tab: (id: TabId): Promise<Tab> => readTab(town.books, id, clock?.()),
    goodsOrder: (id: OrderId): Promise<Order> => readOrder(town.books, id, clock?.()),
    /** What can be spent, as it is read. */
    left: async (purse: PurseId): Promise<string> =>
      format({ minor: await town.available(purse), currency: 'CNY' }),
    /** What the merchant has earned. */
    earned: async (merchant: MerchantId): Promise<string> =>
      format({ minor: await town.posted(`merchant/${merchant}/earned`), currency: 'CNY' }),
  })
}
