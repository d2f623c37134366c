/**
 * Events come out of the books: entries after the last one that was read, a page at a time. The reader's place and
 * what it has told are written in one transaction, so nothing is told twice; and because a book's seq is the order
 * of its commits, nothing is left out.
 */
import type { Books, Id, Sql } from '@bursar/kernel'
import type { Money } from '@bursar/money'
import {
  closedOrder,
  paidOrder,
  toldRefund,
  toldSettlement,
  toldSpend,
  type RefundFacts,
  type RequestFacts,
  type SpendFacts,
  type Told,
} from './bodies.ts'
import { tell } from './events.ts'

const pageEntries = 1000

type Line = Readonly<{ seq: bigint; at: Date; event: string; pends: boolean; subject: Id | null }>
type Minor<T extends { amount: Money }> = Omit<T, 'amount'> & { minor: bigint; currency: string }
const withAmount = <T extends { minor: bigint; currency: string }>({
  minor,
  currency,
  ...rest
}: T) => ({
  ...rest,
  amount: { minor, currency },
})

/** Reads each book to its end. Answers how many entries there were. */
export async function readBooks(books: Books): Promise<number> {
  await books.sql`
    insert into integrators.reader (book, seq) select book, 0 from ledger.book on conflict do nothing`
  if (await nobodyListens(books)) return 0
  const behind = await books.sql<{ book: number }>`
    select r.book from integrators.reader r join ledger.book b on b.book = r.book
    where b.seq > r.seq order by r.book`
  let read = 0
  for (const { book } of behind)
    for (let page = pageEntries; page === pageEntries; read += page)
      page = await books.write(tx => readPage(tx.sql, book))
  return read
}

/** Where no merchant has an endpoint, the books are not read but skipped. */
async function nobodyListens(books: Books): Promise<boolean> {
  const [listens] = await books.sql`select from integrators.endpoint where state <> 'ended' limit 1`
  if (listens) return false
  await books.sql`
    update integrators.reader r set seq = b.seq from ledger.book b
    where b.book = r.book and b.seq > r.seq
      and not exists (select from integrators.endpoint where state <> 'ended')`
  return true
}

async function readPage(sql: Sql, book: number): Promise<number> {
  const [place] = await sql<{ seq: bigint }>`
    select seq from integrators.reader where book = ${book} for update skip locked`
  if (!place) return 0
  // An expiry has no subject of its own: it is about what the pend was about.
  const lines = await sql<Line>`
    select e.seq, e.at, e.event, e.kind = 2 as pends, coalesce(e.subject, p.subject) as subject
    from ledger.entry e left join ledger.entry p on p.book = e.book and p.seq = e.pend
    where e.book = ${book} and e.seq > ${place.seq} order by e.seq limit ${pageEntries}`
  const last = lines.at(-1)
  if (!last) return 0
  const told = await Promise.all([
    spendsIn(sql, book, lines),
    refundsIn(sql, book, lines),
    settlementsIn(sql, lines),
  ])
  await tell(sql, told.flat())
  await sql`update integrators.reader set seq = ${last.seq} where book = ${book}`
  return lines.length
}

const subjects = (lines: readonly Line[]) => [...new Set(lines.map(({ subject }) => subject))]

const spendType = ({ event, pends }: Line) => {
  if (event === 'spend' || event === 'charge') return pends ? 'spend.waiting' : 'spend.done'
  if (event === 'spend_done') return 'spend.done'
  if (event === 'spend_declined') return 'spend.declined'
  return event === 'expire' ? 'spend.expired' : undefined
}

type SpendRow = Minor<SpendFacts> & Readonly<{ orderSubject: string | null }>

async function spendsIn(sql: Sql, book: number, lines: readonly Line[]): Promise<Told[]> {
  const about = lines.filter(line => line.subject?.startsWith('spd_') && spendType(line))
  if (about.length === 0) return []
  const rows = await sql<SpendRow>`
    select s.id, s.merchant, case when p.merchant = s.merchant then s.purse end as purse, s.outlet, s.note, s.initiator, s.minor, s.currency,
           o.id as "order", o.reference, o.subject as "orderSubject"
    from custody.spend s join custody.purse p on p.id = s.purse
    left join integrators.shop_order o on o.merchant_code = s.merchant_code
    where s.book = ${book} and s.id = any(${subjects(about)}::text[])
      and exists (select from integrators.endpoint e
                  where e.merchant = s.merchant and e.state <> 'ended')`
  const spends = new Map(rows.map(row => [row.id as Id, row]))
  return about.flatMap(line => {
    const spend = spends.get(line.subject!)
    return spend ? spendTold(spend, line) : []
  })
}

function spendTold({ orderSubject: subject, ...row }: SpendRow, line: Line): Told[] {
  const spend = withAmount(row)
  const { order: id, reference, merchant, amount } = spend
  const type = spendType(line)!
  const told = [toldSpend(spend, type, line.at)]
  if (!id || reference === null || subject === null || type === 'spend.waiting') return told
  const order = { id, merchant, reference, subject, amount }
  const end =
    type === 'spend.done'
      ? paidOrder(order, spend.id, line.at)
      : closedOrder(order, 'declined', line.at)
  return [end, ...told]
}

async function refundsIn(sql: Sql, book: number, lines: readonly Line[]): Promise<Told[]> {
  const about = lines.filter(({ event }) => event === 'refund')
  if (about.length === 0) return []
  const rows = await sql<Minor<RefundFacts>>`
    select r.id, r.spend, r.merchant, r.minor, r.currency, r.reason, o.id as "order", o.reference
    from custody.refund r
    join custody.spend s on s.book = r.book and s.id = r.spend
    left join integrators.shop_order o on o.merchant_code = s.merchant_code
    where r.id = any(${subjects(about)}::text[])
      and exists (select from integrators.endpoint e
                  where e.merchant = r.merchant and e.state <> 'ended')
      and r.book = ${book}`
  const refunds = new Map(rows.map(row => [row.id as Id, withAmount(row)]))
  return about.flatMap(({ subject, at }) => {
    const refund = refunds.get(subject!)
    return refund ? [toldRefund(refund, at)] : []
  })
}

const settlementTypes: Readonly<Record<string, 'settlement.paid' | 'settlement.bounced'>> = {
  payout_paid: 'settlement.paid',
  payout_bounced: 'settlement.bounced',
}

/** A bounce is two entries, and one event: its id is the same. */
async function settlementsIn(sql: Sql, lines: readonly Line[]): Promise<Told[]> {
  const about = lines.filter(({ event }) => settlementTypes[event])
  if (about.length === 0) return []
  const rows = await sql<Minor<RequestFacts>>`
    select r.id, r.merchant, r.minor, r.currency from settlement.request r
    where r.id = any(${subjects(about)}::text[])
      and exists (select from integrators.endpoint e
                  where e.merchant = r.merchant and e.state <> 'ended')`
  const requests = new Map(rows.map(row => [row.id as Id, withAmount(row)]))
  return about.flatMap(({ subject, event, at }) => {
    const request = requests.get(subject!)
    return request ? [toldSettlement(request, settlementTypes[event]!, at)] : []
  })
}
