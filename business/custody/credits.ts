/**
 * A payment that agrees with its order is hot: the notices that come while others commit are credited together, each
 * with its row in the inbox, in one statement, and the next batch is on its way before it has committed.
 *
 * The order was looked at without a lock. Nothing but its state can have changed since, and that is compared by the
 * statement which credits it, under the row's lock: a step that is not `waiting to credited` is refused by the table, as is
 * a payment that stands already. Such an error undoes the batch, and each is tried alone. Whatever does not agree, or was
 * credited before, is left to arrivals.ts, which locks, compares and says why.
 */
import { transferId, type Books } from '@bursar/kernel'
import type { Ride } from '@bursar/ledger'
import type { Money } from '@bursar/money'
import { purseAccount, transitIn } from './accounts.ts'
import type { Wallet } from './wallet.ts'

export type Payment = Readonly<{
  order: string
  amount: Money
  tradeNo: string
  account: string
  /** Whose account there paid, where the platform tells it. */
  payer?: string
}>
/** What told us: its name, once per gateway, and its words. */
export type Told = Readonly<{
  event: string
  body: Buffer
  /** When it happened, by the notice. Money has waited since then, however late we hear of it. */
  at?: Date
}>
export type Order = Readonly<{
  id: `top_${string}`
  book: number
  purse: `pur_${string}`
  minor: bigint
  currency: string
  state: string
  tradeNo: string | null
  /** Whose account at this platform the purse is paid from, where that is known. */
  payer: string | null
}>

const kept: Ride = {
  statement: `insert into custody.inbox (gateway, event, outcome, about, body)
              select gateway, event, 'credit', about, body from $rows`,
  columns: { gateway: 'text', event: 'text', about: 'text', body: 'bytea' },
}
const credited: Ride = {
  statement: `update custody.top_up t set state = 'credited', trade_no = row.trade_no, notice = row.notice, ended_at = row.at
              from $rows where t.id = row.id`,
  columns: { id: 'text', trade_no: 'text', notice: 'text', at: 'timestamptz' },
}

/** The rules of the tables that say: somebody was quicker. The payment is placed where it stands now. */
const overtaken = ['one_payment_stands_once', 'only_known_steps_are_taken', 'inbox_pkey']
export const wasOvertaken = (error: unknown): boolean =>
  overtaken.includes((error as { constraint?: string }).constraint ?? '')

/** Whether this has credited an order with which the payment agrees. False: somebody else has. */
export async function credit(
  books: Books,
  { gateway }: Pick<Wallet, 'gateway'>,
  { id: subject, book, purse }: Order,
  { tradeNo, amount }: Payment,
  { event, body }: Told,
): Promise<boolean> {
  const sides = { debit: transitIn, credit: purseAccount(purse), amount }
  const id = transferId(subject, 'credit')
  const plan = (at: Date) => ({
    entries: [{ kind: 'post', id, event: 'top_up', subject, ...sides } as const],
    rides: [
      { ride: kept, row: [gateway, event, subject, body] },
      { ride: credited, row: [subject, tradeNo, event, at] },
    ],
  })
  return !(await books.submit({ book, plan })).again
}
