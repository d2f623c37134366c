/** What stands in suspense, and why: for the people who find its owner. */
import type { Books, Id, PoolId } from '@bursar/kernel'
import type { Money } from '@bursar/money'
import { readPool } from './pool.ts'

export type SuspenseReason =
  | 'unknown_order'
  | 'wrong_amount'
  | 'wrong_account'
  | 'wrong_currency'
  | 'order_ended'
  | 'over_ceiling'
  | 'purse_barred'
  | 'unexpected_credit'
  | 'could_not_return'
export type Suspended = Readonly<{
  id: Id<'sus'>
  gateway: string
  /** The order or the reference that came with the money. */
  about: string
  /** The platform's, or the bank's, own number of the payment. */
  tradeNo: string
  amount: Money
  reason: SuspenseReason
  state: 'unclaimed' | 'returning' | 'returned'
  at: Date
}>

/** Newest first; `cursor` is the last id of the page before. */
export async function listSuspense(
  books: Books,
  pool: PoolId,
  {
    state = null,
    cursor = null,
    limit = 50,
  }: { state?: Suspended['state'] | null; cursor?: string | null; limit?: number },
): Promise<Suspended[]> {
  const { book } = await readPool(books, pool)
  const rows = await books.sql<Omit<Suspended, 'amount'> & { minor: bigint; currency: string }>`
    select id, gateway, about, trade_no as "tradeNo", minor, currency, reason, state, at
    from custody.suspense
    where book = ${book} and (${state}::text is null or state = ${state})
      and (${cursor}::text is null or (at, id) <
        (select at, id from custody.suspense where id = ${cursor}))
    order by at desc, id desc limit ${limit}`
  return rows.map(({ minor, currency, ...row }) => ({ ...row, amount: { minor, currency } }))
}
