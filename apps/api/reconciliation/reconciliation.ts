/** Reconciliation's routes: the days, the breaks, and what two people decide about one. */
import * as wire from '@bursar/contract'
import { listPools } from '@bursar/custody'
import { Refusal, type Actor, type Books } from '@bursar/kernel'
import { toWire } from '@bursar/money'
import * as reconciliation from '@bursar/reconciliation'
import type { BreakId } from '@bursar/reconciliation'
import type { FastifyInstance } from 'fastify'
import { bind } from '../bind.ts'
import { pageOf } from '../custody/pages.ts'
import { booksWatched } from '../custody/sees.ts'
import type { ApiOptions } from '../options.ts'

export function reconciliationRoutes(app: FastifyInstance, options: ApiOptions): void {
  const { books } = options
  bind(app, wire.listBillDays, async ({ query: { limit, cursor, ...filter }, actor }) => {
    await mustWatchAll(books, actor)
    const page = { ...(limit && { limit }), ...(cursor && { cursor }) }
    const before = ({ cursor: at }: { cursor?: string }) =>
      at === undefined ? {} : { before: { day: at.slice(0, 10), gateway: at.slice(11) } }
    return await pageOf(
      page,
      ask => reconciliation.listDays(books, { ...filter, ...before(ask), limit: ask.limit }),
      dayView,
      ({ day, gateway }) => `${day}.${gateway}`,
    )
  })
  bind(app, wire.takeBillAgain, async ({ params: { gateway, day } }) => {
    await reconciliation.takeAgain(books, gateway, day)
    return {}
  })
  bind(app, wire.listBillBreaks, async ({ query: { limit, cursor, ...filter }, actor }) => {
    await mustWatchAll(books, actor)
    const page = { ...(limit && { limit }), ...(cursor && { cursor }) }
    return await pageOf(
      page,
      ask => reconciliation.listBreaks(books, { ...filter, ...ask }),
      breakView,
      ({ id }) => id,
    )
  })
  bind(app, wire.listFees, async ({ actor }) => {
    await mustWatchAll(books, actor)
    const billed = options.wallets.filter(({ bill }) => bill).map(({ gateway }) => gateway)
    const rows = await reconciliation.listPlatforms(books, billed)
    return { rows: rows.map(feeView) }
  })
  bind(app, wire.setFee, async ({ params, body, actor }) => {
    if (!options.wallets.some(({ gateway, bill }) => bill && gateway === params.gateway))
      throw new Refusal('not_found')
    return feeView(await reconciliation.setFee(books, { ...params, ...body, by: actor.person }))
  })
  decisions(app, options)
}

function decisions(app: FastifyInstance, { books, wallets }: ApiOptions): void {
  const { clock } = app.house
  const told = async (id: BreakId) => detailsView(await reconciliation.readBreak(books, id))
  bind(app, wire.readBillBreak, async ({ params, actor }) => {
    await mustWatchAll(books, actor)
    return await told(params.break)
  })
  bind(app, wire.proposeSettling, async ({ params, body, actor, id }) => {
    const ask = { id: id('rcp'), ...params, ...body, by: actor.person, at: clock() }
    await reconciliation.propose(books, ask)
    return await told(params.break)
  })
  bind(app, wire.confirmSettling, async ({ params, actor }) => {
    const ask = { id: params.proposal, break: params.break, by: actor.person, at: clock() }
    await reconciliation.confirm(books, wallets, ask)
    return await told(params.break)
  })
  bind(app, wire.rejectSettling, async ({ params, body, actor }) => {
    const ask = { id: params.proposal, break: params.break, ...body, by: actor.person, at: clock() }
    await reconciliation.reject(books, ask)
    return await told(params.break)
  })
}

/** A bill knows no pools: whoever watches over some of them would read of the others. */
async function mustWatchAll(books: Books, actor: Actor): Promise<void> {
  const within = await booksWatched(books, actor)
  const pools = within ? await listPools(books) : []
  if (pools.some(({ book }) => !within?.includes(book)))
    throw new Refusal<reconciliation.Refused>('bills_of_all_pools')
}

const feeView = ({ gateway, feeBps }: reconciliation.Platform) => ({
  gateway,
  ...(feeBps !== null && { feeBps }),
})

type Side = reconciliation.BillDay['here']
const sideView = ({ payments, paid, refunds, refunded }: Side) => ({
  ...{ payments, paid: toWire(paid), refunds, refunded: toWire(refunded) },
})

function dayView(one: reconciliation.BillDay): wire.BillDayView {
  const { day, gateway, state, problem, tries, asked, takenAt, there, here } = one
  const { matched, breaks, waiting } = one
  return {
    ...{ day, gateway, state, tries, asked },
    ...(problem && { problem }),
    ...(takenAt && { takenAt: takenAt.toISOString() }),
    there: { ...sideView(there), fee: toWire(there.fee) },
    here: sideView(here),
    ...{ matched, breaks, waiting },
  }
}

function breakView(found: reconciliation.Break): wire.BillBreakView {
  const { id, day, gateway, of, kind, state, order, refund, trade } = found
  const { there, here, atStake, agreedFee, foundAt, endedAt } = found
  return {
    ...{ id, day, gateway, of, kind, state, order },
    ...(refund && { refund }),
    ...(trade && { tradeNo: trade }),
    ...(there && {
      there: {
        ...{ amount: toWire(there.amount), fee: toWire(there.fee) },
        at: there.at.toISOString(),
      },
    }),
    ...(here && {
      here: {
        ...{ id: here.id, amount: toWire(here.amount), state: here.state },
        ...(here.at && { at: here.at.toISOString() }),
      },
    }),
    atStake: toWire(atStake),
    ...(agreedFee && { agreedFee: toWire(agreedFee) }),
    foundAt: foundAt.toISOString(),
    ...(endedAt && { endedAt: endedAt.toISOString() }),
  }
}

type Details = Awaited<ReturnType<typeof reconciliation.readBreak>>
const detailsView = (found: Details): wire.BillBreakDetailsView => ({
  ...breakView(found),
  bookable: reconciliation.isBookable(found),
  alone: reconciliation.isLittle(found.atStake),
  proposals: found.proposals.map(
    ({ proposedAt, decidedBy: _, decidedByName, decidedAt, answer, outcome, ...one }) => ({
      ...{ ...one, proposedAt: proposedAt.toISOString() },
      ...(decidedByName && { decidedByName }),
      ...(decidedAt && { decidedAt: decidedAt.toISOString() }),
      ...(answer && { answer }),
      ...(outcome && { outcome }),
    }),
  ),
})
