/**
 * The books proved, on the desk of those who watch over a pool. One proof at a time, however many ask, and
 * not again within ten seconds: what it found is told to all of them. It is remembered by this process.
 */
import { readProof, startProof } from '@bursar/contract'
import * as custody from '@bursar/custody'
import { Refusal, type PoolId } from '@bursar/kernel'
import { headsOf, type Heads } from '@bursar/ledger/seals'
import type { Proof } from '@bursar/ledger/verify'
import type { FastifyInstance } from 'fastify'
import { bind } from '../bind.ts'
import type { Refused } from '@bursar/ledger'
import type { ApiOptions } from '../options.ts'
import { ownPool } from './sees.ts'

type Running = { book: number; since: Date; entries: bigint }
type Found = Readonly<{ at: Date; proof: Proof }>

const rest = 10_000

export function proofRoutes(app: FastifyInstance, { books, prover }: ApiOptions): void {
  const { clock } = app.house
  const mine = ownPool(books)
  const found = new Map<number, Found>()
  const broken = new Map<number, Date>()
  let running: Running | undefined

  const view = async (book: number) => {
    const heads = await headsOf(books.sql, book, prover?.witnesses ?? [])
    if (!heads) throw new Refusal<Refused>('no_such_book', { book })
    const now = running?.book === book ? running : undefined
    const failed = broken.get(book)?.toISOString()
    return {
      ...{ ...viewOf(heads), ...(now && runningOf(now)) },
      ...{ ...(failed && { failed }), ...lastOf(found.get(book)) },
    }
  }
  const start = (book: number) => {
    const last = found.get(book)
    if (!prover || running?.book === book) return
    if (last && clock().getTime() - last.at.getTime() < rest) return
    if (running) throw new Refusal<Refused>('busy')
    const now = (running = { book, since: clock(), entries: 0n })
    const failed = (err: unknown) => {
      broken.set(book, clock())
      app.log.error({ err, book }, 'the book could not be proved')
    }
    const told = (proof: Proof) => {
      found.set(book, { at: clock(), proof })
      broken.delete(book)
      const { fault } = proof
      if (fault) app.log.error({ ...fault, seq: `${fault.seq}` }, 'the book is wrong')
    }
    void prover
      .prove(book, entries => (now.entries = entries))
      .then(told, failed)
      .finally(() => (running = undefined))
  }
  const bookOf = async (pool: PoolId) => (await custody.readPool(books, pool)).book

  bind(app, readProof, async ({ params }) => view(await bookOf(params.pool)), mine)
  bind(
    app,
    startProof,
    async ({ params }) => {
      const book = await bookOf(params.pool)
      start(book)
      return await view(book)
    },
    mine,
  )
}

const viewOf = ({ seq, head, at, seal, witnesses }: Heads) => ({
  ...{ seq: `${seq}`, head: head.toString('hex'), at: at.toISOString() },
  ...(seal && {
    seal: { seq: `${seal.seq}`, at: seal.at.toISOString(), key: seal.key.toString('hex') },
  }),
  witnesses: witnesses.map(({ name, seq: upTo, at: then, agrees }) => ({
    name,
    agrees,
    ...(upTo !== undefined && { seq: `${upTo}` }),
    ...(then && { at: then.toISOString() }),
  })),
})

const runningOf = ({ since, entries }: Running) => ({
  running: { since: since.toISOString(), entries: `${entries}` },
})

function lastOf(found: Found | undefined) {
  if (!found) return {}
  const { entries, after, accounts, ms, fault } = found.proof
  const at = found.at.toISOString()
  const bad = fault && { seq: `${fault.seq}`, field: fault.field, says: fault.says }
  const last = {
    at,
    entries: `${entries}`,
    ...(after > 0n && { after: `${after}` }),
    accounts,
    ms: Math.round(ms),
    ...(bad && { fault: bad }),
  }
  return { last }
}
