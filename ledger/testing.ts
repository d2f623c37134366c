/** For every test of the repository: the books balance, and say of themselves what their rows say. */
import assert from 'node:assert/strict'
import { connect } from './connect.ts'

/** Whether the books of one database balance, as often as it is asked. */
export type BooksCheck = Readonly<{
  /**
   * Re-adds every book from nothing. Shows a wrong sum, a gap in the sequence, an account whose states do
   * not follow from its entries, or a pend that is counted but not open.
   */
  check(): Promise<void>
  close(): Promise<void>
}>

/** On one connection that it keeps: signing in anew costs more than the check of a small book. */
export function openCheck(url: string): BooksCheck {
  const pool = connect({ url, max: 1 })
  return {
    async check() {
      // Not prepared: a plan made while the books were empty would be kept.
      const { rows } = await pool.query<{ book: number; what: string }>(faults)
      assert.deepEqual(rows, [], 'the books balance')
    },
    close: () => pool.end(),
  }
}

/** `openCheck`, asked once. */
export async function checkBooks(url: string): Promise<void> {
  const books = openCheck(url)
  try {
    await books.check()
  } finally {
    await books.close()
  }
}

/** An archived book is told from its opening on: that its entries give its balances is the verifier's to prove. */
const faults = `
  with whole as materialized (
    select book, seq from ledger.book where archived = 0
  ), side as (
    select e.book, e.seq, e.kind, debit as account, -minor as change, minor, pended, -1 as sign,
           debit_posted as posted, debit_out as out_, debit_in as in_
    from ledger.entry e join whole using (book) where debit is not null
    union all
    select e.book, e.seq, e.kind, credit, minor, minor, pended, 1, credit_posted, credit_out, credit_in
    from ledger.entry e join whole using (book) where credit is not null
  ), account as (
    select book, account,
      coalesce(sum(change) filter (where kind in (1, 3)), 0) as posted,
      coalesce(sum(case when sign < 0 then case kind when 2 then minor when 3 then -pended when 4 then -minor when 5 then -minor end end), 0) as out_,
      coalesce(sum(case when sign > 0 then case kind when 2 then minor when 3 then -pended when 4 then -minor when 5 then -minor end end), 0) as in_
    from side group by book, account
  ), last as (
    select distinct on (book, account) *, count(*) over (partition by book, account) as nth
    from side order by book, account, seq desc
  )
  select book, format('account %s says %s/%s/%s, its entries say %s/%s/%s', account,
           l.posted, l.out_, l.in_, a.posted, a.out_, a.in_) as what
  from account a join last l using (book, account)
  where (a.posted, a.out_, a.in_) is distinct from (l.posted, l.out_, l.in_)
  union all
  select book, format('account %s has another balance than its newest entry', account)
  from last l full join (select b.* from ledger.balance b join whole using (book)) b using (book, account)
  where (b.last, b.nth, b.posted, b.out_, b.in_) is distinct from (l.seq, l.nth, l.posted, l.out_, l.in_)
  union all
  select book, format('account %s lacks a milestone', account)
  from last l where nth / 64 <>
    (select count(*) from ledger.milestone m where m.book = l.book and m.account = l.account)
  union all
  select book, 'debits and credits differ by ' || sum(posted) from ledger.balance group by book having sum(posted) <> 0
  union all
  select b.book, 'the sequence has a gap' from whole b
  where b.seq <> (select count(*) from ledger.entry e where e.book = b.book)
     or b.seq <> (select coalesce(max(seq), 0) from ledger.entry e where e.book = b.book)`
