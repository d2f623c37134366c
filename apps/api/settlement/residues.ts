/** What a platform refused to take back: the guest names a bank account, somebody else decides, the bank pays. */
import {
  approveResidue,
  askResidue,
  listOwnResidues,
  listResidues,
  rejectResidue,
  type ResidueView,
} from '@bursar/contract'
import { toWire } from '@bursar/money'
import * as settlement from '@bursar/settlement'
import type { FastifyInstance } from 'fastify'
import { bind } from '../bind.ts'
import { pageOf } from '../custody/pages.ts'
import { whyNot } from '../custody/reasons.ts'
import { ownPurse } from '../custody/sees.ts'
import type { Locale } from '../language.ts'
import type { ApiOptions } from '../options.ts'
import { sumOf } from '../sums.ts'

export function residueRoutes(app: FastifyInstance, { books }: ApiOptions): void {
  const [mine, { clock }] = [ownPurse(books), app.house]
  const shown = async (id: settlement.ResidueId, locale: Locale) =>
    residueView(await settlement.readResidue(books, id), locale)
  const listed = (
    { limit, cursor, ...filter }: Parameters<typeof settlement.listResidues>[1],
    locale: Locale,
  ) =>
    pageOf(
      { ...(limit && { limit }), ...(cursor && { cursor }) },
      ask => settlement.listResidues(books, { ...filter, ...ask }),
      row => residueView(row, locale),
      row => row.id,
    )

  bind(
    app,
    askResidue,
    async ({ params, body, actor, id, locale }) => {
      const { part, amount, bank, account, holder: name } = body
      const payee = { bank, account, name }
      const wish = { ...params, part, amount: sumOf(amount), payee, by: actor.person, at: clock() }
      return await shown(
        (await settlement.askResidue(books, { ...wish, id: id('rsd') })).id,
        locale,
      )
    },
    mine,
  )
  bind(
    app,
    listOwnResidues,
    ({ params, query, locale }) => listed({ ...query, ...params }, locale),
    mine,
  )
  bind(app, listResidues, ({ query, locale }) => listed(query, locale))
  bind(app, approveResidue, async ({ params: { residue: id }, actor, locale }) => {
    const ask = { id, by: actor.person, at: clock() }
    await settlement.reviewResidue(books, { ...ask, step: 'approve' })
    return await shown(id, locale)
  })
  bind(app, rejectResidue, async ({ params: { residue: id }, body, actor, locale }) => {
    const ask = { id, by: actor.person, reason: body.reason, at: clock() }
    await settlement.reviewResidue(books, { ...ask, step: 'reject' })
    return await shown(id, locale)
  })
}

function residueView(row: settlement.ListedResidue, locale: Locale): ResidueView {
  const { id, purse, part, merchant, merchantName, amount, state, askedAt, endedAt } = row
  const { gateway, refusedFor, bank, account, holder, reason, differs, steps } = row
  return {
    ...{ id, purse, part, merchant, merchantName, amount: toWire(amount), state },
    ...{ at: askedAt.toISOString(), gateway, why: whyNot(refusedFor, locale) },
    ...{ bank, account, holder },
    ...(endedAt && { endedAt: endedAt.toISOString() }),
    ...(reason && { reason }),
    ...(differs && { differs }),
    steps: steps.map(({ name, by, byName, at, reason: said }) => ({
      ...{ name, by, at: new Date(at).toISOString() },
      ...(byName && { byName }),
      ...(said && { reason: said }),
    })),
  }
}
