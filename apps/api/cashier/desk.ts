/** The merchant's screen: orders as they come in, their answers, and what becomes of tabs. */
import * as cashier from '@bursar/cashier'
import {
  acceptOrder,
  deliverOrder,
  discountTab,
  handOverTab,
  listGoodsOrders,
  listTabs,
  mergeTab,
  moveTab,
  refuseOrder,
  splitTab,
  watchGoodsOrders,
} from '@bursar/contract'
import { Refusal } from '@bursar/kernel'
import type { FastifyInstance } from 'fastify'
import { bind } from '../bind.ts'
import { countsFrom } from '../blind.ts'
import { daysOf, pageOf } from '../custody/pages.ts'
import type { ApiOptions } from '../options.ts'
import type { Refused } from '../refusals.ts'
import { sumOf } from '../sums.ts'
import { openScreens } from './screens.ts'
import { partyToOrder, partyToTab } from './sees.ts'
import { deskOrderView, orderView, tabRowView, tabView } from './views.ts'

export function deskRoutes(app: FastifyInstance, options: ApiOptions): void {
  const { books } = options
  const { clock } = app.house
  const told = async (order: cashier.OrderId) =>
    orderView(await cashier.readOrder(books, order, clock()))

  bind(app, listGoodsOrders, async ({ params, query, actor }) => {
    const { from, to, limit, cursor, ...filter } = query
    const days = daysOf({ ...(from && { from }), ...(to && { to }) })
    const page = { ...(limit && { limit }), ...(cursor && { cursor }) }
    const hidden = { countsFrom: await countsFrom(books, actor, params.merchant) }
    const wanted = { ...params, ...filter, ...days, ...hidden, at: clock() }
    return pageOf(
      page,
      ask => cashier.listOrders(books, { ...wanted, ...ask }),
      deskOrderView,
      row => row.id,
    )
  })
  bind(app, listTabs, async ({ params, query, actor }) => {
    const { from, to, limit, cursor, ...filter } = query
    const days = daysOf({ ...(from && { from }), ...(to && { to }) })
    const page = { ...(limit && { limit }), ...(cursor && { cursor }) }
    const hidden = { countsFrom: await countsFrom(books, actor, params.merchant) }
    return pageOf(
      page,
      ask => cashier.listTabs(books, { ...params, ...filter, ...days, ...hidden, ...ask }),
      tabRowView,
      row => row.id,
    )
  })
  for (const [route, step] of [
    [acceptOrder, 'accept'],
    [deliverOrder, 'deliver'],
  ] as const)
    bind(
      app,
      route,
      async ({ params, actor }) =>
        told(await cashier.takeStep(books, { ...params, step, by: actor.person })),
      partyToOrder(books, route.by),
    )
  bind(
    app,
    refuseOrder,
    async ({ params, body, actor }) => {
      const ask = { ...params, ...body, step: 'refuse', by: actor.person } as const
      return told(await cashier.takeStep(books, ask))
    },
    partyToOrder(books, refuseOrder.by),
  )
  tabChanges(app, books)
  screenRoute(app, options)
}

/** Without somebody who tells of orders, a screen polls. */
function screenRoute(app: FastifyInstance, { books, orders }: ApiOptions): void {
  const screens = openScreens(books, app.house.clock, app.house.limits.screens)
  const deafen = orders?.(screens)
  app.addHook('preClose', async () => {
    screens.stop()
    await deafen?.()
  })
  bind(app, watchGoodsOrders, ({ params, actor, request, reply }) => {
    if (!orders) throw new Refusal<Refused>('not_found')
    // Who does not ask for events would wait for an end that does not come.
    if (!request.headers.accept?.includes('text/event-stream'))
      throw new Refusal<Refused>('malformed', { pointer: '/headers/accept', rule: 'const' })
    if (!screens.open(params.merchant, actor.person, reply.raw))
      throw new Refusal<Refused>('too_many_requests', { retryAfter: 60 })
    reply.hijack()
    return ''
  })
}

function tabChanges(app: FastifyInstance, books: ApiOptions['books']): void {
  const told = async (tab: Promise<cashier.TabId>) =>
    tabView(await cashier.readTab(books, await tab, app.house.clock()))
  const theirs = partyToTab(books, moveTab.by)

  bind(
    app,
    moveTab,
    ({ params, body, actor }) =>
      told(cashier.moveTab(books, { ...params, ...body, by: actor.person })),
    theirs,
  )
  bind(
    app,
    mergeTab,
    ({ params, body, actor }) =>
      told(cashier.mergeTab(books, { ...params, ...body, by: actor.person })),
    theirs,
  )
  bind(
    app,
    splitTab,
    ({ params, body, actor, id }) =>
      told(cashier.splitTab(books, { id: id('tab'), ...params, ...body, by: actor.person })),
    theirs,
  )
  bind(
    app,
    handOverTab,
    ({ params, body, actor }) =>
      told(cashier.handOver(books, { ...params, ...body, by: actor.person })),
    theirs,
  )
  bind(
    app,
    discountTab,
    ({ params, body: { amount, ...body }, actor }) => {
      const ask = { ...params, ...body, amount: sumOf(amount), by: actor.person }
      return told(cashier.discountTab(books, ask))
    },
    theirs,
  )
}
