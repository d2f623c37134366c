/**
 * What the business looks like to whoever watches it at night, beside the figures of the process:
 *
 *   pool_equation_holds, suspense_open, suspense_oldest_seconds    by pool
 *   settlement_waiting, settlement_waiting_oldest_seconds          by state: who must act
 *   hitches, hitches_oldest_seconds                                by job: what fails each time; refunds that are stuck
 *   settlement_breaks, settlement_breaks_oldest_seconds            by kind: the bank and the books differ
 *   bill_breaks, bill_breaks_oldest_seconds                        by kind: a platform's bill and the books differ
 *   residues, residues_oldest_seconds                              by state: refused refunds, to guests' bank accounts
 *   webhooks, webhooks_oldest_seconds                              by state: what merchants' programs have not been told
 *   work_failures_total, work_last_success_seconds                 by job of the worker
 *   busy_refusals_total                                            by who was busy: the gatherer, the server
 *
 * The books are asked at a scrape, and once in five seconds at most, however often one scrapes. When the
 * database does not answer, these are missing and the process's own are still told.
 */
import { equation, listPools, openHitches, openSuspense } from '@bursar/custody'
import type { Books } from '@bursar/kernel'
import { untoldDeliveries } from '@bursar/integrators'
import { waitingBreaks } from '@bursar/reconciliation'
import { openBreaks, waitingRequests, waitingResidues } from '@bursar/settlement'
import { Counter, Gauge } from 'prom-client'
import type { Facts } from './facts.ts'
import type { Metrics } from './metrics.ts'

const keptFor = 5_000

const nothing = {
  ...{ equations: [], suspense: [], waiting: [], breaks: [], hitches: [] },
  ...{ differences: [], untold: [], residues: [] },
}

async function look(books: Books) {
  const pools = await listPools(books)
  const [equations, suspense, waiting, breaks, hitches, differences, untold, residues] =
    await Promise.all([
      Promise.all(pools.map(({ id }) => equation(books, id))),
      openSuspense(books),
      waitingRequests(books),
      openBreaks(books),
      openHitches(books),
      waitingBreaks(books),
      untoldDeliveries(books),
      waitingResidues(books),
    ])
  const open = { equations, suspense, waiting, breaks, hitches, differences, untold, residues }
  return { ...open, at: Date.now() }
}
type Sight = Awaited<ReturnType<typeof look>>

/** One look for all gauges of a scrape, and for those who come soon after. */
function looker(books: Books): () => Promise<Sight> {
  let held: Promise<Sight> | undefined
  let until = 0
  return () => {
    if (held && performance.now() < until) return held
    until = performance.now() + keptFor
    held = look(books).catch(() => ({ ...nothing, at: Date.now() }))
    return held
  }
}

type Figures = readonly (readonly [label: string, value: number])[]

export function measureBusiness(books: Books, metrics: Metrics): void {
  const seen = looker(books)
  const gauge = (name: string, label: string, help: string, of: (sight: Sight) => Figures) =>
    new Gauge({
      name,
      help,
      labelNames: [label],
      registers: [metrics],
      async collect() {
        const figures = of(await seen())
        this.reset()
        for (const [value, figure] of figures) this.set({ [label]: value }, figure)
      },
    })
  gauge('pool_equation_holds', 'pool', 'Whether the pool has what it owes: 1, else 0', sight =>
    sight.equations.map(({ pool, holds }) => [pool, holds ? 1 : 0]),
  )
  gauge('suspense_open', 'pool', 'Payments in suspense that wait for somebody', sight =>
    sight.suspense.map(({ pool, count }) => [pool, count]),
  )
  gauge('suspense_oldest_seconds', 'pool', 'How long the oldest of them has waited', sight =>
    sight.suspense.map(({ pool, oldest }) => [pool, ageOf(oldest, sight)]),
  )
  gauge('settlement_waiting', 'state', 'Requests that wait: submitted, for a reviewer', sight =>
    sight.waiting.map(({ state, count }) => [state, count]),
  )
  gauge('settlement_waiting_oldest_seconds', 'state', 'How long the oldest has waited', sight =>
    sight.waiting.map(({ state, oldest }) => [state, ageOf(oldest, sight)]),
  )
  gauge(
    'hitches',
    'job',
    'What fails each time its turn comes, and refunds that are stuck',
    sight => sight.hitches.map(({ job, count }) => [job, count]),
  )
  gauge('hitches_oldest_seconds', 'job', 'How long the oldest has', sight =>
    sight.hitches.map(({ job, oldest }) => [job, ageOf(oldest, sight)]),
  )
  gauge(
    'settlement_breaks',
    'kind',
    'Payouts and residues on which the bank and the books differ',
    sight => sight.breaks.map(({ kind, count }) => [kind, count]),
  )
  gauge('settlement_breaks_oldest_seconds', 'kind', 'How long the oldest has been open', sight =>
    sight.breaks.map(({ kind, oldest }) => [kind, ageOf(oldest, sight)]),
  )
  measureOutside(gauge)
}

type Measure = (name: string, label: string, help: string, of: (sight: Sight) => Figures) => unknown

/** Where the platforms and merchants' own programs are not of one mind with us. */
function measureOutside(gauge: Measure): void {
  gauge('bill_breaks', 'kind', 'Where a platform’s bill and the books differ', sight =>
    sight.differences.map(({ kind, count }) => [kind, count]),
  )
  gauge('bill_breaks_oldest_seconds', 'kind', 'How long the oldest has been open', sight =>
    sight.differences.map(({ kind, oldest }) => [kind, ageOf(oldest, sight)]),
  )
  gauge('residues', 'state', 'Refused refunds on their way to bank accounts', sight =>
    sight.residues.map(({ state, count }) => [state, count]),
  )
  gauge('residues_oldest_seconds', 'state', 'How long ago the oldest was asked for', sight =>
    sight.residues.map(({ state, oldest }) => [state, ageOf(oldest, sight)]),
  )
  gauge('webhooks', 'state', 'Deliveries that wait, and that were given up', sight =>
    sight.untold.map(({ state, count }) => [state, count]),
  )
  gauge('webhooks_oldest_seconds', 'state', 'How long the oldest event waits to be told', sight =>
    sight.untold.map(({ state, oldest }) => [state, ageOf(oldest, sight)]),
  )
}

const ageOf = (oldest: Date | null, { at }: Sight): number =>
  oldest ? Math.max(0, (at - oldest.getTime()) / 1000) : 0

export type WorkObserver = (job: string, outcome: 'done' | 'failed', ms: number) => void

/** What the worker is given as `observe`. */
export function observeWork(metrics: Metrics): WorkObserver {
  const about = { labelNames: ['job'], registers: [metrics] }
  const failures = new Counter({
    ...about,
    name: 'work_failures_total',
    help: 'Rounds of a job that failed',
  })
  const success = new Gauge({
    ...about,
    name: 'work_last_success_seconds',
    help: 'When a round of a job last succeeded, as Unix time',
  })
  const took = new Gauge({
    ...about,
    name: 'work_last_duration_seconds',
    help: 'How long the last round of a job took',
  })
  return (job, outcome, ms) => {
    if (outcome === 'done') success.set({ job }, Date.now() / 1000)
    failures.inc({ job }, outcome === 'failed' ? 1 : 0)
    took.set({ job }, ms / 1000)
  }
}

/** The ledger says how many wait, the pressure gate how far behind we are. */
export function countBusy(metrics: Metrics): (facts: Facts) => void {
  const busy = new Counter({
    name: 'busy_refusals_total',
    help: 'Requests refused as busy, by who was: the gatherer, the server, or another',
    labelNames: ['by'],
    registers: [metrics],
  })
  for (const by of ['gatherer', 'server', 'other']) busy.inc({ by }, 0)
  return facts =>
    busy.inc({ by: 'waiting' in facts ? 'gatherer' : 'behind' in facts ? 'server' : 'other' })
}
