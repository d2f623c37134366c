/**
 * What was announced at a counter beside the money, for one night: pure. Each currency for itself. The difference of the
 * two sums is the sum of the differences that are named: nothing is left to be guessed.
 */
import { counterOf } from './decide.ts'
import type { Counter, CounterId, Kind, NoticeId } from './words.ts'

export type Why =
  | 'not_announced'
  | 'never_verified'
  | 'not_in_books'
  | 'other_sum'
  | 'contradicted'
  | 'other_day'
/** What came, or went, as custody or a statement has it. */
export type Came = Readonly<{
  platform: string
  order: string
  kind: Kind
  minor: bigint
  currency: string
  outlet: string | null
  at: Date
  /** Of a day before, and heard of only since its night. */
  late: boolean
  /** The notice of this order id. */
  notice: NoticeId | null
}>
export type Announced = Readonly<{
  id: NoticeId
  counter: CounterId
  platform: string
  order: string | null
  kind: Kind
  sum: bigint
  currency: string
  at: Date
  /** Of a day before, and told only since its night. */
  late: boolean
  received: boolean
  contradicted: boolean
}>
export type Difference = Readonly<{
  counter: CounterId
  why: Why
  kind: Kind
  platform: string
  order: string | null
  notice: NoticeId | null
  announced: bigint | null
  came: bigint | null
  currency: string
}>
export type Night = Readonly<{
  counter: CounterId
  currency: string
  announced: { count: number; sum: bigint }
  came: { count: number; sum: bigint }
  differences: readonly Difference[]
}>
type Comparing = Readonly<{
  counter: CounterId
  counters: readonly Counter[]
  /** Of the night, and those of other nights that its money belongs to. */
  notices: readonly Announced[]
  /** Of the night, and of the days beside it. */
  came: readonly Came[]
  from: Date
  to: Date
}>

const sign = (kind: Kind) => (kind === 'payment' ? 1n : -1n)
const total = <T extends { kind: Kind }>(all: readonly T[], of: (one: T) => bigint) => ({
  count: all.length,
  sum: all.reduce((sum, one) => sum + sign(one.kind) * of(one), 0n),
})

/** A night for each currency; one of nothing at all where there was none. */
export function compareNight({ counter, counters, notices, came, from, to }: Comparing): Night[] {
  const inNight = ({ at, late }: { at: Date; late: boolean }) => at < to && (at >= from || late)
  const byId = new Map(notices.map(one => [one.id, one]))
  const borneOut = new Map(came.flatMap(one => (one.notice ? [[one.notice, one] as const] : [])))
  const place = (one: Came): CounterId =>
    (one.notice && byId.get(one.notice)?.counter) ?? counterOf(counters, one.outlet)!.id
  const money = came.filter(one => inNight(one) && place(one) === counter)
  const told = notices.filter(one => one.counter === counter && inNight(one))
  const differences = [
    ...money.flatMap(one =>
      whyOfMoney(one, counter, one.notice ? byId.get(one.notice) : undefined, inNight),
    ),
    ...told.flatMap(one => whyOfNotice(one, borneOut.get(one.id), inNight)),
  ]
  const received = told.filter(one => one.received)
  const currencies = new Set([...received, ...money, ...differences].map(one => one.currency))
  if (currencies.size === 0) currencies.add('CNY')
  return [...currencies].toSorted().map(currency => {
    const own = <T extends { currency: string }>(all: readonly T[]) =>
      all.filter(one => one.currency === currency)
    return {
      ...{ counter, currency, differences: own(differences) },
      announced: total(own(received), one => one.sum),
      came: total(own(money), one => one.minor),
    }
  })
}

type InNight = (one: { at: Date; late: boolean }) => boolean

function whyOfMoney(
  { kind, platform, order, minor, currency }: Came,
  counter: CounterId,
  notice: Announced | undefined,
  inNight: InNight,
): Difference[] {
  const said = { counter, kind, platform, order, currency, came: minor }
  if (!notice?.received)
    return [{ ...said, why: 'not_announced', notice: notice?.id ?? null, announced: null }]
  const about = { ...said, notice: notice.id, announced: null }
  if (!inNight(notice)) return [{ ...about, why: 'other_day' }]
  if (notice.currency !== currency) return [{ ...about, why: 'other_sum' }]
  return notice.sum === minor ? [] : [{ ...about, why: 'other_sum', announced: notice.sum }]
}

/** One that the money of this night bears out is looked at by its money. */
function whyOfNotice(notice: Announced, came: Came | undefined, inNight: InNight): Difference[] {
  const { id, counter, kind, platform, order, sum, currency, received, contradicted } = notice
  const about = { counter, kind, platform, order, notice: id, currency, announced: sum, came: null }
  const alike = came?.currency === currency ? came.minor : null
  const marked = contradicted ? [{ ...about, why: 'contradicted' as const, came: alike }] : []
  if (!received)
    return came ? marked : [...marked, { ...about, why: 'never_verified', announced: null }]
  if (!came) return [...marked, { ...about, why: 'not_in_books' }]
  if (!inNight(came)) return [...marked, { ...about, why: 'other_day' }]
  return came.currency === currency ? marked : [...marked, { ...about, why: 'other_sum' }]
}
