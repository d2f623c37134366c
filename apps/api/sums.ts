/** A sum from the wire: its decimals must be exactly the currency's. The schema cannot know which. */
import { Refusal } from '@bursar/kernel'
import { fromWire, type Money, type WireMoney } from '@bursar/money'
import type { Refused } from './refusals.ts'

export function sumOf(wire: WireMoney, pointer = '/amount'): Money {
  try {
    return fromWire(wire)
  } catch {
    throw new Refusal<Refused>('malformed', { pointer: `${pointer}/amount`, rule: 'decimals' })
  }
}
