/**
 * A route, said once. The API binds it to a handler, OpenAPI is generated from it, the web's client
 * takes its types from it, and the permission matrix walks it. A route that is not here does not exist.
 */
import { Type, type Static, type TSchema } from 'typebox'
import { Key } from './words.ts'

/** What an API key may be used for. The words are the kernel's, and the compiler compares them. */
export const Scope = Type.Enum([
  'orders:read',
  'orders:write',
  'spends:read',
  'refunds:write',
  'events:read',
])
export type Scope = Static<typeof Scope>

/** Who a person can be. `guest` has not signed in; every signed-in person is a `consumer`. */
export type Role =
  | 'guest'
  | 'consumer'
  | 'owner'
  | 'staff'
  | 'admin'
  | 'reviewer'
  | 'custodian'
  | 'supervisor'

/**
 * Whose data a route touches; anything else is answered 404, as if it were not there.
 *   nobody       no object of anybody's (a directory, a health page)
 *   self         the caller's own person
 *   purse        the purse in the path is the caller's own
 *   merchant     a seat at the merchant in the path, or at the operator, or at who watches over its pool
 *   either       a seat at the merchant, or the consumer of the object, or an institution that may see it
 *   institution  the caller's seat at an institution is the whole rule
 */
export type Rule = 'nobody' | 'self' | 'purse' | 'merchant' | 'either' | 'institution'

export type Route<
  Params extends TSchema = TSchema,
  Query extends TSchema = TSchema,
  Body extends TSchema = TSchema,
  Reply extends TSchema = TSchema,
> = Readonly<{
  method: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE'
  path: `/${string}`
  summary: string
  by: readonly Role[]
  on: Rule
  /** A merchant's own program may call it too, with an API key of this scope. Without one, no key opens it. */
  scope?: Scope
  /** A money command: it must carry an Idempotency-Key. */
  money?: true
  /** A list that can also be had as CSV or XLSX (`Accept`), whole and streamed. */
  exports?: true
  /** It answers no JSON, but this. */
  media?: 'audio/wav' | 'image/*'
  status: 200 | 201 | 202 | 204
  params: Params
  query: Query
  body: Body
  reply: Reply
}>

type Said<P extends TSchema, Q extends TSchema, B extends TSchema, R extends TSchema> = Omit<
  Route<P, Q, B, R>,
  'params' | 'query' | 'body' | 'status'
> & { params?: P; query?: Q; body?: B; status?: Route['status'] }

const none = Type.Object({}, { additionalProperties: false })
export type None = typeof none

/** Fills in what a route leaves out: no parameters, no query, no body, status 200. */
export function route<
  R extends TSchema,
  P extends TSchema = None,
  Q extends TSchema = None,
  B extends TSchema = None,
>(said: Said<P, Q, B, R>): Route<P, Q, B, R> {
  const blank = { params: none, query: none, body: none, status: 200 } as const
  return { ...blank, ...said } as unknown as Route<P, Q, B, R>
}

/**
 * What became of a money command, asked for by its key where it was sent. The caller who sent it alone knows:
 * the key of anybody else names something else. A list that is there already takes `key` as a filter.
 */
export const outcomeOf = <
  P extends TSchema,
  Q extends TSchema,
  B extends TSchema,
  R extends TSchema,
>({
  path,
  summary,
  by,
  on,
  scope,
  params,
  reply,
}: Route<P, Q, B, R>) =>
  route({
    ...({ method: 'GET', path, by, on, params, reply, ...(scope && { scope }) } as const),
    summary: `What the caller’s key did here: ${summary}`,
    query: Type.Object({ key: Key }, { additionalProperties: false }),
  })

export type ParamsOf<R extends Route> = Static<R['params']>
export type QueryOf<R extends Route> = Static<R['query']>
export type BodyOf<R extends Route> = Static<R['body']>
export type ReplyOf<R extends Route> = Static<R['reply']>
