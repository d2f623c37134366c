/** Rounds of one fault: a new book, the fault, the verdict; and what they come to. */
import { diceFor } from './dice.ts'
import type { Fault, Stage } from './faults.ts'
import { judge, type Verdict } from './judge.ts'
import type { World } from './world.ts'

export type Count = Verdict & { rounds: number; strikes: number }
export type Plan = Readonly<{ rounds: number; seed: number; callers: number; lasts: number }>

export async function rounds(
  world: World,
  fault: Fault,
  { rounds: wanted, seed, callers, lasts }: Plan,
  told: (count: Count) => void = () => {},
): Promise<Count> {
  const count: Count = {
    ...{ rounds: 0, strikes: 0, acknowledged: 0, refused: 0, unknown: 0, done: 0, lost: 0 },
    wrong: [],
  }
  while (count.rounds < wanted) {
    const dice = diceFor(seed, count.rounds)
    const run = await world.begin(seed)
    const on: Stage = { world, run, dice, callers, lasts, tellers: [] }
    count.strikes += await fault(on)
    await Promise.all(on.tellers.map(teller => teller.stop()))
    add(count, await judge(world, run, on.tellers))
    count.rounds++
    told(count)
  }
  return count
}

export function add(to: Count, verdict: Verdict): void {
  for (const name of ['acknowledged', 'refused', 'unknown', 'done', 'lost'] as const)
    to[name] += verdict[name]
  to.wrong.push(...verdict.wrong)
}
