/** Minutes of a day, as an outlet's clock shows them. */
import { minuteOfDay } from '@bursar/kernel'
import type { Hours } from './words.ts'

/** Over midnight where `from` is the later; where both are the same, all day. */
export function within({ from, to }: Hours, at: Date, zone: string): boolean {
  const minute = minuteOfDay(at, zone)
  return from < to ? minute >= from && minute < to : minute >= from || minute < to
}
