/** The time, as a thing that can be passed in: a demo town lives a month in seconds. */
export type Clock = () => Date

export const systemClock: Clock = () => new Date()

/** A clock that stands still until it is told to move. */
export function stoppedClock(start: Date): { now: Clock; set(to: Date): void } {
  let at = start
  return { now: () => at, set: to => void (at = to) }
}
