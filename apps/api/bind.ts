/**
 * Binds a route of the contract to a handler. What a handler is given has been admitted:
 *
 *   who      the session is known, and holds one of the route's roles;      401, 403
 *            or the API key has the route's scope
 *   whose    the object in the path is the caller's to touch                404
 *   what     parameters, query and body are exactly what the contract says  400
 *   once     a money command carries an Idempotency-Key                     400
 *
 * in this order, so that a stranger learns nothing from the order of the complaints.
 *
 *   bind(app, spend, async ({ params, body, actor, id }) =>
 *     receiptOf(await pay(books, { id: id('spd'), purse: params.purse, by: actor.person, … })), ownPurse)
 *
 * The last argument says who sees the object in the path. It is a must on `purse` and `either`; on
 * `merchant` the seat is looked up here. A list with `exports` answers a sheet by the same handler.
 */
import {
  Problem,
  type BodyOf,
  type ParamsOf,
  type QueryOf,
  type ReplyOf,
  type Route,
} from '@bursar/contract'
import {
  idFor,
  newId,
  Refusal,
  type Actor,
  type Hand,
  type Id,
  type Integrator,
} from '@bursar/kernel'
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { exported, sheetWanted, type Page } from './exports.ts'
import { nameOf } from './routes.ts'
import { admit, type Sees } from './guards.ts'
import type { Locale } from './language.ts'
import type { Refused } from './refusals.ts'

export type { Sees } from './guards.ts'

export type Ask<R extends Route> = Readonly<{
  params: ParamsOf<R>
  query: QueryOf<R>
  body: BodyOf<R>
  actor: Actor
  integrator: Integrator | undefined
  /** The caller's Idempotency-Key: always there on a money command. */
  key: string
  /** The id of what this command makes: a pure function of who asks (a person, or a program's merchant), route with its ids, and key. Without a key, a new one. */
  id<P extends string>(prefix: P): Id<P>
  /** The id of what this caller's POST with that key makes, or would have made, at this address. */
  made<P extends string>(prefix: P, key: string): Id<P>
  locale: Locale
  request: FastifyRequest
  reply: FastifyReply
}>
/** On a route that a guest may call, there may be no actor. */
export type OpenAsk<R extends Route> = Omit<Ask<R>, 'actor'> &
  Readonly<{ actor: Actor | undefined }>
/** On a route with a scope there is an actor or an integrator, and `hand` is whichever it is. */
export type KeyedAsk<R extends Route> = OpenAsk<R> & Readonly<{ hand: Hand }>

type Answer<R extends Route> = Promise<ReplyOf<R>> | ReplyOf<R>
export type Handler<R extends Route> = (ask: Ask<R>) => Answer<R>
export type OpenHandler<R extends Route> = (ask: OpenAsk<R>) => Answer<R>
export type KeyedHandler<R extends Route> = (ask: KeyedAsk<R>) => Answer<R>

/** For signed-in callers. */
export function bind<R extends Route>(
  app: FastifyInstance,
  route: R,
  handler: Handler<R>,
  sees?: Sees,
): void {
  if (route.by.includes('guest')) throw new Error(`${route.path} lets guests in: bindOpen`)
  if (route.scope) throw new Error(`${route.path} lets API keys in: bindKeyed`)
  // Admission refuses a request without an actor before any handler runs.
  register(app, route, handler as OpenHandler<R>, sees)
}

/** For routes that a guest may call. */
export function bindOpen<R extends Route>(
  app: FastifyInstance,
  route: R,
  handler: OpenHandler<R>,
  sees?: Sees,
): void {
  register(app, route, handler, sees)
}

/** For routes that an API key may call too. */
export function bindKeyed<R extends Route>(
  app: FastifyInstance,
  route: R,
  handler: KeyedHandler<R>,
  sees?: Sees,
): void {
  if (!route.scope) throw new Error(`${route.path} names no scope: bind`)
  const keyed: OpenHandler<R> = ask =>
    handler({ ...ask, hand: ask.actor?.person ?? ask.integrator!.apiKey })
  register(app, route, keyed, sees)
}

function register<R extends Route>(
  app: FastifyInstance,
  route: R,
  handler: OpenHandler<R>,
  sees: Sees | undefined,
): void {
  if ((route.on === 'purse' || route.on === 'either') && !sees)
    throw new Error(`${route.method} ${route.path} is on "${route.on}": say who sees the object`)
  app.route({
    method: route.method,
    url: route.path,
    schema: schemaOf(route),
    config: { contract: route },
    onRequest: request => admit(route, request, sees),
    handler: (request, reply) => answer(route, handler, request, reply),
  })
}

async function answer<R extends Route>(
  route: R,
  handler: OpenHandler<R>,
  request: FastifyRequest,
  reply: FastifyReply,
): Promise<unknown> {
  const ask = askOf(route, request, reply)
  const sheet = route.exports && sheetWanted(request.headers.accept)
  if (sheet) {
    const { limit: _, cursor: __, ...filters } = ask.query as Record<string, unknown>
    const read = async (page: object) =>
      (await handler({ ...ask, query: { ...filters, ...page } as QueryOf<R> })) as Page
    return await exported(reply, sheet, request.locale, route, read)
  }
  const said = await handler(ask)
  if (reply.sent) return reply
  reply.code(route.status)
  return route.status === 204 ? reply.send() : said
}

function askOf<R extends Route>(
  route: R,
  request: FastifyRequest,
  reply: FastifyReply,
): OpenAsk<R> {
  const key = keyOf(route, request)
  const ids = request.params as Readonly<Record<string, string>>
  const path = route.path.replace(/:(\w+)/g, (_, name: string) => ids[name]!)
  // A program asks for its merchant: another key of the same shop may ask again what the first one asked.
  const asker = request.actor?.person ?? request.integrator?.merchant ?? 'guest'
  return {
    params: request.params as ParamsOf<R>,
    query: request.query as QueryOf<R>,
    body: (request.body ?? {}) as BodyOf<R>,
    actor: request.actor,
    integrator: request.integrator,
    key,
    // Without a key, each request is a wish of its own.
    id: prefix =>
      key === '' ? newId(prefix) : idFor(prefix, asker, `${route.method} ${path}`, key),
    made: (prefix, said) => idFor(prefix, asker, `POST ${path}`, said),
    locale: request.locale,
    request,
    reply,
  }
}

/** Visible ASCII, 255 at most. Only a money command must carry one. */
function keyOf(route: Route, request: FastifyRequest): string {
  const key = request.headers['idempotency-key']
  if (key === undefined && !route.money) return ''
  if (key === undefined) throw new Refusal<Refused>('idempotency_key_required')
  if (typeof key !== 'string' || !/^[\x21-\x7e]{1,255}$/.test(key))
    throw new Refusal<Refused>('malformed', {
      pointer: '/headers/idempotency-key',
      rule: 'pattern',
    })
  return key
}

/** For OpenAPI: a session, an API key of the route's scope, or nothing at all. */
function securityOf({ by, scope }: Route): object[] {
  if (by.includes('guest')) return []
  return [...(by.length > 0 ? [{ session: [] }] : []), ...(scope ? [{ apiKey: [scope] }] : [])]
}

/** GET and DELETE carry no body, so their schema names none. */
function schemaOf(route: Route): object {
  const takesBody = route.method !== 'GET' && route.method !== 'DELETE'
  return {
    operationId: nameOf(route),
    summary: route.summary,
    security: securityOf(route),
    tags: [route.path.split('/')[2] ?? 'house'],
    params: route.params,
    querystring: route.query,
    ...(takesBody && { body: route.body }),
    ...(route.money && { headers: keyHeader }),
    response: {
      [route.status]: replyOf(route),
      default: {
        description: 'A refusal',
        content: { 'application/problem+json': { schema: Problem } },
      },
    },
  }
}

function replyOf({ status, media, reply }: Route): object {
  if (status === 204) return { type: 'null', description: 'Done' }
  if (!media) return reply
  return { description: media, content: { [media]: { schema: reply } } }
}

const keyHeader = { type: 'object', properties: { 'idempotency-key': { type: 'string' } } } as const
