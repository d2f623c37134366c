/**
 * The town's days. All but the last are whole; the last is today, as far as it has come. Early in the
 * day that would leave nothing to see, so before two in the afternoon the hours until half past two are
 * told in what there is.
 */
import { dayAfter, dayOf, startOf } from '@bursar/kernel'

const minute = 60_000
const opening = 7 * 60
const halfPastTwo = 14 * 60 + 30

export type Days = Readonly<{
  count: number
  /** When a day shows this many minutes after midnight; undefined if that is still to come. */
  at(day: number, minutes: number): Date | undefined
  /** As `at`, for a time that must have come. */
  on(day: number, minutes: number): Date
  /** So many minutes later, but not later than now. */
  soonAfter(at: Date, minutes: number): Date
  start: Date
}>

export function daysUntil(now: Date, count: number): Days {
  const today = dayOf(now)
  const midnights = Array.from({ length: count }, (_, place) =>
    startOf(dayAfter(today, place + 1 - count)).getTime(),
  )
  const last = midnights.at(-1)!
  const passed = now.getTime() - last
  const told = passed < 14 * 60 * minute

  function at(day: number, minutes: number): Date | undefined {
    if (day < count - 1) return new Date(midnights[day]! + minutes * minute)
    if (!told) return minutes * minute < passed ? new Date(last + minutes * minute) : undefined
    const share = (minutes - opening) / (halfPastTwo - opening)
    return share < 1 ? new Date(last + Math.floor(Math.max(0, share) * passed)) : undefined
  }

  return {
    count,
    at,
    on(day, minutes) {
      const found = at(day, minutes)
      if (!found) throw new RangeError(`Day ${day} has not come to minute ${minutes}`)
      return found
    },
    soonAfter: (at, minutes) => new Date(Math.min(at.getTime() + minutes * minute, now.getTime())),
    start: new Date(midnights[0]!),
  }
}
