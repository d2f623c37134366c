/** The suspense desk: what waits, what is known of it, and what two people decide about it. */
import {
  confirmProposal,
  findPurses,
  listSuspense,
  proposeAssignment,
  proposeReturn,
  readSuspense,
  rejectProposal,
  type SuspenseDetailsView,
  type SuspenseView,
} from '@bursar/contract'
import * as custody from '@bursar/custody'
import { Refusal, type Books } from '@bursar/kernel'
import { toWire } from '@bursar/money'
import type { FastifyInstance } from 'fastify'
import { bind } from '../bind.ts'
import type { ApiOptions } from '../options.ts'
import { pageOf } from './pages.ts'
import { booksWatched, ownSuspense } from './sees.ts'

export function suspenseRoutes(app: FastifyInstance, { books }: ApiOptions): void {
  const mine = ownSuspense(books)

  bind(app, listSuspense, async ({ query: { limit, cursor, ...filter }, actor }) => {
    const within = await booksWatched(books, actor)
    return await pageOf(
      { ...(limit !== undefined && { limit }), ...(cursor !== undefined && { cursor }) },
      ask => custody.listSuspense(books, { ...filter, ...(within && { within }), ...ask }),
      rowView,
      row => row.id,
    )
  })
  bind(app, readSuspense, ({ params }) => details(books, params.suspense), mine)
  bind(
    app,
    findPurses,
    async ({ params, query }) => {
      const rows = await custody.findPurses(books, params.suspense, query.q)
      return {
        rows: rows.map(({ purse, personName, merchantName }) => ({
          ...{ purse, ...(personName && { personName }), merchantName },
        })),
      }
    },
    mine,
  )
  proposals(app, books)
}

function proposals(app: FastifyInstance, books: Books): void {
  const [mine, { clock }] = [ownSuspense(books), app.house]

  for (const route of [proposeAssignment, proposeReturn])
    bind(
      app,
      route,
      async ({ params, body, actor, id }) => {
        const ask = { ...params, ...body, id: id('pro'), by: actor.person, at: clock() }
        return await details(books, (await custody.propose(books, ask)).suspense)
      },
      mine,
    )
  bind(
    app,
    confirmProposal,
    async ({ params: { suspense, proposal: id }, actor }) => {
      await mustBeAbout(books, suspense, id)
      const ask = { id, by: actor.person, at: clock() }
      await custody.decide(books, { ...ask, step: 'confirm' })
      return await details(books, suspense)
    },
    mine,
  )
  bind(
    app,
    rejectProposal,
    async ({ params: { suspense, proposal: id }, body: { reason }, actor }) => {
      await mustBeAbout(books, suspense, id)
      const ask = { id, by: actor.person, reason, at: clock() }
      await custody.decide(books, { ...ask, step: 'reject' })
      return await details(books, suspense)
    },
    mine,
  )
}

/** The row in the path is seen to be in the caller's care: a proposal about another one is not there. */
async function mustBeAbout(
  books: Books,
  suspense: custody.SuspenseId,
  id: custody.ProposalId,
): Promise<void> {
  const { proposals } = await custody.readSuspense(books, suspense)
  if (!proposals.some(one => one.id === id))
    throw new Refusal<custody.Refused>('no_such_proposal', { proposal: id })
}

function rowView(row: custody.Suspended): SuspenseView {
  const { id, at, amount, reason, state, pool, poolName, gateway, about, tradeNo } = row
  const { payerName, payerAccount } = row
  return {
    ...{ id, at: at.toISOString(), amount: toWire(amount), reason, state, pool, poolName },
    ...{ gateway, about, tradeNo },
    ...(payerName && { payerName }),
    ...(payerAccount && { payerAccount }),
  }
}

async function details(books: Books, id: custody.SuspenseId): Promise<SuspenseDetailsView> {
  const found = await custody.readSuspense(books, id)
  const { notice, order } = found
  return {
    ...rowView(found),
    ...(notice && { notice: { at: notice.at.toISOString(), text: notice.text } }),
    ...(order && {
      order: {
        ...{ purse: order.purse, merchantName: order.merchantName, state: order.state },
        ...(order.personName && { personName: order.personName }),
        amount: toWire(order.amount),
      },
    }),
    proposals: found.proposals.map(proposalView),
  }
}

function proposalView(proposal: custody.ToldProposal): SuspenseDetailsView['proposals'][number] {
  const { id, kind, state, reason, purse, personName, merchantName, proposedBy, steps } = proposal
  return {
    ...{ id, kind, state, reason, proposedBy },
    ...(purse && { purse }),
    ...(personName && { personName }),
    ...(merchantName && { merchantName }),
    steps: steps.map(({ name, by, byName, at, reason: why }) => ({
      ...{ name, by, at: at.toISOString() },
      ...(byName && { byName }),
      ...(why && { reason: why }),
    })),
  }
}
