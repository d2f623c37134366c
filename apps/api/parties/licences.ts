/** The operator's licence: entered by an administrator, approved by another person, read by who watches. */
import { decideLicence, enterLicence, listLicences, type Licence } from '@bursar/contract'
import * as parties from '@bursar/parties'
import type { FastifyInstance } from 'fastify'
import { bind } from '../bind.ts'
import type { ApiOptions } from '../options.ts'

export function licenceRoutes(app: FastifyInstance, { books }: ApiOptions): void {
  bind(app, listLicences, async ({ actor }) => {
    const rows = await parties.listLicences(books, actor.person)
    return {
      rows: rows.map(licenceView),
      platformScope: await parties.platformScopeIsLawful(books),
    }
  })
  bind(app, enterLicence, async ({ params, body: { paper = null, ...said }, actor, id }) => {
    const ask = { id: id('lic'), operator: params.institution, ...said, paper, by: actor.person }
    return licenceView(await parties.enterLicence(books, ask))
  })
  bind(app, decideLicence, async ({ params, body, actor }) =>
    licenceView(await parties.decideLicence(books, { ...params, ...body, by: actor.person })),
  )
}

function licenceView(licence: parties.Licence): Licence {
  const { enteredBy: _, decidedBy: __, enteredAt, decidedAt, revokedAt, ...rest } = licence
  const { paper, decider, revoker, reason, may, ...plain } = rest
  return {
    ...plain,
    enteredAt: enteredAt.toISOString(),
    ...(paper && { paper }),
    ...(decider && { decider }),
    ...(decidedAt && { decidedAt: decidedAt.toISOString() }),
    ...(revoker && { revoker }),
    ...(revokedAt && { revokedAt: revokedAt.toISOString() }),
    ...(reason && { reason }),
    may: [...may],
  }
}
