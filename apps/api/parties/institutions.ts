/** Institutions, entered by the operator's admin, and who sits there: nominated by one, confirmed by another. */
import {
  addInstitution,
  decideNomination,
  listInstitutions,
  listNominations,
  listSeats,
  nominate,
  removeSeat,
} from '@bursar/contract'
import { holds, type Books, type InstitutionId } from '@bursar/kernel'
import * as parties from '@bursar/parties'
import type { FastifyInstance } from 'fastify'
import { bind, type Sees } from '../bind.ts'
import type { ApiOptions } from '../options.ts'
import { institutionRoles, institutionView, nominationView, seatedView } from './views.ts'

export function institutionRoutes(app: FastifyInstance, { books }: ApiOptions): void {
  bind(app, listInstitutions, async () => {
    const institutions = await parties.listInstitutions(books)
    return { rows: institutions.map(institutionView) }
  })
  bind(app, addInstitution, async ({ body, id }) =>
    institutionView(await parties.foundInstitution(books, { ...body, id: id('ins') })),
  )
  bind(
    app,
    listSeats,
    async ({ params }) => {
      const seats = await parties.seatsAt(books, params.institution)
      return { rows: seats.map(seatedView) }
    },
    sitsThere,
  )
  bind(app, removeSeat, async ({ params: { institution, person }, actor }) => {
    await parties.unseat(books, { organisation: institution, person, by: actor.person })
    return {}
  })
  nominationRoutes(app, books)
}

function nominationRoutes(app: FastifyInstance, books: Books): void {
  const { clock } = app.house
  bind(app, nominate, async ({ params, body: { login, role }, actor, id }) => {
    const { id: person } = await parties.personByLogin(books, login)
    const ask = { ...params, id: id('nom'), person, role, by: actor.person, at: clock() }
    return nominationView(await parties.nominate(books, ask))
  })
  bind(app, listNominations, async ({ query, actor }) => {
    const look = { ...query, viewer: actor.person, at: clock() }
    return { rows: (await parties.listNominations(books, look)).map(nominationView) }
  })
  const concerns: Sees = async ({ params, actor }) => {
    const look = { viewer: actor!.person, id: params['nomination'] as parties.NominationId }
    return (await parties.listNominations(books, look)).length > 0
  }
  bind(
    app,
    decideNomination,
    async ({ params, actor }) =>
      nominationView(
        await parties.decideNomination(books, { ...params, by: actor.person, at: clock() }),
      ),
    concerns,
  )
}

/** An administrator is everywhere; the others are where they sit. */
const sitsThere: Sees = ({ params, actor }) =>
  actor !== undefined &&
  (holds(actor, ['admin']) ||
    holds(actor, institutionRoles, params['institution'] as InstitutionId))
