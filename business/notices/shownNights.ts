/** Nights and their differences, as they are looked at: newest first. */
import type { Books, Day, MerchantId } from '@bursar/kernel'
import type { Why } from './compared.ts'
import type { CounterId, Kind, NoticeId } from './words.ts'

export type NightShown = Readonly<{
  day: Day
  counter: CounterId
  counterName: string
  currency: string
  announced: number
  announcedSum: bigint
  came: number
  cameSum: bigint
  differences: number
  madeAt: Date
}>
export type DifferenceShown = Readonly<{
  day: Day
  counter: CounterId
  no: number
  why: Why
  kind: Kind
  platform: string
  order: string | null
  notice: NoticeId | null
  announced: bigint | null
  came: bigint | null
  currency: string
}>
type Ask = Readonly<{
  merchant: MerchantId
  /** Days, both of them in it. */
  from?: Day
  to?: Day
  counter?: CounterId
  /** The last row of the page before: its day and counter, and of a night its currency, of a difference its number. */
  cursor?: string
  limit?: number
}>

const placeIn = (cursor: string | undefined) => {
  const [day = null, counter = null, last = null] = cursor?.split(' ') ?? []
  return { day, counter, last }
}
type Place = Readonly<{ day: Day; counter: string; currency: string; no?: number }>
export const placeOf = ({ day, counter, currency, no }: Place): string =>
  [day, counter, no ?? currency].join(' ')

export async function listNights(books: Books, ask: Ask): Promise<NightShown[]> {
  const { merchant, from = null, to = null, counter = null, limit = 50 } = ask
  const after = placeIn(ask.cursor)
  return await books.sql<NightShown>`
    select n.day::text as day, n.counter, c.name as "counterName", n.currency, n.announced,
      n.announced_sum as "announcedSum", n.came, n.came_sum as "cameSum", n.differences, n.made_at as "madeAt"
    from notices.night n join notices.counter c on c.id = n.counter
    where n.merchant = ${merchant}
      and (${from}::date is null or n.day >= ${from}) and (${to}::date is null or n.day <= ${to})
      and (${counter}::text is null or n.counter = ${counter})
      and (${after.day}::date is null or (n.day, n.counter, n.currency::text) <
        (${after.day}::date, ${after.counter}::text, ${after.last}::text))
    order by n.day desc, n.counter desc, n.currency::text desc limit ${limit}`
}

export async function listDifferences(
  books: Books,
  ask: Ask & Readonly<{ why?: Why }>,
): Promise<DifferenceShown[]> {
  const { merchant, from = null, to = null, counter = null, why = null, limit = 50 } = ask
  const after = placeIn(ask.cursor)
  return await books.sql<DifferenceShown>`
    select day::text as day, counter, no, why, kind, platform, order_no as "order", notice, announced, came, currency
    from notices.difference
    where merchant = ${merchant}
      and (${from}::date is null or day >= ${from}) and (${to}::date is null or day <= ${to})
      and (${counter}::text is null or counter = ${counter}) and (${why}::text is null or why = ${why})
      and (${after.day}::date is null
        or (day, counter, no) < (${after.day}::date, ${after.counter}::text, ${after.last}::int))
    order by day desc, counter desc, no desc limit ${limit}`
}
