/** What a guest does: sits down, orders, lets time run, checks out. The merchant may check out too. */
import * as cashier from '@bursar/cashier'
import {
  cancelOrder,
  checkOut,
  listOwnTabs,
  openTab,
  outcomeOfOrder,
  pauseTimer,
  placeOrder,
  readMenu,
  readPlace,
  readTab,
  resumeTimer,
  startTimer,
  stopTimer,
  type BodyOf,
} from '@bursar/contract'
import { minuteOfDay } from '@bursar/kernel'
import type { FastifyInstance } from 'fastify'
import { bind } from '../bind.ts'
import { pageOf } from '../custody/pages.ts'
import { ownPurse } from '../custody/sees.ts'
import type { ApiOptions } from '../options.ts'
import { outcome } from '../outcomes.ts'
import { sumOf } from '../sums.ts'
import { partyToOrder, partyToTab } from './sees.ts'
import { catalogueView, orderView, tabRowView, tabView } from './views.ts'

export function guestRoutes(app: FastifyInstance, options: ApiOptions): void {
  const { books } = options
  const { clock } = app.house
  const mine = ownPurse(books)

  bind(app, readPlace, async ({ params }) => {
    const { zone: _, ...place } = await cashier.placeBy(books, params.token)
    return place
  })
  bind(app, readMenu, async ({ params }) => {
    const { merchant, zone } = await cashier.placeBy(books, params.token)
    const minute = minuteOfDay(clock(), zone)
    const { now, ...menu } = await cashier.menuOf(books, merchant, minute)
    return catalogueView(menu, now)
  })
  bind(
    app,
    openTab,
    async ({ params, body, actor, id }) => {
      const ask = { id: id('tab'), ...params, ...body, by: actor.person }
      return tabView(await cashier.readTab(books, await cashier.openTab(books, ask), clock()))
    },
    mine,
  )
  bind(
    app,
    listOwnTabs,
    ({ params, query: { state, ...page } }) =>
      pageOf(
        page,
        ask => cashier.listOwnTabs(books, { ...params, ...(state && { state }), ...ask }),
        tabRowView,
        row => row.id,
      ),
    mine,
  )
  bind(
    app,
    readTab,
    async ({ params }) => tabView(await cashier.readTab(books, params.tab, clock())),
    partyToTab(books, readTab.by),
  )
  bind(
    app,
    checkOut,
    async ({ params, body: { tip, total }, actor }) => {
      const sums = {
        ...(tip && { tip: sumOf(tip, '/tip') }),
        ...(total && { total: sumOf(total, '/total') }),
      }
      const tab = await cashier.checkOut(books, { ...params, ...sums, by: actor.person })
      return tabView(await cashier.readTab(books, tab, clock()))
    },
    partyToTab(books, checkOut.by),
  )
  ordering(app, options)
}

function ordering(app: FastifyInstance, { books }: ApiOptions): void {
  const { clock } = app.house
  const told = async (order: cashier.OrderId) =>
    orderView(await cashier.readOrder(books, order, clock()))

  bind(
    app,
    placeOrder,
    async ({ params, body: { total, ...body }, actor, id }) => {
      const shown = total && { total: sumOf(total, '/total') }
      const ask = { id: id('gds'), ...params, ...body, ...shown, by: actor.person }
      return told(await cashier.placeOrder(books, ask))
    },
    partyToTab(books, placeOrder.by),
  )
  bind(
    app,
    outcomeOfOrder,
    async ({ params, query: { key }, made }) => {
      if (key !== undefined) return { rows: [await outcome(told(made('gds', key)))] }
      const orders = await cashier.ordersOf(books, params.tab, clock())
      return { rows: orders.map(orderView) }
    },
    partyToTab(books, outcomeOfOrder.by),
  )
  bind(
    app,
    startTimer,
    async ({ params, body, actor, id }) => {
      const { plan, shown } = body
      const ask = { id: id('gds'), ...params, plan, by: actor.person }
      return told(
        await cashier.startTimer(books, { ...ask, ...(shown && { shown: shownRate(shown) }) }),
      )
    },
    partyToTab(books, startTimer.by),
  )
  for (const [route, step] of [
    [pauseTimer, 'pause'],
    [resumeTimer, 'resume'],
    [stopTimer, 'stop'],
  ] as const)
    bind(
      app,
      route,
      async ({ params, actor }) =>
        told(await cashier.stepTimer(books, { ...params, step, by: actor.person })),
      partyToOrder(books, route.by),
    )
  bind(
    app,
    cancelOrder,
    async ({ params, body, actor }) => {
      const ask = { ...params, ...body, step: 'cancel', by: actor.person } as const
      return told(await cashier.takeStep(books, ask))
    },
    partyToOrder(books, cancelOrder.by),
  )
}

const shownRate = ({ base, step, ...rest }: NonNullable<BodyOf<typeof startTimer>['shown']>) => ({
  ...rest,
  baseMinor: sumOf(base, '/shown/base').minor,
  stepMinor: sumOf(step, '/shown/step').minor,
})
