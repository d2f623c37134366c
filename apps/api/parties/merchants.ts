/** Merchants: in by application, decided by somebody else, listed for whoever may see them. */
import {
  addOutlet,
  addTill,
  applyMerchant,
  changeMerchant,
  closeTill,
  decideMerchant,
  listMerchants,
  listOutlets,
  renameTill,
  readMerchant,
} from '@bursar/contract'
import { holds, type MerchantId } from '@bursar/kernel'
import * as parties from '@bursar/parties'
import type { FastifyInstance } from 'fastify'
import { bind, type Sees } from '../bind.ts'
import type { ApiOptions } from '../options.ts'
import { found, knownWell } from '../guards.ts'
import { institutionRoles, merchantView, outletView, stepView, tillView } from './views.ts'

export function merchantRoutes(app: FastifyInstance, { books }: ApiOptions): void {
  const { clock } = app.house

  bind(app, applyMerchant, async ({ body, actor, id }) => {
    const ask = { ...body, id: id('mer'), by: actor.person, at: clock() }
    return merchantView(await parties.applyMerchant(books, ask), true)
  })
  bind(app, listMerchants, async ({ query: { cursor, ...filter }, actor }) => {
    const official = holds(actor, institutionRoles)
    // A consumer's directory holds what is open; asking for another state finds nothing there.
    if (!official && (filter.state ?? 'active') !== 'active') return { rows: [] }
    const state = official ? filter.state : ('active' as const)
    const from = cursor === undefined ? {} : { cursor: cursor as MerchantId }
    const page = await parties.listMerchants(books, { ...filter, ...(state && { state }), ...from })
    const ids = page.rows.map(one => one.id)
    const known = await knownWell(books, actor, ids)
    return { ...page, rows: page.rows.map(one => merchantView(one, known.has(one.id))) }
  })
  bind(
    app,
    readMerchant,
    async ({ params, actor }) => {
      const whole = (await knownWell(books, actor, [params.merchant])).has(params.merchant)
      const merchant = merchantView(await parties.merchantOf(books, params.merchant), whole)
      const steps = whole ? await parties.stepsOf(books, params.merchant) : []
      return { merchant, steps: steps.map(stepView) }
    },
    mayKnow(books),
  )
  bind(app, decideMerchant, async ({ params, body: { reason }, actor }) => {
    const why = reason === undefined ? {} : { reason }
    const ask = { ...params, ...why, by: actor.person, at: clock() }
    return merchantView(await parties.decideMerchant(books, ask), true)
  })
  bind(app, changeMerchant, async ({ params, body, actor }) => {
    const ask = { ...params, ...body, by: actor.person, at: clock() }
    return merchantView(await parties.changeMerchant(books, ask), true)
  })
  bind(app, addOutlet, async ({ params, body, id }) =>
    outletView(
      await parties.addOutlet(books, { ...params, ...body, id: id('out'), at: clock() }),
      [],
    ),
  )
  bind(app, listOutlets, async ({ params: { merchant } }) => {
    const [outlets, tills] = await Promise.all([
      parties.outletsOf(books, merchant),
      parties.tillsOf(books, merchant),
    ])
    return { rows: outlets.map(one => outletView(one, tills)) }
  })
  tillRoutes(app, books)
}

function tillRoutes(app: FastifyInstance, books: ApiOptions['books']): void {
  const { clock } = app.house
  bind(app, addTill, async ({ params, body, id }) =>
    tillView(await parties.addTill(books, { ...params, ...body, id: id('til'), at: clock() })),
  )
  bind(app, renameTill, async ({ params, body, actor }) =>
    tillView(
      await parties.renameTill(books, { ...params, ...body, by: actor.person, at: clock() }),
    ),
  )
  bind(app, closeTill, async ({ params }) =>
    tillView(await parties.closeTill(books, { ...params, at: clock() })),
  )
}

/** An open or suspended merchant is public; an applicant is known to its own people and institutions. */
function mayKnow(books: ApiOptions['books']): Sees {
  return async ({ params, actor }) => {
    const id = params['merchant'] as MerchantId
    if (!actor) return false
    const merchant = await found(parties.merchantOf(books, id))
    if (!merchant) return false
    if (merchant.state === 'active' || merchant.state === 'suspended') return true
    return holds(actor, institutionRoles) || holds(actor, ['owner', 'staff'], id)
  }
}
