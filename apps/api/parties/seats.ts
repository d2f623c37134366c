/** Who works at a merchant. */
import { addStaff, listStaff, removeStaff } from '@bursar/contract'
import * as parties from '@bursar/parties'
import type { FastifyInstance } from 'fastify'
import { bind } from '../bind.ts'
import type { ApiOptions } from '../options.ts'
import { seatedView } from './views.ts'

export function seatRoutes(app: FastifyInstance, { books }: ApiOptions): void {
  bind(app, addStaff, async ({ params, body: { login, role }, actor }) => {
    const ask = { ...params, login, role, by: actor.person }
    return seatedView(await parties.seatByLogin(books, ask))
  })
  bind(app, listStaff, async ({ params }) => {
    const seats = await parties.seatsAt(books, params.merchant)
    return { rows: seats.map(seatedView) }
  })
  bind(app, removeStaff, async ({ params: { merchant, person }, actor }) => {
    await parties.unseat(books, { organisation: merchant, person, by: actor.person })
    return {}
  })
}
