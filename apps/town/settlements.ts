/**
 * When the shops ask for their money, and how it goes:
 *
 *   every week      asked in the morning, reviewed after lunch, paid the next day
 *   once rejected   with its reason; asked again two days later
 *   once bounced    by the payee's bank; asked again, and paid
 *   at the end      two wait for a reviewer, one of them since this morning
 */
import type { Days } from './days.ts'
import { shops } from './merchants.ts'
import { stoppedFor, stoppedShop } from './visits.ts'

type End = 'paid' | 'reject' | 'bounced' | 'waits'
export type Wish = Readonly<{ n: number; shop: number; end: End }>
type What = 'ask' | 'approve' | 'reject' | 'payOut' | 'paid' | 'bounced'
export type Planned = Readonly<{ at: Date; wish: Wish; what: What }>

const of = (key: string) => shops.findIndex(shop => shop.key === key)
const [rejected, bounced, sinceMorning, sinceYesterday] = [
  of('wash'),
  of('car'),
  of('fit'),
  of('bath'),
]

export function settlementsOf(days: Days): Planned[] {
  const planned: Planned[] = []
  const last = days.count - 1
  const wish = (shop: number, day: number, end: End, minutes = 9 * 60 + 40 + 7 * shop) => {
    const one: Wish = { n: planned.length, shop, end }
    const say = (what: What, on: number, at: number) =>
      void planned.push({ at: days.on(on, at), wish: one, what })
    say('ask', day, minutes)
    if (end === 'waits') return
    say(end === 'reject' ? 'reject' : 'approve', day, minutes + 4 * 60)
    if (end === 'reject') return
    say('payOut', day, minutes + 4 * 60 + 3)
    say(end, day + 1, 9 * 60 + 5 + shop)
  }
  const weeks = [6, 13, 20, 27].filter(day => day < last - 1)
  for (const [week, day] of weeks.entries())
    for (const shop of shops.keys()) {
      const turn = week === weeks.length - 1
      if (turn && (shop === sinceMorning || shop === sinceYesterday)) continue
      if (shop === stoppedShop && day >= days.count - stoppedFor) continue
      if (week === 1 && shop === rejected) again(shop, day, 'reject')
      else if (week === 2 && shop === bounced) again(shop, day, 'bounced')
      else wish(shop, day, 'paid')
    }

  function again(shop: number, day: number, end: End): void {
    wish(shop, day, end)
    wish(shop, day + 2, 'paid')
  }

  if (last > 0) wish(sinceYesterday, last - 1, 'waits', 20 * 60 + 10)
  wish(sinceMorning, last, 'waits', 10 * 60 + 12)
  return planned
}
