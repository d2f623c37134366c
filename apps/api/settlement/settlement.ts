/** Settlement's routes: each says what the story needs, and how its answer looks on the wire. */
import {
  approveRequest,
  listBreaks,
  listOwnRequests,
  listRequests,
  position,
  readEvidence,
  readRequest,
  rejectRequest,
  requestSettlement,
  withdrawRequest,
  type Route,
} from '@bursar/contract'
import type { Books } from '@bursar/kernel'
import { toWire } from '@bursar/money'
import * as settlement from '@bursar/settlement'
import type { RequestId, State } from '@bursar/settlement'
import type { FastifyInstance } from 'fastify'
import { bind, type Sees } from '../bind.ts'
import { mustHaveCounted } from '../blind.ts'
import { booksWatched } from '../custody/sees.ts'
import { found, sitsOver } from '../guards.ts'
import type { ApiOptions } from '../options.ts'
import { outcome } from '../outcomes.ts'
import { sumOf } from '../sums.ts'
import { breakView, detailsView, evidenceView, listedView } from './views.ts'

/** What still waits is read from its oldest. */
const waits = (state: State | undefined) => state === 'submitted' || state === 'approved'

export function settlementRoutes(app: FastifyInstance, { books }: ApiOptions): void {
  const details = async (id: RequestId) => detailsView(await settlement.requestOf(books, id))

  bind(app, position, async ({ params, actor }) => {
    await mustHaveCounted(books, actor, params.merchant)
    const { earned, requestable, requested } = await settlement.position(books, params.merchant)
    return {
      earned: toWire(earned),
      requestable: toWire(requestable),
      requested: toWire(requested),
    }
  })
  bind(app, requestSettlement, async ({ params, body, actor, id }) => {
    const amount = sumOf(body.amount)
    const ask = { id: id('stl'), ...params, by: actor.person, amount, at: app.house.clock() }
    return await details((await settlement.request(books, ask)).id)
  })
  bind(app, listOwnRequests, async ({ params, query: { key, ...query }, made }) => {
    if (key !== undefined)
      return { rows: [listedView(await outcome(settlement.requestOf(books, made('stl', key))))] }
    const page = await settlement.listRequests(books, { ...query, ...params })
    return { ...page, rows: page.rows.map(listedView) }
  })
  bind(app, listRequests, async ({ query, actor }) => {
    const within = await booksWatched(books, actor)
    const filter = { ...query, ...(within && { within }), oldestFirst: waits(query.state) }
    const page = await settlement.listRequests(books, filter)
    return { ...page, rows: page.rows.map(listedView) }
  })
  bind(app, listBreaks, async ({ query, actor }) => {
    const within = await booksWatched(books, actor)
    const page = await settlement.listBreaks(books, { ...query, ...(within && { within }) })
    return { ...page, rows: page.rows.map(breakView) }
  })
  bind(app, readRequest, ({ params }) => details(params.request), ofMerchant(books, readRequest.by))
  bind(
    app,
    readEvidence,
    async ({ params, query }) =>
      evidenceView(await settlement.evidence(books, params.request, query)),
    ofMerchant(books, readEvidence.by),
  )
  decisions(app, books, details)
}

function decisions(
  app: FastifyInstance,
  books: Books,
  details: (id: RequestId) => Promise<ReturnType<typeof detailsView>>,
): void {
  const { clock } = app.house
  bind(app, approveRequest, async ({ params, body, actor }) => {
    const seen = body.terms === undefined ? {} : { seen: body.terms }
    const ask = { id: params.request, by: actor.person, ...seen, at: clock() }
    return await details((await settlement.review(books, { ...ask, step: 'approve' })).id)
  })
  bind(app, rejectRequest, async ({ params, body: { reason }, actor }) => {
    const ask = { id: params.request, by: actor.person, reason, at: clock() }
    return await details((await settlement.review(books, { ...ask, step: 'reject' })).id)
  })
  bind(
    app,
    withdrawRequest,
    async ({ params, actor }) => {
      const ask = { id: params.request, by: actor.person, at: clock() }
      return await details((await settlement.withdraw(books, ask)).id)
    },
    ofMerchant(books, withdrawRequest.by),
  )
}

/** Seen by these roles at the request's own merchant, at the operator, and at who watches over its pool. */
function ofMerchant(books: Books, by: Route['by']): Sees {
  return async ({ params, actor }) => {
    if (!actor) return false
    const request = await found(settlement.requestOf(books, params['request'] as RequestId))
    return request !== undefined && (await sitsOver(books, actor, request.merchant, by))
  }
}
