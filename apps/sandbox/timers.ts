/** What is to happen later, and is let go of when the world stops. */

export type Timers = Readonly<{
  at(dueAt: number, work: () => void | Promise<void>): void
  stop(): void
  stopped(): boolean
}>

export function makeTimers(report: (error: unknown) => void): Timers {
  const waiting = new Set<NodeJS.Timeout>()
  let over = false
  const run = async (work: () => void | Promise<void>) => {
    try {
      await work()
    } catch (error) {
      report(error)
    }
  }
  return {
    at(dueAt, work) {
      if (over) return
      const timer = setTimeout(
        () => {
          waiting.delete(timer)
          void run(work)
        },
        Math.max(0, dueAt - Date.now()),
      )
      waiting.add(timer)
    },
    stop() {
      over = true
      for (const timer of waiting) clearTimeout(timer)
      waiting.clear()
    },
    stopped: () => over,
  }
}
