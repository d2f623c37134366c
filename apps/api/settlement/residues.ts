/** What a platform refused to take back: the guest names a bank account, somebody else decides, the bank pays. */
import {
  approveResidue,
  askResidue,
  listOwnResidues,
  listRefused,
  listResidues,
  readResidue,
  rejectResidue,
  withdrawResidue,
  type QueryOf,
  type RefusedView,
  type ResidueView,
} from '@bursar/contract'
import type { Books } from '@bursar/kernel'
import { toWire } from '@bursar/money'
import * as settlement from '@bursar/settlement'
import type { FastifyInstance } from 'fastify'
import { bind, type Sees } from '../bind.ts'
import { daysOf, pageOf } from '../custody/pages.ts'
import { whyNot } from '../custody/reasons.ts'
import { ownPurse } from '../custody/sees.ts'
import { found, sitsOver } from '../guards.ts'
import type { Locale } from '../language.ts'
import type { ApiOptions } from '../options.ts'
import { sumOf } from '../sums.ts'

type Wanted = QueryOf<typeof listResidues> & Readonly<{ purse?: `pur_${string}` }>

export function residueRoutes(app: FastifyInstance, { books }: ApiOptions): void {
  const [mine, { clock }] = [ownPurse(books), app.house]
  const shown = async (id: settlement.ResidueId, locale: Locale) =>
    residueView(await settlement.readResidue(books, id), locale)
  const listed = ({ limit, cursor, from, to, differs, ...filter }: Wanted, locale: Locale) => {
    const days = daysOf({ ...(from && { from }), ...(to && { to }) })
    return pageOf(
      { ...(limit && { limit }), ...(cursor && { cursor }) },
      ask =>
        settlement.listResidues(books, { ...filter, ...days, differs: differs === 'yes', ...ask }),
      row => residueView(row, locale),
      row => row.id,
    )
  }

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
  bind(
    app,
    listRefused,
    async ({ params, locale }) => ({
      rows: (await settlement.listRefused(books, params.purse)).map(row =>
        refusedView(row, locale),
      ),
    }),
    mine,
  )
  bind(
    app,
    withdrawResidue,
    async ({ params: { purse, residue: id }, actor, locale }) => {
      await settlement.withdrawResidue(books, { id, purse, by: actor.person, at: clock() })
      return await shown(id, locale)
    },
    mine,
  )
  bind(app, listResidues, ({ query, locale }) => listed(query, locale))
  bind(app, readResidue, ({ params, locale }) => shown(params.residue, locale), watched(books))
  decisions(app, books, shown)
}

/** Seen by the operator, and by who watches over the pool that it is paid from. */
function watched(books: Books): Sees {
  return async ({ params, actor }) => {
    if (!actor) return false
    const id = params['residue'] as settlement.ResidueId
    const residue = await found(settlement.readResidue(books, id))
    return residue !== undefined && (await sitsOver(books, actor, residue.merchant, readResidue.by))
  }
}

type Shown = (id: settlement.ResidueId, locale: Locale) => Promise<ResidueView>

function decisions(app: FastifyInstance, books: Books, shown: Shown): void {
  const { clock } = app.house
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

const refusedView = (
  { part, gateway, refusedFor, at, amount, left }: settlement.RefusedRow,
  locale: Locale,
): RefusedView => ({
  ...{ part, gateway, why: whyNot(refusedFor, locale), at: at.toISOString() },
  ...{ amount: toWire(amount), left: toWire(left) },
})

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
