/**
 * Time as a goods order that grows: what has begun, what is held for it, and its end. Minutes are counted
 * between instants, so neither a restart nor a clock that jumps nor midnight changes them, and never more
 * are charged than are held.
 */
import { release, type HoldId } from '@bursar/custody'
import type { PersonId, Transaction } from '@bursar/kernel'
import { heldFor, holdMore, markHolds, type OrderId } from './holds.ts'
import { writeState } from './orders.ts'
import { bearable, costOf, priceOf, type Cost, type Rate } from './prices.ts'
import type { TabFacts } from './tabs.ts'

export type TimerState = 'running' | 'paused' | 'stopped'
export type Timer = Rate &
  Readonly<{
    order: OrderId
    state: TimerState
    pausable: boolean
    startedAt: Date
    pausedAt: Date | null
    /** Milliseconds of pauses that have ended. */
    paused: number
    /** Of which the holds bear the cost. */
    minutes: number
  }>
const minute = 60_000

/** Minutes that have begun since it started, pauses left out. */
export const minutesOf = (
  { startedAt, pausedAt, paused }: Pick<Timer, 'startedAt' | 'pausedAt' | 'paused'>,
  at: Date,
): number => Math.floor(((pausedAt ?? at).getTime() - startedAt.getTime() - paused) / minute) + 1

/** When the minutes that are held are used up, if it runs on. */
export const endOf = ({ startedAt, paused, minutes }: Timer): Date =>
  new Date(startedAt.getTime() + paused + minutes * minute)

type Row = Omit<Timer, 'paused'> & Readonly<{ pausedMs: string }>

export async function lockTimer(tx: Transaction, order: OrderId): Promise<Timer | undefined> {
  const [row] = await tx.sql<Row>`
    select goods_order as order, state, pausable, base_minor as "baseMinor",
      base_minutes as "baseMinutes", step_minor as "stepMinor", step_minutes as "stepMinutes",
      started_at as "startedAt", paused_at as "pausedAt", minutes,
      (extract(epoch from paused) * 1000)::bigint::text as "pausedMs"
    from cashier.timer where goods_order = ${order} for update`
  if (!row) return undefined
  const { pausedMs, ...timer } = row
  return { ...timer, paused: Number(pausedMs) }
}

/** Who ends it, when, and what the purse can still bear in this transaction. */
export type Ending = Readonly<{ by: PersonId | null; at: Date; available: bigint }>

/** Holds what the minutes until `wanted` cost, as far as the purse bears them. Answers the timer as it is then. */
export async function grow(
  tx: Transaction,
  tab: TabFacts,
  timer: Timer,
  { wanted, at, available }: { wanted: number; at: Date; available: bigint },
): Promise<Timer> {
  const minutes = bearable(timer, tab, { held: timer.minutes, wanted, available })
  if (minutes === timer.minutes) return timer
  const [before, after] = [timer.minutes, minutes].map(some => costOf(priceOf(timer, some), tab))
  await writeCost(tx, timer.order, after!)
  await holdMore(tx, tab, timer.order, after!.total - before!.total, at)
  await tx.sql`update cashier.timer set minutes = ${minutes} where goods_order = ${timer.order}`
  return { ...timer, minutes }
}

const writeCost = (tx: Transaction, order: OrderId, { goods, service, tax, total }: Cost) =>
  tx.sql`
    update cashier.goods_order
    set goods = ${goods}, service = ${service}, tax = ${tax}, total = ${total} where id = ${order}`

/** Charges what has begun, as far as the purse bears it. Answers what the purse can bear after that. */
export async function stopTime(
  tx: Transaction,
  tab: TabFacts,
  timer: Timer,
  ending: Ending,
): Promise<bigint> {
  const wanted = minutesOf(timer, ending.at)
  const grown = wanted > timer.minutes ? await grow(tx, tab, timer, { ...ending, wanted }) : timer
  await endTime(tx, tab, grown, ending)
  const [before, after] = [timer, grown].map(one => costOf(priceOf(one, one.minutes), tab).total)
  return ending.available - (after! - before!)
}

/** What was held ahead is free; where the holds end before, time has ended there. */
export async function endTime(
  tx: Transaction,
  tab: TabFacts,
  timer: Timer,
  { by, at }: Omit<Ending, 'available'>,
): Promise<void> {
  const begun = minutesOf(timer, at)
  const used = Math.min(begun, timer.minutes)
  await shrink(tx, tab, timer.order, costOf(priceOf(timer, used), tab), at)
  const stoppedAt = begun > timer.minutes ? endOf(timer) : at
  await tx.sql`
    update cashier.timer set state = 'stopped', stopped_at = ${stoppedAt}, paused_at = null, ends_at = null,
      minutes = ${used} where goods_order = ${timer.order}`
  await writeState(tx, { order: timer.order, to: 'delivered', by, at })
}

/** The last holds go first; one that is used in part is replaced by a smaller one. */
async function shrink(
  tx: Transaction,
  tab: TabFacts,
  order: OrderId,
  cost: Cost,
  at: Date,
): Promise<void> {
  const held = await heldFor(tx, [order])
  let over = held.reduce((sum, { minor }) => sum + minor, 0n) - cost.total
  await writeCost(tx, order, cost)
  let rest = 0n
  const ended: HoldId[] = []
  for (const { id, minor } of held.toReversed()) {
    if (over <= 0n) break
    ended.push(id)
    rest = minor > over ? minor - over : 0n
    over -= minor
  }
  await markHolds(tx, ended, 'released')
  for (const id of ended) release(tx, tab.book, id, order)
  if (rest > 0n) await holdMore(tx, tab, order, rest, at)
}
