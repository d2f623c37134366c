/**
 * The pool equation: custody + transit in − transit out on one side, every claim on the other. Double
 * entry makes it true at every committed instant; one statement reads it, so it is seen at one.
 *
 * A term is a kind of account. Its figure is the sum of the last state of each of its accounts, not a
 * counter that somebody has to keep right.
 */
import { Refusal, type Books, type PoolId } from '@bursar/kernel'
import type { Account } from '@bursar/ledger'
import type { Money } from '@bursar/money'
import { readPool } from './pool.ts'
import type { Refused } from './refused.ts'

/** In the order of the page. `like` is the pattern of the accounts' names. */
const terms = {
  custody: { side: 'assets', like: 'pool/custody' },
  transitIn: { side: 'assets', like: 'pool/transit-in' },
  transitOut: { side: 'assets', like: 'pool/transit-out' },
  purses: { side: 'claims', like: 'purse/%' },
  seized: { side: 'claims', like: 'seized/%' },
  earned: { side: 'claims', like: 'merchant/%/earned' },
  requested: { side: 'claims', like: 'merchant/%/requested' },
  feesDue: { side: 'claims', like: 'pool/fees' },
  collected: { side: 'claims', like: 'biller/%/collected' },
  payroll: { side: 'claims', like: 'payroll/%' },
  suspense: { side: 'claims', like: 'pool/suspense' },
} as const
export type Term = keyof typeof terms
export const termNames = Object.keys(terms) as readonly Term[]

export type TermFigure = Readonly<{
  term: Term
  side: 'assets' | 'claims'
  /** Assets are shown turned round; so transit out, which is on its way to others, is negative there. */
  amount: Money
  accounts: number
}>
export type Equation = Readonly<{
  pool: PoolId
  terms: readonly TermFigure[]
  assets: Money
  claims: Money
  holds: boolean
  /** The state of the book that this is. */
  seq: bigint
  at: Date
}>

type Row = Readonly<{
  term: Term | null
  minor: bigint
  accounts: bigint
  seq: bigint
  at: Date
  currency: string
}>

export async function equation(books: Books, id: PoolId): Promise<Equation> {
  const { book } = await readPool(books, id)
  const rows = await books.sql<Row>`
    with head as materialized (select seq, at, currency from ledger.book where book = ${book})
    select t.term, coalesce(sum(b.posted), 0)::bigint as minor, count(b.posted) as accounts,
           head.seq, head.at, head.currency
    from head
    cross join unnest(${termNames}::text[], ${termNames.map(name => terms[name].like)}::text[])
      as t (term, pattern)
    left join ledger.account a on a.book = ${book} and a.ref like t.pattern
    left join ledger.balance b on b.book = a.book and b.account = a.account
    group by t.term, head.seq, head.at, head.currency`
  return equationOf(id, rows)
}

function equationOf(pool: PoolId, rows: readonly Row[]): Equation {
  const [first] = rows
  if (!first) throw new Refusal<Refused>('no_such_pool', { pool })
  const { seq, at, currency } = first
  const figures = termNames.map((term): TermFigure => {
    const { minor, accounts } = rows.find(row => row.term === term)!
    const { side } = terms[term]
    const amount = { minor: side === 'assets' ? -minor : minor, currency }
    return { term, side, amount, accounts: Number(accounts) }
  })
  const total = (side: 'assets' | 'claims'): Money => ({
    minor: figures.reduce((sum, one) => (one.side === side ? sum + one.amount.minor : sum), 0n),
    currency,
  })
  const [assets, claims] = [total('assets'), total('claims')]
  return { pool, terms: figures, assets, claims, holds: assets.minor === claims.minor, seq, at }
}

export type AccountFigure = Readonly<{
  account: Account
  /** Turned round for assets, as in the equation. */
  amount: Money
  out: Money
  in: Money
  state: number
  /** Whose it is: a person's or a merchant's name, where the account has one. */
  owner: string | null
}>

/** The accounts behind a figure, in the order of their names. `cursor` is the last one's name. */
export async function accountsOf(
  books: Books,
  id: PoolId,
  term: Term,
  { cursor = '', limit = 50 }: { cursor?: string; limit?: number } = {},
): Promise<AccountFigure[]> {
  if (!Object.hasOwn(terms, term)) throw new Refusal<Refused>('no_such_term', { term })
  const { book, currency } = await readPool(books, id)
  const { like, side } = terms[term]
  const rows = await books.sql<{
    account: Account
    posted: bigint
    out: bigint
    in: bigint
    state: number
    owner: string | null
  }>`
    with page as materialized (
      select ref from ledger.account
      where book = ${book} and ref like ${like} and ref > ${cursor}
      order by ref limit ${limit})
    select s.ref as account, s.posted, s.out_ as out, s.in_ as in, s.state, coalesce(m.name, pm.name) as owner
    from ledger.states(${book}, array(select ref from page)) as s
    left join parties.merchant m on m.id = split_part(s.ref, '/', 2)
    left join custody.purse p on p.id = split_part(s.ref, '/', 2)
    left join parties.merchant pm on pm.id = p.merchant
    order by s.ref`
  const money = (minor: bigint): Money => ({ minor, currency })
  return rows.map(({ posted, out, in: coming, ...row }) => ({
    ...row,
    amount: money(side === 'assets' ? -posted : posted),
    out: money(out),
    in: money(coming),
  }))
}
