/** Chance that is the same every time: a demo town that nobody can tell twice is hard to show and to test. */
export type Chance = Readonly<{
  /** From 0 up to 1, never 1. */
  next(): number
  /** A whole number from `low` to `high`, both included. */
  between(low: number, high: number): number
  /** True so often. */
  happens(share: number): boolean
  pick<T>(from: readonly T[]): T
  /** The place in a list of weights, each as often as it weighs. */
  weighed(weights: readonly number[]): number
  shuffled<T>(from: readonly T[]): T[]
}>

/** Mulberry32: 32 bits of state, good enough to decide who drinks tea when. */
export function chanceFrom(seed: number): Chance {
  let state = seed >>> 0
  const next = () => {
    state = (state + 0x6d2b79f5) >>> 0
    let mixed = Math.imul(state ^ (state >>> 15), state | 1)
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61)
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32
  }
  const between = (low: number, high: number) => low + Math.floor(next() * (high - low + 1))
  const weighed = (weights: readonly number[]) => {
    let left = next() * weights.reduce((sum, weight) => sum + weight, 0)
    const place = weights.findIndex(weight => (left -= weight) < 0)
    return place < 0 ? weights.length - 1 : place
  }
  return {
    next,
    between,
    happens: share => next() < share,
    pick: from => from[between(0, from.length - 1)]!,
    weighed,
    shuffled(from) {
      const all = [...from]
      for (let last = all.length - 1; last > 0; last--) {
        const other = between(0, last)
        ;[all[last], all[other]] = [all[other]!, all[last]!]
      }
      return all
    },
  }
}
