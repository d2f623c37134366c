/**
 * The demo town lives a month in seconds, through the same commands as real life:
 *
 *   found     institutions, officers, shops and their codes, two hundred people
 *   plan      who comes when, what is topped up, refunded, asked for, rejected, bounced (plan.ts, pure)
 *   live      the clock is set to each moment of the plan, and the books are asked (living.ts)
 *
 * The last moment is now. Only a database that was created as a demo lets its books live in another
 * time. Seeding again after a kill goes on where it was: the ids, and so the answers, are the same.
 */
import { dayAfter, dayOf, startOf, transferId, type Books } from '@bursar/kernel'
import { decideMerchant } from '@bursar/parties'
import type { Past } from '@bursar/sandbox'
import { issueCard } from './card.ts'
import { chanceFrom } from './chance.ts'
import { openTeaCounter } from './counter.ts'
import { daysUntil, type Days } from './days.ts'
import { spendEvening } from './evening.ts'
import { apply, book, found, operatorId, poolId, reviewers, type Founding } from './founding.ts'
import { liveDay, type Moment } from './living.ts'
import { applicants } from './merchants.ts'
import { playOutside } from './outside.ts'
import type { Face } from './people.ts'
import { refuseRefunds } from './refused.ts'
import { planMonth, type Event } from './plan.ts'
import { membersOf, visitsOf } from './visits.ts'

export { reconcileTown } from './reconciled.ts'
export { faces, type Face, type FaceKey } from './people.ts'

export type Progress = Readonly<{ done: number; total: number; what: 'people' | 'month' | 'ready' }>
export type Seeding = Readonly<{
  /** Open on the clock below. */
  books: Books
  clock: Readonly<{ now(): Date; set(to: Date): void }>
  /** Of the real adapters: the town's orders are theirs afterwards. */
  wallet: Readonly<{ gateway: string; account: string }>
  alipay: Readonly<{ gateway: string; account: string }>
  bank: Readonly<{ gateway: string; account: string }>
  passwordOf(face: Face): string
  progress?(progress: Progress): void
  /** Stops between two moments. */
  signal?: AbortSignal
  /** The end of the month; now, unless a test says so. */
  now?: Date
  people?: number
  days?: number
  seed?: number
}>
export type Seeded = Readonly<{
  /** For the players of the outside world, who go on from there. */
  past: Past
  counts: Readonly<Record<Event['kind'] | 'moments', number>>
}>

const day = 86_400_000
const finished = transferId(poolId, 'town lived')

/** Whether the month has been lived to its end. */
export async function townStands(books: Books): Promise<boolean> {
  const [last] = await books.sql`
    select from ledger.recalled where book = ${book} and id = ${finished}`
  return last !== undefined
}

export async function seedTown(seeding: Seeding): Promise<Seeded> {
  const { books, clock, people = 200, days: count = 30, seed = 20260101, signal } = seeding
  const begun = await begunAt(books)
  const now = begun ? new Date(begun.getTime() + count * day) : (seeding.now ?? new Date())
  const days = daysUntil(now, count)
  const chance = chanceFrom(seed)
  const members = membersOf(chance, people, count)
  const events = planMonth(chance, days, members, visitsOf(chance, members, days))
  const moments = momentsOf(events)

  const total = people + events.length
  let done = 0
  let what: Progress['what'] = 'people'
  const tick = () => seeding.progress?.({ done: ++done, total, what })
  clock.set(days.start)
  const { passwordOf } = seeding
  const founding: Founding = {
    ...{ books, days, chance: chanceFrom(seed + 1), people, passwordOf, tick },
    begun: new Date(now.getTime() - count * day),
    account: seeding.bank.account,
  }
  await found(founding)

  what = 'month'
  const outside = playOutside(seeding, clock.now)
  const life = {
    books,
    outside,
    setClock: clock.set,
    purses: new Map(),
    codes: new Map(),
    again: begun !== undefined,
    tick,
  }
  for (const day of Map.groupBy(moments, ({ at }) => dayOf(at)).values()) {
    signal?.throwIfAborted()
    await liveDay(life, day)
  }
  clock.set(now)
  await newcomers(founding)
  await spendEvening(books, now)
  await refuseRefunds(books, outside.wallet, now)
  await issueCard(books, outside.wallet, now)
  await openTeaCounter(books, days, now)
  await books.write(async tx => {
    // Whoever opened the books may not have waited for the disk: this commit does, and so for all before.
    await tx.sql`set local synchronous_commit to on`
    tx.append(book, { kind: 'memo', id: finished, event: 'town_lived', subject: poolId })
  })
  seeding.progress?.({ done: total, total, what: 'ready' })
  const past = outside.history(startOf(dayAfter(dayOf(now), 1)))
  return { past, counts: { ...countsOf(events), moments: moments.length } }
}

/** A town that was begun before ends when it was meant to. */
async function begunAt(books: Books): Promise<Date | undefined> {
  const [operator] = await books.sql<{ at: Date }>`
    select founded_at as at from parties.institution where id = ${operatorId}`
  return operator?.at
}

/** Two shops that came late: one waits for a decision, one was not let in. */
async function newcomers(founding: Founding): Promise<void> {
  const { books, days } = founding
  for (const shop of applicants) {
    const at = days.on(Math.max(0, days.count - 2), 11 * 60)
    const merchant = await apply(founding, shop, at)
    if (!shop.rejected) continue
    const decision = { merchant, by: reviewers[1], reason: shop.rejected }
    await decideMerchant(books, {
      ...decision,
      step: 'reject',
      at: days.on(days.count - 2, 15 * 60),
    })
  }
}

const minutes = 30
/** Events of the same half hour are one moment, unless a shop would have two at one instant. */
export function momentsOf(events: readonly Event[]): Moment[] {
  const moments: { at: Date; events: Event[] }[] = []
  const busy = new Set<number>()
  for (const event of events) {
    const last = moments.at(-1)
    const together =
      last && event.at.getTime() - last.at.getTime() < minutes * 60_000 && !meets(busy, event)
    if (!together) busy.clear()
    if (together) last.events.push(event)
    else moments.push({ at: event.at, events: [event] })
    if (event.kind === 'spend') busy.add(event.member.shop)
  }
  return moments
}

const meets = (busy: ReadonlySet<number>, event: Event): boolean =>
  event.kind === 'topUp' || event.kind === 'spend' ? busy.has(event.member.shop) : true

function countsOf(events: readonly Event[]): Record<Event['kind'], number> {
  const counts = {} as Record<Event['kind'], number>
  for (const { kind } of events) counts[kind] = (counts[kind] ?? 0) + 1
  return counts
}

export type { Days }
