/**
 * Nights: a notice is information, not proof. Two hours after a day is over, what was announced at each counter is
 * compared with the money: with custody's own rows, not with what the reader made of them; where a platform is not in
 * our books, with the bank's statement. Each difference is named.
 */
import {
  dayAfter,
  dayOf,
  startOf,
  type Books,
  type Day,
  type MerchantId,
  type Sql,
} from '@bursar/kernel'
import { counterOf } from './decide.ts'
import { countersOf } from './counters.ts'
import type { Counter, CounterId, Kind, NoticeId } from './words.ts'

export type Why =
  | 'not_announced'
  | 'never_verified'
  | 'not_in_books'
  | 'other_sum'
  | 'contradicted'
  | 'other_day'
/** What came, or went, as custody or a statement has it. */
export type Came = Readonly<{
  platform: string
  order: string
  kind: Kind
  minor: bigint
  currency: string
  outlet: string | null
  at: Date
  /** The notice of this order id. */
  notice: NoticeId | null
}>
export type Announced = Readonly<{
  id: NoticeId
  counter: CounterId
  platform: string
  order: string | null
  kind: Kind
  sum: bigint
  currency: string
  at: Date
  received: boolean
  contradicted: boolean
}>
export type Difference = Readonly<{
  counter: CounterId
  why: Why
  kind: Kind
  platform: string
  order: string | null
  notice: NoticeId | null
  announced: bigint | null
  came: bigint | null
  currency: string
}>
export type Night = Readonly<{
  counter: CounterId
  currency: string
  announced: { count: number; sum: bigint }
  came: { count: number; sum: bigint }
  differences: readonly Difference[]
}>

type Comparing = Readonly<{
  counters: readonly Counter[]
  /** Of the day, and those of other days that its money belongs to. */
  notices: readonly Announced[]
  /** Of the day, and of the days beside it. */
  came: readonly Came[]
  from: Date
  to: Date
}>

const sign = (kind: Kind) => (kind === 'payment' ? 1n : -1n)

/** Pure: a night for each counter. */
export function compareDay({ counters, notices, came, from, to }: Comparing): Night[] {
  const inDay = ({ at }: { at: Date }) => at >= from && at < to
  const byId = new Map(notices.map(one => [one.id, one]))
  const borneOut = new Map(came.flatMap(one => (one.notice ? [[one.notice, one] as const] : [])))
  const place = (one: Came): CounterId =>
    (one.notice && byId.get(one.notice)?.counter) ?? counterOf(counters, one.outlet)!.id
  const differences = [
    ...came
      .filter(inDay)
      .flatMap(one =>
        whyOfMoney(one, place(one), one.notice ? byId.get(one.notice) : undefined, inDay),
      ),
    ...notices.filter(inDay).flatMap(one => whyOfNotice(one, borneOut.get(one.id))),
  ]
  return counters.map(({ id: counter }) => {
    const told = notices.filter(one => one.counter === counter && one.received && inDay(one))
    const money = came.filter(one => inDay(one) && place(one) === counter)
    return {
      ...{ counter, currency: told[0]?.currency ?? money[0]?.currency ?? 'CNY' },
      announced: {
        count: told.length,
        sum: told.reduce((sum, one) => sum + sign(one.kind) * one.sum, 0n),
      },
      came: {
        count: money.length,
        sum: money.reduce((sum, one) => sum + sign(one.kind) * one.minor, 0n),
      },
      differences: differences.filter(one => one.counter === counter),
    }
  })
}

function whyOfMoney(
  { kind, platform, order, minor, currency }: Came,
  counter: CounterId,
  notice: Announced | undefined,
  inDay: (one: Announced) => boolean,
): Difference[] {
  const said = { counter, kind, platform, order, currency, came: minor }
  if (!notice?.received)
    return [{ ...said, why: 'not_announced', notice: notice?.id ?? null, announced: null }]
  const about = { ...said, notice: notice.id, announced: notice.sum }
  if (notice.sum !== minor) return [{ ...about, why: 'other_sum' }]
  return inDay(notice) ? [] : [{ ...about, why: 'other_day' }]
}

/** One that the money bears out is looked at by its money. */
function whyOfNotice(notice: Announced, came: Came | undefined): Difference[] {
  const { id, counter, kind, platform, order, sum, currency, received, contradicted } = notice
  const about = { counter, kind, platform, order, notice: id, currency, announced: sum }
  const money = { ...about, came: came?.minor ?? null }
  return [
    ...(contradicted ? [{ ...money, why: 'contradicted' } as const] : []),
    ...(!came && !received ? [{ ...money, why: 'never_verified', announced: null } as const] : []),
    ...(!came && received ? [{ ...money, why: 'not_in_books' } as const] : []),
  ]
}

const hours = 3_600_000
/** What comes late in the night still belongs to its day. */
const patience = 2 * hours
const daysAtOnce = 31

/** Each day that is over and has no night yet, of each merchant with a counter. Answers how many nights were made. */
export async function makeNights(books: Books, now = new Date()): Promise<number> {
  const merchants = await books.sql<{ merchant: MerchantId }>`
    select distinct merchant from notices.counter`
  let made = 0
  for (const { merchant } of merchants) made += await nightsOf(books, merchant, now)
  return made
}

async function nightsOf(books: Books, merchant: MerchantId, now: Date): Promise<number> {
  const counters = await countersOf(books.sql, merchant)
  const zone = counters[0]!.zone
  const last = dayAfter(dayOf(new Date(now.getTime() - patience), zone), -1)
  const [known] = await books.sql<{ day: Day }>`
    select max(day)::text as day from notices.night where merchant = ${merchant}`
  let day: Day = known?.day ? dayAfter(known.day) : dayOf(counters[0]!.openedAt, zone)
  let made = 0
  for (let n = 0; day <= last && n < daysAtOnce; n++, day = dayAfter(day)) {
    const [from, to] = [startOf(day, zone), startOf(dayAfter(day), zone)]
    await books.write(async ({ sql }) => {
      const came = await cameBetween(
        sql,
        merchant,
        new Date(from.getTime() - 24 * hours),
        new Date(to.getTime() + 24 * hours),
      )
      const notices = await announcedIn(
        sql,
        merchant,
        from,
        to,
        came.flatMap(one => one.notice ?? []),
      )
      await keep(sql, merchant, day, compareDay({ counters, notices, came, from, to }), now)
    })
    made += counters.length
  }
  return made
}

const cameBetween = (
  sql: Sql,
  merchant: MerchantId,
  from: Date,
  to: Date,
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
  select c.platform, c."order", c.kind, c.minor, c.currency, c.outlet, c.at, o.notice
  from came c left join lateral (
    select o.notice from notices.order_id o where o.merchant = ${merchant} and o.platform = c.platform
      and o.order_no = c."order" and o.kind = c.kind order by o.firm desc limit 1) o on true
  where c.at >= ${from} and c.at < ${to}
  union all
  select e.platform, coalesce(e.orders[1], e.id), e.kind, e.minor, e.currency, e.outlet, n.at, e.notice
  from notices.notice n join notices.evidence e on e.notice = n.id and e.source = 'statement'
  where n.merchant = ${merchant} and n.at >= ${from} and n.at < ${to}
    and not exists (select from notices.evidence b where b.notice = n.id and b.source = 'books')`

const announcedIn = (
  sql: Sql,
  merchant: MerchantId,
  from: Date,
  to: Date,
  ids: readonly NoticeId[],
): Promise<Announced[]> => sql<Announced>`
  select n.id, n.counter, n.platform, n.kind, n.sum, n.currency, n.at, n.received is not null as received,
    n.contradicted, (select min(o.order_no) from notices.order_id o where o.notice = n.id) as "order"
  from notices.notice n
  where n.merchant = ${merchant} and not n.rehearsal and n.at >= ${from} and n.at < ${to}
  union
  select n.id, n.counter, n.platform, n.kind, n.sum, n.currency, n.at, n.received is not null,
    n.contradicted, (select min(o.order_no) from notices.order_id o where o.notice = n.id)
  from notices.notice n where n.id = any(${ids}::text[])`

async function keep(
  sql: Sql,
  merchant: MerchantId,
  day: Day,
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
  const differences = nights.flatMap(night =>
    night.differences.map((one, place) => ({ ...one, no: place + 1 })),
  )
  await sql`
    with made as (
      insert into notices.night (merchant, counter, day, currency, announced, announced_sum, came, came_sum, differences, made_at)
      select ${merchant}, t.counter, ${day}::date, t.currency, t.announced, t.announced_sum, t.came, t.came_sum, t.differences, ${now}
      from jsonb_to_recordset(${text(totals)}::jsonb) as t (counter text, currency text, announced int, announced_sum bigint,
        came int, came_sum bigint, differences int)
      on conflict do nothing returning counter)
    insert into notices.difference (merchant, day, counter, no, why, kind, platform, order_no, notice, announced, came, currency)
    select ${merchant}, ${day}::date, d.counter, d.no, d.why, d.kind, d.platform, d.order, d.notice, d.announced, d.came, d.currency
    from jsonb_to_recordset(${text(differences)}::jsonb) as d (counter text, no int, why text, kind text, platform text,
      "order" text, notice text, announced bigint, came bigint, currency text) join made on made.counter = d.counter`
}
