/**
 * The load that every contender gets: so many callers, each with one transfer under way, between
 * accounts drawn by Zipf's law (the k-th account is drawn 1/k as often as the first).
 */
export type Pick = () => number
/** Moves fen from one account to another (numbered from 0), and ends when that is durable. */
export type Transfer = (from: number, to: number, fen: bigint) => Promise<void>
export type Figures = Readonly<{ perSecond: number; p50ms: number; p99ms: number }>
export type Load = Readonly<{ callers: number; seconds: number; warmUp: number; pick: Pick }>

export function zipf(accounts: number, exponent: number): Pick {
  const upTo = new Float64Array(accounts)
  let sum = 0
  for (let i = 0; i < accounts; i++) upTo[i] = sum += 1 / (i + 1) ** exponent
  return () => {
    const drawn = Math.random() * sum
    let [low, high] = [0, accounts - 1]
    while (low < high) {
      const middle = (low + high) >> 1
      if (upTo[middle]! < drawn) low = middle + 1
      else high = middle
    }
    return low
  }
}

/** Of several rounds the middle one: a disturbance of the machine is not anybody's speed. */
export const middle = (rounds: readonly Figures[]): Figures =>
  rounds.toSorted((a, b) => a.perSecond - b.perSecond)[rounds.length >> 1]!

/** Counts what ends after the warm-up and before the time is over; waits for the rest. */
export async function run(transfer: Transfer, load: Load): Promise<Figures> {
  const from = performance.now() + load.warmUp * 1000
  const to = from + load.seconds * 1000
  const times: number[] = []
  async function call(): Promise<void> {
    for (let now = performance.now(); now < to;) {
      const start = now
      const [debit, credit] = two(load.pick)
      await transfer(debit, credit, BigInt(1 + Math.floor(Math.random() * 100)))
      now = performance.now()
      if (now >= from && now < to) times.push(now - start)
    }
  }
  await Promise.all(Array.from({ length: load.callers }, call))
  return figures(times, load.seconds)
}

function two(pick: Pick): [number, number] {
  const first = pick()
  for (;;) {
    const second = pick()
    if (second !== first) return [first, second]
  }
}

export function figures(times: number[], seconds: number): Figures {
  const sorted = Float64Array.from(times).toSorted()
  const at = (part: number) => sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * part))]
  const ms = (part: number) => Math.round((at(part) ?? 0) * 100) / 100
  return { perSecond: Math.round(times.length / seconds), p50ms: ms(0.5), p99ms: ms(0.99) }
}
