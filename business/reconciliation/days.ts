/** A day of a platform's on one line: what the bill has, what the books have, what differs, whether it is closed. */
import type { Books, Day, PersonId } from '@bursar/kernel'
import type { Money } from '@bursar/money'
import type { Problem } from './bills.ts'

type Side = Readonly<{ payments: number; paid: Money; refunds: number; refunded: Money }>
export type BillDay = Readonly<{
  gateway: string
  day: Day
  /** `differs`: compared, and something waits to be settled; `closed`: nothing does. */
  state: 'waiting' | 'read' | 'differs' | 'closed'
  /** Why the last try to have it came to nothing. */
  problem: Problem | null
  tries: number
  /** Asked for again, though it is known. */
  asked: boolean
  takenAt: Date | null
  there: Side & Readonly<{ fee: Money }>
  here: Side
  matched: number
  /** Breaks of this bill: all, and those that wait. */
  breaks: number
  waiting: number
}>
export type DaysFilter = Readonly<{
  gateway?: string
  state?: BillDay['state']
  from?: Day
  to?: Day
  /** Of the last row: its day, and its platform. */
  before?: Readonly<{ day: Day; gateway: string }>
  limit?: number
}>

type Row = Omit<BillDay, 'there' | 'here'> &
  Readonly<
    Record<'therePaid' | 'thereRefunded' | 'thereFee' | 'herePaid' | 'hereRefunded', bigint>
  > &
  Readonly<Record<'therePayments' | 'thereRefunds' | 'herePayments' | 'hereRefunds', number>>
const currency = 'CNY'
const money = (minor: bigint): Money => ({ minor, currency })

/** Newest first. */
export async function listDays({ sql }: Books, filter: DaysFilter = {}): Promise<BillDay[]> {
  const { gateway = null, state = null, from = null, to = null, before, limit = 50 } = filter
  const rows = await sql<Row>`
    select * from (
      select b.gateway, b.day::text as day, b.problem, b.tries, b.taken_at as "takenAt",
        b.ask_at is not null and b.take is not null as asked,
        case when b.state <> 'compared' then b.state when w.waiting > 0 then 'differs' else 'closed' end as state,
        b.matched::int as matched, w.breaks, w.waiting,
        b.there_payments::int as "therePayments", b.there_paid as "therePaid", b.there_refunds::int as "thereRefunds",
        b.there_refunded as "thereRefunded", b.there_fee as "thereFee", b.here_payments::int as "herePayments",
        b.here_paid as "herePaid", b.here_refunds::int as "hereRefunds", b.here_refunded as "hereRefunded"
      from reconciliation.bill b
      cross join lateral (
        select count(*)::int as breaks,
          (count(*) filter (where state in ('open', 'proposed', 'booking')))::int as waiting
        from reconciliation.break d where d.gateway = b.gateway and d.day = b.day) as w
      where (${gateway}::text is null or b.gateway = ${gateway})
        and (${from}::date is null or b.day >= ${from}::date)
        and (${to}::date is null or b.day <= ${to}::date)
        and (${before?.day ?? null}::date is null
          or (b.day, b.gateway) < (${before?.day ?? null}::date, ${before?.gateway ?? null}))) as shown
    where ${state}::text is null or state = ${state}
    order by day desc, gateway desc limit ${limit}`
  return rows.map(dayOf)
}

function dayOf(row: Row): BillDay {
  const { therePayments, therePaid, thereRefunds, thereRefunded, thereFee, ...more } = row
  const { herePayments, herePaid, hereRefunds, hereRefunded, ...rest } = more
  return {
    ...rest,
    there: {
      ...{ payments: therePayments, paid: money(therePaid), refunds: thereRefunds },
      ...{ refunded: money(thereRefunded), fee: money(thereFee) },
    },
    here: {
      ...{ payments: herePayments, paid: money(herePaid) },
      ...{ refunds: hereRefunds, refunded: money(hereRefunded) },
    },
  }
}

export type Platform = Readonly<{ gateway: string; feeBps: number | null }>

/** What each of these platforms keeps of a payment, in basis points; null: nobody has said. */
export async function listPlatforms(
  { sql }: Books,
  gateways: readonly string[],
): Promise<Platform[]> {
  return await sql<Platform>`
    select g.gateway, p.fee_bps as "feeBps"
    from unnest(${gateways}::text[]) as g (gateway)
    left join reconciliation.platform p on p.gateway = g.gateway order by g.gateway`
}

/** For the bills that are compared from now on. */
export async function setFee(
  { sql }: Books,
  { gateway, feeBps, by }: Readonly<{ gateway: string; feeBps: number; by: PersonId }>,
): Promise<Platform> {
  await sql`
    insert into reconciliation.platform (gateway, fee_bps, set_by, set_at)
    values (${gateway}, ${feeBps}, ${by}, now())
    on conflict (gateway) do update set fee_bps = excluded.fee_bps, set_by = excluded.set_by, set_at = excluded.set_at`
  return { gateway, feeBps }
}
