/** What a terminal may see and do, as it is ticked and typed. */
import type { Permission } from '@bursar/contract'
import { typed } from '../app/sums.ts'

export const fields = [
  'amount',
  'payer',
  'payee',
  'platform',
  'order',
  'way',
  'time',
  'outlet',
  'grade',
] as const
export const actions = ['receive', 'check', 'look_up', 'totals', 'ask_refund', 'mute'] as const

/** The owner's own screen. */
export const everything: Permission = { fields: [...fields], actions: [...actions] }
/** Where an invitation of staff begins: enough to check a payment, nothing about who paid. */
export const usual: Permission = {
  fields: ['amount', 'platform', 'way', 'time', 'outlet', 'grade'],
  actions: ['receive', 'check', 'look_up', 'mute'],
}

export type Draft = {
  fields: Permission['fields']
  actions: Permission['actions']
  from: string
  to: string
  outlets: NonNullable<Permission['outlets']>
  tills: NonNullable<Permission['tills']>
  hoursFrom: string
  hoursTo: string
  until: string
}

export const clockOf = (minute: number): string =>
  `${String(Math.floor(minute / 60)).padStart(2, '0')}:${String(minute % 60).padStart(2, '0')}`

export function minuteOf(clock: string): number | undefined {
  const [, hour, minute] = /^(\d{2}):(\d{2})$/.exec(clock) ?? []
  return hour === undefined ? undefined : Number(hour) * 60 + Number(minute)
}

export const draftOf = (of: Permission): Draft => ({
  ...{
    fields: of.fields,
    actions: of.actions,
    from: of.from?.amount ?? '',
    to: of.to?.amount ?? '',
  },
  outlets: of.outlets ?? [],
  tills: of.tills ?? [],
  hoursFrom: of.hours ? clockOf(of.hours.from) : '',
  hoursTo: of.hours ? clockOf(of.hours.to) : '',
  until: of.until ? inputOf(of.until) : '',
})

/** A sum that is none, hours without an end: what would be left out, and let the terminal see more than was meant. */
export function flawsOf({ from, to, hoursFrom, hoursTo }: Draft) {
  const isNoSum = (text: string) => text !== '' && !typed(text)
  const flaws = {
    ...{ from: isNoSum(from), to: isNoSum(to) },
    ...{ hoursFrom: isHalf(hoursFrom, hoursTo), hoursTo: isHalf(hoursTo, hoursFrom) },
  }
  return { ...flaws, any: Object.values(flaws).some(Boolean) }
}
/** This end of the hours is missing, and the other is there. */
export const isHalf = (end: string, other: string): boolean => end === '' && other !== ''

/** The browser's field for a moment speaks in this device's zone. */
function inputOf(instant: string): string {
  const at = new Date(instant)
  return new Date(at.getTime() - at.getTimezoneOffset() * 60_000).toISOString().slice(0, 16)
}

export function permissionOf(draft: Draft): Permission {
  const [from, to] = [typed(draft.from), typed(draft.to)]
  const hours = { from: minuteOf(draft.hoursFrom), to: minuteOf(draft.hoursTo) }
  return {
    ...{ fields: draft.fields, actions: draft.actions },
    ...(from !== undefined && { from }),
    ...(to !== undefined && { to }),
    ...(draft.outlets.length > 0 && { outlets: draft.outlets }),
    ...(draft.tills.length > 0 && { tills: draft.tills }),
    ...(hours.from !== undefined &&
      hours.to !== undefined && { hours: { from: hours.from, to: hours.to } }),
    ...(draft.until && { until: new Date(draft.until).toISOString() }),
  }
}
