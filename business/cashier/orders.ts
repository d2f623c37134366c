/**
 * Goods orders: what is ordered is held from the purse in the same commit, and free again when the
 * merchant refuses it or somebody cancels it before it is delivered. README.md has the states.
 */
import { createHash } from 'node:crypto'
import { directoryOf, mustBeOpen } from '@bursar/custody'
import { Refusal, type Books, type PersonId, type Sql, type Transaction } from '@bursar/kernel'
import { within, type ItemId } from './catalogue.ts'
import { free, holdMore, type OrderId } from './holds.ts'
import { momentOf, orTopUp } from './moment.ts'
import { minuteOfDay } from './places.ts'
import { costOf, type Cost } from './prices.ts'
import type { Refused } from './refused.ts'
import { lockOpenTab, lockTabOf, findTab, type TabFacts, type TabId } from './tabs.ts'

export type OrderState = 'placed' | 'accepted' | 'delivered' | 'refused' | 'cancelled'
export type Wanted = Readonly<{ item: ItemId; count: number; modifiers?: readonly string[] }>
export type OrderAsk = Readonly<{
  id: OrderId
  tab: TabId
  lines: readonly Wanted[]
  note?: string
  by: PersonId
  at?: Date
}>
/** A line as it is written down. `station` says where it is made; time is made nowhere. */
export type NewLine = Readonly<{
  item: ItemId | null
  name: string
  modifiers: readonly string[]
  station: 'bar' | 'kitchen' | 'time'
  unit: bigint
  count: number
}>

export async function placeOrder(books: Books, ask: OrderAsk): Promise<OrderId> {
  const { currency, merchant } = await findTab(books.sql, ask.tab)
  const standing = await directoryOf(books).merchant(merchant)
  const asked = digestOf([ask.tab, ask.lines, ask.note ?? null])
  await orTopUp(books, currency, async tx => {
    if (await madeBefore(tx.sql, ask.id, asked)) return
    const tab = await lockOpenTab(tx, ask.tab)
    if (await madeBefore(tx.sql, ask.id, asked)) return
    if (tab.person !== ask.by) throw new Refusal<Refused>('no_such_tab', { tab: tab.id })
    mustBeOpen(standing)
    const at = await momentOf(tx, tab.book, ask.at)
    const lines = await priced(tx, tab, ask.lines, at)
    const goods = lines.reduce((sum, { unit, count }) => sum + unit * BigInt(count), 0n)
    const { id, note = null, by } = ask
    await writeOrder(tx, tab, {
      ...{ id, asked, note, by, at, lines, state: 'placed' },
      cost: costOf(goods, tab),
    })
  })
  return ask.id
}

/** The same id must mean the same order. */
export async function madeBefore(sql: Sql, id: OrderId, asked: string): Promise<boolean> {
  const [known] = await sql<{ asked: string }>`
    select asked from cashier.goods_order where id = ${id}`
  if (known && known.asked !== asked) throw new Refusal('id_already_used', { id })
  return known !== undefined
}

export const digestOf = (what: unknown): string =>
  createHash('sha256').update(JSON.stringify(what)).digest('hex')

type ItemRow = Readonly<{
  id: ItemId
  name: string
  station: 'bar' | 'kitchen'
  minor: bigint
  happyMinor: bigint | null
  from: number
  to: number
  stock: number | null
  soldOut: boolean
}>

/** At the prices of the moment. What is counted is taken from the stock, under the items' locks. */
async function priced(
  tx: Transaction,
  { merchant, zone }: TabFacts,
  wanted: readonly Wanted[],
  at: Date,
): Promise<NewLine[]> {
  const ids = [...new Set(wanted.map(({ item }) => item))].toSorted()
  const rows = await tx.sql<ItemRow>`
    select i.id, i.name, i.station, i.minor, i.happy_minor as "happyMinor", i.happy_from as from,
      i.happy_to as to, i.stock, i.sold_out as "soldOut"
    from cashier.item i
    where i.id = any(${ids}::text[]) and i.merchant = ${merchant} and i.offered
    order by i.id for update`
  const extras = await tx.sql<{ item: ItemId; name: string; minor: bigint }>`
    select item, name, minor from cashier.modifier where item = any(${ids}::text[]) and offered`
  const items = new Map(rows.map(row => [row.id, row]))
  const minute = minuteOfDay(at, zone)
  const lines = wanted.map(({ item: id, count, modifiers = [] }): NewLine => {
    const item = items.get(id)
    if (!item) throw new Refusal<Refused>('item_not_offered', { item: id })
    const happy = item.happyMinor !== null && within(item, minute)
    const price = happy ? item.happyMinor! : item.minor
    const more = modifiers.map(name => {
      const extra = extras.find(one => one.item === id && one.name === name)
      if (!extra) throw new Refusal<Refused>('item_not_offered', { item: id, modifier: name })
      return extra.minor
    })
    const unit = more.reduce((sum, minor) => sum + minor, price)
    return { item: id, name: item.name, modifiers, station: item.station, unit, count }
  })
  await takeFromStock(tx, items, lines)
  return lines
}

async function takeFromStock(
  tx: Transaction,
  items: ReadonlyMap<ItemId, ItemRow>,
  lines: readonly NewLine[],
): Promise<void> {
  for (const [id, { name, stock, soldOut }] of items) {
    const count = lines.filter(line => line.item === id).reduce((sum, line) => sum + line.count, 0)
    if (soldOut || (stock !== null && stock < count))
      throw new Refusal<Refused>('item_sold_out', { item: id, name, left: soldOut ? 0 : stock })
  }
  await moveStock(tx, lines, -1)
}

async function moveStock(
  tx: Transaction,
  lines: readonly Pick<NewLine, 'item' | 'count'>[],
  sign: 1 | -1,
): Promise<void> {
  const ids = lines.map(({ item }) => item)
  const counts = lines.map(({ count }) => sign * count)
  await tx.sql`
    update cashier.item i set stock = i.stock + moved.count
    from (select id, sum(count)::int as count from unnest(${ids}::text[], ${counts}::int[]) as l (id, count)
          group by id) as moved
    where i.id = moved.id and i.stock is not null`
}

type NewOrder = Readonly<{
  id: OrderId
  asked: string
  note: string | null
  by: PersonId
  at: Date
  state: 'placed' | 'accepted'
  lines: readonly NewLine[]
  cost: Cost
}>

export async function writeOrder(tx: Transaction, tab: TabFacts, order: NewOrder): Promise<void> {
  const { id, asked, note, by, at, state, lines, cost } = order
  await tx.sql`
    insert into cashier.goods_order (id, tab, merchant, outlet, state, goods, service, tax, total, asked,
      note, placed_by, placed_at)
    values (${id}, ${tab.id}, ${tab.merchant}, ${tab.outlet}, ${state}, ${cost.goods}, ${cost.service},
      ${cost.tax}, ${cost.total}, ${asked}, ${note}, ${by}, ${at})`
  const written = lines.map(line => ({
    ...line,
    unit: String(line.unit),
    minor: String(line.unit * BigInt(line.count)),
  }))
  await tx.sql`
    insert into cashier.line (goods_order, n, item, name, modifiers, station, unit, count, minor)
    select ${id}, row_number() over (), l.item, l.name,
      array(select jsonb_array_elements_text(l.modifiers)), l.station, l.unit, l.count, l.minor
    from jsonb_to_recordset(${JSON.stringify(written)}::jsonb)
      as l (item text, name text, modifiers jsonb, station text, unit bigint, count int, minor bigint)`
  await holdMore(tx, tab, id, cost.total, at)
}

const steps = {
  accept: { from: ['placed'], to: 'accepted', frees: false },
  refuse: { from: ['placed'], to: 'refused', frees: true },
  deliver: { from: ['accepted'], to: 'delivered', frees: false },
  cancel: { from: ['placed', 'accepted'], to: 'cancelled', frees: true },
} as const satisfies Record<string, { from: OrderState[]; to: OrderState; frees: boolean }>

export type Taking = Readonly<{
  order: OrderId
  step: keyof typeof steps
  by: PersonId
  reason?: string
  at?: Date
}>
type Row = Readonly<{ state: OrderState; timed: boolean }>

/** Takes one step. Taking it again changes nothing. */
export async function takeStep(books: Books, taking: Taking): Promise<OrderId> {
  const { order, step, by, reason = null } = taking
  const { from, to, frees } = steps[step]
  return await books.write(async tx => {
    const tab = await lockTabOf(tx, order)
    const [row] = await tx.sql<Row>`
      select o.state, exists (select from cashier.timer t where t.goods_order = o.id) as timed
      from cashier.goods_order o where o.id = ${order}`
    const { state, timed } = row!
    if (state === to) return order
    const theirs = step !== 'cancel' || by !== tab.person || state === 'placed'
    const known: readonly OrderState[] = from
    if (tab.state !== 'open' || !known.includes(state) || !theirs)
      throw new Refusal<Refused>('order_step_impossible', { order, step, state })
    if (timed) throw new Refusal<Refused>('time_is_running', { order })
    if (step === 'refuse' && !reason) throw new Refusal('reason_missing', { field: 'reason' })
    const at = await momentOf(tx, tab.book, taking.at)
    await writeState(tx, { order, to, by, at, reason })
    if (frees) await giveBack(tx, tab, order)
    return order
  })
}

/** The first answer is the merchant's; what ends it comes after. */
export async function writeState(
  tx: Transaction,
  {
    order,
    to,
    by,
    at,
    reason = null,
  }: {
    order: OrderId
    to: OrderState
    by: PersonId | null
    at: Date
    reason?: string | null
  },
): Promise<void> {
  const answers = to === 'accepted' || to === 'refused'
  const ends = to !== 'accepted'
  await tx.sql`
    update cashier.goods_order set state = ${to}, reason = ${reason},
      answered_by = case when ${answers} then ${by} else answered_by end,
      answered_at = case when ${answers} then ${at}::timestamptz else answered_at end,
      ended_by = case when ${ends} then ${by} else ended_by end,
      ended_at = case when ${ends} then ${at}::timestamptz else ended_at end
    where id = ${order}`
}

/** The money is free, and what was counted is there again. */
export async function giveBack(tx: Transaction, tab: TabFacts, order: OrderId): Promise<void> {
  const lines = await tx.sql<{ item: ItemId | null; count: number }>`
    select item, count from cashier.line where goods_order = ${order}`
  await moveStock(tx, lines, 1)
  await free(tx, tab, order)
}
