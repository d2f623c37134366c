/**
 * The month, thought out before it is lived: every visit with its top-up, every refund, every
 * settlement and what became of it. Pure: the same seed and the same now give the same month. It keeps
 * its own sums, so that it never asks the books for what they would refuse.
 */
import type { Chance } from './chance.ts'
import type { Days } from './days.ts'
import { rhythms, shops } from './merchants.ts'
import { settlementsOf, type Wish } from './settlements.ts'
import { newShop, stoppedFor, stoppedShop, tradeOf, type Member, type Visit } from './visits.ts'

export type TopUp = Readonly<{
  kind: 'topUp'
  n: number
  at: Date
  member: Member
  minor: bigint
  /** Through Alipay, which has a bill of each day; else through the nameless platform. */
  alipay?: true
}>
export type Spend = Readonly<{
  kind: 'spend'
  n: number
  at: Date
  member: Member
  minor: bigint
  outlet: number
  /** The merchant asks for it, against the member's code. */
  charged: boolean
  note?: string
}>
export type Refund = Readonly<{
  kind: 'refund'
  n: number
  at: Date
  spend: Spend
  minor: bigint
  reason: string
}>
export type TakeBack = Readonly<{
  kind: 'takeBack'
  n: number
  at: Date
  member: Member
  minor: bigint
}>
export type Ask = Readonly<{ kind: 'ask'; n: number; at: Date; wish: Wish; minor: bigint }>
export type Answer = Readonly<{
  kind: 'approve' | 'reject' | 'payOut' | 'paid' | 'bounced'
  at: Date
  n: number
  wish: Wish
  minor: bigint
}>
/** What happens once, or once a day. */
export type Other = Readonly<{
  kind: 'platformPays' | 'stray' | 'unheard' | 'stranger' | 'suspend' | 'confirms'
  at: Date
}>
export type Event = TopUp | Spend | Refund | TakeBack | Ask | Answer | Other

type Sums = { purses: bigint[]; earned: bigint[]; asked: bigint[] }
type Telling = Readonly<{ chance: Chance; sums: Sums; days: Days; say: (event: Event) => void }>
type Wishing = Readonly<{ at: Date; wish: Wish; what: 'ask' | Answer['kind'] }>
const reasons = ['点错了单', '多收一份', '服务未提供', '会员临时取消']
export const ceiling = 500_000n
/** Fifty yuan that somebody sent without an order. */
export const stray = 5_000n
/** What somebody paid by a code that was made in Alipay's own console: the books never heard of it. */
export const unheard = 12_800n
/** The top-ups that its bill has wrong: each is the only one of its sum. */
export const [fenTooMuch, leftOut] = [3_000n, 20_000n]
/** The day that Alipay has a bill of by now, whenever that is. */
export const billedDay = (days: Days): number => days.count - 3
/** What a tea dealer paid straight into the account at the bank, meaning somebody else. */
export const strangers = 12_800n

export function planMonth(
  chance: Chance,
  days: Days,
  members: readonly Member[],
  visits: readonly Visit[],
): Event[] {
  const events: Event[] = []
  const sums: Sums = {
    purses: members.map(() => 0n),
    earned: shops.map(() => 0n),
    asked: [],
  }
  const say = (event: Event) => void events.push(event)
  const steps: (Visit | Wishing)[] = [...visits, ...settlementsOf(days)]
  const inTime = steps.toSorted((a, b) => a.at.getTime() - b.at.getTime())
  for (const step of inTime)
    if ('wish' in step) settle(sums, step, say)
    else visit({ chance, sums, days, say }, step, events.length)
  const besides = [...others(days), ...leavers(sums, days, members), ...arrivals(days, members)]
  return [...events, ...besides].toSorted((a, b) => a.at.getTime() - b.at.getTime())
}

function visit({ chance, sums, days, say }: Telling, { at, member }: Visit, n: number): void {
  const { prices, topUps, notes } = rhythms[tradeOf(member)]
  const minor = chance.pick(prices)
  const held = sums.purses[member.n]!
  const enough = topUps.filter(sum => held + sum >= minor)
  const topUp = held < minor ? chance.pick(enough) : 0n
  if (held + topUp > ceiling) return
  if (topUp > 0n) say({ kind: 'topUp', n, at, member, minor: topUp })
  const note = chance.happens(0.4) && chance.pick(notes)
  const spend: Spend = {
    ...{ kind: 'spend', n, at, member, minor, charged: chance.happens(0.35) },
    outlet: chance.between(0, shops[member.shop]!.outlets.length - 1),
    ...(note && { note }),
  }
  say(spend)
  sums.purses[member.n] = held + topUp - minor
  sums.earned[member.shop]! += minor
  if (chance.happens(0.012)) giveBack({ chance, sums, days, say }, spend)
}

/** Half an hour later, whole or in part. The sum is set aside at once, so that the merchant has it. */
function giveBack({ chance, sums, days, say }: Telling, spend: Spend): void {
  const { n, member } = spend
  const at = days.soonAfter(spend.at, 28)
  const minor = chance.happens(0.6) ? spend.minor : spend.minor / 2n
  if (minor === 0n) return
  say({ kind: 'refund', n, at, spend, minor, reason: chance.pick(reasons) })
  sums.purses[member.n]! += minor
  sums.earned[member.shop]! -= minor
}

function settle(sums: Sums, { at, wish, what }: Wishing, say: (event: Event) => void): void {
  if (what === 'ask') {
    // Whole yuan, and something kept back for refunds.
    const minor = ((sums.earned[wish.shop]! * 9n) / 1000n) * 100n
    if (minor === 0n) return
    sums.asked[wish.n] = minor
    sums.earned[wish.shop]! -= minor
    return say({ kind: 'ask', n: wish.n, at, wish, minor })
  }
  const minor = sums.asked[wish.n]
  if (minor === undefined) return
  if (what === 'reject' || what === 'bounced') sums.earned[wish.shop]! += minor
  say({ kind: what, n: wish.n, at, wish, minor })
}

function others(days: Days): Other[] {
  const last = days.count - 1
  const paid = Array.from({ length: last }, (_, day) => days.on(day + 1, 8.5 * 60))
  const found: Other[] = paid.map(at => ({ kind: 'platformPays', at }))
  if (billedDay(days) >= 0)
    found.push({ kind: 'unheard', at: days.on(billedDay(days), 20 * 60 + 40) })
  found.push({ kind: 'stray', at: days.on(Math.floor(last / 2), 16 * 60) })
  found.push({ kind: 'stranger', at: days.on(Math.max(Math.floor(last / 2), last - 3), 17 * 60) })
  if (last > stoppedFor) found.push({ kind: 'suspend', at: days.on(last - stoppedFor, 23 * 60) })
  return [...found, { kind: 'confirms', at: days.on(last, 14 * 60) }]
}

/** Members of the stopped shop take back what they have there. */
function leavers(sums: Sums, days: Days, members: readonly Member[]): TakeBack[] {
  const day = days.count - 2
  if (day <= days.count - stoppedFor || day < 1) return []
  return members
    .filter(member => member.shop === stoppedShop && sums.purses[member.n]! > 0n)
    .slice(0, 3)
    .map((member, place) => {
      const at = days.on(day, 10 * 60 + 23 * place)
      return { kind: 'takeBack', n: place, at, member, minor: sums.purses[member.n]! }
    })
}

/** In its first two evenings, some put money in at the net café that has just opened: through Alipay, in yuan. */
const evenings: readonly (readonly [person: number, yuan: bigint])[][] = [
  [
    [11, 100n],
    [29, 50n],
    [53, 200n],
    [67, 30n],
    [83, 150n],
  ],
  [
    [7, 50n],
    [23, 50n],
    [41, 50n],
  ],
]

function arrivals(days: Days, { length }: readonly Member[]): TopUp[] {
  const first = billedDay(days)
  if (first < 0) return []
  return evenings
    .flatMap((guests, evening) => guests.map((guest, place) => ({ guest, evening, place })))
    .map(({ guest: [person, yuan], evening, place }, turn) => {
      const [n, day] = [length + turn, first + evening]
      const member = { n, person, shop: newShop, joins: day }
      const at = days.on(day, 19 * 60 + 11 * place)
      return { kind: 'topUp', n, at, member, minor: yuan * 100n, alipay: true }
    })
}
