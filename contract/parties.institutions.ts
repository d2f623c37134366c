/** Institutions on the wire: entered by the operator's admin, who also seats people there. */
import { Type, type Static } from 'typebox'
import { Login, Seated } from './parties.ts'
import { route } from './route.ts'
import { Closed, IdOf, Instant, Name, PageOf } from './words.ts'

const ofInstitution = Closed({ institution: IdOf('ins') })

export const Institution = Closed({
  id: IdOf('ins'),
  kind: Type.Union([Type.Literal('operator'), Type.Literal('bank'), Type.Literal('supervisor')]),
  name: Type.String(),
  foundedAt: Instant,
})
export type Institution = Static<typeof Institution>

export const listInstitutions = route({
  method: 'GET',
  path: '/v1/parties/institutions',
  summary: 'Operator, custodian banks and supervisors',
  by: ['admin', 'reviewer', 'custodian', 'supervisor'],
  on: 'institution',
  reply: PageOf(Institution),
})

export const addInstitution = route({
  method: 'POST',
  path: '/v1/parties/institutions',
  summary: 'Enter a custodian bank or a supervisor',
  by: ['admin'],
  on: 'institution',
  status: 201,
  body: Closed({
    kind: Type.Union([Type.Literal('bank'), Type.Literal('supervisor')]),
    name: Name(80),
  }),
  reply: Institution,
})

const InstitutionRole = Type.Union([
  Type.Literal('admin'),
  Type.Literal('reviewer'),
  Type.Literal('custodian'),
  Type.Literal('supervisor'),
])

export const listSeats = route({
  method: 'GET',
  path: '/v1/parties/institutions/:institution/seats',
  summary: 'Who has a seat at an institution: for administrators, and for who sits there',
  by: ['admin', 'reviewer', 'custodian', 'supervisor'],
  on: 'institution',
  params: ofInstitution,
  reply: PageOf(Seated),
})

const NominationStep = Type.Union([
  Type.Literal('confirm'),
  Type.Literal('accept'),
  Type.Literal('decline'),
  Type.Literal('withdraw'),
])

/** One administrator's word that somebody be seated; it gives the seat when another one confirms. */
export const Nomination = Closed({
  id: IdOf('nom'),
  institution: IdOf('ins'),
  institutionName: Type.String(),
  person: IdOf('per'),
  name: Type.String(),
  role: InstitutionRole,
  nominatedBy: IdOf('per'),
  nominator: Type.String(),
  nominatedAt: Instant,
  state: Type.Union([
    Type.Literal('open'),
    Type.Literal('confirmed'),
    Type.Literal('accepted'),
    Type.Literal('declined'),
    Type.Literal('withdrawn'),
  ]),
  endedBy: Type.Optional(IdOf('per')),
  ender: Type.Optional(Type.String()),
  endedAt: Type.Optional(Instant),
  /** Only where nobody could confirm: from when the person may accept. */
  acceptableFrom: Type.Optional(Instant),
  may: Type.Array(NominationStep, { description: 'The steps that the caller may take now' }),
})
export type Nomination = Static<typeof Nomination>

export const nominate = route({
  method: 'POST',
  path: '/v1/parties/institutions/:institution/nominations',
  summary: 'Nominate a registered person for a seat at an institution; another person confirms',
  by: ['admin'],
  on: 'institution',
  status: 201,
  params: ofInstitution,
  body: Closed({ login: Login, role: InstitutionRole }),
  reply: Nomination,
})

export const listNominations = route({
  method: 'GET',
  path: '/v1/parties/nominations',
  summary: 'Nominated seats that concern the caller, at one institution or at all; open ones first',
  by: ['consumer'],
  on: 'self',
  query: Closed({ institution: Type.Optional(IdOf('ins')) }),
  reply: PageOf(Nomination),
})

export const decideNomination = route({
  method: 'POST',
  path: '/v1/parties/nominations/:nomination/:step',
  summary: 'Confirm, accept, decline or withdraw a nominated seat',
  by: ['consumer'],
  on: 'either',
  params: Closed({ nomination: IdOf('nom'), step: NominationStep }),
  reply: Nomination,
})

export const removeSeat = route({
  method: 'DELETE',
  path: '/v1/parties/institutions/:institution/seats/:person',
  summary: 'End a person’s seats at an institution; the last admin stays',
  by: ['admin'],
  on: 'institution',
  status: 204,
  params: Closed({ institution: IdOf('ins'), person: IdOf('per') }),
  reply: Closed({}),
})
