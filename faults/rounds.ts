/** Rounds of one fault: a new book, the fault, the verdict; and what they come to. */
import { diceFor } from './dice.ts'
import { Disk } from './disk.ts'
import { powercut, type Fault, type Stage } from './faults.ts'
import { judge, type Verdict } from './judge.ts'
import { World } from './world.ts'

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
    try {
      count.strikes += await fault(on)
    } catch (error) {
      // Else nobody ends them, and whoever runs us waits for ever.
      await Promise.all(on.tellers.map(teller => teller.kill()))
      throw error
    }
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

/** One power cut of a PostgreSQL that does not sync: whether the verdict sees the loss, and what it says. */
export async function controlled(
  seed: number,
  plan: Omit<Plan, 'rounds' | 'seed'>,
): Promise<Readonly<{ lost: boolean; said: string }>> {
  const world = await World.open({ disk: Disk.make(1024), durable: false })
  try {
    const { acknowledged, lost } = await rounds(world, powercut, { ...plan, rounds: 1, seed })
    return { lost: lost > 0, said: `${acknowledged} acknowledged, ${lost} lost` }
  } catch (error) {
    // Also a loss: the cluster is gone, or the tables are.
    return { lost: true, said: `nothing can be read: ${(error as Error).message}` }
  } finally {
    await world.close()
  }
}
