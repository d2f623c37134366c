/** Institutions on the wire: entered by the operator's admin, who also seats people there. */
import { Type, type Static } from 'typebox'
import { Login, Seated } from './parties.ts'
import { route } from './route.ts'
import { Closed, IdOf, Instant, PageOf, Text } from './words.ts'

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
    name: Text(80),
  }),
  reply: Institution,
})

export const listSeats = route({
  method: 'GET',
  path: '/v1/parties/institutions/:institution/seats',
  summary: 'Who has a seat at an institution',
  by: ['admin'],
  on: 'institution',
  params: ofInstitution,
  reply: PageOf(Seated),
})

export const addSeat = route({
  method: 'POST',
  path: '/v1/parties/institutions/:institution/seats',
  summary: 'Give a registered person a seat at an institution',
  by: ['admin'],
  on: 'institution',
  status: 201,
  params: ofInstitution,
  body: Closed({
    login: Login,
    role: Type.Union([
      Type.Literal('admin'),
      Type.Literal('reviewer'),
      Type.Literal('custodian'),
      Type.Literal('supervisor'),
    ]),
  }),
  reply: Seated,
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
