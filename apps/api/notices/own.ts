/** What a terminal does for itself: it is told, beats, tells what its phone saw, looks up, confirms, asks. */
import {
  askRefund,
  checkNotice,
  handOverTerminal,
  hearPrompt,
  leaveTerminal,
  listPrompts,
  lookUpToday,
  muteTerminal,
  postEvidence,
  readTerminal,
  readTotals,
  replayLast,
  sendHeartbeat,
  watchPrompts,
} from '@bursar/contract'
import { Refusal } from '@bursar/kernel'
import { toWire } from '@bursar/money'
import * as notices from '@bursar/notices'
import type { FastifyInstance } from 'fastify'
import { bind, bindOpen } from '../bind.ts'
import { mustHaveCounted } from '../blind.ts'
import type { ApiOptions } from '../options.ts'
import type { Refused } from '../refusals.ts'
import { sumOf } from '../sums.ts'
import { evidenceOf } from './asked.ts'
import { holdsTerminal, terminalOf } from './holds.ts'
import { soundOf } from './sound.ts'
import { openStreams } from './streams.ts'
import { invitationView } from './terminals.ts'
import { lookUpView, promptView, refundRequestView, silentView, terminalView } from './views.ts'

export function ownRoutes(app: FastifyInstance, options: ApiOptions): void {
  const { books } = options
  const { clock } = app.house
  const held = holdsTerminal(books)

  bindOpen(app, readTerminal, ({ request }) => terminalView(terminalOf(request)), held)
  streamRoute(app, options)
  bindOpen(
    app,
    listPrompts,
    async ({ request, query: { after, limit } }) => {
      const terminal = terminalOf(request)
      notices.mustBeAllowed(terminal, 'receive', clock())
      const from = { ...(after && { after: BigInt(after) }), ...(limit && { limit }), now: clock() }
      const { rows, place, more } = await notices.promptsFor(books, terminal, from)
      return { rows: rows.map(promptView), place: String(place), more }
    },
    held,
  )
  bindOpen(
    app,
    sendHeartbeat,
    async ({ request, body: { battery, acked, program, shown } }) => {
      const { id: terminal, merchant } = terminalOf(request)
      const now = clock()
      const said = {
        ...(battery !== undefined && { battery }),
        ...(acked !== undefined && { acked: BigInt(acked) }),
        ...(program !== undefined && { program }),
        ...(shown !== undefined && { shown: new Date(shown) }),
      }
      const seq = await notices.beat(books, { terminal, now, ...said })
      const silent = await notices.silentOf(books, merchant, now)
      return { now: now.toISOString(), seq: String(seq), silent: silent.map(silentView) }
    },
    held,
  )
  replaying(app, options)
  hearing(app, options)
  working(app, options)
  asking(app, options)
  handing(app, options)
}

/** Without somebody who tells of prompts, a terminal polls. */
function streamRoute(app: FastifyInstance, { books, notices: told }: ApiOptions): void {
  const { clock } = app.house
  const lines = notices.openLines(books, clock)
  const streams = openStreams(lines)
  const deafen = told?.(lines)
  app.addHook('preClose', async () => {
    lines.stop()
    streams.stop()
    await deafen?.()
  })
  bindOpen(
    app,
    watchPrompts,
    ({ request, reply, query: { after } }) => {
      if (!told) throw new Refusal<Refused>('not_found')
      const { accept, 'last-event-id': last } = request.headers
      // Who does not ask for events would wait for an end that does not come.
      if (!accept?.includes('text/event-stream'))
        throw new Refusal<Refused>('malformed', { pointer: '/headers/accept', rule: 'const' })
      const terminal = terminalOf(request)
      notices.mustBeAllowed(terminal, 'receive', clock())
      const said = typeof last === 'string' && /^\d{1,18}$/.test(last) ? last : after
      reply.hijack()
      streams.open(terminal, said === undefined ? terminal.acked : BigInt(said), reply.raw)
      return ''
    },
    holdsTerminal(books),
  )
}

function replaying(app: FastifyInstance, { books }: ApiOptions): void {
  const { clock } = app.house
  const held = holdsTerminal(books)

  bindOpen(
    app,
    replayLast,
    async ({ request }) => {
      notices.mustBeAllowed(terminalOf(request), 'receive', clock())
      const prompt = await notices.lastFor(books, terminalOf(request), clock())
      return { ...(prompt && { prompt: promptView(prompt) }) }
    },
    held,
  )
  bindOpen(
    app,
    hearPrompt,
    async ({ request, reply, params: { seq } }) => {
      const terminal = terminalOf(request)
      notices.mustBeAllowed(terminal, 'receive', clock())
      const ask = { seq: BigInt(seq), now: clock() }
      const sound = soundOf(await notices.promptFor(books, terminal, ask))
      // Asked for again each time: what it may hear can have changed.
      reply.header('cache-control', 'private, no-cache').type('audio/wav')
      return sound as Buffer & string
    },
    held,
  )
}

function hearing(app: FastifyInstance, { books, texts }: ApiOptions): void {
  const { clock } = app.house
  bindOpen(
    app,
    postEvidence,
    async ({ request, body: { items } }) => {
      const terminal = terminalOf(request)
      if (terminal.kind !== 'main')
        throw new Refusal<notices.Refused>('only_a_main_hears', { id: terminal.id })
      if (!notices.isOn(terminal, clock()))
        throw new Refusal<notices.Refused>('terminal_is_off', { id: terminal.id })
      await notices.mustBeTold(books.sql, terminal.merchant)
      const evidence = items.map((item, place) => evidenceOf(terminal, item, place, texts))
      const answers = await notices.hearMain(books, terminal, evidence, clock())
      return {
        rows: answers.map((answer, place) => ({
          ...{ id: items[place]!.id, outcome: answer?.outcome ?? 'unreadable' },
          ...(answer?.notice && { notice: answer.notice }),
        })),
      }
    },
    holdsTerminal(books),
  )
}

function working(app: FastifyInstance, { books }: ApiOptions): void {
  const { clock } = app.house
  const held = holdsTerminal(books)

  bindOpen(
    app,
    checkNotice,
    async ({ request, params: { notice }, actor }) => {
      const hand = { notice, by: actor?.person ?? null, now: clock() }
      const at = await notices.check(books, terminalOf(request), hand)
      return { notice, checkedAt: at.toISOString() }
    },
    held,
  )
  bindOpen(
    app,
    lookUpToday,
    async ({ request, query: { limit, cursor } }) => {
      const page = { ...(limit && { limit }), ...(cursor && { cursor }), now: clock() }
      const { rows, next } = await notices.lookUp(books, terminalOf(request), page)
      return { rows: rows.map(lookUpView), ...(next && { next }) }
    },
    held,
  )
  bindOpen(
    app,
    readTotals,
    async ({ request, actor }) => {
      const terminal = terminalOf(request)
      if (actor) await mustHaveCounted(books, actor, terminal.merchant)
      const { day, rows } = await notices.totalsFor(books, terminal, clock())
      return { day, rows: rows.map(({ sum, ...rest }) => ({ ...rest, sum: toWire(sum) })) }
    },
    held,
  )
  bindOpen(
    app,
    muteTerminal,
    async ({ request, body: { minutes } }) => {
      const terminal = terminalOf(request)
      await notices.mute(books, terminal, { minutes, now: clock() })
      return terminalView(await notices.readTerminal(books.sql, terminal.id))
    },
    held,
  )
}

function asking(app: FastifyInstance, { books }: ApiOptions): void {
  const { clock } = app.house
  const held = holdsTerminal(books)

  bindOpen(
    app,
    askRefund,
    async ({ request, body: { amount, ...body }, actor, id }) => {
      const sum = amount && { amount: sumOf(amount) }
      const ask = { id: id('rrq'), ...body, ...sum, by: actor?.person ?? null, now: clock() }
      const terminal = terminalOf(request)
      const { amount: asked, ...view } = refundRequestView(
        await notices.askRefund(books, terminal, ask),
      )
      return { ...view, ...(terminal.permission.fields.includes('amount') && { amount: asked }) }
    },
    held,
  )
}

function handing(app: FastifyInstance, { books }: ApiOptions): void {
  const { clock, origin } = app.house
  const held = holdsTerminal(books)

  bind(
    app,
    handOverTerminal,
    async ({ params, actor, id }) => {
      const ask = { id: id('inv'), ...params, by: actor.person, at: clock() }
      return invitationView(origin, await notices.handOver(books, ask))
    },
    held,
  )
  bind(
    app,
    leaveTerminal,
    async ({ request, actor }) => {
      const { id: terminal, merchant } = terminalOf(request)
      const ask = { merchant, terminal, step: 'leave', by: actor.person, at: clock() } as const
      return terminalView(await notices.stepTerminal(books, ask))
    },
    held,
  )
}
