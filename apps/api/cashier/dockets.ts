/** The numbered papers of the four orders, and what a refund would be. */
import * as cashier from '@bursar/cashier'
import { listDockets, listOwnDockets, previewRefund, readDocket } from '@bursar/contract'
import * as custody from '@bursar/custody'
import { parse } from '@bursar/money'
import { pendedOf } from '@bursar/settlement'
import type { FastifyInstance } from 'fastify'
import { bind } from '../bind.ts'
import { countsFrom } from '../blind.ts'
import { daysOf, pageOf } from '../custody/pages.ts'
import { ownPurse } from '../custody/sees.ts'
import type { ApiOptions } from '../options.ts'
import { partyToDocket } from './sees.ts'
import { docketView, linkView, orderView, previewView } from './views.ts'

export function docketRoutes(app: FastifyInstance, { books, wallets }: ApiOptions): void {
  const mine = ownPurse(books)

  bind(
    app,
    listOwnDockets,
    ({ params, query: { from, to, limit, cursor, ...filter } }) => {
      const days = daysOf({ ...(from && { from }), ...(to && { to }) })
      const page = { ...(limit && { limit }), ...(cursor && { cursor }) }
      return pageOf(
        page,
        ask => cashier.listOwnDockets(books, { ...params, ...filter, ...days, ...ask }),
        docketView,
        row => row.subject,
      )
    },
    mine,
  )
  bind(
    app,
    listDockets,
    async ({ params, actor, query: { from, to, limit, cursor, ...filter } }) => {
      const days = daysOf({ ...(from && { from }), ...(to && { to }) })
      const page = { ...(limit && { limit }), ...(cursor && { cursor }) }
      const { merchant } = params
      const hidden = { countsFrom: await countsFrom(books, actor, merchant) }
      return pageOf(
        page,
        ask => cashier.listDockets(books, { ...params, ...filter, ...days, ...ask, ...hidden }),
        docketView,
        row => row.subject,
      )
    },
  )
  docketRoute(app, books)
  bind(
    app,
    previewRefund,
    async ({ params: { purse }, query: { amount } }) => {
      const { currency } = await custody.directoryOf(books).purse(purse)
      const wanted = amount === undefined ? {} : { amount: parse(amount, currency) }
      const preview = await cashier.previewRefund(books, { purse, wallets, ...wanted })
      const past = await custody.pastRefund(books, purse, wallets)
      return previewView(preview, { minor: await pendedOf(books, purse), currency }, past)
    },
    mine,
  )
}

function docketRoute(app: FastifyInstance, books: ApiOptions['books']): void {
  const ordered = async (order: string) =>
    orderView(await cashier.readOrder(books, order as cashier.OrderId, app.house.clock()))
  bind(
    app,
    readDocket,
    async ({ params }) => {
      const docket = await cashier.readDocket(books, params.docket)
      const { merchantName, links } = docket
      return {
        ...{ ...docketView(docket), merchantName, links: links.map(linkView) },
        ...(docket.kind === 'goods' && { order: await ordered(docket.subject) }),
      }
    },
    partyToDocket(books, readDocket.by),
  )
}
