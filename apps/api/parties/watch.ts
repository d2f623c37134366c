/** What moves in the demo town, for the pane beside a visitor: the owner's shop, and the pool it lies in. */
import { demoProgress, demoWatch } from '@bursar/contract'
import * as custody from '@bursar/custody'
import { Refusal, type MerchantId } from '@bursar/kernel'
import { toWire } from '@bursar/money'
import { seatsOf } from '@bursar/parties'
import type { FastifyInstance } from 'fastify'
import { bindOpen } from '../bind.ts'
import type { ApiOptions } from '../options.ts'
import type { Refused } from '../refusals.ts'

export function watchRoutes(app: FastifyInstance, options: ApiOptions): void {
  const { demo } = options
  const isDemo = () => demo !== undefined
  const standing = { state: 'ready', done: 0, total: 0 } as const
  bindOpen(app, demoProgress, async () => demo?.progress?.() ?? standing, isDemo)
  bindOpen(app, demoWatch, async () => await watch(options, await shopOf(options)), isDemo)
}

/** The shop of the first owner among the faces. */
async function shopOf({ books, demo }: ApiOptions): Promise<{ id: MerchantId; name: string }> {
  const owner = (await demo!.faces()).find(face => face.role === 'owner')
  const seats = owner ? await seatsOf(books, owner.person) : []
  const seat = seats.find(one => one.role === 'owner')
  if (!seat) throw new Refusal<Refused>('not_found')
  return { id: seat.organisation as MerchantId, name: seat.name }
}

async function watch({ books }: ApiOptions, { id, name }: { id: MerchantId; name: string }) {
  const { pool } = await custody.directoryOf(books).merchant(id)
  const [day, spends, { assets, claims, holds, seq, at }] = await Promise.all([
    custody.takings(books, { merchant: id }),
    custody.listSpends(books, { merchant: id, limit: 6 }),
    custody.equation(books, pool),
  ])
  return {
    shop: { name, count: day.count, sum: toWire(day.sum) },
    spends: spends.slice(0, 6).map(one => ({
      ...{ id: one.id, state: one.state, at: one.at.toISOString() },
      amount: toWire(one.amount),
    })),
    equation: {
      ...{ assets: toWire(assets), claims: toWire(claims), holds },
      ...{ seq: String(seq), at: at.toISOString() },
    },
  }
}
