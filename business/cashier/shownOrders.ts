/** Goods orders as they are shown: to the guest, and on the merchant's screen. */
import { Refusal, type Books, type MerchantId, type OutletId, type PersonId } from '@bursar/kernel'
import type { Money } from '@bursar/money'
import type { PlanId } from './catalogue.ts'
import type { OrderId } from './holds.ts'
import type { NewLine, OrderState } from './orders.ts'
import type { PlaceId } from './places.ts'
import { costOf, priceOf, type Rate, type Tops } from './prices.ts'
import type { Refused } from './refused.ts'
import type { TabId } from './tabs.ts'
import { minutesOf, type TimerState } from './time.ts'
import { containing } from './words.ts'

export type Line = Omit<NewLine, 'unit'> & Readonly<{ unit: Money; amount: Money }>
export type TimeUsed = Readonly<{
  plan: PlanId
  state: TimerState
  startedAt: Date
  stoppedAt: Date | null
  pausable: boolean
  minutes: number
  cost: Money
  endsAt: Date | null
  short: boolean
}>
export type Order = Readonly<{
  id: OrderId
  number: string
  tab: TabId
  state: OrderState
  goods: Money
  service: Money
  tax: Money
  total: Money
  note: string | null
  reason: string | null
  placedAt: Date
  answeredAt: Date | null
  endedAt: Date | null
  place: PlaceId
  placeName: string
  person: PersonId
  personName: string | null
  lines: readonly Line[]
  timer: TimeUsed | null
}>
export type Sums = 'goods' | 'service' | 'tax' | 'total'
type OrderRow = Omit<Order, Sums | 'lines' | 'timer'> &
  Readonly<Record<Sums, bigint>> &
  Tops &
  Readonly<{ currency: string; merchant: MerchantId; outlet: OutletId }>

export type OrdersAsk = Readonly<{
  merchant: MerchantId
  state?: OrderState
  /** What is not delivered yet, oldest first. */
  waiting?: boolean
  outlet?: OutletId
  place?: PlaceId
  /** `made`: at the bar or in the kitchen, as all but time is. */
  station?: 'bar' | 'kitchen' | 'made' | 'time'
  q?: string
  from?: Date
  to?: Date
  /** Who has yet to count does not see what is delivered and was checked out since (blind.ts). */
  countsFrom?: Date | null
  cursor?: string
  limit?: number
  /** As of when time is counted. */
  at?: Date
}>

/** A merchant's orders, newest first; `cursor` is the last row's id. */
export async function listOrders(books: Books, ask: OrdersAsk): Promise<Order[]> {
  if (ask.waiting) return await listWaiting(books, ask)
  const { merchant, state = null, outlet = null, place = null, station = null } = ask
  const { from = null, to = null, countsFrom = null, cursor = null, limit = 50 } = ask
  const q = containing(ask.q)
  const rows = await books.sql<OrderRow>`
    select o.* from cashier.shown_order o
    where o.merchant = ${merchant}
      and (${state}::text is null or o.state = ${state})
      and (${outlet}::text is null or o.outlet = ${outlet})
      and (${place}::text is null or o.place = ${place})
      and (${station}::text is null or exists (
        select from cashier.line l where l.goods_order = o.id
          and (l.station = ${station} or ${station} = 'made' and l.station <> 'time')))
      and (${from}::timestamptz is null or o."placedAt" >= ${from})
      and (${to}::timestamptz is null or o."placedAt" < ${to})
      and (${q}::text is null
           or concat_ws(' ', o.number, o.note, o."placeName", o."personName") ilike ${q})
      and (${countsFrom}::timestamptz is null or o.state <> 'delivered' or not exists (
        select from cashier.docket d where d.subject = o.tab and d.at >= ${countsFrom}))
      and (${cursor}::text is null or (o."placedAt", o.id) <
        (select placed_at, id from cashier.goods_order where id = ${cursor}))
    order by o."placedAt" desc, o.id desc limit ${limit}`
  return await filled(books, rows, ask.at)
}

/** What the merchant's screen shows: asked every few seconds, of what is open alone. */
async function listWaiting(books: Books, ask: OrdersAsk): Promise<Order[]> {
  const { merchant, state = null, outlet = null, place = null, station = null } = ask
  const { cursor = null, limit = 50 } = ask
  const q = containing(ask.q)
  const rows = await books.sql<OrderRow>`
    select o.* from cashier.shown_order o
    where o.merchant = ${merchant} and o.state in ('placed', 'accepted')
      and (${state}::text is null or o.state = ${state})
      and (${outlet}::text is null or o.outlet = ${outlet})
      and (${place}::text is null or o.place = ${place})
      and (${station}::text is null or exists (
        select from cashier.line l where l.goods_order = o.id
          and (l.station = ${station} or ${station} = 'made' and l.station <> 'time')))
      and (${q}::text is null
           or concat_ws(' ', o.number, o.note, o."placeName", o."personName") ilike ${q})
      and (${cursor}::text is null or (o."placedAt", o.id) >
        (select placed_at, id from cashier.goods_order where id = ${cursor}))
    order by o."placedAt", o.id limit ${limit}`
  return await filled(books, rows, ask.at)
}

/** Oldest first. An evening has tens of orders: 500 are shown. */
export async function ordersOf(books: Books, tab: TabId, at?: Date): Promise<Order[]> {
  const rows = await books.sql<OrderRow>`
    select o.* from cashier.shown_order o where o.tab = ${tab} order by o."placedAt", o.id limit 500`
  return await filled(books, rows, at)
}

type LineRow = Omit<Line, 'unit' | 'amount'> & { order: OrderId; unit: bigint; minor: bigint }
type TimerRow = Omit<TimeUsed, 'minutes' | 'cost'> &
  Rate & { order: OrderId; pausedAt: Date | null; pausedMs: bigint; minutes: number }

/** With their lines and their time: two questions for a page. */
async function filled(books: Books, rows: readonly OrderRow[], at = new Date()): Promise<Order[]> {
  const ids = rows.map(({ id }) => id)
  const [lines, timers] = await Promise.all([
    books.sql<LineRow>`
      select goods_order as order, item, name, modifiers, station, unit, count, minor
      from cashier.line where goods_order = any(${ids}::text[]) order by goods_order, n`,
    books.sql<TimerRow>`
      select goods_order as order, plan, state, started_at as "startedAt", stopped_at as "stoppedAt",
        pausable, ends_at as "endsAt", short, paused_at as "pausedAt", minutes,
        (extract(epoch from paused) * 1000)::bigint as "pausedMs", base_minor as "baseMinor",
        base_minutes as "baseMinutes", step_minor as "stepMinor", step_minutes as "stepMinutes"
      from cashier.timer where goods_order = any(${ids}::text[])`,
  ])
  const byOrder = Map.groupBy(lines, ({ order }) => order)
  const times = new Map(timers.map(timer => [timer.order, timer]))
  return rows.map(row => orderOf(row, byOrder.get(row.id) ?? [], times.get(row.id), at))
}

function orderOf(
  { currency, serviceBps, taxBps, merchant: _, outlet: __, ...row }: OrderRow,
  lines: readonly LineRow[],
  time: TimerRow | undefined,
  at: Date,
): Order {
  const money = (minor: bigint): Money => ({ minor, currency })
  const { goods, service, tax, total } = row
  return {
    ...row,
    ...{ goods: money(goods), service: money(service), tax: money(tax), total: money(total) },
    lines: lines.map(({ order: ___, unit, minor, ...line }) => ({
      ...line,
      // What time costs grows with it; its line says what it cost to begin.
      ...{ unit: money(time ? goods : unit), amount: money(time ? goods : minor) },
    })),
    timer: time ? timeOf(time, { serviceBps, taxBps }, money, at) : null,
  }
}

function timeOf(row: TimerRow, tops: Tops, money: (minor: bigint) => Money, at: Date): TimeUsed {
  const { plan, state, startedAt, stoppedAt, pausable, endsAt, short } = row
  const begun = minutesOf({ ...row, paused: Number(row.pausedMs) }, at)
  const minutes = state === 'stopped' ? row.minutes : Math.max(1, begun)
  const cost = money(costOf(priceOf(row, minutes), tops).total)
  return { plan, state, startedAt, stoppedAt, pausable, endsAt, short, minutes, cost }
}

/** Those that are there, oldest first. */
export async function readOrders(
  books: Books,
  ids: readonly OrderId[],
  at?: Date,
): Promise<Order[]> {
  const rows = await books.sql<OrderRow>`
    select o.* from cashier.shown_order o
    where o.id = any(${ids}::text[]) order by o."placedAt", o.id`
  return await filled(books, rows, at)
}

export async function readOrder(books: Books, id: OrderId, at?: Date): Promise<Order> {
  const rows = await books.sql<OrderRow>`select o.* from cashier.shown_order o where o.id = ${id}`
  const [order] = await filled(books, rows, at)
  if (!order) throw new Refusal<Refused>('no_such_goods_order', { order: id })
  return order
}
