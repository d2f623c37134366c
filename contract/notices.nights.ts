/** What a night looks like on the wire: what was announced beside the money, and each difference. */
import { Type } from 'typebox'
import { CounterId, Kind, NoticeId } from './notices.views.ts'
import { Closed, Day, Instant, Money } from './words.ts'

const Totals = Closed({ count: Type.Integer(), sum: Money })
/** What was announced as received on a business day at a counter, beside the money; one for each currency. */
export const NightView = Closed({
  day: Day,
  counter: CounterId,
  counterName: Type.String(),
  /** Payments less refunds and reversals, each. */
  announced: Totals,
  money: Totals,
  differences: Type.Integer(),
  madeAt: Instant,
})
/**
 *   not_announced    money that nobody was told of
 *   never_verified   shown as 待核实, and no better word has come
 *   not_in_books     spoken as received, by evidence that no book or statement bears out
 *   other_sum        told with another sum than came
 *   contradicted     two sums under one order id
 *   other_day        told on another day than the money's own, or once that day's night was made: stands on both days
 */
export const Difference = Type.Enum([
  'not_announced',
  'never_verified',
  'not_in_books',
  'other_sum',
  'contradicted',
  'other_day',
])
export const DifferenceView = Closed({
  day: Day,
  counter: CounterId,
  why: Difference,
  kind: Kind,
  platform: Type.String(),
  /** What it is about, with its order id where there is one. */
  order: Type.Optional(Type.String()),
  notice: Type.Optional(NoticeId),
  announced: Type.Optional(Money),
  money: Type.Optional(Money),
})
