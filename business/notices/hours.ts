/** Minutes of a day, as an outlet's clock shows them. */
import type { Hours } from './words.ts'

const formats = new Map<string, Intl.DateTimeFormat>()
/** The last minute that was asked for in each zone: thousands of prompts fall into one. */
const last = new Map<string, Readonly<{ of: number; minute: number }>>()

export function minuteOfDay(at: Date, zone: string): number {
  const of = Math.floor(at.getTime() / 60_000)
  const known = last.get(zone)
  if (known?.of === of) return known.minute
  let format = formats.get(zone)
  if (!format) {
    const wanted = { hour: 'numeric', minute: 'numeric', hourCycle: 'h23' } as const
    format = new Intl.DateTimeFormat('en-US', { ...wanted, timeZone: zone })
    formats.set(zone, format)
  }
  const parts = format.formatToParts(at)
  const part = (type: string) => Number(parts.find(one => one.type === type)!.value)
  const minute = part('hour') * 60 + part('minute')
  last.set(zone, { of, minute })
  return minute
}

/** Over midnight where `from` is the later; where both are the same, all day. */
export function within({ from, to }: Hours, at: Date, zone: string): boolean {
  const minute = minuteOfDay(at, zone)
  return from < to ? minute >= from && minute < to : minute >= from || minute < to
}
