/** Who is a member where, and when each of them comes by. */
import type { Chance } from './chance.ts'
import type { Days } from './days.ts'
import { rhythms, shops, type Shop } from './merchants.ts'

export type Member = Readonly<{ n: number; person: number; shop: number; joins: number }>
export type Visit = Readonly<{ at: Date; member: Member }>
/** The day on which the internet café is stopped. */
export const stoppedShop = shops.findIndex(shop => shop.key === 'net')
export const stoppedFor = 3
/** The net café that nobody had been to before the last evening. */
export const newShop = shops.findIndex(shop => shop.key === 'star')

/** The first person is the face that visitors wear: at home in the tea house, and seen at two others. */
const firstShops = [shops.findIndex(one => one.key === 'tea'), 1, 9]

export function membersOf(chance: Chance, people: number, days: number): Member[] {
  const members: Member[] = []
  for (let person = 0; person < people; person++) {
    const homes = person === 0 ? firstShops : someShops(chance, 1 + chance.weighed([3, 4, 2, 1]))
    for (const shop of homes) {
      // Half of them were there when the town opened its pool; the others came later.
      const early = person === 0 || chance.happens(0.5)
      const joins = early ? chance.between(0, 3) : chance.between(3, Math.max(3, days - 2))
      members.push({ n: members.length, person, shop, joins: Math.min(joins, days - 1) })
    }
  }
  return members
}

function someShops(chance: Chance, many: number): number[] {
  const chosen = new Set<number>()
  while (chosen.size < many) chosen.add(chance.weighed(shops.map(shop => shop.draws)))
  return [...chosen]
}

/** Today is busier, so that there is something to see from the first minute. */
const marketDay = 2.5

export function visitsOf(chance: Chance, members: readonly Member[], days: Days): Visit[] {
  const visits: Visit[] = []
  for (const member of members)
    for (let day = member.joins; day < days.count; day++) {
      if (member.shop === stoppedShop && day >= days.count - stoppedFor) continue
      const often = day === days.count - 1 ? marketDay : 1
      const share = (rhythms[tradeOf(member)].visits / 30) * often
      const comes = day === member.joins || chance.happens(share)
      const minutes = minuteOf(chance, shops[member.shop]!)
      const at = comes && days.at(day, minutes)
      if (at) visits.push({ at, member })
    }
  return visits.toSorted((a, b) => a.at.getTime() - b.at.getTime())
}

export const tradeOf = (member: Member) => shops[member.shop]!.trade

function minuteOf(chance: Chance, shop: Shop): number {
  const { opens, hours } = rhythms[shop.trade]
  return (opens + chance.weighed(hours) + chance.next()) * 60
}
