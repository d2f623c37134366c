/**
 * A guest orders. It is hot: the orders that come while others commit go together, however many tabs they are of.
 *
 *   facts   the tabs, which nobody ends meanwhile, and the items, whose stock nobody else takes
 *   plan    at the prices of the moment: one pend, purse → earned
 *   ride    the orders, their lines, their holds, and what is taken from the stock
 *
 * The dockets are written and numbered by the table, in the same statement. Two orders of one batch may want the same
 * last beer: then the table refuses the batch, and each is asked alone.
 */
import {
  directoryOf,
  explainLicence,
  holding,
  mustBeGoodAt,
  mustBeOpen,
  type HoldId,
} from '@bursar/custody'
import {
  minuteOfDay,
  Refusal,
  type Books,
  type MerchantId,
  type PersonId,
  type Sql,
} from '@bursar/kernel'
import type { Command, Facts, Plan, Ride } from '@bursar/ledger'
import { equal, type Money } from '@bursar/money'
import { within, type ItemId } from './catalogue.ts'
import type { OrderId } from './holds.ts'
import { topUpNeeded } from './moment.ts'
import { digestOf, madeBefore, type NewLine } from './orders.ts'
import { costOf, type Cost } from './prices.ts'
import type { Refused } from './refused.ts'
import { findTab, findTabs, type TabFacts, type TabId } from './tabs.ts'

export type Wanted = Readonly<{ item: ItemId; count: number; modifiers?: readonly string[] }>
export type OrderAsk = Readonly<{
  id: OrderId
  tab: TabId
  lines: readonly Wanted[]
  note?: string
  /** What the guest was shown, with all that comes on top. Not part of what was ordered: asked again, it is not looked at. */
  total?: Money
  by: PersonId
  at?: Date
}>

type Item = Readonly<{
  id: ItemId
  merchant: MerchantId
  name: string
  station: 'bar' | 'kitchen'
  minor: bigint
  happyMinor: bigint | null
  from: number
  to: number
  stock: number | null
  soldOut: boolean
}>
type Extra = Readonly<{ item: ItemId; name: string; minor: bigint }>
type Fact = Readonly<{
  tab: TabFacts | undefined
  /** The digest of what was ordered under this id before. */
  known: string | undefined
  items: ReadonlyMap<ItemId, Item>
  extras: ReadonlyMap<string, bigint>
}>

/** What an order rests on: itself, its tab, its items. */
type Key = readonly [OrderId, TabId, ...ItemId[]]
const keyOf = ({ id, tab, lines }: OrderAsk): string =>
  JSON.stringify([id, tab, ...new Set(lines.map(({ item }) => item))] satisfies Key)
const extraKey = (item: ItemId, name: string) => `${item} ${name}`

const orderFacts: Facts<Fact> = async (sql, keys) => {
  const wanted = keys.map(key => JSON.parse(key) as Key)
  const ids = [...new Set(wanted.flatMap(([, , ...some]) => some))]
  const tabs = new Map((await tabsFor(sql, wanted)).map(tab => [tab.id, tab]))
  const orders = wanted.map(([order]) => order)
  const known = await sql<{ id: OrderId; asked: string }>`
    select id, asked from cashier.goods_order where id = any(${orders}::text[])`
  const asked = new Map(known.map(row => [row.id, row.asked]))
  const { items, extras } = await offered(sql, ids)
  return new Map(
    keys.map((key, place) => {
      const [order, tab] = wanted[place]!
      return [key, { tab: tabs.get(tab), known: asked.get(order), items, extras }]
    }),
  )
}

/** Whoever changes a tab has it alone; those who order do not mind one another. */
async function tabsFor(sql: Sql, wanted: readonly Key[]): Promise<TabFacts[]> {
  const ids = [...new Set(wanted.map(([, tab]) => tab))]
  await sql`select from cashier.tab where id = any(${ids}::text[]) order by id for share`
  return await findTabs(sql, ids)
}

async function offered(sql: Sql, ids: readonly ItemId[]) {
  const items = await sql<Item>`
    select i.id, i.merchant, i.name, i.station, i.minor, i.happy_minor as "happyMinor", i.happy_from as from,
      i.happy_to as to, i.stock, i.sold_out as "soldOut"
    from cashier.item i
    where i.id = any(${ids}::text[]) and i.offered order by i.id for no key update`
  const extras = await sql<Extra>`
    select item, name, minor from cashier.modifier where item = any(${ids}::text[]) and offered`
  return {
    items: new Map(items.map(item => [item.id, item])),
    extras: new Map(extras.map(({ item, name, minor }) => [extraKey(item, name), minor])),
  }
}

/** Never answered: it was placed before, as it is asked for now. */
const placedBefore = 'placed_before'

export async function placeOrder(books: Books, ask: OrderAsk): Promise<OrderId> {
  const { book, merchant, currency, purse } = await whereabouts(books, ask.tab)
  const directory = directoryOf(books)
  const standing = await directory.merchant(merchant)
  const facts = await directory.purse(purse)
  const home = await directory.merchant(facts.merchant)
  const lawful = await directory.lawful(facts.scope)
  const asked = digestOf([ask.tab, ask.lines, ask.note ?? null])
  const command: Command<Fact> = {
    ...{ book, facts: orderFacts, key: keyOf(ask) },
    plan(now, fact) {
      const { tab, known } = fact!
      if (known !== undefined)
        throw new Refusal(known === asked ? placedBefore : 'id_already_used', { id: ask.id })
      if (!tab || tab.person !== ask.by) throw new Refusal<Refused>('no_such_tab', { tab: ask.tab })
      if (tab.state !== 'open')
        throw new Refusal<Refused>('tab_ended', { tab: tab.id, state: tab.state })
      mustBeOpen(standing)
      mustBeGoodAt(facts, { home, merchant: standing }, lawful)
      const at = ask.at ?? now
      const lines = priced(fact!, tab, ask.lines, at)
      const goods = lines.reduce((sum, { unit, count }) => sum + unit * BigInt(count), 0n)
      const cost = costOf(goods, tab)
      mustBeAsShown(ask, { minor: cost.total, currency })
      return planOf(ask, tab, { asked, at, lines, cost, items: fact!.items })
    },
  }
  try {
    const { again } = await books.submit(command)
    // Another server has placed it in this moment: for the same things?
    if (again) await madeBefore(books.sql, ask.id, asked)
  } catch (error) {
    if (!(error instanceof Refusal)) explainLicence(error)
    if (error.code === 'insufficient_funds') throw topUpNeeded(error, currency)
    if (error.code !== placedBefore) throw error
  }
  return ask.id
}

/** A happy hour has ended, or a price was changed, while the guest was reading. */
function mustBeAsShown({ total }: OrderAsk, now: Money): void {
  if (total && !equal(total, now))
    throw new Refusal<Refused>('prices_changed', { amount: total, now })
}

type Where = Pick<TabFacts, 'book' | 'merchant' | 'currency' | 'purse'>
const remembered = 100_000
const knownTabs = new WeakMap<Books, Map<TabId, Where>>()

/** What never changes of a tab, remembered: the order itself asks for the rest. */
async function whereabouts(books: Books, id: TabId): Promise<Where> {
  const known = knownTabs.get(books) ?? new Map<TabId, Where>()
  knownTabs.set(books, known)
  const there = known.get(id)
  if (there) return there
  const { book, merchant, currency, purse } = await findTab(books.sql, id)
  if (known.size >= remembered) known.clear()
  const where = { book, merchant, currency, purse }
  known.set(id, where)
  return where
}

/** At the prices of the moment. */
function priced(
  { items, extras }: Fact,
  { merchant, zone }: TabFacts,
  wanted: readonly Wanted[],
  at: Date,
): NewLine[] {
  const lines = wanted.map(({ item: id, count, modifiers = [] }): NewLine => {
    const item = items.get(id)
    if (!item || item.merchant !== merchant)
      throw new Refusal<Refused>('item_not_offered', { item: id })
    const happy = item.happyMinor !== null && within(item, minuteOfDay(at, zone))
    const more = modifiers.map(name => {
      const minor = extras.get(extraKey(id, name))
      if (minor === undefined)
        throw new Refusal<Refused>('item_not_offered', { item: id, modifier: name })
      return minor
    })
    const unit = more.reduce((sum, minor) => sum + minor, happy ? item.happyMinor : item.minor)
    return { item: id, name: item.name, modifiers, station: item.station, unit, count }
  })
  for (const [id, count] of countsOf(lines)) {
    const { name, stock, soldOut } = items.get(id)!
    if (soldOut || (stock !== null && stock < count))
      throw new Refusal<Refused>('item_sold_out', { item: id, name, left: soldOut ? 0 : stock })
  }
  return lines
}

function countsOf(lines: readonly NewLine[]): Map<ItemId, number> {
  const counts = new Map<ItemId, number>()
  for (const { item, count } of lines) if (item) counts.set(item, (counts.get(item) ?? 0) + count)
  return counts
}

const orderColumns = {
  id: 'text',
  tab: 'text',
  merchant: 'text',
  outlet: 'text',
  state: 'text',
  goods: 'bigint',
  service: 'bigint',
  tax: 'bigint',
  total: 'bigint',
  asked: 'text',
  note: 'text',
  placed_by: 'text',
  placed_at: 'timestamptz',
}
const orderNames = Object.keys(orderColumns).join(', ')
const orderRow: Ride = {
  statement: `insert into cashier.goods_order (${orderNames}) select ${orderNames} from $rows`,
  columns: orderColumns,
}
const lineRow: Ride = {
  statement: `insert into cashier.line (goods_order, n, item, name, modifiers, station, unit, count, minor)
              select goods_order, n, item, name, array(select jsonb_array_elements_text(modifiers)), station, unit,
                count, unit * count from $rows`,
  columns: {
    goods_order: 'text',
    n: 'integer',
    item: 'text',
    name: 'text',
    modifiers: 'jsonb',
    station: 'text',
    unit: 'bigint',
    count: 'integer',
  },
}
const holdRow: Ride = {
  statement:
    'insert into cashier.hold (id, goods_order, n, minor) select id, goods_order, 1, minor from $rows',
  columns: { id: 'text', goods_order: 'text', minor: 'bigint' },
}
const stockTaken: Ride = {
  statement: `update cashier.item i set stock = i.stock - taken.count
              from (select item, sum(count)::int as count from $rows group by item) as taken
              where i.id = taken.item and i.stock is not null`,
  columns: { item: 'text', count: 'integer' },
}

type Priced = Readonly<{
  asked: string
  at: Date
  lines: readonly NewLine[]
  cost: Cost
  items: ReadonlyMap<ItemId, Item>
}>

function planOf(ask: OrderAsk, tab: TabFacts, { asked, at, lines, cost, items }: Priced): Plan {
  const { id, note = null, by } = ask
  const { merchant, outlet } = tab
  const hold: HoldId = `hld_${id.slice('gds_'.length)}`
  const { goods, service, tax, total } = cost
  const order = [
    ...[id, tab.id, merchant, outlet, 'placed'],
    ...[goods, service, tax, total, asked, note, by, at],
  ]
  const counted = [...countsOf(lines)].filter(([item]) => items.get(item)!.stock !== null)
  return {
    entries: [holding(tab, { id: hold, minor: total, subject: id })],
    rides: [
      { ride: orderRow, row: order },
      ...lines.map(({ item, name, modifiers, station, unit, count }, n) => ({
        ride: lineRow,
        row: [id, n + 1, item, name, modifiers, station, unit, count],
      })),
      { ride: holdRow, row: [hold, id, total] },
      ...counted.map(row => ({ ride: stockTaken, row })),
    ],
  }
}
