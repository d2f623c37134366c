/**
 * A bill that was read is compared with the books: row by row by our order number, then what the books have of that
 * day and no bill has. Set by set in SQL (the views judged and unseen), so only what differs ever comes here.
 *
 *   missing_here    the platform has it, we do not        missing_there   we have it, no bill has
 *   wrong_amount    another sum, or currency              wrong_state     paid there, not here; paid back there, not here
 *   wrong_number    our order, another payment            wrong_fee       not what was agreed
 *   duplicate       in the bills more than once
 *
 * A break moves no money. It ends by itself when the two agree: a row came in the next day's bill, a notice arrived.
 */
import { dayAfter, newId, startOf, type Books, type Day } from '@bursar/kernel'

export type BreakKind =
  | 'missing_here'
  | 'missing_there'
  | 'wrong_amount'
  | 'wrong_state'
  | 'wrong_number'
  | 'wrong_fee'
  | 'duplicate'
export type Of = 'payment' | 'refund'
type Now = Readonly<{ now?: Date }>
type Bill = Readonly<{ gateway: string; day: Day; take: number }>

const rowsAtOnce = 25_000
const hour = 3_600_000

type Found = Readonly<{
  of: Of
  kind: BreakKind
  order: string
  refund: string | null
  trade: string | null
  currency: string
  thereMinor: bigint | null
  thereFee: bigint | null
  thereAt: Date | null
  hereId: string | null
  hereMinor: bigint | null
  hereState: string | null
  hereAt: Date | null
  agreedFee: bigint | null
}>

/** Each bill that was read and not compared yet. Comparing twice is comparing once. Answers how many. */
export async function compareBills(books: Books, { now = new Date() }: Now = {}): Promise<number> {
  const bills = await books.sql<Bill>`
    select gateway, day::text as day, take from reconciliation.bill where state = 'read' order by gateway, day`
  for (const bill of bills) {
    const matched = await compareRows(books, bill, now)
    const here = await compareBooked(books, bill, now)
    await books.sql`
      update reconciliation.bill set state = 'compared', matched = ${matched},
        here_payments = ${here.payments}, here_paid = ${here.paid},
        here_refunds = ${here.refunds}, here_refunded = ${here.refunded}
      where gateway = ${bill.gateway} and day = ${bill.day}::date and take = ${bill.take}`
  }
  return bills.length
}

/** Answers how many rows of the bill agree. */
async function compareRows(books: Books, bill: Bill, now: Date): Promise<number> {
  const { gateway, day, take } = bill
  const [last] = await books.sql<{ n: number }>`
    select coalesce(max(n), 0) as n from reconciliation.line
    where gateway = ${gateway} and day = ${day}::date and take = ${take}`
  let matched = 0
  for (let from = 0; from < last!.n; from += rowsAtOnce) {
    const to = Math.min(from + rowsAtOnce, last!.n)
    const found = await books.sql<Found>`
      select j.of, j.kind, j.order_no as order, j.refund_no as refund, j.trade_no as trade, j.currency,
        j.minor as "thereMinor", j.fee as "thereFee", j.at as "thereAt", j.here_id as "hereId",
        j.here_minor as "hereMinor", j.here_state as "hereState", j.here_at as "hereAt",
        j.agreed_fee as "agreedFee"
      from reconciliation.judged j
      where j.gateway = ${gateway} and j.day = ${day}::date and j.take = ${take} and j.n > ${from} and j.n <= ${to}
        and j.kind is not null`
    await keep(books, bill, found, now)
    matched += to - from - found.length
  }
  return matched
}

/** What the books have of that day, hour by hour; what of it no bill has is a break. */
async function compareBooked(books: Books, bill: Bill, now: Date) {
  const { gateway, day } = bill
  const here = { payments: 0n, paid: 0n, refunds: 0n, refunded: 0n }
  const [begin, end] = [startOf(day).getTime(), startOf(dayAfter(day)).getTime()]
  for (let at = begin; at < end; at += hour) {
    const [from, to] = [new Date(at), new Date(at + hour)]
    const [sums] = await books.sql<typeof here>`
      select count(*) filter (where kind = 'payment') as payments,
        coalesce(sum(minor) filter (where kind = 'payment'), 0)::bigint as paid,
        count(*) filter (where kind = 'refund') as refunds,
        coalesce(sum(minor) filter (where kind = 'refund'), 0)::bigint as refunded
      from reconciliation.booked where gateway = ${gateway} and at >= ${from} and at < ${to}`
    for (const name of ['payments', 'paid', 'refunds', 'refunded'] as const)
      here[name] += sums![name]
    const found = await books.sql<Found>`
      select kind as of, 'missing_there' as kind, order_no as order, refund_no as refund, trade_no as trade,
        currency, null::bigint as "thereMinor", null::bigint as "thereFee", null::timestamptz as "thereAt",
        id as "hereId", minor as "hereMinor", state as "hereState", at as "hereAt", null::bigint as "agreedFee"
      from reconciliation.unseen where gateway = ${gateway} and at >= ${from} and at < ${to}`
    await keep(books, bill, found, now)
  }
  return here
}

/** By how much they differ: the whole of it, where there is no second sum to compare. */
function atStake({ kind, currency, ...row }: Found): bigint {
  const [there, here] = [row.thereMinor, row.hereMinor]
  const apart =
    kind === 'wrong_fee'
      ? row.thereFee! - row.agreedFee!
      : kind === 'wrong_amount' && currency === 'CNY'
        ? there! - here!
        : (there ?? here!)
  return apart < 0n ? -apart : apart
}

/**
 * Found again it is the same break; one that had ended is open again, one of other sums too, though it was settled; one
 * that people decide is theirs.
 */
async function keep(books: Books, { gateway, day }: Bill, found: readonly Found[], now: Date) {
  if (found.length === 0) return
  const once = [
    ...new Map(
      found.map(row => [JSON.stringify([row.of, row.kind, row.order, row.refund, row.trade]), row]),
    ).values(),
  ]
  const column = <K extends keyof Found>(name: K) => once.map(row => row[name])
  await books.sql`
    insert into reconciliation.break as known (id, gateway, day, of, kind, order_no, refund_no, trade_no, currency,
      there_minor, there_fee, there_at, here_id, here_minor, here_state, here_at, agreed_fee, at_stake, found_at)
    select f.id, ${gateway}, ${day}::date, f.of, f.kind, f.order_no, f.refund_no, f.trade_no, f.currency,
      f.there_minor, f.there_fee, f.there_at, f.here_id, f.here_minor, f.here_state, f.here_at, f.agreed_fee,
      f.at_stake, ${now}
    from unnest(${once.map(() => newId('brk'))}::text[], ${column('of')}::text[], ${column('kind')}::text[],
      ${column('order')}::text[], ${column('refund')}::text[], ${column('trade')}::text[],
      ${column('currency')}::text[], ${column('thereMinor')}::bigint[], ${column('thereFee')}::bigint[],
      ${column('thereAt')}::timestamptz[], ${column('hereId')}::text[], ${column('hereMinor')}::bigint[],
      ${column('hereState')}::text[], ${column('hereAt')}::timestamptz[], ${column('agreedFee')}::bigint[],
      ${once.map(atStake)}::bigint[])
      as f (id, of, kind, order_no, refund_no, trade_no, currency, there_minor, there_fee, there_at, here_id,
        here_minor, here_state, here_at, agreed_fee, at_stake)
    on conflict on constraint a_break_is_found_once do update
    set state = 'open', round = known.round + 1, ended_at = null, found_at = excluded.found_at, there_minor = excluded.there_minor,
      there_fee = excluded.there_fee, there_at = excluded.there_at, here_id = excluded.here_id,
      here_minor = excluded.here_minor, here_state = excluded.here_state, here_at = excluded.here_at,
      agreed_fee = excluded.agreed_fee, at_stake = excluded.at_stake, currency = excluded.currency
    where known.state = 'ended'
      or known.state in ('open', 'settled')
        and (known.there_minor, known.there_fee, known.currency, known.here_minor, known.at_stake) is distinct from
          (excluded.there_minor, excluded.there_fee, excluded.currency, excluded.here_minor, excluded.at_stake)`
}

/**
 * Looks at what is open once more, two hundred at a time, and ends what does not differ so any more. If it differs
 * otherwise, in kind or in sum, its bill is compared again. Answers how many have ended.
 */
export async function endBreaks(books: Books, { now = new Date() }: Now = {}): Promise<number> {
  let ended = 0
  for (let after = ''; ;) {
    const [page] = await books.sql<{ last: string | null; ended: number }>`
      with page as materialized (
        select b.* from reconciliation.break b where b.state = 'open' and b.id > ${after} order by b.id limit 200),
      over as materialized (
        select p.id, p.gateway, p.of, p.order_no, p.trade_no, p.refund_no from page p where case p.kind
          when 'missing_there' then not exists (
            select from reconciliation.unseen u
            where u.gateway = p.gateway and u.at = p.here_at and u.id = p.here_id)
          else not exists (
            select from reconciliation.judged j
            where j.about = p.gateway || '/' || p.order_no and j.of = p.of and j.kind = p.kind
              and j.trade_no = p.trade_no and j.refund_no is not distinct from p.refund_no
              and (j.minor, j.fee, j.currency) = (p.there_minor, p.there_fee, p.currency)) end),
      otherwise as (
        update reconciliation.bill b set state = 'read'
        from over o join reconciliation.judged j
          on j.about = o.gateway || '/' || o.order_no and j.of = o.of and j.trade_no = o.trade_no
            and j.refund_no is not distinct from o.refund_no and j.kind is not null
        where b.gateway = o.gateway and b.day = j.day and b.state = 'compared'),
      gone as (
        update reconciliation.break b set state = 'ended', ended_at = ${now}
        from over o where b.id = o.id and b.state = 'open'
        returning 1)
      select (select max(id) from page) as last, (select count(*)::int from gone) as ended`
    if (!page!.last) return ended
    ended += page!.ended
    after = page!.last
  }
}
