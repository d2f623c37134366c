/**
 * The bills: which days are to be had, and how one is taken.
 *
 *   opened     a day is over on which we had to do with the platform     waiting
 *   asked      the platform makes it in the morning                      not ready → asked again
 *   taken      row by row, to its end, or not at all                     waiting → read
 *   compared   (compare.ts)                                              read → compared
 *
 * The rows of a try are written as they come, five thousand in a statement and no transaction open meanwhile. They
 * count when the last one was there; a bill that breaks off leaves none. Taken again, the newer try counts.
 */
import type { BillRow, Wallet } from '@bursar/custody'
import { dayAfter, dayOf, Refusal, startOf, type Books, type Day } from '@bursar/kernel'
import type { Refused } from './refused.ts'

export type Problem = 'not_ready' | 'silent' | 'broken'
type Now = Readonly<{ now?: Date }>

/** A day of the platforms' calendar is a day of ours: both are +08:00. */
const hours = 3_600_000
const readyAfter = 9.5 * hours
/** As far back as the platforms keep their bills, for us to begin with. */
const daysMost = 90
const rowsAtOnce = 5_000
/** How long a try may take before another one begins. */
const patience = '20 minutes'

/** A row for each day that is over, from the first payment at the platform on. Answers how many are new. */
export async function openDays(books: Books, wallets: readonly Wallet[], { now }: Now = {}) {
  const at = now ?? new Date()
  let opened = 0
  for (const { gateway, bill } of wallets) {
    if (!bill) continue
    const earliest = dayAfter(dayOf(at), -daysMost)
    const last = await lastDay(books, gateway)
    const first = last === null ? await firstDay(books, gateway) : null
    const next = last === null ? first && (first > earliest ? first : earliest) : dayAfter(last)
    if (!next) continue
    for (let day = next; day < dayOf(at); day = dayAfter(day)) {
      const ready = new Date(startOf(dayAfter(day)).getTime() + readyAfter)
      const added = await books.sql`
        insert into reconciliation.bill (gateway, day, ask_at) values (${gateway}, ${day}::date, ${ready})
        on conflict do nothing returning day`
      opened += added.length
    }
  }
  return opened
}

async function lastDay({ sql }: Books, gateway: string): Promise<Day | null> {
  const [known] = await sql<{ day: Day | null }>`
    select max(day)::text as day from reconciliation.bill where gateway = ${gateway}`
  return known!.day
}

/** On which day our first payment there was asked for. */
async function firstDay({ sql }: Books, gateway: string): Promise<Day | null> {
  const [known] = await sql<{ at: Date | null }>`
    select min(created_at) as at from custody.top_up where gateway = ${gateway}`
  return known!.at && dayOf(known!.at)
}

type Claim = Readonly<{ gateway: string; day: Day; take: number }>

/** The oldest bill that is due, for us alone: while we are at it, nobody else asks. */
async function claim({ sql }: Books, gateways: string[], now: Date | null) {
  const [due] = await sql<Claim>`
    update reconciliation.bill b set tries = b.tries + 1,
      ask_at = coalesce(${now}::timestamptz, now()) + ${patience}::interval
    from (
      select gateway, day from reconciliation.bill
      where ask_at <= coalesce(${now}::timestamptz, now()) and gateway = any(${gateways}::text[])
      order by ask_at, gateway, day limit 1 for update skip locked) as due
    where b.gateway = due.gateway and b.day = due.day
    returning b.gateway, b.day::text as day, b.tries as take`
  return due
}

/** Takes each bill that is due, one after the other. Answers how many came to their end. */
export async function takeBills(books: Books, wallets: readonly Wallet[], { now }: Now = {}) {
  const billed = wallets.filter(({ bill }) => bill)
  const gateways = billed.map(({ gateway }) => gateway)
  let taken = 0
  for (;;) {
    const due = await claim(books, gateways, now ?? null)
    if (!due) return taken
    const wallet = billed.find(({ gateway }) => gateway === due.gateway)!
    const problem = await takeOne(books, wallet, due)
    if (problem) await askLater(books, due, problem, now ?? null)
    else taken++
  }
}

async function takeOne(books: Books, wallet: Wallet, due: Claim): Promise<Problem | undefined> {
  const sums = { payment: { count: 0n, sum: 0n }, refund: { count: 0n, sum: 0n }, fee: 0n }
  // While rows are kept, the next ones are read: two batches at most, on two processors.
  let kept: Promise<unknown> = Promise.resolve()
  try {
    let [n, rows] = [0, [] as BillRow[]]
    for await (const row of wallet.bill!(due.day)) {
      rows.push(row)
      sums[row.kind].count++
      sums[row.kind].sum += row.amount.minor
      sums.fee += row.fee.minor
      if (rows.length < rowsAtOnce) continue
      await kept
      kept = writeRows(books, due, n, rows)
      // Heard when it is waited for; it must not end the process before.
      kept.catch(() => undefined)
      n += rows.length
      rows = []
    }
    await kept
    await writeRows(books, due, n, rows)
  } catch (error) {
    await kept.catch(() => undefined)
    await forgetTakes(books, due, 'this')
    return problemOf(error)
  }
  const counted = await books.sql`
    update reconciliation.bill set state = 'read', take = ${due.take}, ask_at = null, problem = null,
      taken_at = now(), there_payments = ${sums.payment.count}, there_paid = ${sums.payment.sum},
      there_refunds = ${sums.refund.count}, there_refunded = ${sums.refund.sum}, there_fee = ${sums.fee}
    where gateway = ${due.gateway} and day = ${due.day}::date and (take is null or take < ${due.take})
    returning day`
  // A newer try overtook this one.
  await forgetTakes(books, due, counted.length ? 'others' : 'this')
  return undefined
}

/** A fault of ours is none of the platform's: it goes on to the job's log. */
function problemOf(error: unknown): Problem {
  if (!(error instanceof Refusal)) throw error
  if (error.code === 'bill_not_ready') return 'not_ready'
  return error.code === 'bill_broken' ? 'broken' : 'silent'
}

/** Nobody's day: two days later there is still no bill, and nothing of ours that could be in one. */
async function askLater({ sql }: Books, due: Claim, problem: Problem, now: Date | null) {
  const { gateway, day } = due
  const [begin, end] = [startOf(day), startOf(dayAfter(day))]
  await sql`
    update reconciliation.bill b set problem = ${problem},
      ask_at = clock.now + case ${problem} when 'not_ready' then interval '30 minutes' else interval '5 minutes' end
    from (select coalesce(${now}::timestamptz, now()) as now) as clock
    where b.gateway = ${gateway} and b.day = ${day}::date`
  if (problem !== 'not_ready') return
  await sql`
    update reconciliation.bill b set state = 'compared', take = b.tries, ask_at = null, problem = null, taken_at = clock.now
    from (select coalesce(${now}::timestamptz, now()) as now) as clock
    where b.gateway = ${gateway} and b.day = ${day}::date and b.state = 'waiting'
      and clock.now > ${end}::timestamptz + interval '2 days'
      and not exists (
        select from reconciliation.booked h
        where h.gateway = ${gateway} and h.at >= ${begin} and h.at < ${end})`
}

/** A statement each, so that constant memory is all that a bill needs, here and at the database. */
async function writeRows(books: Books, { gateway, day, take }: Claim, n: number, rows: BillRow[]) {
  if (rows.length === 0) return
  await books.sql`
    insert into reconciliation.line
      (gateway, day, take, n, kind, order_no, refund_no, trade_no, minor, fee, currency, at)
    select ${gateway}, ${day}::date, ${take}::int, ${n}::int + row.no, row.kind, row.order_no, row.refund_no,
      row.trade_no, row.minor, row.fee, row.currency, row.at
    from unnest(${rows.map(row => row.kind)}::text[], ${rows.map(row => row.order)}::text[],
      ${rows.map(row => row.refund ?? null)}::text[], ${rows.map(row => row.tradeNo)}::text[],
      ${rows.map(row => row.amount.minor)}::bigint[], ${rows.map(row => row.fee.minor)}::bigint[],
      ${rows.map(row => row.amount.currency)}::text[], ${rows.map(row => row.at)}::timestamptz[])
      with ordinality as row (kind, order_no, refund_no, trade_no, minor, fee, currency, at, no)`
}

/** A hundred thousand in a statement: none of them runs long. */
async function forgetTakes({ sql }: Books, due: Claim, which: 'this' | 'others'): Promise<void> {
  for (let gone = 1; gone > 0;) {
    const [row] = await sql<{ count: number }>`
      with old as (
        select gateway, day, take, n from reconciliation.line
        where gateway = ${due.gateway} and day = ${due.day}::date
          and case ${which} when 'this' then take = ${due.take} else take < ${due.take} end limit 100000),
      deleted as (
        delete from reconciliation.line l using old
        where (l.gateway, l.day, l.take, l.n) = (old.gateway, old.day, old.take, old.n) returning 1)
      select count(*)::int as count from deleted`
    gone = row!.count
  }
}

/** As long as the law has records of payments kept; a break keeps what it says of its row for good. */
const keptFor = '5 years'

/** Rows of bills that are older. Where somebody still has to decide, the rows stay: it is they that are looked at. */
export async function forgetLines({ sql }: Books, { now }: Now = {}): Promise<number> {
  const [row] = await sql<{ count: number }>`
    with old as (
      select l.gateway, l.day, l.take, l.n
      from reconciliation.bill b join reconciliation.line l on l.gateway = b.gateway and l.day = b.day
      where b.day < (coalesce(${now ?? null}::timestamptz, now()) - ${keptFor}::interval)::date
        and not exists (
          select from reconciliation.break k
          where k.gateway = b.gateway and k.day = b.day and k.state in ('open', 'proposed', 'booking'))
      limit 100000),
    deleted as (
      delete from reconciliation.line l using old
      where (l.gateway, l.day, l.take, l.n) = (old.gateway, old.day, old.take, old.n) returning 1)
    select count(*)::int as count from deleted`
  return row!.count
}

/** Asked for once more by a person, whatever is known of it: taken twice it comes to the same. */
export async function takeAgain(books: Books, gateway: string, day: Day): Promise<void> {
  if (day >= dayOf(new Date())) throw new Refusal<Refused>('bill_not_over', { day })
  const changed = await books.sql`
    update reconciliation.bill set ask_at = now() where gateway = ${gateway} and day = ${day}::date returning day`
  if (changed.length === 0) throw new Refusal<Refused>('no_such_bill', { gateway, day })
}
