/**
 * Rather a quick "come back" than a slow answer to everybody. When the event loop falls behind, new work
 * is refused with 503 and Retry-After; the ledger says `busy` by itself when its queue is full. Health
 * pages are always answered, or the orchestrator would kill a server that is merely busy.
 */
import { monitorEventLoopDelay } from 'node:perf_hooks'
import { Refusal } from '@bursar/kernel'
import type { FastifyInstance } from 'fastify'
import { placeOf } from './place.ts'
import type { Code } from './refusals.ts'

const lookEvery = 500
const resolution = 20
/** Milliseconds that the event loop may come late, on average over half a second. */
export const usuallyBehindMost = 750

export function refuseUnderPressure(app: FastifyInstance, behindMost: number): void {
  const delay = monitorEventLoopDelay({ resolution })
  delay.enable()
  let behind = 0
  const timer = setInterval(() => {
    behind = Math.max(0, delay.mean / 1e6 - resolution)
    delay.reset()
  }, lookEvery)
  timer.unref()
  app.addHook('onClose', () => {
    clearInterval(timer)
    delay.disable()
  })
  app.addHook('onRequest', (request, _, done) => {
    const busy = behind > behindMost && placeOf(request).startsWith('/v1/')
    done(
      busy ? new Refusal<Code>('busy', { behind: Math.round(behind), retryAfter: 2 }) : undefined,
    )
  })
}
