/** The faults. Each strikes while two processes work at one book, and says how often it has. */
import { setTimeout as sleep } from 'node:timers/promises'
import type { Dice } from './dice.ts'
import { behind, startProxy, type Fate } from './proxy.ts'
import { Teller, type Told } from './tellers.ts'
import type { Task } from './teller.ts'
import type { Run } from './wishes.ts'
import type { World } from './world.ts'

export type Stage = Readonly<{
  world: World
  run: Run
  dice: Dice
  /** Callers of each process. */
  callers: number
  /** Milliseconds that the load goes on, about. */
  lasts: number
  /** All that have worked in this round, those that are gone too. */
  tellers: Teller[]
}>
/** Begins its tellers, strikes, and leaves those standing that still can be stopped. */
export type Fault = (on: Stage) => Promise<number>

/** One caller in sixteen is in both processes: they ask for the same with the same ids. */
function callersOf(which: string, number: number): string[] {
  return Array.from({ length: number }, (_, i) => (i % 16 === 0 ? `both-${i}` : `${which}-${i}`))
}

export function begin(on: Stage, which: string, task: Partial<Task> = {}): Teller {
  const { world, run, tellers, callers } = on
  const teller = new Teller({ url: world.url, run, callers: callersOf(which, callers), ...task })
  tellers.push(teller)
  return teller
}

/** Who is gone already cannot be struck any more. */
function strike(pid: number, signal: 'SIGKILL' | 'SIGQUIT'): void {
  try {
    process.kill(pid, signal)
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ESRCH') throw error
  }
}

const aWhile = ({ dice, lasts }: Stage) => sleep(dice.below(lasts))

/** F01: kill -9 of one of two servers; another one takes its place, and is killed as well. */
export const killServer: Fault = async on => {
  const [first, second] = [begin(on, 'a'), begin(on, 'b')]
  await Promise.all([first.working(), second.working()])
  await aWhile(on)
  await first.kill()
  const third = begin(on, 'c')
  await third.working()
  await aWhile(on)
  await (on.dice.once(2) ? second : third).kill()
  return 2
}

/** F02: kill -9 of one backend, of the postmaster, of all of PostgreSQL; an immediate shutdown. */
export const killPostgres: Fault = async on => {
  const { world, dice } = on
  const [first, second] = [begin(on, 'a'), begin(on, 'b')]
  await Promise.all([first.working(), second.working()])
  await aWhile(on)
  const { pid } = world.postgres
  const all = world.processes()
  const victims = dice.of([[dice.of(all)], [pid], [pid, ...all], []])
  for (const victim of victims) strike(victim, 'SIGKILL')
  if (victims.length === 0) strike(pid, 'SIGQUIT')
  if (victims.length !== 1 || victims[0] === pid) await world.again()
  await world.answers()
  await Promise.all([first.working(), second.working()])
  return 1
}

const fates: Fate[] = ['dropped', 'dropped', 'half', 'late', 'unsent']

/** F11: PostgreSQL commits, and the answer does not arrive. */
export const ackLost: Fault = async on => {
  const { world, dice, lasts } = on
  let striking = true
  const fate = (): Fate => (striking && dice.once(3) ? dice.of(fates) : 'pass')
  const proxy = await startProxy(world.postgres.port, fate)
  const url = behind(world.url, proxy.port)
  const [first, second] = [begin(on, 'a', { url }), begin(on, 'b', { url })]
  await Promise.all([first.working(), second.working()])
  await sleep(lasts)
  striking = false
  await Promise.all([first.stop(), second.stop()])
  await proxy.close()
  return proxy.struck.dropped + proxy.struck.half + proxy.struck.late + proxy.struck.unsent
}

/** F13: the clocks of both processes jump by hours and days, run fast, slow, not at all. */
export const clock: Fault = async on => {
  const { dice, lasts } = on
  const tellers = ['a', 'b'].map(which => begin(on, which, { crooked: dice.below(2 ** 31) }))
  await Promise.all(tellers.map(teller => teller.working()))
  await sleep(lasts)
  return tellers.length
}

/** F03: everything at once, at a random moment: the disk, PostgreSQL, both servers. */
export const powercut: Fault = async on => {
  const { world } = on
  world.disk!.sync()
  const tellers = [begin(on, 'a'), begin(on, 'b')]
  await Promise.all(tellers.map(teller => teller.working()))
  await aWhile(on)
  await cutPower(world, tellers)
  return 1
}

/** The disk and PostgreSQL, and who works at it; then there is power again. */
export async function cutPower(world: World, tellers: readonly Teller[] = []): Promise<void> {
  const all = [world.postgres.pid, ...world.processes()]
  world.disk!.cut()
  for (const pid of all) strike(pid, 'SIGKILL')
  await Promise.all(tellers.map(teller => teller.kill()))
  await world.postgres.ended
  await world.disk!.again()
  await world.again()
  await world.answers()
}

/** F05, F06: no room for the tables or for PostgreSQL's log; then there is room again. */
export const diskFull: Fault = async on => {
  const { world, dice } = on
  const tellers = [begin(on, 'a'), begin(on, 'b')]
  await Promise.all(tellers.map(teller => teller.working()))
  world.disk!.fill(dice.below(6) * 2 ** 20)
  let ended = false
  void world.postgres.ended.then(() => (ended = true))
  const full = () => ended || tellers.some(({ told }) => [...told.values()].some(noRoom))
  for (let i = 1; i <= 300 && !full(); i++) {
    await sleep(100)
    // A slow machine has not written what was left, or wrote into log files that were there: now nothing is left.
    if (i % 50 === 0 && !full()) world.disk!.fill(0)
  }
  const strikes = full() ? 1 : 0
  await aWhile(on)
  world.disk!.free()
  if (ended) await world.again()
  await world.answers()
  await Promise.all(tellers.map(teller => teller.working()))
  return strikes
}

const noRoom = (told: Told) => 'code' in told && ['53100', 'outcome_unknown'].includes(told.code)
