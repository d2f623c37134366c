/**
 * The Z report: a business day that has ended, once and for good, numbered without a gap for its outlet. It is what
 * the day's report said in that moment, open tabs included, with the shifts that were counted on it; what becomes of a
 * tab or a refund later is of a later day. It waits for its shifts, not for its tabs.
 */
import {
  Refusal,
  type Books,
  type Day,
  type MerchantId,
  type OutletId,
  type PersonId,
} from '@bursar/kernel'
import { dayReport, type DayReport } from './day.ts'
import type { Refused } from './refused.ts'
import { lockOutlet } from './shifts.ts'
import { listShifts, type Shift } from './shownShifts.ts'

export type ZReport = Readonly<{
  outlet: OutletId
  number: number
  day: Day
  madeBy: PersonId
  madeByName: string
  madeAt: Date
  report: DayReport
  shifts: readonly Shift[]
}>
type Ask = Readonly<{ merchant: MerchantId; outlet: OutletId; day: Day; by: PersonId; at?: Date }>

/** Making a day final again answers the same report. */
export async function makeZReport(books: Books, ask: Ask): Promise<ZReport> {
  const { merchant, outlet, day, by, at = new Date() } = ask
  const { ended, endsAt } = await dayReport(books, { merchant, outlet, day, at })
  if (!ended) throw new Refusal<Refused>('day_not_over', { day, endsAt })
  const number = await books.write(async tx => {
    await lockOutlet(tx, merchant, outlet)
    const [known] = await tx.sql<{ number: number }>`
      select number from cashier.z_report where outlet = ${outlet} and day = ${day}::date`
    if (known) return known.number
    const [open] = await tx.sql<{ name: string }>`
      select p.name from cashier.shift s join parties.person p on p.id = s.person
      where s.outlet = ${outlet} and s.state <> 'closed' and s.opened_at < ${endsAt}`
    if (open) throw new Refusal<Refused>('shift_open', { outlet, name: open.name })
    const [last] = await tx.sql<{ number: number; day: Day; skipped: Day | null }>`
      select z.number, z.day::text as day,
        (select min(d.day)::text from cashier.docket d
         where d.merchant = ${merchant} and d.outlet = ${outlet} and d.day > z.day and d.day < ${day}::date) as skipped
      from cashier.z_report z where z.outlet = ${outlet} order by z.number desc limit 1`
    if (last && (last.day > day || last.skipped))
      throw new Refusal<Refused>('days_in_order', { day: last.skipped ?? last.day })
    // Read once its shifts are known to be closed, and while nobody writes a docket: what it says is what stands.
    await tx.sql`
      select from custody.merchant m cross join ledger.lock_book(m.book) where m.merchant = ${merchant}`
    const within = { ...books, sql: tx.sql }
    const report = await dayReport(within, { merchant, outlet, day, at })
    const shifts = await shiftsOn(within, merchant, outlet, report)
    const next = (last?.number ?? 0) + 1
    await tx.sql`
      insert into cashier.z_report (outlet, number, merchant, day, report, made_by, made_at)
      values (${outlet}, ${next}, ${merchant}, ${day}::date, ${JSON.stringify({ report, shifts }, written)}::jsonb,
        ${by}, ${at})`
    return next
  })
  return await readZReport(books, { merchant, outlet, number })
}

/** Those that ended on this day, by the outlet's clock. */
async function shiftsOn(
  books: Books,
  merchant: MerchantId,
  outlet: OutletId,
  { startsAt, endsAt }: DayReport,
): Promise<Shift[]> {
  const shifts = await listShifts(books, {
    ...{ merchant, outlet, from: startsAt, to: endsAt, limit: null },
  })
  return shifts.toReversed()
}

/** Sums stand as text: JSON has no whole numbers that long. */
const written = (_: string, value: unknown) => (typeof value === 'bigint' ? String(value) : value)
const times = new Set(['startsAt', 'endsAt', 'openedAt', 'countedAt', 'endedAt'])
const read = (key: string, value: unknown) =>
  typeof value !== 'string'
    ? value
    : key === 'minor'
      ? BigInt(value)
      : times.has(key)
        ? new Date(value)
        : value

type Row = Omit<ZReport, 'report' | 'shifts'> & Readonly<{ text: string }>
const reportOf = ({ text, ...row }: Row): ZReport => ({
  ...row,
  ...(JSON.parse(text, read) as Pick<ZReport, 'report' | 'shifts'>),
})

type ReportsAsk = Readonly<{
  merchant: MerchantId
  outlet: OutletId
  number?: number
  /** The last number of the page before. */
  before?: number
  /** Who has yet to count does not see a day that ended later (blind.ts). */
  countsFrom?: Date | null
  limit?: number
}>

/** An outlet's, newest first. */
export async function listZReports({ sql }: Books, ask: ReportsAsk): Promise<ZReport[]> {
  const { merchant, outlet, number = null, before = null, countsFrom = null, limit = 50 } = ask
  const rows = await sql<Row>`
    select z.outlet, z.number, z.day::text as day, z.made_by as "madeBy", p.name as "madeByName",
      z.made_at as "madeAt", z.report::text as text
    from cashier.z_report z join parties.person p on p.id = z.made_by
    where z.merchant = ${merchant} and z.outlet = ${outlet}
      and (${number}::int is null or z.number = ${number})
      and (${before}::int is null or z.number < ${before})
      and (${countsFrom}::timestamptz is null
        or (z.report -> 'report' ->> 'endsAt')::timestamptz <= ${countsFrom})
    order by z.number desc limit ${limit}`
  return rows.map(reportOf)
}

export async function readZReport(
  books: Books,
  ask: Readonly<{ merchant: MerchantId; outlet: OutletId; number: number }>,
): Promise<ZReport> {
  const [found] = await listZReports(books, ask)
  if (!found) throw new Refusal<Refused>('no_such_z_report', { number: ask.number })
  return found
}
