/** The operator's licence on the wire: entered by one, approved by another, seen by who watches over the money. */
import { Type, type Static } from 'typebox'
import { route } from './route.ts'
import { Closed, Day, IdOf, Instant, Text } from './words.ts'

const LicenceKind = Type.Union([
  Type.Literal('stored_value_account'),
  Type.Literal('multi_purpose_prepaid_card'),
])
const LicenceStep = Type.Union([
  Type.Literal('approve'),
  Type.Literal('reject'),
  Type.Literal('withdraw'),
  Type.Literal('revoke'),
])
const Paper = Type.String({
  pattern: '^[0-9a-f]{64}$',
  description: 'SHA-256 of its picture, which the operator keeps',
})

export const Licence = Closed({
  id: IdOf('lic'),
  operator: IdOf('ins'),
  kind: LicenceKind,
  number: Type.String(),
  validFrom: Day,
  /** Its last day, in Shanghai. */
  validTo: Day,
  paper: Type.Optional(Paper),
  state: Type.Union([
    Type.Literal('entered'),
    Type.Literal('approved'),
    Type.Literal('rejected'),
    Type.Literal('withdrawn'),
    Type.Literal('revoked'),
  ]),
  enterer: Type.String(),
  enteredAt: Instant,
  decider: Type.Optional(Type.String()),
  decidedAt: Type.Optional(Instant),
  revoker: Type.Optional(Type.String()),
  revokedAt: Type.Optional(Instant),
  reason: Type.Optional(Type.String()),
  holds: Type.Boolean({ description: 'Platform scope stands on it, now' }),
  may: Type.Array(LicenceStep, { description: 'The steps that the caller may take now' }),
})
export type Licence = Static<typeof Licence>

export const listLicences = route({
  method: 'GET',
  path: '/v1/parties/licences',
  summary: 'Every licence that the operator has entered, and whether platform scope is lawful now',
  by: ['admin', 'reviewer', 'custodian', 'supervisor'],
  on: 'institution',
  reply: Closed({ rows: Type.Array(Licence), platformScope: Type.Boolean() }),
})

export const enterLicence = route({
  method: 'POST',
  path: '/v1/parties/institutions/:institution/licences',
  summary: 'Enter a licence of the operator’s; another person approves it',
  by: ['admin'],
  on: 'institution',
  status: 201,
  params: Closed({ institution: IdOf('ins') }),
  body: Closed({
    kind: LicenceKind,
    number: Text(60),
    validFrom: Day,
    validTo: Day,
    paper: Type.Optional(Paper),
  }),
  reply: Licence,
})

export const decideLicence = route({
  method: 'POST',
  path: '/v1/parties/licences/:licence/:step',
  summary: 'Approve, reject, withdraw or revoke a licence of the operator’s',
  by: ['admin', 'reviewer'],
  on: 'institution',
  params: Closed({ licence: IdOf('lic'), step: LicenceStep }),
  body: Closed({ reason: Type.Optional(Text(500)) }),
  reply: Licence,
})
