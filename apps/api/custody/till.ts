/** The merchant's till and desk: charges, answers, refunds, its lists, its day, its QR codes. */
import {
  acceptSpend,
  charge,
  closeMerchantCode,
  createMerchantCode,
  declineSpend,
  listMembers,
  listMerchantCodes,
  listSpends,
  outcomeOfCharge,
  outcomeOfRefund,
  readPrepayments,
  readScope,
  refundSpend,
  setTakesTopUps,
  takings,
  widenScope,
} from '@bursar/contract'
import { checkoutsSince } from '@bursar/cashier'
import * as custody from '@bursar/custody'
import type { Actor, MerchantId } from '@bursar/kernel'
import { toWire, type Money } from '@bursar/money'
import type { FastifyInstance } from 'fastify'
import { bind, bindKeyed } from '../bind.ts'
import { admitted, countsFrom, mustHaveCounted, mustSeeAll } from '../blind.ts'
import type { ApiOptions } from '../options.ts'
import { outcome, unknownKey } from '../outcomes.ts'
import { sumOf } from '../sums.ts'
import { daysOf, pageOf } from './pages.ts'
import { spendAtTill } from './sees.ts'
import { merchantCodeView, receiptView, refundView, scopeView, spendView } from './views.ts'

export function tillRoutes(app: FastifyInstance, options: ApiOptions): void {
  const { books } = options
  const directory = custody.directoryOf(books)
  const told = async (receipt: custody.Receipt, { person }: Actor) => {
    const refunds = await custody.refundsOf(books, receipt.id)
    return receiptView(receipt, await directory.merchant(receipt.merchant), refunds, person)
  }

  bind(app, charge, async ({ params, body, actor, id }) => {
    const ask = { id: id('spd'), ...params, ...body, amount: sumOf(body.amount), by: actor.person }
    const receipt = await custody.charge(books, ask)
    return receiptView(receipt, await directory.merchant(receipt.merchant), [], actor.person)
  })
  for (const [route, step] of [
    [acceptSpend, 'accept'],
    [declineSpend, 'decline'],
  ] as const)
    bind(
      app,
      route,
      async ({ params, actor }) =>
        told(await custody.answerSpend(books, { ...params, by: actor.person, step }), actor),
      spendAtTill(books),
    )
  bindKeyed(
    app,
    refundSpend,
    async ({ params, body: { reason, amount }, hand, id }) => {
      const ask = { id: id('rfd'), ...params, amount: sumOf(amount), reason, by: hand }
      return refundView(await custody.refund(books, ask))
    },
    spendAtTill(books),
  )
  bind(app, outcomeOfCharge, async ({ query, made, actor }) =>
    told(await outcome(custody.readSpend(books, made('spd', query.key))), actor),
  )
  bindKeyed(
    app,
    outcomeOfRefund,
    async ({ params, query, made }) => {
      const id = made('rfd', query.key)
      const refund = (await custody.refundsOf(books, params.spend)).find(one => one.id === id)
      if (!refund) throw unknownKey()
      return refundView(refund)
    },
    spendAtTill(books),
  )
  merchantLists(app, options)
  merchantCodes(app, options)
  closing(app, options)
  prepayments(app, options)
  scopes(app, options)
}

function merchantLists(app: FastifyInstance, { books }: ApiOptions): void {
  const directory = custody.directoryOf(books)

  bindKeyed(app, listSpends, async ({ params: { merchant }, query, actor }) => {
    const { from: first, to: last, limit, cursor, ...filter } = query
    const standing = await directory.merchant(merchant)
    const from = await countsFrom(books, actor, merchant)
    const only = await admitted(books, actor, merchant, app.house.clock())
    const hidden = from && { without: await checkoutsSince(books, { merchant, from }) }
    const days = daysOf({ ...(first && { from: first }), ...(last && { to: last }) })
    const page = { ...(limit && { limit }), ...(cursor && { cursor }) }
    return pageOf(
      page,
      ask =>
        custody.listSpends(books, {
          merchant,
          ...filter,
          ...days,
          ...hidden,
          ...(only && { only }),
          ...ask,
        }),
      row => spendView(row, standing),
      row => row.id,
    )
  })
  bind(app, listMembers, ({ params, query: { q, ...page } }) =>
    pageOf(
      page,
      ask => custody.listMembers(books, { ...params, ...(q && { q }), ...ask }),
      ({ purse, person, name, joinedAt, balance }) => ({
        ...{ purse, person, name: name ?? '' },
        ...{ joinedAt: joinedAt.toISOString(), balance: toWire(balance) },
      }),
      row => row.purse,
    ),
  )
  bind(app, takings, async ({ params, actor }) => {
    await mustHaveCounted(books, actor, params.merchant)
    await mustSeeAll(books, actor, params.merchant, app.house.clock())
    const day = await custody.takings(books, { ...params, at: app.house.clock() })
    const total = (one: { count: number; sum: Money }) => ({
      count: one.count,
      sum: toWire(one.sum),
    })
    return {
      ...{ day: day.day, zone: day.zone, ...total(day) },
      ...{ refunds: total(day.refunds), waiting: total(day.waiting) },
      hours: day.hours.map(hour => ({ hour: hour.hour, ...total(hour) })),
      ...{ earned: toWire(day.earned), requested: toWire(day.requested) },
    }
  })
}

function merchantCodes(app: FastifyInstance, { books }: ApiOptions): void {
  const view = async (merchant: MerchantId) => {
    const standing = await custody.directoryOf(books).merchant(merchant)
    return (code: custody.MerchantCode) => merchantCodeView(code, standing, qrOf(code, standing))
  }
  bind(app, listMerchantCodes, async ({ params, query }) =>
    pageOf(
      query,
      ask => custody.listMerchantCodes(books, { ...params, ...ask }),
      await view(params.merchant),
      row => row.id,
    ),
  )
  bind(app, createMerchantCode, async ({ params, body: { amount, ...body }, actor, id }) => {
    const ask = { id: id('mcd'), ...params, ...body, by: actor.person }
    const code = await custody.createMerchantCode(books, {
      ...ask,
      ...(amount && { amount: sumOf(amount) }),
    })
    return (await view(params.merchant))(code)
  })
}

function closing(app: FastifyInstance, { books }: ApiOptions): void {
  bind(app, closeMerchantCode, async ({ params: { merchant, code: id } }) => {
    const code = await custody.closeMerchantCode(books, { id, merchant, at: app.house.clock() })
    const standing = await custody.directoryOf(books).merchant(merchant)
    return merchantCodeView(code, standing, qrOf(code, standing))
  })
}

function prepayments(app: FastifyInstance, { books }: ApiOptions): void {
  const view = async (merchant: MerchantId) => {
    const { takes, steps } = await custody.prepaymentsOf(books, merchant)
    const told = steps.map(({ at, reason, ...step }) => ({
      ...{ ...step, at: at.toISOString() },
      ...(reason !== null && { reason }),
    }))
    return { takes, steps: told }
  }
  bind(app, readPrepayments, ({ params }) => view(params.merchant))
  bind(app, setTakesTopUps, async ({ params: { merchant }, body, actor }) => {
    // One that no pool has yet comes into the first.
    await custody.directoryOf(books).merchant(merchant)
    const ask = { merchant, ...body, by: actor.person, at: app.house.clock() }
    await custody.setTakesTopUps(books, ask)
    return await view(merchant)
  })
}

function scopes(app: FastifyInstance, { books }: ApiOptions): void {
  bind(app, readScope, async ({ params }) =>
    scopeView(await custody.scopeOf(books, params.merchant)),
  )
  bind(app, widenScope, async ({ params: { merchant }, actor }) => {
    await custody.directoryOf(books).merchant(merchant)
    await custody.widenScope(books, { merchant, by: actor.person, at: app.house.clock() })
    return scopeView(await custody.scopeOf(books, merchant))
  })
}

function qrOf(code: custody.MerchantCode, { name, trade, outlets }: custody.Standing): string {
  const outlet = code.outlet && outlets[code.outlet]
  return custody.encodeMerchantQr({
    ...{ merchantCode: code.id, name, trade, city: '上海' },
    ...(outlet && { outlet }),
    ...(code.amount && { amount: code.amount }),
  })
}
