/** Tabs as they are shown: in lists, and one with all its orders. */
import {
  Refusal,
  type Books,
  type MerchantId,
  type OutletId,
  type PersonId,
  type PurseId,
} from '@bursar/kernel'
import type { Money } from '@bursar/money'
import type { PlaceId } from './places.ts'
import type { Tops } from './prices.ts'
import type { Refused } from './refused.ts'
import { ordersOf, type Order, type Sums } from './shownOrders.ts'
import type { Ended, StepName, TabId, TabState } from './tabs.ts'
import { containing } from './words.ts'

export type TabRow = Readonly<{
  id: TabId
  merchant: MerchantId
  merchantName: string
  outlet: OutletId
  outletName: string
  place: PlaceId
  placeName: string
  purse: PurseId
  person: PersonId
  personName: string | null
  state: TabState
  openedAt: Date
  closesAt: Date
  servedBy: PersonId | null
  held: Money
  discount: Money
  discountReason: string | null
  tip: Money
  total: Money
  spend: `spd_${string}` | null
  number: string | null
  ended: Ended | null
  closedAt: Date | null
  /** When time on it stops, because the purse bears no more; the first of several. */
  stopsAt: Date | null
}>
export type Tab = TabRow &
  Tops &
  Readonly<{
    goods: Money
    service: Money
    tax: Money
    orders: readonly Order[]
    steps: readonly Readonly<{
      name: StepName
      about: string
      by: PersonId | null
      at: Date
      reason: string | null
    }>[]
  }>

export type TabsAsk = Readonly<{
  state?: TabState
  outlet?: OutletId
  q?: string
  from?: Date
  to?: Date
  /** Who has yet to count does not see what was checked out since (blind.ts). */
  countsFrom?: Date | null
  cursor?: string
  limit?: number
}>
type Sum = 'held' | 'discount' | 'tip' | 'total'
type TabSql = Omit<TabRow, Sum | 'stopsAt'> & Readonly<Record<Sum, bigint> & { currency: string }>

/** A merchant's tabs, newest first; `cursor` is the last row's id. */
export async function listTabs(
  books: Books,
  ask: TabsAsk & { merchant: MerchantId },
): Promise<TabRow[]> {
  const { merchant, state = null, outlet = null, from = null, to = null } = ask
  const { countsFrom = null, cursor = null, limit = 50 } = ask
  const q = containing(ask.q)
  const rows = await books.sql<TabSql>`
    select t.* from cashier.shown_tab t
    where t.merchant = ${merchant}
      and (${state}::text is null or t.state = ${state})
      and (${outlet}::text is null or t.outlet = ${outlet})
      and (${from}::timestamptz is null or t."openedAt" >= ${from})
      and (${to}::timestamptz is null or t."openedAt" < ${to})
      and (${q}::text is null or concat_ws(' ', t.id, t."placeName", t."personName") ilike ${q})
      and (${countsFrom}::timestamptz is null or not exists (
        select from cashier.docket d where d.subject = t.id and d.at >= ${countsFrom}))
      and (${cursor}::text is null or (t."openedAt", t.id) <
        (select opened_at, id from cashier.tab where id = ${cursor}))
    order by t."openedAt" desc, t.id desc limit ${limit}`
  return await told(books, rows)
}

/** The tabs of one guest at one merchant, newest first. */
export async function listOwnTabs(
  books: Books,
  ask: Pick<TabsAsk, 'state' | 'cursor' | 'limit'> & { purse: PurseId },
): Promise<TabRow[]> {
  const { purse, state = null, cursor = null, limit = 50 } = ask
  const rows = await books.sql<TabSql>`
    select t.* from cashier.shown_tab t
    where t.purse = ${purse} and (${state}::text is null or t.state = ${state})
      and (${cursor}::text is null or (t."openedAt", t.id) <
        (select opened_at, id from cashier.tab where id = ${cursor}))
    order by t."openedAt" desc, t.id desc limit ${limit}`
  return await told(books, rows)
}

/** With when their time stops: one question for a page. */
async function told({ sql }: Books, rows: readonly TabSql[]): Promise<TabRow[]> {
  const ids = rows.filter(({ state }) => state === 'open').map(({ id }) => id)
  const stops = ids.length
    ? await sql<{ tab: TabId; at: Date }>`
        select o.tab, min(x.ends_at) as at
        from cashier.goods_order o join cashier.timer x on x.goods_order = o.id
        where o.tab = any(${ids}::text[]) and x.state = 'running' and x.short group by o.tab`
    : []
  const at = new Map(stops.map(one => [one.tab, one.at]))
  return rows.map(row => ({ ...tabOf(row), stopsAt: at.get(row.id) ?? null }))
}

function tabOf({ currency, held, discount, tip, total, ...row }: TabSql): Omit<TabRow, 'stopsAt'> {
  const money = (minor: bigint): Money => ({ minor, currency })
  return {
    ...row,
    ...{ held: money(held), discount: money(discount), tip: money(tip), total: money(total) },
  }
}

export async function readTab(books: Books, id: TabId, at?: Date): Promise<Tab> {
  const [[row], orders, steps] = await Promise.all([
    books.sql<TabSql & Tops>`
      select t.*, rates.service_bps as "serviceBps", rates.tax_bps as "taxBps"
      from cashier.shown_tab t join cashier.tab rates using (id) where t.id = ${id}`,
    ordersOf(books, id, at),
    books.sql<Tab['steps'][number]>`
      select name, about, taken_by as by, taken_at as at, reason
      from cashier.step where tab = ${id} order by n`,
  ])
  if (!row) throw new Refusal<Refused>('no_such_tab', { tab: id })
  const { serviceBps, taxBps, ...facts } = row
  const [tab] = (await told(books, [facts])) as [TabRow]
  const count = orders.filter(({ state }) => state !== 'refused' && state !== 'cancelled')
  const sum = (of: Sums): Money => ({
    minor: count.reduce((all, order) => all + order[of].minor, 0n),
    currency: tab.total.currency,
  })
  const sums = { goods: sum('goods'), service: sum('service'), tax: sum('tax') }
  return { ...tab, ...sums, serviceBps, taxBps, orders, steps }
}
