/**
 * What a request rests on: every movement of the merchant's earned account between the last request
 * that still stood when this one was made, and this one, with the running sum. Nothing is left out: what
 * came back from a rejected or bounced request is a line too.
 */
import { Refusal, transferId, type Books, type MerchantId, type PersonId } from '@bursar/kernel'
import type { Money } from '@bursar/money'
import { earned } from './accounts.ts'
import type { Refused } from './refused.ts'
import { find, type RequestId } from './steps.ts'

export type EvidenceLine = Readonly<{
  /** Its place in the pool's book. */
  seq: bigint
  at: Date
  event: string
  subject: string | null
  /** The member who spent, or was refunded. */
  person: PersonId | null
  personName: string | null
  change: Money
  /** What the merchant had earned and not asked for, right after. */
  sum: Money
}>
export type Evidence = Readonly<{
  /** What was left from before. */
  opening: Money
  spent: Money
  spends: number
  refunded: Money
  refunds: number
  /** Came back from requests that were rejected, withdrawn or bounced, less those requests. */
  other: Money
  /** opening + spent − refunded + other: what there was when the request was made. */
  total: Money
  rows: EvidenceLine[]
  next?: string
}>
type Page = Readonly<{ cursor?: string; limit?: number }>
type Range = Readonly<{ book: number; account: bigint; after: bigint; until: bigint }>
type Sums = {
  opening: bigint
  spent: bigint
  spends: bigint
  refunded: bigint
  refunds: bigint
  total: bigint
}

export async function evidence(books: Books, id: RequestId, page: Page = {}): Promise<Evidence> {
  const { merchant, amount } = await find(books.sql, id)
  const { limit = 50, cursor } = page
  const money = (minor: bigint): Money => ({ minor, currency: amount.currency })
  const range = await rangeOf(books, id, merchant)
  const found = await linesOf(books, range, cursor ? BigInt(cursor) : range.until, limit + 1)
  const rows = found.slice(0, limit).map(({ change, sum, ...line }) => {
    return { ...line, change: money(change), sum: money(sum) }
  })
  const { opening, spent, spends, refunded, refunds, total } = await sumsOf(books, range)
  return {
    opening: money(opening),
    spent: money(spent),
    spends: Number(spends),
    refunded: money(refunded),
    refunds: Number(refunds),
    other: money(total - opening - spent + refunded),
    total: money(total),
    rows,
    ...(found.length > limit && { next: String(rows.at(-1)!.seq) }),
  }
}

/**
 * From the last standing request's entry to this one's, both left out. Where the account's entries since then are
 * archived it begins at its opening instead, whose sum is then what was left from before. Each of the two may stay
 * in the table alone, as another account's opening.
 */
async function rangeOf(books: Books, id: RequestId, merchant: MerchantId): Promise<Range> {
  const [before] = await books.sql<{ rests: RequestId | null; book: number }>`
    select rests_after as rests, book from settlement.request where id = ${id}`
  const { rests, book } = before!
  const [range] = await books.sql<Omit<Range, 'book'>>`
    select a.account, until.seq as until, greatest(
      (select seq from ledger.entry where book = ${book} and id = ${rests && transferId(rests, 'request')}),
      (select o.seq from ledger.opening o where o.book = ${book} and o.account = a.account),
      0) as after
    from ledger.account a
    join ledger.book b on b.book = a.book
    join ledger.entry until
      on until.book = a.book and until.id = ${transferId(id, 'request')} and until.seq > b.archived
    where a.book = ${book} and a.ref = ${earned(merchant)}`
  if (!range) throw new Refusal<Refused>('archived', { request: id })
  return { ...range, book }
}

type Line = Omit<EvidenceLine, 'change' | 'sum'> & { change: bigint; sum: bigint }

/** Newest first. A pend changes nothing until it is settled, so it is not a line. */
const linesOf = (books: Books, { book, account, after }: Range, before: bigint, limit: number) =>
  books.sql<Line>`
    with line as (
      select e.seq, e.at, e.event, e.subject,
        case when e.debit = ${account} then -e.minor else e.minor end as change,
        case when e.debit = ${account} then e.debit_posted else e.credit_posted end as sum
      from ledger.lines(${book}, ${account}, ${after}, ${before}, ${limit}, true) as l (seq)
      join ledger.entry e on e.book = ${book} and e.seq = l.seq
    )
    select l.*, coalesce(s.person, r.person) as person, p.name as "personName"
    from line l
    left join custody.spend s on s.book = ${book} and s.id = l.subject
    left join lateral (
      select u.person from custody.refund f join custody.purse u on u.id = f.purse
      where f.id = l.subject) r on true
    left join parties.person p on p.id = coalesce(s.person, r.person)
    order by l.seq desc`

async function sumsOf(books: Books, { book, account, after, until }: Range): Promise<Sums> {
  const [sums] = await books.sql<Sums>`
    with line as (
      select case when e.debit = ${account} then -e.minor else e.minor end as change, e.subject,
        case when e.debit = ${account} then e.debit_posted else e.credit_posted end as sum, e.seq
      from ledger.lines(${book}, ${account}, ${after}, ${until}, null, true) as l (seq)
      join ledger.entry e on e.book = ${book} and e.seq = l.seq
    ), before as (
      select coalesce((
        select case when e.debit = ${account} then e.debit_posted else e.credit_posted end
        from ledger.entry e where e.book = ${book} and e.seq = ${after}), 0) as opening
    )
    select (select opening from before) as opening,
      coalesce(sum(change) filter (where subject like 'spd\_%' and change > 0), 0)::bigint as spent,
      count(distinct subject) filter (where subject like 'spd\_%' and change > 0) as spends,
      coalesce(-sum(change) filter (where subject not like 'stl\_%' and change < 0), 0)::bigint as refunded,
      count(*) filter (where subject not like 'stl\_%' and change < 0) as refunds,
      coalesce((array_agg(sum order by seq desc))[1], (select opening from before)) as total
    from line`
  return sums!
}
