/** Business dates: the day that an outlet's clock shows, which is not the day of the instant in UTC. */
import type { Clock } from './clock.ts'

/** The zone of an outlet that says nothing else. */
export const homeZone = 'Asia/Shanghai'

/** `YYYY-MM-DD`, as a date is written on the wire and kept in a `date` column. */
export type Day = string

/** The day that an instant falls on in a zone. */
export function dayOf(at: Date, zone: string = homeZone): Day {
  const { year, month, day } = partsOf(at, zone)
  return [year, month, day].map(part => String(part).padStart(2, '0')).join('-')
}

export const today = (clock: Clock, zone?: string): Day => dayOf(clock(), zone)

/** The instant at which a day begins in a zone: midnight, or the first moment after it where clocks jump. */
export const startOf = (day: Day, zone: string = homeZone): Date => instantOf(day, 0, zone)

/** When a zone's clock shows so many minutes after midnight; where clocks jump over that, as long after midnight. */
export function instantOf(day: Day, minute: number, zone: string = homeZone): Date {
  const noon = new Date(`${day}T12:00:00Z`)
  if (Number.isNaN(noon.getTime()) || noon.toISOString().slice(0, 10) !== day)
    throw new RangeError(`Not a day: ${day}`)
  const shown = Date.parse(`${day}T00:00:00Z`) + minute * 60_000
  // The offset at the guess may differ from the offset at the moment itself: correct once more.
  const guess = new Date(shown - offsetOf(new Date(shown), zone))
  return new Date(shown - offsetOf(guess, zone))
}

/** The last minute that was asked for in each zone: thousands of questions fall into one. */
const lastMinutes = new Map<string, Readonly<{ of: number; minute: number }>>()

/** What a zone's clock shows, in minutes after midnight. */
export function minuteOfDay(at: Date, zone: string = homeZone): number {
  const of = Math.floor(at.getTime() / 60_000)
  const known = lastMinutes.get(zone)
  if (known?.of === of) return known.minute
  const parts = partsOf(at, zone)
  const minute = parts.hour * 60 + parts.minute
  lastMinutes.set(zone, { of, minute })
  return minute
}

export function dayAfter(day: Day, days = 1): Day {
  return new Date(Date.parse(`${day}T12:00:00Z`) + days * 86_400_000).toISOString().slice(0, 10)
}

function offsetOf(at: Date, zone: string): number {
  const { year, month, day, hour, minute, second } = partsOf(at, zone)
  return (
    Date.UTC(year, month - 1, day, hour, minute, second) - Math.floor(at.getTime() / 1000) * 1000
  )
}

const formats = new Map<string, Intl.DateTimeFormat>()

function partsOf(at: Date, zone: string) {
  let format = formats.get(zone)
  if (!format) {
    const wanted = {
      year: 'numeric',
      month: 'numeric',
      day: 'numeric',
      hour: 'numeric',
      minute: 'numeric',
      second: 'numeric',
    } as const
    format = new Intl.DateTimeFormat('en-US', { ...wanted, timeZone: zone, hourCycle: 'h23' })
    formats.set(zone, format)
  }
  const parts = Object.fromEntries(
    format.formatToParts(at).map(({ type, value }) => [type, Number(value)]),
  )
  return parts as Record<'year' | 'month' | 'day' | 'hour' | 'minute' | 'second', number>
}
