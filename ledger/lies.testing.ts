/** A book with three accounts, and rows that no appender of ours would make for it. */
import assert from 'node:assert/strict'
import { randomUUID } from 'node:crypto'
import { after, before } from 'node:test'
import { useDatabase } from '@bursar/database/testing'
import { cny } from '@bursar/money'
import { openBooks, type Account, type Books, type Draft } from './ledger.ts'

export const book = 7
export let books: Books

/** At the top of a test file: the book of this file. */
export function useBook(): void {
  const db = useDatabase()
  before(async () => {
    await db.ready
    books = openBooks({ url: db.url })
    await books.openBook(book, 'CNY')
    const open = (account: Account, floor: bigint | null = 0n): Draft => {
      return { kind: 'open', id: randomUUID(), event: 'open', account, floor }
    }
    const pay = { debit: 'pool/bank', credit: 'purse/ann', amount: cny('50.00') } as const
    const entries: Draft[] = [open('pool/bank', null), open('purse/ann'), open('shop/till')]
    entries.push({ kind: 'post', id: randomUUID(), event: 'pay', ...pay })
    await books.submit({ book, plan: () => ({ entries }) })
  })
  after(() => books.close())
}

export type State = Record<string, unknown>
export type Sent = Record<string, unknown>

/** The account's side of its next entry, before that entry changes anything. */
export async function next(ref: Account, after?: State): Promise<State> {
  const [state] = await books.sql<State>`
    select a.account as number, b.last as prev, b.nth, b.posted, b.out_ as "out", b.in_ as "in",
           b.floor, b.ceiling, b.state
    from ledger.account a join ledger.balance b using (book, account)
    where book = ${book} and ref = ${ref}`
  const known = after ?? state!
  return { ...known, nth: BigInt(known['nth'] as bigint) + 1n }
}

export const side = (name: 'debit' | 'credit', state: State): Sent =>
  Object.fromEntries(
    Object.entries(state).map(([field, value]) => [
      field === 'number' ? name : `${name}_${field}`,
      value,
    ]),
  )

const none = -(2n ** 63n)
export const fields = [
  '',
  '_prev',
  '',
  '',
  '_nth',
  '_posted',
  '_out',
  '_in',
  '_floor',
  '_ceiling',
  '_state',
]
export const number = (value: unknown): bigint =>
  value === null || value === undefined ? none : BigInt(value as bigint)

/** The numbers of a side; those of an entry with one side have behind them how its account was before. */
function numbersOf(row: Sent, name: 'debit' | 'credit'): bigint[] {
  if (name === 'credit' && row['was']) {
    const [floor, ceiling, state] = row['was'] as unknown[]
    return [none, none, none, none, none, none, none, none, floor, ceiling, state].map(number)
  }
  return fields.map(field => number(row[`${name}${field}`]))
}

/** `n` and `ids` may be said in PostgreSQL's own way, which has more arrays than ours. */
export type Batch = {
  n: bigint[]
  moved: number[]
  marks: number[]
  said: { n?: string; ids?: string; subjects?: null[]; refs?: unknown[]; later?: string }
}

/** These rows as an honest appender would link them. */
function batchOf(rows: readonly Sent[]): Batch {
  const n = rows.flatMap(row => [
    ...[row['kind'], 1, row['minor'], row['pend'], row['pended'], null].map(number),
    ...numbersOf(row, 'debit'),
    ...numbersOf(row, 'credit'),
  ])
  const moved: number[] = []
  const marks: number[] = []
  const pairs = new Map<bigint, number>()
  for (const [place, row] of rows.entries())
    for (const [name, at] of [
      ['debit', 28 * place + 7],
      ['credit', 28 * place + 18],
    ] as const) {
      const account = row[name]
      if (account === undefined) continue
      const pair = pairs.get(BigInt(account as bigint)) ?? moved.length
      const before = moved[pair + 1]
      if (before) n[before + 2] = BigInt(at)
      else moved.push(at, at)
      n[at + 1] = before ? BigInt(before) : BigInt(-pair - 1)
      n[at + 2] = 0n
      moved[pair + 1] = at
      pairs.set(BigInt(account as bigint), pair)
      if (n[at + 3]! % 64n === 0n) marks.push(at)
    }
  return { n, moved, marks, said: {} }
}

/** What append answers to these rows, in a batch that was tampered with. */
export async function send(rows: readonly Sent[], tamper = (_: Batch) => {}): Promise<string> {
  const batch = batchOf(rows)
  tamper(batch)
  const { moved, marks, said } = batch
  const { n = batch.n, ids = rows.map(() => randomUUID()), later = '0' } = said
  const { subjects = rows.map(() => null), refs = rows.map(row => row['ref'] ?? null) } = said
  const [found] = await books.sql<{ answer: string }>`
    select a.answer from ledger.book b, lateral ledger.append(
      b.book, b.seq, b.head, 
      greatest(b.at, date_trunc('milliseconds', clock_timestamp())) + ${later}::interval,
      ${n}, ${moved}, ${marks}, ${ids}, ${Buffer.alloc(32 * rows.length)}, array['lie'],
      ${subjects}, ${refs}) a
    where b.book = ${book}`
  return found!.answer
}

export const refused = (rows: readonly Sent[], tamper?: (batch: Batch) => void) =>
  assert.rejects(() => send(rows, tamper), /do not continue|out of range/)
export const was = ({ floor, ceiling, state }: State) => [floor, ceiling, state]
export const seq = async () =>
  (await books.sql<{ seq: bigint }>`select seq from ledger.book where book = ${book}`)[0]!.seq
