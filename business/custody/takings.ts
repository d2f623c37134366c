/** A merchant's day: what came in, what was given back, hour by hour, and what is owed to it now. */
import type { Books, MerchantId } from '@bursar/kernel'
import type { Money } from '@bursar/money'
import { earned, requested } from './accounts.ts'
import { directoryOf } from './directory.ts'

/** The zone of outlets that have not said another. */
const homeZone = 'Asia/Shanghai'

export type Hour = Readonly<{ hour: number; count: number; sum: Money }>
export type Takings = Readonly<{
  merchant: MerchantId
  /** The business date, YYYY-MM-DD, in the zone. */
  day: string
  zone: string
  count: number
  sum: Money
  refunds: Readonly<{ count: number; sum: Money }>
  waiting: Readonly<{ count: number; sum: Money }>
  /** Hours with a spend in them. */
  hours: readonly Hour[]
  /** Spent with the merchant and not asked for; and asked for. */
  earned: Money
  requested: Money
}>

type Row = Readonly<{
  day: string
  what: 'spend' | 'refund' | 'waiting'
  hour: number
  count: bigint
  minor: bigint
}>

/** Today by the book's own clock, or the day that `at` falls in. */
export async function takings(
  books: Books,
  {
    merchant,
    at = null,
    zone = homeZone,
  }: { merchant: MerchantId; at?: Date | null; zone?: string },
): Promise<Takings> {
  const { book, currency } = await directoryOf(books).merchant(merchant)
  const rows = await books.sql<Row & { hour: number | null }>`
    with today as materialized (
      select day, day at time zone ${zone} as starts, (day + interval '1 day') at time zone ${zone} as ends
      from (select date_trunc('day', coalesce(${at}::timestamptz, now()) at time zone ${zone}) as day) d),
    moved as (
      select case when s.state = 'done' then 'spend' else 'waiting' end as what, s.at, s.minor
      from custody.spend s, today
      where s.book = ${book} and s.merchant = ${merchant} and s.at >= starts and s.at < ends
        and (s.state = 'done' or (s.state = 'waiting' and s.expires_at > now()))
      union all
      select 'refund', r.at, r.minor from custody.refund r, today
      where r.book = ${book} and r.merchant = ${merchant} and r.at >= starts and r.at < ends)
    select to_char(today.day, 'YYYY-MM-DD') as day, m.what,
           extract(hour from m.at at time zone ${zone})::int as hour,
           count(m.what) as count, coalesce(sum(m.minor), 0)::bigint as minor
    from today left join moved m on true
    group by 1, 2, 3 order by 3`
  const owed = await books.balances(book, [earned(merchant), requested(merchant)])
  const money = (minor: bigint): Money => ({ minor, currency })
  const of = (what: Row['what']) => {
    const some = rows.filter(row => row.what === what)
    return {
      count: some.reduce((sum, row) => sum + Number(row.count), 0),
      sum: money(some.reduce((sum, row) => sum + row.minor, 0n)),
    }
  }
  const posted = (account: string) =>
    money(owed.find(side => side.account === account)?.posted ?? 0n)
  return {
    ...{ merchant, day: rows[0]!.day, zone, ...of('spend') },
    refunds: of('refund'),
    waiting: of('waiting'),
    hours: rows
      .filter(row => row.what === 'spend')
      .map(row => ({ hour: row.hour!, count: Number(row.count), sum: money(row.minor) })),
    earned: posted(earned(merchant)),
    requested: posted(requested(merchant)),
  }
}
