/** The cashier as it goes over the wire. Null becomes absent; an instant becomes text; a sum becomes decimals. */
import type * as wire from '@bursar/contract'
import type { ReplyOf } from '@bursar/contract'
import type * as cashier from '@bursar/cashier'
import type { ItemId } from '@bursar/cashier'
import { toWire, type Money } from '@bursar/money'

type Item = ReplyOf<typeof wire.putItem>
type Plan = ReplyOf<typeof wire.putPlan>
type Order = ReplyOf<typeof wire.readTab>['orders'][number]
type DeskOrder = ReplyOf<typeof wire.listGoodsOrders>['rows'][number]
type TabRow = ReplyOf<typeof wire.listTabs>['rows'][number]
type Docket = ReplyOf<typeof wire.listDockets>['rows'][number]

export const itemView = (item: cashier.Item, now?: Money): Item => {
  const { id, category, name, station, price, happyHour, stock, soldOut, offered, rank } = item
  const { picture } = item
  return {
    ...{ id, category, name, station, price: toWire(price), soldOut, offered, rank },
    ...(happyHour && { happyHour: happyView(happyHour) }),
    ...(now && { now: toWire(now) }),
    ...(picture && { picture }),
    ...(stock !== null && { stock }),
    modifiers: item.modifiers.map(one => ({ name: one.name, price: toWire(one.price) })),
  }
}

const happyView = ({ price, off, from, to }: cashier.HappyHour) => ({
  ...{ price: toWire(price), from, to },
  ...(off !== null && { off }),
})

export const planView = ({ base, step, night, ...plan }: cashier.Plan): Plan => ({
  ...{ ...plan, base: toWire(base), step: toWire(step) },
  ...(night && { night }),
})

export const catalogueView = (
  { categories, items, plans }: cashier.Catalogue,
  now?: ReadonlyMap<ItemId, Money>,
): ReplyOf<typeof wire.readCatalogue> => ({
  categories,
  items: items.map(item => itemView(item, now?.get(item.id))),
  plans: plans.map(planView),
})

export function orderView(order: cashier.Order): Order {
  const { id, number, tab, state, goods, service, tax, total, note, reason } = order
  const { placedAt, answeredAt, endedAt, lines, timer } = order
  return {
    ...{ id, number, tab, state },
    ...{ goods: toWire(goods), service: toWire(service), tax: toWire(tax), total: toWire(total) },
    ...(note && { note }),
    ...(reason && { reason }),
    placedAt: placedAt.toISOString(),
    ...(answeredAt && { answeredAt: answeredAt.toISOString() }),
    ...(endedAt && { endedAt: endedAt.toISOString() }),
    lines: lines.map(({ item, name, modifiers, station, unit, count, amount }) => ({
      ...(item && { item }),
      ...{ name, modifiers: [...modifiers], station, unit: toWire(unit), count },
      amount: toWire(amount),
    })),
    ...(timer && { timer: timerView(timer) }),
  }
}

function timerView(timer: NonNullable<cashier.Order['timer']>): NonNullable<Order['timer']> {
  const { plan, state, startedAt, stoppedAt, pausable, minutes, cost, endsAt, short } = timer
  return {
    ...{ plan, state, pausable, minutes, short, cost: toWire(cost) },
    startedAt: startedAt.toISOString(),
    ...(stoppedAt && { stoppedAt: stoppedAt.toISOString() }),
    ...(endsAt && { endsAt: endsAt.toISOString() }),
  }
}

export const deskOrderView = (order: cashier.Order): DeskOrder => ({
  ...orderView(order),
  ...{ place: order.place, placeName: order.placeName, person: order.person },
  ...(order.personName && { personName: order.personName }),
})

export function tabRowView(tab: cashier.TabRow): TabRow {
  const { id, merchant, merchantName, outlet, outletName, place, placeName, purse, person } = tab
  const { personName, state, servedBy, discountReason, spend, number, ended, closedAt } = tab
  return {
    ...{ id, merchant, merchantName, outlet, outletName, place, placeName, purse, person, state },
    ...(personName && { personName }),
    ...{ openedAt: tab.openedAt.toISOString(), closesAt: tab.closesAt.toISOString() },
    ...(servedBy && { servedBy }),
    ...{ held: toWire(tab.held), discount: toWire(tab.discount), tip: toWire(tab.tip) },
    ...(discountReason && { discountReason }),
    total: toWire(tab.total),
    ...(spend && { spend }),
    ...(number && { number }),
    ...(ended && { ended }),
    ...(closedAt && { closedAt: closedAt.toISOString() }),
    ...(tab.stopsAt && { stopsAt: tab.stopsAt.toISOString() }),
  }
}

export const tabView = (tab: cashier.Tab): ReplyOf<typeof wire.readTab> => ({
  ...tabRowView(tab),
  ...{ goods: toWire(tab.goods), service: toWire(tab.service), tax: toWire(tab.tax) },
  ...{ serviceBps: tab.serviceBps, taxBps: tab.taxBps },
  orders: tab.orders.map(orderView),
  steps: tab.steps.map(({ name, about, by, at, reason }) => ({
    ...{ name, about, at: at.toISOString() },
    ...(by && { by }),
    ...(reason && { reason }),
  })),
})

export function docketView(docket: cashier.Docket): Docket {
  const { number, kind, subject, day, at, amount, state, merchant, outlet, purse } = docket
  const { personName, gateway } = docket
  return {
    ...{ number, kind, subject, day, at: at.toISOString(), amount: toWire(amount), state },
    ...{ merchant, purse },
    ...(outlet && { outlet }),
    ...(personName && { personName }),
    ...(gateway && { gateway }),
  }
}

export const linkView = ({ number, kind, subject, state, amount }: cashier.Link) => ({
  ...{ number, kind, subject, state },
  amount: toWire(amount),
})

export const bindingView = ({
  id,
  gateway,
  scope,
  name,
  boundAt,
  openUntil,
}: cashier.Binding): ReplyOf<typeof wire.bindPurse> => ({
  ...{ id, gateway, scope, boundAt: boundAt.toISOString() },
  ...(name && { name }),
  ...(openUntil && openUntil > new Date() && { openUntil: openUntil.toISOString() }),
})

/** Of what is pended, so much is on its way to a bank account; the rest is tabs'. */
export const previewView = (
  preview: cashier.Preview,
  toBank: Money,
  past: Money,
): ReplyOf<typeof wire.previewRefund> => ({
  ...{ amount: toWire(preview.amount), most: toWire(preview.most) },
  held: toWire({ ...preview.held, minor: heldBy(preview.held.minor, toBank.minor) }),
  ...{ toBank: toWire(toBank), residue: toWire(preview.residue), past: toWire(past) },
  parts: preview.parts.map(({ topUp, number, toppedUpAt, toppedUp, amount }) => ({
    ...{ topUp, number, toppedUpAt: toppedUpAt.toISOString() },
    ...{ toppedUp: toWire(toppedUp), amount: toWire(amount) },
  })),
})

/** Both were read, the one after the other. */
const heldBy = (all: bigint, toBank: bigint) => (all > toBank ? all - toBank : 0n)

export function dayView(report: cashier.DayReport): ReplyOf<typeof wire.readDay> {
  const { day, startsAt, endsAt, ended, orders, checkouts, platforms, dockets, open } = report
  const told = <Of extends { sum: Money }>(row: Of) => ({ ...row, sum: toWire(row.sum) })
  return {
    ...{ day, startsAt: startsAt.toISOString(), endsAt: endsAt.toISOString(), ended },
    orders: orders.map(row => told(row)),
    checkouts: checkouts.map(row => ({
      ...told(row),
      ...{ tips: toWire(row.tips), discounts: toWire(row.discounts) },
    })),
    platforms: platforms.map(row => told(row)),
    dockets: [...dockets],
    open: told(open),
  }
}
