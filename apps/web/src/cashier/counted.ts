/** What a tab comes to if it is checked out now: what the merchant has accepted, less the discount. */
import type { GoodsOrderView, Money, TabView } from '@bursar/contract'
import { added, less, minor } from '../app/sums.ts'

const ends = ['refused', 'cancelled']

export const standing = (tab: TabView): readonly GoodsOrderView[] =>
  tab.orders.filter(one => !ends.includes(one.state))

/** Checkout cancels what nobody has accepted. */
export const dropped = (tab: TabView): readonly GoodsOrderView[] =>
  tab.orders.filter(one => one.state === 'placed' && !one.timer)

export const running = ({ timer }: GoodsOrderView): boolean =>
  timer !== undefined && timer.state !== 'stopped'

/** While time runs more is held than it costs; at checkout it stops and costs what has passed. */
export const costOf = (order: GoodsOrderView): Money =>
  order.timer && running(order) ? order.timer.cost : order.total

export function billOf(tab: TabView) {
  const orders =
    tab.state === 'open' ? standing(tab).filter(one => !dropped(tab).includes(one)) : standing(tab)
  const sum = added(orders.map(costOf), tab.total.currency)
  const off = minor(tab.discount) < minor(sum) ? tab.discount : sum
  return { orders, off, due: less(sum, off) }
}
