/** API keys: an owner makes, rotates and ends them. */
import { endApiKey, listApiKeys, makeApiKey, rotateApiKey } from '@bursar/contract'
import type * as wire from '@bursar/contract'
import * as parties from '@bursar/parties'
import type { FastifyInstance } from 'fastify'
import { bind } from '../bind.ts'
import type { ApiOptions } from '../options.ts'

const usualOverlapHours = 24

export function apiKeyRoutes(app: FastifyInstance, { books }: ApiOptions): void {
  const { clock } = app.house

  bind(app, listApiKeys, async ({ params }) => ({
    rows: (await parties.listApiKeys(books, params.merchant, clock())).map(apiKeyView),
  }))
  bind(app, makeApiKey, async ({ params, body: { expiresAt, ...body }, actor }) => {
    const until = expiresAt === undefined ? {} : { expiresAt: new Date(expiresAt) }
    const ask = { ...params, ...body, ...until, by: actor.person, at: clock() }
    return madeView(await parties.makeApiKey(books, ask))
  })
  bind(app, rotateApiKey, async ({ params: { merchant, apiKey: id }, body }) => {
    const { overlapHours = usualOverlapHours } = body
    return madeView(await parties.rotateApiKey(books, { merchant, id, overlapHours, at: clock() }))
  })
  bind(app, endApiKey, async ({ params: { merchant, apiKey: id }, actor }) =>
    apiKeyView(await parties.endApiKey(books, { merchant, id, by: actor.person, at: clock() })),
  )
}

const madeView = ({ apiKey, secret }: parties.MadeApiKey) => ({
  apiKey: apiKeyView(apiKey),
  secret,
})

function apiKeyView(key: parties.ApiKey): wire.ApiKey {
  const { scopes, madeAt, expiresAt, usedAt, endedAt, overlapEndsAt, ...plain } = key
  return {
    ...plain,
    scopes: [...scopes],
    madeAt: madeAt.toISOString(),
    ...(expiresAt && { expiresAt: expiresAt.toISOString() }),
    ...(usedAt && { usedAt: usedAt.toISOString() }),
    ...(endedAt && { endedAt: endedAt.toISOString() }),
    ...(overlapEndsAt && { overlapEndsAt: overlapEndsAt.toISOString() }),
  }
}
