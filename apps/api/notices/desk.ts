/** The merchant's side: counters, what was told, rehearsals, health, refund requests, nights. */
import {
  answerRefundRequest,
  listCounters,
  listDifferences,
  listEvidence,
  listNights,
  listNotices,
  listRefundRequests,
  putCounter,
  readNotice,
  readNoticeHealth,
  readToday,
  rehearse,
  takeStatement,
} from '@bursar/contract'
import { dayAfter, homeZone, startOf, today } from '@bursar/kernel'
import { toWire } from '@bursar/money'
import * as notices from '@bursar/notices'
import type { FastifyInstance } from 'fastify'
import { bind } from '../bind.ts'
import { daysOf, pageOf, seqOf } from '../custody/pages.ts'
import type { ApiOptions } from '../options.ts'
import { sumOf } from '../sums.ts'
import {
  counterView,
  differenceView,
  evidenceView,
  healthView,
  nightView,
  noticeView,
  refundRequestView,
  rehearsalView,
  wholeView,
} from './views.ts'

export function deskRoutes(app: FastifyInstance, { books }: ApiOptions): void {
  const { clock } = app.house

  bind(app, listCounters, async ({ params }) => ({
    rows: (await notices.countersOf(books.sql, params.merchant)).map(counterView),
  }))
  bind(app, putCounter, async ({ params: { merchant, counter: id }, body }) => {
    const { outlet = null, quiet = null, large, ...rest } = body
    const sums = { large: large ? sumOf(large, '/large') : null }
    const ask = { id, merchant, outlet, quiet, ...rest, ...sums, at: clock() }
    return counterView(await notices.putCounter(books, ask))
  })
  bind(app, listNotices, ({ params, query: { from, to, limit, cursor, ...filter } }) => {
    const days = daysOf({ ...(from && { from }), ...(to && { to }) })
    const page = { ...(limit && { limit }), ...(cursor && { cursor }) }
    const wanted = { ...params, rehearsal: false, ...filter, ...days }
    return pageOf(
      page,
      ask => notices.listNotices(books, { ...wanted, ...ask }),
      noticeView,
      row => row.id,
    )
  })
  bind(app, listEvidence, ({ params, query: { from, to, limit, cursor, ...filter } }) => {
    const days = daysOf({ ...(from && { from }), ...(to && { to }) })
    const page = { ...(limit && { limit }), ...(cursor && { cursor }) }
    return pageOf(
      page,
      ask =>
        notices.listEvidence(books, {
          ...params,
          ...filter,
          ...days,
          limit: ask.limit,
          ...seqOf(ask.cursor),
        }),
      evidenceView,
      row => String(row.no),
    )
  })
  statementRoute(app, books)
  boardRoutes(app, books)
  paperRoutes(app, books)
}

const unreadMost = 20

function statementRoute(app: FastifyInstance, books: ApiOptions['books']): void {
  const { clock } = app.house

  bind(
    app,
    takeStatement,
    async ({ params, body: { data, outlet = null, preview = false, platform } }) => {
      const bytes = Buffer.from(data, 'base64')
      const ask = { ...params, platform, outlet, bytes, preview, now: clock() }
      const { unread, outcomes, ...counts } = await notices.takeStatement(books, ask)
      const { unreadable: _, ...told } = outcomes
      return {
        ...{ ...counts, outcomes: told },
        ...{ unread: unread.slice(0, unreadMost), unreadAll: unread.length },
      }
    },
  )
}

function boardRoutes(app: FastifyInstance, books: ApiOptions['books']): void {
  const { clock } = app.house

  bind(app, readNotice, async ({ params }) => wholeView(await notices.readNotice(books, params)))
  bind(app, readToday, async ({ params, query: { outlet, day = today(clock) } }) => {
    const [from, to] = [startOf(day, homeZone), startOf(dayAfter(day), homeZone)]
    const totals = await notices.totalsOf(books.sql, {
      ...params,
      ...(outlet && { outlet }),
      from,
      to,
    })
    return { day, rows: totals.map(({ sum, ...rest }) => ({ ...rest, sum: toWire(sum) })) }
  })
  bind(app, rehearse, async ({ params, body: { counter, amount } }) => {
    const said = { ...(counter && { counter }), ...(amount && { amount: sumOf(amount) }) }
    const { seq, at, notice } = await notices.rehearse(books, { ...params, ...said, now: clock() })
    return { notice, seq: String(seq), at: at.toISOString() }
  })
  bind(app, readNoticeHealth, async ({ params }) => {
    const health = await notices.healthOf(books, params.merchant, clock())
    const { seq, lastRealAt, lastRehearsalAt, rehearsal, rows, alarms } = health
    return {
      ...{ seq: String(seq), rows: rows.map(healthView), alarms: [...alarms] },
      ...(lastRealAt && { lastRealAt: lastRealAt.toISOString() }),
      ...(lastRehearsalAt && { lastRehearsalAt: lastRehearsalAt.toISOString() }),
      ...(rehearsal && { rehearsal: rehearsalView(rehearsal) }),
    }
  })
}

function paperRoutes(app: FastifyInstance, books: ApiOptions['books']): void {
  const { clock } = app.house

  bind(app, listRefundRequests, ({ params, query: { limit, cursor, ...filter } }) => {
    const page = { ...(limit && { limit }), ...(cursor && { cursor }) }
    const read = (ask: object) =>
      notices.listRefundRequests(books, { ...params, ...filter, ...ask })
    return pageOf(page, read, refundRequestView, row => row.id)
  })
  bind(app, answerRefundRequest, async ({ params, body, actor }) => {
    const { merchant, refundRequest: id } = params
    const ask = { merchant, id, ...body, by: actor.person, now: clock() }
    return refundRequestView(await notices.answerRefund(books, ask))
  })
  bind(app, listNights, ({ params, query: { limit, cursor, ...filter } }) => {
    const page = { ...(limit && { limit }), ...(cursor && { cursor }) }
    const read = (ask: object) => notices.listNights(books, { ...params, ...filter, ...ask })
    return pageOf(page, read, nightView, notices.placeOf)
  })
  bind(app, listDifferences, ({ params, query: { limit, cursor, ...filter } }) => {
    const page = { ...(limit && { limit }), ...(cursor && { cursor }) }
    const read = (ask: object) => notices.listDifferences(books, { ...params, ...filter, ...ask })
    return pageOf(page, read, differenceView, notices.placeOf)
  })
}
