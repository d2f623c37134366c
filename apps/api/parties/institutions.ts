/** Institutions, entered by the operator's admin, and who sits there. */
import { addInstitution, addSeat, listInstitutions, listSeats, removeSeat } from '@bursar/contract'
import * as parties from '@bursar/parties'
import type { FastifyInstance } from 'fastify'
import { bind } from '../bind.ts'
import type { ApiOptions } from '../options.ts'
import { seatNow } from './seats.ts'
import { institutionView, seatedView } from './views.ts'

export function institutionRoutes(app: FastifyInstance, { books }: ApiOptions): void {
  bind(app, listInstitutions, async () => {
    const institutions = await parties.listInstitutions(books)
    return { rows: institutions.map(institutionView) }
  })
  bind(app, addInstitution, async ({ body, id }) =>
    institutionView(await parties.foundInstitution(books, { ...body, id: id('ins') })),
  )
  bind(app, listSeats, async ({ params }) => {
    const seats = await parties.seatsAt(books, params.institution)
    return { rows: seats.map(seatedView) }
  })
  bind(app, addSeat, async ({ params: { institution }, body: { login, role }, actor }) => {
    const { id: person } = await parties.personByLogin(books, login)
    await parties.appoint(books, { institution, person, role, by: actor.person })
    return await seatNow(books, institution, person, role)
  })
  bind(app, removeSeat, async ({ params: { institution, person }, actor }) => {
    await parties.unseat(books, { organisation: institution, person, by: actor.person })
    return {}
  })
}
