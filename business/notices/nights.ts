/**
 * Nights: a notice is information, not proof. Two hours after an outlet's business day is over, what was announced at its
 * counter is compared with the money: with custody's own rows, not with what the reader made of them; where a platform
 * is not in our books, with the bank's statement. Each difference is named (`compared.ts`).
 *
 * A word belongs to the night of its own time. What comes when that night is made (a phone that was offline for two
 * days, a statement of yesterday) belongs to the next one: to one night, and to none twice.
 */
import { type Books, type Day, type MerchantId, type Sql } from '@bursar/kernel'
import { compareNight, type Announced, type Came, type Night } from './compared.ts'
import { countersOf } from './counters.ts'
import { holdStreams } from './facts.ts'
import type { CounterId, NoticeId } from './words.ts'

const hours = 3_600_000
const nightsAtOnce = 31
/** What is told of a day long gone is compared with the money of that day, as long as this. */
const lookBack = 31 * 24 * hours

/** Each business day that is over and has no night yet, of each counter. Answers how many nights were made. */
export async function makeNights(books: Books, now = new Date()): Promise<number> {
  const merchants = await books.sql<{ merchant: MerchantId }>`
    select distinct merchant from notices.counter`
  let made = 0
  for (const { merchant } of merchants) made += await nightsOf(books, merchant, now)
  return made
}

async function nightsOf(books: Books, merchant: MerchantId, now: Date): Promise<number> {
  let made = 0
  for (const due of await dueNights(books.sql, merchant, now)) {
    await books.write(async ({ sql }) => {
      await holdStreams(sql, [merchant])
      await keep(sql, merchant, due, await nightOf(sql, merchant, due), now)
    })
    made++
  }
  return made
}

type Due = Readonly<{ counter: CounterId; day: Day; from: Date; to: Date }>

/** From where the night before ended: a cut-off that was moved leaves no hour out. */
const dueNights = (sql: Sql, merchant: MerchantId, now: Date): Promise<Due[]> => sql<Due>`
  with clock as (
    select c.id, c.opened_at, coalesce(o.zone, 'Asia/Shanghai') as zone,
      make_interval(mins => coalesce(s.cut_off, 360)) as cut_off, last.day as last, last.ends_at
    from notices.counter c left join parties.outlet o on o.id = c.outlet left join cashier.outlet s on s.outlet = o.id
    left join lateral (
      select n.day, n.ends_at from notices.night n where n.counter = c.id order by n.day desc limit 1) last on true
    where c.merchant = ${merchant}),
  first as (
    select *, coalesce(last + 1, ((opened_at at time zone zone) - cut_off)::date) as first from clock),
  due as (
    select id as counter, first + n as day, case when n > 0 or last is null then (first + n + cut_off) at time zone zone
      else coalesce(ends_at, first::timestamp at time zone zone) end as "from",
      (first + n + 1 + cut_off) at time zone zone as "to"
    from first cross join generate_series(0, ${nightsAtOnce - 1}) n)
  select counter, day::text as day, "from", "to" from due
  where "to" > "from" and "to" + interval '2 hours' <= ${now} order by day, counter`

async function nightOf(sql: Sql, merchant: MerchantId, due: Due): Promise<Night[]> {
  const { counter, from, to } = due
  const counters = await countersOf(sql, merchant)
  const [last] = await sql<{ seq: bigint | null; evidence: bigint | null }>`
    select seq, evidence from notices.night where counter = ${counter} order by day desc limit 1`
  const since = { seq: last?.seq ?? null, evidence: last?.evidence ?? null }
  const late = await toldLate(sql, merchant, from, since.seq)
  const earliest = Math.min(from.getTime(), ...late.map(one => one.at.getTime())) - 24 * hours
  const came = await cameBetween(
    sql,
    merchant,
    new Date(Math.max(earliest, from.getTime() - lookBack)),
    new Date(to.getTime() + 24 * hours),
    since.evidence,
    from,
  )
  const ids = came.flatMap(one => one.notice ?? [])
  const notices = await announcedIn(sql, merchant, from, to, ids)
  const lateIds = new Set(late.map(one => one.id))
  return compareNight({
    ...{ counter, counters, from, to, came },
    notices: [...late, ...notices.filter(one => !lateIds.has(one.id))],
  })
}

const cameBetween = (
  sql: Sql,
  merchant: MerchantId,
  from: Date,
  to: Date,
  since: bigint | null,
  start: Date,
): Promise<Came[]> => sql<Came>`
  with home as (select book from custody.merchant where merchant = ${merchant}),
  came as (
    select 'bursar' as platform, s.id as "order", 'payment' as kind, s.minor, s.currency, s.outlet,
      case when s.expires_at is null then s.at else s.answered_at end as at
    from home join custody.spend s on s.book = home.book and s.merchant = ${merchant} and s.state = 'done'
      and s.at >= ${from}::timestamptz - interval '1 hour' and s.at < ${to}
    union all
    select 'bursar', r.id, 'refund', r.minor, r.currency, s.outlet, r.at
    from home join custody.refund r on r.book = home.book and r.merchant = ${merchant} and r.at >= ${from} and r.at < ${to}
    join custody.spend s on s.book = r.book and s.id = r.spend
    union all
    select t.gateway, t.id, 'payment', t.minor, t.currency, null, t.ended_at
    from custody.purse u join custody.top_up t on t.purse = u.id and t.state = 'credited'
    where u.merchant = ${merchant} and t.ended_at >= ${from} and t.ended_at < ${to}
    union all
    select 'bursar', w.id, 'refund', w.minor, w.currency, null, w.at
    from custody.purse u join custody.withdrawal w on w.purse = u.id
    where u.merchant = ${merchant} and w.at >= ${from} and w.at < ${to}
    union all
    select 'bursar', a.id, 'reversal', a.minor, w.currency, null, a.ended_at
    from custody.purse u join custody.withdrawal w on w.purse = u.id
    join custody.part a on a.withdrawal = w.id and a.state = 'returned'
    where u.merchant = ${merchant} and a.ended_at >= ${from} and a.ended_at < ${to})
  select c.platform, c."order", c.kind, c.minor, c.currency, c.outlet, c.at, false as late, o.notice
  from came c left join lateral (
    select o.notice from notices.order_id o where o.merchant = ${merchant} and o.platform = c.platform
      and o.order_no = c."order" and o.kind = c.kind order by o.firm desc limit 1) o on true
  where c.at >= ${from} and c.at < ${to}
  union all
  select * from (
    select distinct on (e.notice) e.platform, coalesce(e.orders[1], e.id), e.kind, e.minor, e.currency, e.outlet, n.at,
      coalesce(n.at < ${start} and e.no > ${since}::bigint, false), e.notice
    from notices.notice n join notices.evidence e on e.notice = n.id and e.source = 'statement'
    where n.merchant = ${merchant} and n.at >= ${from} and n.at < ${to}
      and not exists (select from notices.evidence b where b.notice = n.id and b.source = 'books')
    order by e.notice, e.no) s`

/** Of days before, and told since the last night. */
const toldLate = (
  sql: Sql,
  merchant: MerchantId,
  from: Date,
  since: bigint | null,
): Promise<Announced[]> => sql<Announced>`
  select n.id, n.counter, n.platform, n.kind, n.sum, n.currency, n.at, n.received is not null as received,
    n.contradicted, true as late, (select min(o.order_no) from notices.order_id o where o.notice = n.id) as "order"
  from (select distinct p.notice from notices.prompt p
    where p.merchant = ${merchant} and p.seq > ${since}::bigint and p.class in ('seen', 'received')) p
  join notices.notice n on n.id = p.notice
  where not n.rehearsal and n.at < ${from}`

const announcedIn = (
  sql: Sql,
  merchant: MerchantId,
  from: Date,
  to: Date,
  ids: readonly NoticeId[],
): Promise<Announced[]> => sql<Announced>`
  select n.id, n.counter, n.platform, n.kind, n.sum, n.currency, n.at, n.received is not null as received,
    n.contradicted, false as late, (select min(o.order_no) from notices.order_id o where o.notice = n.id) as "order"
  from notices.notice n
  where n.merchant = ${merchant} and not n.rehearsal and n.at >= ${from} and n.at < ${to}
  union
  select n.id, n.counter, n.platform, n.kind, n.sum, n.currency, n.at, n.received is not null,
    n.contradicted, false as late, (select min(o.order_no) from notices.order_id o where o.notice = n.id)
  from notices.notice n where n.id = any(${ids}::text[])`

async function keep(
  sql: Sql,
  merchant: MerchantId,
  { day, from, to }: Due,
  nights: readonly Night[],
  now: Date,
): Promise<void> {
  const text = (rows: readonly object[]) =>
    JSON.stringify(rows, (_, value: unknown) =>
      typeof value === 'bigint' ? value.toString() : value,
    )
  const totals = nights.map(({ counter, currency, announced, came, differences }) => ({
    ...{ counter, currency, announced: announced.count, announced_sum: announced.sum },
    ...{ came: came.count, came_sum: came.sum, differences: differences.length },
  }))
  const differences = nights
    .flatMap(night => night.differences)
    .map((one, place) => ({ ...one, no: place + 1 }))
  await sql`
    with made as (
      insert into notices.night (merchant, counter, day, currency, announced, announced_sum, came, came_sum, differences, made_at,
        starts_at, ends_at, seq, evidence)
      select ${merchant}, t.counter, ${day}::date, t.currency, t.announced, t.announced_sum, t.came, t.came_sum, t.differences, ${now},
        ${from}, ${to}, s.seq,
        coalesce((select e.no from notices.evidence e where e.merchant = s.merchant order by e.no desc limit 1), 0)
      from jsonb_to_recordset(${text(totals)}::jsonb) as t (counter text, currency text, announced int, announced_sum bigint,
        came int, came_sum bigint, differences int), notices.stream s where s.merchant = ${merchant}
      on conflict do nothing returning counter, currency)
    insert into notices.difference (merchant, day, counter, no, why, kind, platform, order_no, notice, announced, came, currency)
    select ${merchant}, ${day}::date, d.counter, d.no, d.why, d.kind, d.platform, d.order, d.notice, d.announced, d.came, d.currency
    from jsonb_to_recordset(${text(differences)}::jsonb) as d (counter text, no int, why text, kind text, platform text,
      "order" text, notice text, announced bigint, came bigint, currency text)
    join made on made.counter = d.counter and made.currency = d.currency`
}
