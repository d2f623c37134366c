/** Terminals on the wire, for the owner: made, invited, allowed, suspended, revoked; and for who takes an invitation up. */
import { Type } from 'typebox'
import {
  InvitationId,
  Merchant,
  Permission,
  TerminalId,
  TerminalView,
  Way,
} from './notices.views.ts'
import { route } from './route.ts'
import { Closed, Instant, Name, Text } from './words.ts'

const ofMerchant = Closed({ merchant: Merchant })
const atMerchant = Closed({ merchant: Merchant, terminal: TerminalId })
const owner = ['owner'] as const
const Zone = Name(40)
const Language = Type.Enum(['zh-CN', 'en'])
const Ways = Type.Array(Way, { minItems: 1, maxItems: 4, uniqueItems: true })

export const listTerminals = route({
  method: 'GET',
  path: '/v1/notices/merchants/:merchant/terminals',
  summary: 'A merchant’s terminals: main, subs, devices; those revoked last',
  by: owner,
  on: 'merchant',
  params: ofMerchant,
  reply: Closed({ rows: Type.Array(TerminalView) }),
})
export const makeTerminal = route({
  method: 'PUT',
  path: '/v1/notices/merchants/:merchant/terminals/:terminal',
  summary:
    'Make a main or a device; its id is the caller’s to make. `secret` is shown this once: asked again, another is made and the old one ends',
  by: owner,
  on: 'merchant',
  params: atMerchant,
  body: Closed({
    /** A main is held by who makes it, and may bring evidence; a device is held by nobody. */
    kind: Type.Enum(['main', 'device']),
    name: Name(40),
    ways: Ways,
    language: Language,
    /** Of the devices of one zone one speaks. */
    zone: Type.Optional(Zone),
    /** Takes the voice from whichever spoke in the zone before. */
    speaks: Type.Boolean(),
    /** The phone that receives the bank's SMS: a main's alone. */
    hearsSms: Type.Optional(Type.Boolean()),
    permission: Permission,
  }),
  reply: Closed({
    ...TerminalView.properties,
    /** For `Terminal-Secret`, and the broker's password (the terminal's id is the user's name). */
    secret: Type.String(),
  }),
})
export const setTerminal = route({
  method: 'PATCH',
  path: '/v1/notices/merchants/:merchant/terminals/:terminal',
  summary: 'What a terminal is called, may see and do, how it tells; from the next prompt on',
  by: owner,
  on: 'merchant',
  params: atMerchant,
  body: Closed({
    name: Type.Optional(Name(40)),
    ways: Type.Optional(Ways),
    language: Type.Optional(Language),
    zone: Type.Optional(Type.Union([Zone, Type.Null()])),
    speaks: Type.Optional(Type.Boolean()),
    hearsSms: Type.Optional(Type.Boolean()),
    permission: Type.Optional(Permission),
  }),
  reply: TerminalView,
})
const stepped = (step: 'suspend' | 'authorise' | 'revoke', summary: string) =>
  route({
    method: 'POST',
    path: `/v1/notices/merchants/:merchant/terminals/:terminal/${step}`,
    summary,
    by: owner,
    on: 'merchant',
    params: atMerchant,
    body: Closed({ reason: Type.Optional(Text(200)) }),
    reply: TerminalView,
  })
export const suspendTerminal = stepped('suspend', 'Silent within five seconds, until authorised')
export const authoriseTerminal = stepped(
  'authorise',
  'After a suspension: told again from now on; what was told meanwhile is not for it',
)
export const revokeTerminal = stepped('revoke', 'Silent within five seconds, for ever')
export const inviteSub = route({
  method: 'POST',
  path: '/v1/notices/merchants/:merchant/invitations',
  summary: 'Invite a sub: a code for ten minutes, to be taken up once; `url` is what the QR says',
  by: owner,
  on: 'merchant',
  status: 201,
  params: ofMerchant,
  body: Closed({ name: Name(40), permission: Permission }),
  /** `code` is shown this once; we keep its hash. */
  reply: Closed({ id: InvitationId, code: Type.String(), url: Type.String(), expiresAt: Instant }),
})
export const acceptInvitation = route({
  method: 'POST',
  path: '/v1/notices/invitations/accept',
  summary:
    'Take up an invitation, or a terminal that is handed over, by its code. Said again it answers the same',
  by: ['consumer'],
  on: 'self',
  body: Closed({ code: Text(64), ways: Type.Optional(Ways), language: Type.Optional(Language) }),
  reply: TerminalView,
})
export const listOwnTerminals = route({
  method: 'GET',
  path: '/v1/notices/terminals',
  summary: 'The terminals that I hold, at whichever merchants; those revoked left out',
  by: ['consumer'],
  on: 'self',
  reply: Closed({ rows: Type.Array(TerminalView) }),
})
