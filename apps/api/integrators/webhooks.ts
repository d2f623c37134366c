/** Webhooks: an owner names addresses, looks up what was told to them, and has it told again. */
import {
  changeEndpoint,
  endEndpoint,
  listEndpoints,
  listEvents,
  makeEndpoint,
  pingEndpoint,
  readEvent,
  replayEvent,
  replaySpan,
  rotateSecret,
} from '@bursar/contract'
import * as integrators from '@bursar/integrators'
import type { FastifyInstance } from 'fastify'
import { bind, bindKeyed } from '../bind.ts'
import { pageOf } from '../custody/pages.ts'
import type { ApiOptions } from '../options.ts'
import { attemptView, endpointView, eventView, madeView } from './views.ts'

const usualOverlapHours = 24

/** Where nobody carries anything, no address is taken. */
const nobody: NonNullable<ApiOptions['webhooks']> = {
  courier: { takes: () => false, send: async () => ({ error: 'not_reached' }) },
  vault: { secretOf: () => '' },
}

export function webhookRoutes(app: FastifyInstance, options: ApiOptions): void {
  const { books, webhooks = nobody } = options
  const { courier, vault } = webhooks
  const { clock } = app.house

  bind(app, listEndpoints, async ({ params }) => ({
    rows: (await integrators.listEndpoints(books, params.merchant, clock())).map(endpointView),
  }))
  bind(app, makeEndpoint, async ({ params, body, actor }) => {
    const ask = { ...params, ...body, by: actor.person, at: clock() }
    return madeView(await integrators.makeEndpoint(books, webhooks, ask))
  })
  bind(app, changeEndpoint, async ({ params, body }) => {
    const ask = { ...params, ...body, at: clock() }
    return endpointView(await integrators.changeEndpoint(books, courier, ask))
  })
  bind(app, endEndpoint, async ({ params }) =>
    endpointView(await integrators.endEndpoint(books, { ...params, at: clock() })),
  )
  bind(app, rotateSecret, async ({ params, body: { overlapHours = usualOverlapHours } }) => {
    const ask = { ...params, overlapHours, at: clock() }
    return madeView(await integrators.rotateSecret(books, vault, ask))
  })
  bind(app, pingEndpoint, async ({ params }) =>
    eventView(await integrators.ping(books, { ...params, at: clock() })),
  )
  eventLog(app, options)
}

function eventLog(app: FastifyInstance, { books }: ApiOptions): void {
  const { clock } = app.house

  bindKeyed(app, listEvents, ({ params, query: { from, to, ...query } }) => {
    const span = {
      ...(from !== undefined && { from: new Date(from) }),
      ...(to !== undefined && { to: new Date(to) }),
    }
    return pageOf(
      query,
      ask => integrators.listEvents(books, { ...params, ...query, ...span, ...ask }),
      eventView,
      row => row.id,
    )
  })
  bindKeyed(app, readEvent, async ({ params }) => {
    const { event, attempts } = await integrators.readEvent(books, params)
    return { event: eventView(event), attempts: attempts.map(attemptView) }
  })
  bind(app, replayEvent, async ({ params }) => ({
    deliveries: await integrators.replayEvent(books, { ...params, at: clock() }),
  }))
  bind(app, replaySpan, async ({ params, body: { from, to } }) => {
    const span = { ...params, from: new Date(from), to: new Date(to), at: clock() }
    return { events: await integrators.replaySpan(books, span) }
  })
}
