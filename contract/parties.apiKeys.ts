/** API keys on the wire: made by a merchant's owner, shown once. */
import { Type, type Static } from 'typebox'
import { route, Scope } from './route.ts'
import { Closed, IdOf, Instant, Name, PageOf } from './words.ts'

const ofMerchant = { merchant: IdOf('mer') }
const ofKey = Closed({ ...ofMerchant, apiKey: IdOf('key') })

/** `hint` is how its secret begins. `overlapEndsAt`: until when an older secret opens too. */
export const ApiKey = Closed({
  id: IdOf('key'),
  merchant: IdOf('mer'),
  name: Type.String(),
  scopes: Type.Array(Scope),
  hint: Type.String(),
  madeBy: IdOf('per'),
  madeAt: Instant,
  expiresAt: Type.Optional(Instant),
  usedAt: Type.Optional(Instant),
  endedAt: Type.Optional(Instant),
  overlapEndsAt: Type.Optional(Instant),
})
export type ApiKey = Static<typeof ApiKey>
/** The secret is told here, once, and never again. */
const Made = Closed({ apiKey: ApiKey, secret: Type.String() })

export const listApiKeys = route({
  method: 'GET',
  path: '/v1/parties/merchants/:merchant/api-keys',
  summary: 'A merchant’s API keys, newest first, those that ended among them',
  by: ['owner'],
  on: 'merchant',
  params: Closed(ofMerchant),
  reply: PageOf(ApiKey),
})
export const makeApiKey = route({
  method: 'POST',
  path: '/v1/parties/merchants/:merchant/api-keys',
  summary: 'Make an API key for the merchant’s own program; its secret is shown this once',
  by: ['owner'],
  on: 'merchant',
  status: 201,
  params: Closed(ofMerchant),
  body: Closed({
    name: Name(80),
    scopes: Type.Array(Scope, { minItems: 1, maxItems: 10 }),
    expiresAt: Type.Optional(Instant),
  }),
  reply: Made,
})
export const rotateApiKey = route({
  method: 'POST',
  path: '/v1/parties/merchants/:merchant/api-keys/:apiKey/rotate',
  summary: 'A new secret for the key; the old one opens for some hours more',
  by: ['owner'],
  on: 'merchant',
  status: 201,
  params: ofKey,
  body: Closed({ overlapHours: Type.Optional(Type.Integer({ minimum: 0, maximum: 168 })) }),
  reply: Made,
})
export const endApiKey = route({
  method: 'DELETE',
  path: '/v1/parties/merchants/:merchant/api-keys/:apiKey',
  summary: 'End an API key at once, for good',
  by: ['owner'],
  on: 'merchant',
  params: ofKey,
  reply: ApiKey,
})
