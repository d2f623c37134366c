/**
 * Evidence out of the platforms' bills (A+): of each payment that a bill has and that we know, its own sum and time. It raises
 * the grade of what was told in silence; another sum than was told is an alarm. A page's lines and the place behind them are
 * written together, so a line is heard once; refunds go by the platform's numbers, which nobody is told by.
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
    select l.n, l.trade_no as "tradeNo", l.minor, l.currency, l.at, t.id as order, c.merchant, n.name as payer,
      m.name as payee
    from line l
    left join custody.top_up t on t.gateway = l.gateway and t.trade_no = l.trade_no and t.state = 'credited'
      and l.kind = 'payment' and l.minor > 0
    left join custody.purse u on u.id = t.purse
    left join parties.person n on n.id = u.person
    left join parties.merchant m on m.id = u.merchant
    left join lateral (
      select c.merchant from notices.counter c
      where c.merchant = u.merchant and c.open and c.opened_at <= t.ended_at limit 1) c on true
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
  tradeNo: string
  minor: bigint
  currency: string
  at: Date
  order: string | null
  merchant: MerchantId | null
  payer: string | null
  payee: string | null
}>

function evidenceOf(gateway: string, line: Line): Evidence[] {
  const { merchant, tradeNo, order, minor, currency, payer, payee, at } = line
  if (!merchant || !order) return []
  return [
    {
      ...{ merchant, source: 'statement', terminal: null, id: order, text: null, app: null },
      ...{ platform: gateway, kind: 'payment', orders: [tradeNo, order] },
      ...{ amount: { minor, currency }, payer, payee, way: 'top_up', at, outlet: null },
    },
  ]
}
