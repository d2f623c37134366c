/** What is known of the notices that evidence may be about: by order id, firmly or as a hint, and by what matching looks at. */
import type { MerchantId } from '@bursar/kernel'
import type { Voice } from './matching.ts'
import {
  atLeast,
  gradeOf,
  type Counter,
  type CounterId,
  type Evidence,
  type Grade,
  type Kind,
  type NoticeId,
  type Outcome,
  type PromptClass,
  type Source,
} from './words.ts'

/** A notice, as it stands or as it will. */
export type Standing = {
  readonly id: NoticeId
  readonly merchant: MerchantId
  readonly counter: CounterId
  readonly kind: Kind
  readonly platform: string
  readonly minor: bigint
  readonly currency: string
  readonly at: Date
  readonly rehearsal: boolean
  sum: bigint
  received: bigint | null
  payer: string | null
  payee: string | null
  way: string | null
  outlet: string | null
  till: string | null
  heard: number
  grade: Grade
  weak: boolean
  contradicted: boolean
  late: boolean
  readonly voices: Voice[]
  /** But contradictions. */
  readonly told: PromptClass[]
  /** The sums that were told as contradicting. */
  readonly alarms: bigint[]
}
/** An order id that is known, and its notice. What a phone told is a hint: never firm. */
export type Named = Readonly<{
  merchant: MerchantId
  platform: string
  kind: Kind
  order: string
  firm: boolean
  notice: NoticeId
}>
export type Answer = Readonly<{ outcome: Outcome; notice: NoticeId | null }>
export type Facts = Readonly<{
  /** Where each merchant's stream stands. */
  places: ReadonlyMap<MerchantId, bigint>
  /** Open ones, the first opened first. */
  counters: ReadonlyMap<MerchantId, readonly Counter[]>
  notices: readonly Standing[]
  named: readonly Named[]
  heard: ReadonlyMap<string, Answer>
}>
export const keyOf = ({ merchant, terminal, source, id }: Evidence): string =>
  JSON.stringify([merchant, terminal ?? '', source, id])
export const orderKey = (merchant: string, platform: string, kind: string, order: string): string =>
  JSON.stringify([merchant, platform, kind, order])

export type Known = ReturnType<typeof indexOf>

/** By order id, and by what matching looks at; both grow as notices do. */
export function indexOf({ counters, notices, named, heard }: Facts) {
  const byId = new Map(notices.map(one => [one.id, one]))
  const names = { firm: new Map<string, Standing>(), hint: new Map<string, Standing>() }
  const [all, open] = [new Map<string, Set<Standing>>(), new Map<string, Set<Standing>>()]
  const sumKey = (merchant: string, platform: string, kind: Kind, minor: bigint) =>
    `${merchant} ${platform} ${kind} ${minor}`
  function add(notice: Standing): void {
    const key = sumKey(notice.merchant, notice.platform, notice.kind, notice.sum)
    for (const bySum of notice.weak ? [all, open] : [all]) {
      const alike = bySum.get(key)
      if (alike) alike.add(notice)
      else bySum.set(key, new Set([notice]))
    }
  }
  for (const { merchant, platform, kind, order, firm, notice } of named) {
    const standing = byId.get(notice)
    if (standing)
      names[firm ? 'firm' : 'hint'].set(orderKey(merchant, platform, kind, order), standing)
  }
  for (const notice of notices) add(notice)
  return {
    ...{ counters, add, answers: new Map(heard), ...names },
    /** A word with an order id is about what has none yet: of a thousand alike it looks through those alone. */
    like: ({ merchant, platform, kind, amount, orders }: Evidence): Iterable<Standing> =>
      (orders.length > 0 ? open : all).get(sumKey(merchant, platform!, kind, amount!.minor)) ?? [],
  }
}

export const isProof = (source: Source): boolean => atLeast(gradeOf[source], 'A')
export const firstIn = (
  named: ReadonlyMap<string, Standing>,
  one: Evidence,
): Standing | undefined =>
  one.orders
    .map(order => named.get(orderKey(one.merchant, one.platform ?? '', one.kind, order)))
    .find(standing => standing !== undefined)

/**
 * What proves is not bound by the order id that a phone told: one source tells of each payment once, other money is
 * other money, and what was proved to be one sum is not another.
 */
export function mustBeAnother(one: Evidence, hinted: Standing): boolean {
  if (hinted.currency !== one.amount!.currency) return true
  const isProved = hinted.voices.some(({ source }) => isProof(source))
  return (
    isProved &&
    (hinted.voices.some(heard => heard.source === one.source) || hinted.sum !== one.amount!.minor)
  )
}

/** No counter is paid one sum so often in one minute: what a main tells of beyond it is kept, and told to nobody. */
const alikeMost = 60
export function floodOf(one: Evidence, alike: Iterable<Standing>): Standing | undefined {
  if (one.terminal === null || one.orders.length > 0) return undefined
  const minute = (at: Date) => Math.floor(at.getTime() / 60_000)
  let [last, many]: [Standing | undefined, number] = [undefined, 0]
  for (const notice of alike)
    if (
      minute(notice.at) === minute(one.at) &&
      notice.voices.some(({ terminal }) => terminal === one.terminal)
    )
      [last, many] = [notice, many + 1]
  return many >= alikeMost ? last : undefined
}
