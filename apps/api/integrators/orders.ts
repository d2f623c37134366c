/** Orders: made and asked for by a merchant's own shop, paid by a guest on our page. */
import { closeOrder, createOrder, listOrders, readOrder, readOrderPage } from '@bursar/contract'
import type * as wire from '@bursar/contract'
import { directoryOf, listPurses } from '@bursar/custody'
import * as integrators from '@bursar/integrators'
import type { Books } from '@bursar/kernel'
import { toWire } from '@bursar/money'
import type { FastifyInstance } from 'fastify'
import { bind, bindKeyed, type Sees } from '../bind.ts'
import { found } from '../guards.ts'
import { pageOf } from '../custody/pages.ts'
import { isOf } from '../custody/sees.ts'
import type { ApiOptions } from '../options.ts'
import { outcome } from '../outcomes.ts'
import { sumOf } from '../sums.ts'

const aDay = 24 * 60

export function orderRoutes(app: FastifyInstance, { books }: ApiOptions): void {
  const { clock, origin } = app.house
  const view = viewFrom(origin)
  const own = ownOrder(books)

  bindKeyed(app, createOrder, async ({ params, body, hand, id }) => {
    const { minutes = aDay, amount, ...rest } = body
    const ask = { id: id('ord'), ...params, ...rest, minutes, by: hand, at: clock() }
    return view(await integrators.createOrder(books, { ...ask, amount: sumOf(amount) }))
  })
  bindKeyed(app, listOrders, async ({ params, query: { key, ...query }, made }) => {
    if (key !== undefined)
      return { rows: [view(await outcome(integrators.readOrder(books, made('ord', key))))] }
    return pageOf(
      query,
      ask => integrators.listOrders(books, { ...params, ...query, ...ask }),
      view,
      row => row.id,
    )
  })
  bindKeyed(
    app,
    readOrder,
    async ({ params }) => view(await integrators.readOrder(books, params.order)),
    own,
  )
  bindKeyed(
    app,
    closeOrder,
    async ({ params }) =>
      view(await integrators.closeOrder(books, { id: params.order, at: clock() })),
    own,
  )
  bind(app, readOrderPage, async ({ params, actor }) => {
    const order = await integrators.readOrder(books, params.order)
    const { name } = await directoryOf(books).merchant(order.merchant)
    const purses = await listPurses(books, actor.person)
    const purse = purses.find(({ merchant }) => merchant === order.merchant)
    const { id, merchant, state, amount, subject, merchantCode, expiresAt, returnUrl } = order
    return {
      ...{ order: id, state, merchant, merchantName: name, amount: toWire(amount), subject },
      ...{ merchantCode, expiresAt: expiresAt.toISOString() },
      ...(returnUrl && { returnUrl }),
      ...(order.spend && { spend: order.spend }),
      ...(purse && { purse: purse.id }),
    }
  })
}

/** The merchant's own people and programs. */
const ownOrder =
  (books: Books): Sees =>
  async ({ params, actor, integrator }) => {
    const order = await found(integrators.readOrder(books, params['order'] as integrators.OrderId))
    return order !== undefined && isOf({ actor, integrator }, order.merchant)
  }

const viewFrom =
  (origin: string) =>
  (order: integrators.Order): wire.Order => {
    const { id, merchant, state, subject, reference, merchantCode, returnUrl, spend } = order
    return {
      ...{ id, merchant, state, subject, reference, merchantCode },
      ...{ amount: toWire(order.amount), refunded: toWire(order.refunded) },
      payUrl: `${origin}/integrators/orders/${id}`,
      ...(returnUrl && { returnUrl }),
      createdAt: order.createdAt.toISOString(),
      expiresAt: order.expiresAt.toISOString(),
      ...(order.closedAt && { closedAt: order.closedAt.toISOString() }),
      ...(spend && { spend }),
      ...(order.paidAt && { paidAt: order.paidAt.toISOString() }),
    }
  }
