/** What can go wrong outside, on demand. README.md lists the words; `POST /control` arms them. */
import type { Door } from './doors.ts'

export const faultsOfCalls = ['silence', 'delay', 'late', 'lost_answer', 'html'] as const
export const faultsOfNotices = [
  'no_notice',
  'duplicate',
  'reorder',
  'wrong_amount',
  'forged_signature',
] as const
/** Of WeChat Pay alone; but the signed lines decline too. */
const faultsOfWechat = ['declined', 'abnormal', 'cut'] as const
const all = [...faultsOfCalls, ...faultsOfNotices, ...faultsOfWechat] as const
export type FaultName = (typeof all)[number]
export const isFault = (name: string): name is FaultName => all.some(one => one === name)
export type Party = Door | 'bank'
export type Fault = {
  on: Party
  fault: FaultName
  /** How many calls or notices it spoils. Default 1; reorder: how many are held and sent backwards. */
  times: number
  /** delay, late: milliseconds. */
  ms: number
  /** duplicate: how often it is sent. */
  count: number
  /** Only this call, e.g. `payment.make`. Default any. */
  call?: string
  /** declined: what it is declined with, e.g. `NOT_ENOUGH`. */
  code?: string
}
export type Faults = ReturnType<typeof makeFaults>

export function makeFaults() {
  let armed: Fault[] = []
  return {
    arm(fault: Pick<Fault, 'on' | 'fault'> & Partial<Fault>) {
      const times = fault.fault === 'reorder' ? (fault.count ?? 2) : 1
      armed.push({ times, ms: 1_000, count: 2, ...fault })
    },
    clear() {
      armed = []
    },
    armed: (): readonly Fault[] => armed,
    /** The first armed fault of these kinds, used up by one. */
    take(on: Party, kinds: readonly FaultName[], call?: string): Fault | undefined {
      const hit = armed.find(
        one =>
          one.on === on &&
          kinds.includes(one.fault) &&
          (one.call === undefined || one.call === call),
      )
      if (hit && --hit.times <= 0) armed = armed.filter(one => one !== hit)
      return hit
    },
  }
}
