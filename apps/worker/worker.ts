/**
 * What happens without anybody asking: payouts, questions to the bank and the platform, what runs out.
 *
 * Each job goes round by itself, never twice at once in one process. One that fails is logged, waits
 * longer each time (a minute at most), and stops no other. Any number of workers may run: the jobs claim
 * their rows, and everything they do twice is done once.
 */
import { setTimeout as sleep } from 'node:timers/promises'
import { jobsOf, type Alert, type JobName, type Outside } from './jobs.ts'

export type { JobName } from './jobs.ts'

export type Logger = Readonly<{
  info(about: object, text: string): void
  warn(about: object, text: string): void
}>
export type WorkerOptions = Outside &
  Readonly<{
    logger: Logger
    /** Milliseconds between two rounds of a job, where the usual will not do. */
    every?: Partial<Record<JobName, number>>
    /** Told after each round: for metrics. */
    observe?: (job: JobName, outcome: 'done' | 'failed', ms: number) => void
  }>
export type Worker = Readonly<{
  /** Lets what is under way come to its end. */
  stop(): Promise<void>
}>

const longest = 60_000

export function startWorker(options: WorkerOptions): Worker {
  const { logger, every = {}, observe = () => undefined } = options
  const stopping = new AbortController()
  const { signal } = stopping
  const alert: Alert = (about, text) => logger.warn(about, text)

  async function rounds(name: JobName, pause: number, work: () => Promise<number>): Promise<void> {
    let failures = 0
    while (!signal.aborted) {
      const began = performance.now()
      try {
        const done = await work()
        if (done > 0) logger.info({ job: name, done }, 'worked')
        failures = 0
        observe(name, 'done', performance.now() - began)
      } catch (err) {
        failures++
        logger.warn({ job: name, failures, err }, 'a job failed')
        observe(name, 'failed', performance.now() - began)
      }
      await rest(Math.min(longest, pause * 2 ** Math.min(failures, 10)))
    }
  }

  /** A little more or less, so that many workers do not keep step. */
  const rest = (ms: number) =>
    sleep(ms * (0.9 + Math.random() / 5), undefined, { signal, ref: false }).catch(() => undefined)

  const running = Object.entries(jobsOf(options, alert)).map(async ([job, one]) => {
    const name = job as JobName
    await rounds(name, every[name] ?? one.pause, one.work)
    await one.rest?.()
  })
  return {
    async stop() {
      stopping.abort()
      await Promise.all(running)
    },
  }
}
