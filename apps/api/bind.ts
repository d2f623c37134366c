/**
 * Binds a route of the contract to a handler. What a handler is given has been admitted:
 *
 *   who      the session is known, and holds one of the route's roles       401, 403
 *   whose    the object in the path is the caller's to touch                404
 *   what     parameters, query and body are exactly what the contract says  400
 *   once     a money command carries an Idempotency-Key                     400
 *
 * in this order, so that a stranger learns nothing from the order of the complaints.
 *
 *   bind(app, spend, async ({ params, body, actor, id }) =>
 *     receiptOf(await pay(books, { id: id('spd'), purse: params.purse, by: actor.person, … })), ownPurse)
 */
import { randomUUID } from 'node:crypto'
import { Problem, type BodyOf, type ParamsOf, type QueryOf, type ReplyOf, type Route } from '@bursar/contract'
import { idFor, Refusal, type Actor, type Id } from '@bursar/kernel'
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { exported, sheetWanted, type Columns } from './exports.ts'
import { admit, type Sees } from './guards.ts'
import type { Locale } from './language.ts'
import type { Refused } from './refusals.ts'

export type { Sees } from './guards.ts'

export type Ask<R extends Route> = Readonly<{
  params: ParamsOf<R>
  query: QueryOf<R>
  body: BodyOf<R>
  actor: Actor
  /** The caller's Idempotency-Key. Where none is needed and none was sent, a wish of its own. */
  key: string
  /** The id of what this command makes: a pure function of person, route with its ids, and key. */
  id<P extends string>(prefix: P): Id<P>
  locale: Locale
  request: FastifyRequest
  reply: FastifyReply
}>
/** On a route that a guest may call, there may be no actor. */
export type OpenAsk<R extends Route> = Omit<Ask<R>, 'actor'> & Readonly<{ actor: Actor | undefined }>

type Answer<R extends Route> = Promise<ReplyOf<R>> | ReplyOf<R>
export type Handler<R extends Route> = (ask: Ask<R>) => Answer<R>
export type OpenHandler<R extends Route> = (ask: OpenAsk<R>) => Answer<R>

/** What a route may add: whose object it is (needed on `purse` and `either`), the sheet's columns. */
export type Extras = Readonly<{ sees?: Sees; columns?: Columns }>

/** For signed-in callers. */
export function bind<R extends Route>(
  app: FastifyInstance,
  route: R,
  handler: Handler<R>,
  extras: Sees | Extras = {},
): void {
  if (route.by.includes('guest')) throw new Error(`${route.path} lets guests in: bindOpen`)
  // Admission refuses a request without an actor before any handler runs.
  register(app, route, handler as OpenHandler<R>, extras)
}

/** For routes that a guest may call. */
export function bindOpen<R extends Route>(
  app: FastifyInstance,
  route: R,
  handler: OpenHandler<R>,
  extras: Sees | Extras = {},
): void {
  register(app, route, handler, extras)
}

function register<R extends Route>(
  app: FastifyInstance,
  route: R,
  handler: OpenHandler<R>,
  extras: Sees | Extras,
): void {
  const { sees, columns } = typeof extras === 'function' ? { sees: extras, columns: undefined } : extras
  if ((route.on === 'purse' || route.on === 'either') && !sees)
    throw new Error(`${route.method} ${route.path} is on "${route.on}": say who sees the object`)
  app.route({
    method: route.method,
    url: route.path,
    schema: schemaOf(route),
    config: { contract: route },
    onRequest: request => admit(route, request, sees),
    handler: (request, reply) => answer(route, handler, columns, request, reply),
  })
}

async function answer<R extends Route>(
  route: R,
  handler: OpenHandler<R>,
  columns: Columns | undefined,
  request: FastifyRequest,
  reply: FastifyReply,
): Promise<unknown> {
  const ask = askOf(route, request, reply)
  const sheet = route.exports && sheetWanted(request.headers.accept)
  if (sheet)
    return exported(reply, sheet, request.locale, route, columns, async query => {
      const page = await handler({ ...ask, query: { ...ask.query, ...query } as QueryOf<R> })
      return page as { rows: readonly object[]; next?: string }
    })
  const said = await handler(ask)
  if (reply.sent) return reply
  reply.code(route.status)
  return route.status === 204 ? reply.send() : said
}

function askOf<R extends Route>(route: R, request: FastifyRequest, reply: FastifyReply): OpenAsk<R> {
  const key = keyOf(route, request)
  const ids = request.params as Readonly<Record<string, string>>
  const path = `${route.method} ${route.path.replace(/:(\w+)/g, (_, name: string) => ids[name]!)}`
  return {
    params: request.params as ParamsOf<R>,
    query: request.query as QueryOf<R>,
    body: request.body as BodyOf<R>,
    actor: request.actor,
    key,
    id: prefix => idFor(prefix, request.actor?.person ?? 'guest', path, key),
    locale: request.locale,
    request,
    reply,
  }
}

/** Visible ASCII, 255 at most. Only a money command must carry one. */
function keyOf(route: Route, request: FastifyRequest): string {
  const key = request.headers['idempotency-key']
  if (key === undefined && !route.money) return randomUUID()
  if (key === undefined) throw new Refusal<Refused>('idempotency_key_required')
  if (typeof key !== 'string' || !/^[\x21-\x7e]{1,255}$/.test(key))
    throw new Refusal<Refused>('malformed', { pointer: '/headers/idempotency-key', rule: 'pattern' })
  return key
}

/** GET and DELETE carry no body, so their schema names none. */
function schemaOf(route: Route): object {
  const takesBody = route.method !== 'GET' && route.method !== 'DELETE'
  const empty = Object.keys((route.body as { properties?: object }).properties ?? { x: 1 }).length === 0
  return {
    summary: route.summary,
    tags: [route.path.split('/')[2] ?? 'house'],
    params: route.params,
    querystring: route.query,
    ...(takesBody && !empty && { body: route.body }),
    response: {
      [route.status]: route.status === 204 ? { type: 'null' } : route.reply,
      default: Problem,
    },
  }
}
