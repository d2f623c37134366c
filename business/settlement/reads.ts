/** What there is to see: a merchant's position, the lists, one request with its steps. */
import { Refusal, type Books, type MerchantId } from '@bursar/kernel'
import type { Money } from '@bursar/money'
import { earned, requested } from './accounts.ts'
import type { Payee } from './bank.ts'
import type { Refused } from './refused.ts'
import { find, type Request, type RequestId, type State, type Step } from './steps.ts'

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

export type Listed = Request & Readonly<{ merchantName: string }>
export type Filter = Readonly<{
  merchant?: MerchantId
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
  const { merchant = null, state = null, q = '', cursor = null, limit = 50 } = filter
  const words = q.trim().replace(/[\\%_]/g, letter => `\\${letter}`)
  const up = filter.oldestFirst ?? false
  const found = await books.sql<ListedRow>`
    select r.id, r.book, r.merchant, m.name as "merchantName", r.minor, r.currency, r.terms, r.state,
      jsonb_build_object('bank', r.payee_bank, 'account', r.payee_account, 'name', r.payee_name) as payee,
      r.requested_by as "requestedBy", r.requested_at as "requestedAt",
      r.reviewed_by as "reviewedBy", r.reason
    from settlement.request r join parties.merchant m on m.id = r.merchant
    where (${merchant}::text is null or r.merchant = ${merchant})
      and (${state}::text is null or r.state = ${state})
      and (${cursor}::text is null or (case when ${up} then r.id > ${cursor} else r.id < ${cursor} end))
      and (${words} = '' or m.name ilike ${`%${words}%`} or r.id like ${`${words}%`})
    order by case when ${up} then r.id end, case when not ${up} then r.id end desc
    limit ${limit + 1}`
  const rows = found.slice(0, limit).map(listed)
  return found.length > limit ? { rows, next: rows.at(-1)!.id } : { rows }
}

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
export type RequestDetails = Listed &
  Readonly<{
    steps: readonly TakenStep[]
    payout: Readonly<{ id: string; state: string; sentAt: Date; endedAt: Date | null }> | null
  }>

export async function requestOf(books: Books, id: RequestId): Promise<RequestDetails> {
  const held = await find(books.sql, id)
  const [named, steps, payouts] = await Promise.all([
    books.sql<{ name: string; payee: Payee }>`
      select name from parties.merchant where id = ${held.merchant}`,
    books.sql<TakenStep>`
      select s.name, s.taken_by as by, p.name as "byName", s.taken_at as at, s.reason
      from settlement.step s left join parties.person p on p.id = s.taken_by
      where s.request = ${id}
      order by array_position(array['submit','approve','reject','withdraw','send','pay','bounce'], s.name)`,
    books.sql<NonNullable<RequestDetails['payout']>>`
      select id, state, sent_at as "sentAt", ended_at as "endedAt"
      from settlement.payout where request = ${id}`,
  ])
  return { ...held, merchantName: named[0]?.name ?? '', steps, payout: payouts[0] ?? null }
}
