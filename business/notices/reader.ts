/**
 * Evidence out of our own books: entries after the last one that was read, a page at a time, in one question. The
 * reader's place and what was heard are written in one transaction, so nothing is told twice; and because a book's
 * seq is the order of its commits, what was rolled back is never told and what stands is never left out.
 */
import type { Books, Id, MerchantId, OutletId, Sql, TillId } from '@bursar/kernel'
import { hear } from './hear.ts'
import type { Evidence, Kind } from './words.ts'

const pageEntries = 1000

/** Reads each book to its end. Answers how many entries there were. */
export async function readBooks(books: Books, now: () => Date = () => new Date()): Promise<number> {
  await books.sql`
    insert into notices.reader (book, seq)
    select b.book, b.seq from ledger.book b
    where not exists (select from notices.reader r where r.book = b.book) on conflict do nothing`
  if (await nobodyIsTold(books)) return 0
  const behind = await books.sql<{ book: number }>`
    select r.book from notices.reader r join ledger.book b on b.book = r.book
    where b.seq > r.seq order by r.book`
  let read = 0
  for (const { book } of behind) read += await readBook(books, book, now)
  return read
}

/** To its end, for one that was told to have moved. */
export async function readBook(
  books: Books,
  book: number,
  now: () => Date = () => new Date(),
): Promise<number> {
  let [read, size] = [0, 0]
  for (;;) {
    const limit = pages[size]!
    try {
      const page = await books.write(tx => readPage(tx.sql, book, limit, now()))
      read += page
      if (page < limit) return read
    } catch (error) {
      if (!isRefused(error)) throw error
      if (size < pages.length - 1) size++
      else {
        await setAside(books, book, error, now())
        ;[read, size] = [read + 1, 0]
      }
    }
  }
}

/** What is wrong with one entry holds up those beside it no longer than until it is found. */
const pages = [pageEntries, 30, 1] as const
type TableSays = Readonly<{ code: string; constraint?: string; message: string }>
/** The data are wrong, or a table's rule refuses them: tomorrow it would be the same. */
const isRefused = (error: unknown): error is TableSays =>
  error instanceof Error && 'code' in error && /^2[23]...$/.test(String(error.code))

async function setAside(books: Books, book: number, error: TableSays, at: Date): Promise<void> {
  await books.write(async ({ sql }) => {
    const [line] = await linesOf(sql, book, 1)
    if (!line) return
    const { seq, merchant, subject } = line
    const why = (error.constraint ?? error.message).slice(0, 200)
    await sql`
      insert into notices.aside (book, seq, merchant, subject, why, at)
      values (${book}, ${seq}, ${merchant}, ${subject}, ${why}, ${at}) on conflict do nothing`
    await sql`update notices.reader set seq = ${seq} where book = ${book}`
  })
}

/** Where no merchant has a counter, the books are not read but skipped. */
async function nobodyIsTold(books: Books): Promise<boolean> {
  const [open] = await books.sql`select from notices.counter where open limit 1`
  if (open) return false
  await books.sql`
    update notices.reader r set seq = b.seq from ledger.book b
    where b.book = r.book and b.seq > r.seq and not exists (select from notices.counter where open)`
  return true
}

type Line = Readonly<{
  seq: bigint
  subject: Id | null
  at: Date
  merchant: MerchantId | null
  kind: Kind
  platform: string
  orders: string[]
  minor: bigint
  currency: string
  payer: string | null
  payee: string | null
  way: string
  outlet: OutletId | null
  till: TillId | null
  /** Of a top-up: the platform's own signed word by which it was credited. None where the platform was asked. */
  callback: string | null
}>

async function readPage(sql: Sql, book: number, limit: number, now: Date): Promise<number> {
  const lines = await linesOf(sql, book, limit)
  const last = lines.at(-1)
  if (!last) return 0
  await hear({ sql }, lines.flatMap(evidenceOf), now)
  await sql`update notices.reader set seq = ${last.seq} where book = ${book}`
  return lines.length
}

/**
 * What the books have to say since the counters were opened, whatever was read: the same words, for a history that is
 * told afterwards, each with its own time.
 */
export async function heardByBooks(books: Books): Promise<Evidence[]> {
  const heard: Evidence[] = []
  for (const { book } of await books.sql<{ book: number }>`select book from ledger.book`)
    for (let after = 0n; ;) {
      const lines = await linesOf(books.sql, book, pageEntries, after)
      heard.push(...lines.flatMap(evidenceOf))
      if (lines.length < pageEntries) break
      after = lines.at(-1)!.seq
    }
  return heard
}

/**
 * Every entry after the reader's place, or another, with what it was about where that concerns a merchant with a counter
 * that was open then.
 */
const linesOf = (sql: Sql, book: number, limit: number, after: bigint | null = null) => sql<Line>`
  with place as materialized (
    select coalesce(${after}::bigint, seq) as seq from notices.reader where book = ${book} for update skip locked),
  line as materialized (
    select e.seq, e.at, e.event, e.kind, e.subject from ledger.entry e, place
    where e.book = ${book} and e.seq > place.seq order by e.seq limit ${limit}),
  told as (
    select l.seq, s.merchant, 'payment' as kind, 'bursar' as platform, array[s.id] as orders, s.minor, s.currency,
      s.person, s.outlet, s.till, case when l.kind = 3 and l.event = 'spend' then 'checkout'
        when s.initiator = 'merchant' then 'charge' else 'spend' end as way, null as callback
    from line l join custody.spend s on s.book = ${book} and s.id = l.subject
    where l.kind in (1, 3) and l.event in ('spend', 'charge', 'spend_done')
    union all
    select l.seq, r.merchant, 'refund', 'bursar', array[r.id], r.minor, r.currency, s.person, s.outlet, s.till, 'refund', null
    from line l join custody.refund r on r.book = ${book} and r.id = l.subject
    join custody.spend s on s.book = r.book and s.id = r.spend
    where l.event = 'refund'
    union all
    select l.seq, u.merchant, 'payment', t.gateway, array_remove(array[t.trade_no, t.id], null), t.minor, t.currency,
      u.person, null, null, 'top_up', case when not starts_with(t.notice, 'query/') then t.notice end
    from line l join custody.top_up t on t.id = l.subject join custody.purse u on u.id = t.purse
    where l.event = 'top_up'
    union all
    select l.seq, u.merchant, 'payment', t.gateway, array_remove(array[t.trade_no, t.id], null), t.minor, t.currency,
      u.person, null, null, 'top_up', null
    from line l join custody.proposal p on p.suspense = l.subject join custody.top_up t on t.proposal = p.id
    join custody.purse u on u.id = t.purse
    where l.event = 'suspense_assigned'
    union all
    select l.seq, u.merchant, 'refund', 'bursar', array[w.id], w.minor, w.currency, u.person, null, null, 'withdrawal', null
    from line l join custody.withdrawal w on w.id = l.subject join custody.purse u on u.id = w.purse
    where l.event = 'withdrawal'
    union all
    select l.seq, u.merchant, 'reversal', 'bursar', array[a.id], a.minor, w.currency, u.person, null, null, 'withdrawal', null
    from line l join custody.part a on a.id = l.subject join custody.withdrawal w on w.id = a.withdrawal
    join custody.purse u on u.id = w.purse
    where l.event = 'withdrawal_returned')
  select l.seq, l.subject, l.at, m.id as merchant, t.kind, t.platform, t.orders, t.minor, t.currency,
    n.name as payer, m.name as payee, t.way, t.outlet, t.till, t.callback
  from line l
  left join told t on t.seq = l.seq and exists (
    select from notices.counter c where c.merchant = t.merchant and c.open and c.opened_at <= l.at)
  left join parties.merchant m on m.id = t.merchant
  left join parties.person n on n.id = t.person
  order by l.seq`

/**
 * Its id is what it is about: the many entries of one checkout are one word. A top-up that a platform told us of is two
 * words: the callback came first, and is named as the inbox names it, where that is a name and no page.
 */
function evidenceOf(line: Line): Evidence[] {
  const { merchant, subject, minor, currency, payer, payee, kind, way, at, outlet, till } = line
  if (!merchant || !subject) return []
  const [from, to] = kind === 'refund' ? [payee, payer] : [payer, payee]
  const booked = {
    ...{ merchant, source: 'books' as const, terminal: null, id: subject, text: null, app: null },
    ...{ platform: line.platform, kind, orders: line.orders, amount: { minor, currency } },
    ...{ payer: from, payee: to, way, at, outlet, till },
  }
  if (line.callback === null) return [booked]
  const id = line.callback.length <= 64 ? line.callback : subject
  return [{ ...booked, source: 'callback', id }, booked]
}
