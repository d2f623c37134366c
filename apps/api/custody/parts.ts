/** Refunds to payers' own accounts: what a platform keeps, or has not answered for long, and asking it again. */
import {
  askPartAgain,
  listMerchantParts,
  listParts,
  type PartView,
  type QueryOf,
} from '@bursar/contract'
import * as custody from '@bursar/custody'
import { toWire } from '@bursar/money'
import type { FastifyInstance } from 'fastify'
import { bind, type Sees } from '../bind.ts'
import { found, sitsOver } from '../guards.ts'
import type { Locale } from '../language.ts'
import type { ApiOptions } from '../options.ts'
import { daysOf, pageOf } from './pages.ts'
import { whyNot } from './reasons.ts'
import { booksWatched } from './sees.ts'

export function partRoutes(app: FastifyInstance, { books, wallets }: ApiOptions): void {
  const { clock } = app.house
  const listed = (
    { from, to, limit, cursor, ...filter }: QueryOf<typeof listParts>,
    whose: Pick<Parameters<typeof custody.listParts>[1], 'within' | 'merchant'>,
    locale: Locale,
  ) => {
    const days = daysOf({ ...(from && { from }), ...(to && { to }) })
    const wanted = { ...filter, ...days, ...whose, now: clock() }
    return pageOf(
      { ...(limit && { limit }), ...(cursor && { cursor }) },
      ask => custody.listParts(books, { ...wanted, ...ask }),
      row => partView(row, locale),
      row => row.id,
    )
  }

  bind(app, listParts, async ({ query, actor, locale }) => {
    const within = await booksWatched(books, actor)
    return await listed(query, within ? { within } : {}, locale)
  })
  bind(app, listMerchantParts, ({ params, query, locale }) => listed(query, params, locale))
  bind(
    app,
    askPartAgain,
    async ({ params, locale }) =>
      partView(await custody.askAgain(books, wallets, params.part), locale),
    sees(books),
  )
}

/** The operator's people every part, an owner those of the shop. */
const sees =
  (books: ApiOptions['books']): Sees =>
  async ({ params, actor }) => {
    if (!actor) return false
    const part = await found(custody.readPart(books, params['part'] as custody.PartId))
    if (!part) return false
    // What came from suspense is no merchant's: whoever is the operator's sees it all the same.
    return await sitsOver(books, actor, part.merchant ?? 'mer_', askPartAgain.by)
  }

function partView(part: custody.PartRow, locale: Locale): PartView {
  const { id, withdrawal, at, amount, state, reason, gateway, order, pool, poolName } = part
  const { merchant, merchantName, personName, tries, triedAt, endedAt, suspense } = part
  return {
    ...{ id, withdrawal, at: at.toISOString(), amount: toWire(amount), state },
    ...(reason && { reason, why: whyNot(reason, locale) }),
    ...{ gateway, order, pool, poolName, tries },
    ...(merchant && { merchant }),
    ...(merchantName && { merchantName }),
    ...(personName && { personName }),
    ...(triedAt && { triedAt: triedAt.toISOString() }),
    ...(endedAt && { endedAt: endedAt.toISOString() }),
    ...(suspense && { suspense }),
  }
}
