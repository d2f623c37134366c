/** A clock that jumps by hours and days, runs at other speeds, and at times is right. */
import { diceOf } from './dice.ts'

const hour = 3_600_000
const wrong = [0, 5 * hour, -5 * hour, 30 * 24 * hour, -2 * hour, 400, -400, hour]
const speeds = [1, 1, 0, 0.5, 3]

export function crookedClock(seed: number): () => Date {
  const dice = diceOf(seed)
  let until = 0
  let [offset, speed, since] = [0, 1, Date.now()]
  return () => {
    const now = Date.now()
    if (now >= until) {
      ;[offset, speed, since] = [dice.of(wrong), dice.of(speeds), now]
      until = now + 50 + dice.below(250)
    }
    return new Date(since + offset + Math.trunc((now - since) * speed))
  }
}
