/**
 * An outlet's business day, from cut-off to cut-off, read off its dockets: as it stands (X), or once it has
 * ended (Z). Top-ups and refunds are the merchant's, since no outlet takes them: platform by platform.
 */
import { directoryOf } from '@bursar/custody'
import { Refusal, type Books, type MerchantId, type OutletId } from '@bursar/kernel'
import type { Money } from '@bursar/money'
import type { DocketKind } from './dockets.ts'
import type { OrderState } from './orders.ts'
import type { Ended } from './tabs.ts'

export type Total = Readonly<{ count: number; sum: Money }>
export type DayReport = Readonly<{
  day: string
  startsAt: Date
  endsAt: Date
  /** Nothing is added to it any more, but what becomes of its orders and refunds. */
  ended: boolean
  orders: readonly (Readonly<{ state: OrderState }> & Total)[]
  /** `sum` is what was paid: less the discounts, with the tips. */
  checkouts: readonly (Readonly<{ ended: Ended; tips: Money; discounts: Money }> & Total)[]
  platforms: readonly (Readonly<{ gateway: string; kind: 'top_up' | 'refund' }> & Total)[]
  /** The four kinds of dockets, with the first and the last number of each. */
  dockets: readonly Readonly<{ kind: DocketKind; count: number; first: string; last: string }>[]
  /** Open now, and what is held for them. */
  open: Total
}>

type Ask = Readonly<{ merchant: MerchantId; outlet: OutletId; day?: string; at?: Date }>
type Bounds = Readonly<{ day: string; startsAt: Date; endsAt: Date; ended: boolean }>
type Row<Of> = Of & Readonly<{ count: number; minor: bigint }>

/** Today, or the day that is asked for. */
export async function dayReport(books: Books, ask: Ask): Promise<DayReport> {
  const { currency } = await directoryOf(books).merchant(ask.merchant)
  const bounds = await boundsOf(books, ask)
  const on = { ...ask, day: bounds.day }
  const money = (minor: bigint): Money => ({ minor, currency })
  const told = <Of extends object>({ minor, ...row }: Row<Of>) => ({ ...row, sum: money(minor) })
  // One after another: a transaction may be what it is read in.
  const orders = await ordersOn(books, on)
  const checkouts = await checkoutsOn(books, on)
  const platforms = await platformsOn(books, on)
  const dockets = await docketsOn(books, on)
  const open = await openNow(books, on)
  return {
    ...bounds,
    orders: orders.map(row => told(row)),
    checkouts: checkouts.map(({ tips, discounts, ...row }) => ({
      ...told(row),
      ...{ tips: money(tips), discounts: money(discounts) },
    })),
    platforms: platforms.map(row => told(row)),
    dockets,
    open: told(open),
  }
}

async function boundsOf({ sql }: Books, { merchant, outlet, day, at }: Ask): Promise<Bounds> {
  const [bounds] = await sql<Bounds>`
    with asked as (
      select coalesce(${day ?? null}::date, cashier.day_of(o.merchant, o.id, now.at)) as day, now.at, o.zone,
        make_interval(mins => coalesce(s.cut_off, 360)) as cut_off
      from parties.outlet o
      cross join (select coalesce(${at ?? null}::timestamptz, now()) as at) as now
      left join cashier.outlet s on s.outlet = o.id
      where o.id = ${outlet} and o.merchant = ${merchant})
    select day::text as day, (day + cut_off) at time zone zone as "startsAt",
      (day + 1 + cut_off) at time zone zone as "endsAt", (day + 1 + cut_off) at time zone zone <= at as ended
    from asked`
  if (!bounds) throw new Refusal('no_such_outlet', { merchant, outlet })
  return bounds
}

type On = Ask & Readonly<{ day: string }>

const ordersOn = ({ sql }: Books, { merchant, outlet, day }: On) =>
  sql<Row<{ state: OrderState }>>`
    select o.state, count(*)::int as count, sum(o.total)::bigint as minor
    from cashier.docket d join cashier.goods_order o on o.id = d.subject
    where d.merchant = ${merchant} and d.kind = 'goods' and d.day = ${day}::date and d.outlet = ${outlet}
    group by o.state order by o.state`

const checkoutsOn = ({ sql }: Books, { merchant, outlet, day }: On) =>
  sql<Row<{ ended: Ended; tips: bigint; discounts: bigint }>>`
    select t.ended, count(*)::int as count, sum(t.total)::bigint as minor, sum(t.tip)::bigint as tips,
      sum(t.discount)::bigint as discounts
    from cashier.docket d join cashier.tab t on t.id = d.subject
    where d.merchant = ${merchant} and d.kind = 'checkout' and d.day = ${day}::date
      and d.outlet = ${outlet}
    group by t.ended order by t.ended`

/** A refund counts for what of it has not come back. */
const platformsOn = ({ sql }: Books, { merchant, day }: On) =>
  sql<Row<{ gateway: string; kind: 'top_up' | 'refund' }>>`
    select coalesce(t.gateway, r.gateway) as gateway, d.kind, count(distinct d.subject)::int as count,
      sum(coalesce(t.minor, r.minor))::bigint as minor
    from cashier.docket d
    left join custody.top_up t on d.kind = 'top_up' and t.id = d.subject
    left join custody.part r on d.kind = 'refund' and r.withdrawal = d.subject and r.state <> 'returned'
    where d.merchant = ${merchant} and d.kind in ('top_up', 'refund') and d.day = ${day}::date
      and num_nonnulls(t.id, r.id) > 0
    group by 1, 2 order by 1, 2 desc`

const docketsOn = ({ sql }: Books, { merchant, outlet, day }: On) =>
  sql<DayReport['dockets'][number]>`
    select d.kind, count(*)::int as count, cashier.number_of(d.kind, d.day, min(d.number)) as first,
      cashier.number_of(d.kind, d.day, max(d.number)) as last
    from cashier.docket d
    where d.merchant = ${merchant} and d.day = ${day}::date and (d.outlet = ${outlet} or d.outlet is null)
    group by d.kind, d.day
    order by array_position(array['top_up', 'goods', 'checkout', 'refund'], d.kind)`

async function openNow({ sql }: Books, { merchant, outlet }: On): Promise<Row<object>> {
  const [row] = await sql<Row<object>>`
    select count(*)::int as count, coalesce(sum(t.held), 0)::bigint as minor
    from cashier.shown_tab t
    where t.merchant = ${merchant} and t.outlet = ${outlet} and t.state = 'open'`
  return row!
}
