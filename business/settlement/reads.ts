/** What there is to see: a merchant's position, the lists, one request with its steps. */
import { Refusal, type Books, type MerchantId } from '@bursar/kernel'
import type { Money } from '@bursar/money'
import { earned, requested } from './accounts.ts'
import { listBreaks, type Break } from './breaks.ts'
import type { Refused } from './refused.ts'
import type { PayoutId, PayoutState, Request, RequestId, State, Step } from './steps.ts'

export type Position = Readonly<{
  /** All that the merchant has earned and not asked for. */
  earned: Money
  /** What of it can be asked for now: less what is held. */
  requestable: Money
  /** Asked for: waiting for review, or for its payout. */
  requested: Money
}>

export async function position(books: Books, merchant: MerchantId): Promise<Position> {
  const [home] = await books.sql<{ book: number; currency: string }>`
    select c.book, p.currency from custody.merchant c join custody.pool p on p.id = c.pool
    where c.merchant = ${merchant}`
  if (!home) throw new Refusal<Refused>('no_such_merchant', { merchant })
  const { book, currency } = home
  const sides = await books.balances(book, [earned(merchant), requested(merchant)])
  const side = (account: string) => sides.find(one => one.account === account)
  const sum = (minor = 0n): Money => ({ minor, currency })
  const held = side(earned(merchant))
  return {
    earned: sum(held?.posted),
    requestable: sum(held && held.posted - held.out - (held.floor ?? 0n)),
    requested: sum(side(requested(merchant))?.posted),
  }
}

/** With the names that a person reads. */
export type Listed = Request &
  Readonly<{ merchantName: string; requestedByName: string; reviewedByName: string | null }>
export type Filter = Readonly<{
  merchant?: MerchantId
  /** Only of these pools, by their books. */
  within?: readonly number[]
  state?: State
  q?: string
  cursor?: string
  limit?: number
  /** What waits is read oldest first, all else newest first. */
  oldestFirst?: boolean
}>
export type Page<Row> = Readonly<{ rows: Row[]; next?: string }>

type ListedRow = Omit<Listed, 'amount'> & Money

/** Words are looked for in the merchant's name and in the request's id, from its beginning. */
export async function listRequests(books: Books, filter: Filter): Promise<Page<Listed>> {
  const { limit = 50, oldestFirst = false } = filter
  const found = await (oldestFirst ? forward(books, filter) : backward(books, filter))
  const rows = found.slice(0, limit).map(listed)
  return found.length > limit ? { rows, next: placeOf(rows.at(-1)!) } : { rows }
}

function termsOf({ merchant, within, state, q = '', cursor, limit = 50 }: Filter) {
  const [time, last] = cursor?.split('.') ?? [null, null]
  const since = time && new Date(Number(time))
  const words = q.trim().replace(/[\\%_]/g, letter => `\\${letter}`)
  const whose = { merchant: merchant ?? null, within: within ?? null }
  return { ...whose, state: state ?? null, words, since, last, limit: limit + 1 }
}

function backward(books: Books, filter: Filter): Promise<ListedRow[]> {
  const { merchant, within, state, words, since, last, limit } = termsOf(filter)
  return books.sql<ListedRow>`
    select * from settlement.listed
    where (${merchant}::text is null or merchant = ${merchant})
      and (${within}::int[] is null or book = any(${within}::int[]))
      and (${state}::text is null or state = ${state})
      and (${since}::timestamptz is null or ("requestedAt", id) < (${since}::timestamptz, ${last}))
      and (${words} = '' or "merchantName" ilike ${`%${words}%`} or id like ${`${words}%`})
    order by "requestedAt" desc, id desc limit ${limit}`
}

function forward(books: Books, filter: Filter): Promise<ListedRow[]> {
  const { merchant, within, state, words, since, last, limit } = termsOf(filter)
  return books.sql<ListedRow>`
    select * from settlement.listed
    where (${merchant}::text is null or merchant = ${merchant})
      and (${within}::int[] is null or book = any(${within}::int[]))
      and (${state}::text is null or state = ${state})
      and (${since}::timestamptz is null or ("requestedAt", id) > (${since}::timestamptz, ${last}))
      and (${words} = '' or "merchantName" ilike ${`%${words}%`} or id like ${`${words}%`})
    order by "requestedAt", id limit ${limit}`
}

/** Ids are in the order of time only if their keys were: the place is the time, then the id. */
const placeOf = ({ requestedAt, id }: Listed): string => `${requestedAt.getTime()}.${id}`

const listed = ({ minor, currency, ...row }: ListedRow): Listed => ({
  ...row,
  amount: { minor, currency },
})

export type TakenStep = Readonly<{
  name: Step | 'submit'
  by: string
  /** Absent where it was the bank's word. */
  byName: string | null
  at: Date
  reason: string | null
}>
type Payout = Readonly<{
  id: PayoutId
  state: PayoutState
  /** The bank's own number of the payment. */
  serial: string | null
  sentAt: Date
  endedAt: Date | null
}>
export type RequestDetails = Listed &
  Readonly<{
    steps: readonly TakenStep[]
    payout: Payout | null
    /** Also those that have ended. */
    breaks: readonly Break[]
  }>

export async function requestOf(books: Books, id: RequestId): Promise<RequestDetails> {
  const [requests, steps, payouts, breaks] = await Promise.all([
    books.sql<ListedRow>`select * from settlement.listed where id = ${id}`,
    books.sql<TakenStep>`
      select s.name, s.taken_by as by, p.name as "byName", s.taken_at as at, s.reason
      from settlement.step s left join parties.person p on p.id = s.taken_by
      where s.request = ${id}
      order by array_position(array['submit','approve','reject','withdraw','send','pay','bounce'], s.name)`,
    books.sql<Payout>`
      select id, state, serial, sent_at as "sentAt", ended_at as "endedAt"
      from settlement.payout where request = ${id}`,
    listBreaks(books, { request: id }),
  ])
  if (!requests[0]) throw new Refusal<Refused>('no_such_request', { id })
  return { ...listed(requests[0]), steps, payout: payouts[0] ?? null, breaks: breaks.rows }
}
