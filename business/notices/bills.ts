/**
 * Evidence out of the platforms' bills (A+): of each payment and each refund that a bill has and that we know, its own sum
 * and time. It raises the grade of what was told in silence; another sum than was told is an alarm, also where only the
 * bill that was taken again has it. A page's lines and the place behind them are written together. What a bill says of one
 * order with one sum is one word, however often it is taken; with another sum it is another.
 *
 * A refund was told as a whole and goes back in parts: a part of another sum says what the whole is then, at once; parts
 * that agree say it when the bills have the last of them.
 */
import type { Books, Day, MerchantId, Sql } from '@bursar/kernel'
import { hear } from './hear.ts'
import type { Evidence } from './words.ts'

const pageLines = 500
/** An older bill says nothing that somebody at a counter would still be told of. */
const daysMost = 40

/** Each bill that was compared, to its end. Answers how many lines there were. */
export async function readBills(books: Books, now = new Date()): Promise<number> {
  await books.sql`
    insert into notices.bill (gateway, day, take)
    select b.gateway, b.day, b.take from reconciliation.bill b
    where b.state = 'compared' and b.day > ${now}::date - ${daysMost}::integer
      and b.day >= (select min(c.opened_at)::date - 1 from notices.counter c where c.open)
      and not exists (select from notices.bill r where r.gateway = b.gateway and r.day = b.day and r.take = b.take)
    on conflict do nothing`
  let read = 0
  for (;;) {
    const page = await books.write(({ sql }) => readPage(sql, now))
    if (page === null) return read
    read += page
  }
}

type Place = Readonly<{ gateway: string; day: Day; take: number; line: number }>

/** Null where no bill is open, or another worker is at it. */
async function readPage(sql: Sql, now: Date): Promise<number | null> {
  const [place] = await sql<Place>`
    select gateway, day::text as day, take, line from notices.bill
    where not done order by day, gateway, take limit 1 for update skip locked`
  if (!place) return null
  const { gateway, day, take } = place
  const lines = await sql<Line>`
    with line as materialized (
      select * from reconciliation.line where gateway = ${gateway} and day = ${day}::date and take = ${take}
        and n > ${place.line} order by n limit ${pageLines})
    select l.n, l.kind, l.trade_no as "tradeNo", l.minor, l.currency, l.at, c.merchant, n.name as member, m.name as shop,
      coalesce(t.id, w.id) as order, coalesce(t.id, a.id) as id, w.minor - a.minor as others,
      l.minor = a.minor and exists (
        select from custody.part o where o.withdrawal = w.id and o.id <> a.id and not exists (
          select from reconciliation.line r join reconciliation.bill b using (gateway, day, take)
          where r.about = o.gateway || '/' || o.order_no and r.refund_no = o.id and r.minor = o.minor
            and b.state = 'compared')) as early
    from line l
    left join custody.top_up t on t.gateway = l.gateway and t.trade_no = l.trade_no and t.state = 'credited'
      and l.kind = 'payment'
    left join custody.part a on a.id = l.refund_no and a.gateway = l.gateway and a.state <> 'returned' and l.kind = 'refund'
    left join custody.withdrawal w on w.id = a.withdrawal
    left join custody.purse u on u.id = coalesce(t.purse, w.purse)
    left join parties.person n on n.id = u.person
    left join parties.merchant m on m.id = u.merchant
    left join lateral (
      select c.merchant from notices.counter c
      where c.merchant = u.merchant and c.open and c.opened_at <= coalesce(t.ended_at, w.at) and l.minor > 0 limit 1) c on true
    order by l.n`
  await hear(
    { sql },
    lines.flatMap(line => evidenceOf(gateway, line)),
    now,
  )
  await sql`
    update notices.bill set line = ${lines.at(-1)?.n ?? place.line}, done = ${lines.length < pageLines}
    where gateway = ${gateway} and day = ${day}::date and take = ${take}`
  return lines.length
}

type Line = Readonly<{
  n: number
  kind: 'payment' | 'refund'
  tradeNo: string
  minor: bigint
  currency: string
  at: Date
  /** As it was told: the top-up, or the withdrawal. */
  order: string | null
  /** The top-up, or the part. */
  id: string | null
  /** What of a withdrawal goes back in other parts. */
  others: bigint | null
  /** It agrees, and other parts have not come. */
  early: boolean | null
  merchant: MerchantId | null
  member: string | null
  shop: string | null
}>

function evidenceOf(gateway: string, line: Line): Evidence[] {
  const { merchant, tradeNo, order, id, minor, currency, member, shop, at, others } = line
  if (!merchant || !order || !id || line.early) return []
  const said = {
    ...{ merchant, terminal: null, text: null, app: null, outlet: null, till: null, at },
    source: 'statement' as const,
    id: `${id}/${minor}/${currency}`,
  }
  if (line.kind === 'payment')
    return [
      {
        ...{ ...said, platform: gateway, kind: 'payment', orders: [tradeNo, order], way: 'top_up' },
        ...{ amount: { minor, currency }, payer: member, payee: shop },
      },
    ]
  return [
    {
      ...{ ...said, platform: 'bursar', kind: 'refund', orders: [order], way: 'withdrawal' },
      ...{ amount: { minor: minor + (others ?? 0n), currency }, payer: shop, payee: member },
    },
  ]
}
