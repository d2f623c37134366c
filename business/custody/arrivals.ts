/**
 * A payment has arrived at a platform: it is placed, and told of only once.
 *
 *   the order waits, and all agrees     transit in → purse
 *   anything else that is money         transit in → suspense, with the reason
 *   told before                         nothing
 *   a payment that stands elsewhere     nothing: under another order, or in suspense
 *   another's account has paid          transit in → suspense, and back to that account
 *
 * What plainly agrees is credited together with others (credits.ts). For the rest, the order is locked, the notice is
 * kept and the entry is appended in one transaction. Suspense is
 * keyed by the platform's payment, so that two notices of one stray payment are one debt; and where a payment stands, as
 * a top-up or in suspense, is one key of both (`custody.payment`).
 */
import { newId, Refusal, transferId, type Books, type Transaction } from '@bursar/kernel'
import { equal } from '@bursar/money'
import { purseAccount, suspense, transitIn } from './accounts.ts'
import { credit as creditTogether, wasOvertaken } from './credits.ts'
import type { Order, Payment, Told } from './credits.ts'
import type { SuspenseReason } from './suspense.ts'
import type { Wallet } from './wallet.ts'

export type { Payment, Told } from './credits.ts'
type Reason = Exclude<SuspenseReason, 'unexpected_credit' | 'unknown_payer' | 'could_not_return'>
type Place = 'credit' | 'repeated' | 'known_payment' | Reason

/** Places the payment of `waiting`, if it still waits. Answers what became of it; a repetition changes nothing. */
export async function arrive(
  books: Books,
  wallet: Pick<Wallet, 'gateway' | 'account'>,
  payment: Payment,
  told: Told,
  waiting: Order | undefined,
): Promise<Place | 'told_before'> {
  try {
    const agrees = decide(wallet, payment, waiting) === 'credit'
    if (agrees && (await creditTogether(books, wallet, waiting!, payment, told))) return 'credit'
    return await place(books, wallet, payment, told)
  } catch (error) {
    // Somebody else has placed it, or ended its order, in this moment: now it is seen where it stands.
    if (wasOvertaken(error)) return place(books, wallet, payment, told)
    // The purse cannot take it. The money is there all the same.
    if (!(error instanceof Refusal)) throw error
    if (error.code === 'no_room') return place(books, wallet, payment, told, 'over_ceiling')
    if (error.code === 'account_frozen' || error.code === 'account_closed')
      return place(books, wallet, payment, told, 'purse_barred')
    throw error
  }
}

function place(
  books: Books,
  wallet: Pick<Wallet, 'gateway' | 'account'>,
  payment: Payment,
  told: Told,
  instead?: Reason,
): Promise<Place | 'told_before'> {
  return books.write(async tx => {
    await holdBook(tx, wallet.gateway, payment.order)
    const order = await orderOf(tx, wallet.gateway, payment.order)
    const decided = decide(wallet, payment, order)
    const known = decided !== 'repeated' && (await stands(tx, wallet.gateway, payment.tradeNo))
    const where = known ? 'known_payment' : decided === 'credit' && instead ? instead : decided
    const isNew = await keep(tx, wallet.gateway, told, where, payment.order)
    if (!isNew) return 'told_before'
    if (where === 'credit') await credit(tx, order!, payment, told)
    else if (where !== 'repeated' && where !== 'known_payment')
      await suspend(tx, wallet.gateway, { ...payment, ...told }, order, where)
    return where
  })
}

/** Compares what is claimed with what was ordered. */
export function decide(
  wallet: Pick<Wallet, 'account'>,
  { account, amount, tradeNo, payer }: Payment,
  order: Order | undefined,
): Place {
  if (order?.state === 'credited' && order.tradeNo === tradeNo) return 'repeated'
  if (account !== wallet.account) return 'wrong_account'
  if (!order) return 'unknown_order'
  if (amount.currency !== order.currency) return 'wrong_currency'
  if (order.state !== 'waiting') return 'order_ended'
  if (!equal(amount, { minor: order.minor, currency: order.currency })) return 'wrong_amount'
  // What goes back goes to who paid, so money of another's account would leave the purse for a stranger.
  return payer && order.payer && payer !== order.payer ? 'other_payer' : 'credit'
}

/** As those that are credited together: the book before the order, where that may still be credited. */
const holdBook = ({ sql }: Transaction, gateway: string, id: string) => sql`
  select from custody.top_up t, ledger.lock_book(t.book)
  where t.id = ${id} and t.gateway = ${gateway} and t.state = 'waiting'`

async function orderOf(tx: Transaction, gateway: string, id: string): Promise<Order | undefined> {
  const [order] = await tx.sql<Order>`
    select t.id, t.book, t.purse, t.minor, t.currency, t.state, t.trade_no as "tradeNo", u.payer
    from custody.top_up t
    left join custody.payer u on u.purse = t.purse and u.gateway = t.gateway
    where t.id = ${id} and t.gateway = ${gateway} for update of t`
  return order
}

/** Whether this payment has been placed already: its money must not be in the books twice. */
async function stands(tx: Transaction, gateway: string, tradeNo: string): Promise<boolean> {
  const found = await tx.sql`
    select from custody.payment where gateway = ${gateway} and trade_no = ${tradeNo}`
  return found.length > 0
}

/** Keeps the notice. False if it was here before, or is being kept by somebody else just now. */
export async function keep(
  tx: Transaction,
  gateway: string,
  { event, body }: Told,
  outcome: string,
  about: string,
): Promise<boolean> {
  const added = await tx.sql`
    insert into custody.inbox (gateway, event, outcome, about, body)
    values (${gateway}, ${event}, ${outcome}, ${about}, ${body}) on conflict do nothing returning event`
  return added.length > 0
}

async function credit(
  tx: Transaction,
  { id, book, purse }: Order,
  { amount, tradeNo }: Payment,
  { event }: Told,
) {
  await tx.sql`
    update custody.top_up set state = 'credited', trade_no = ${tradeNo}, notice = ${event}, ended_at = now()
    where id = ${id}`
  tx.append(book, {
    kind: 'post',
    id: transferId(id, 'credit'),
    event: 'top_up',
    subject: id,
    debit: transitIn,
    credit: purseAccount(purse),
    amount,
  })
}

async function suspend(
  tx: Transaction,
  gateway: string,
  { order: about, amount, tradeNo, event, at }: Payment & Told,
  order: Order | undefined,
  reason: Reason,
): Promise<void> {
  const home = order ? await bookOf(tx, order.book) : await bookOf(tx)
  const id = newId('sus')
  const added = await tx.sql`
    insert into custody.suspense
      (id, book, gateway, about, source, trade_no, notice, minor, currency, reason, at)
    values (${id}, ${home.book}, ${gateway}, ${about}, ${about}, ${tradeNo}, ${event}, ${amount.minor},
      ${amount.currency}, ${amount.currency === home.currency ? reason : 'wrong_currency'},
      least(${at ?? null}::timestamptz, now()))
    on conflict (gateway, trade_no) do nothing returning id`
  // A book keeps one currency: money in another is written down here, and found by reconciliation.
  if (added.length === 0 || amount.currency !== home.currency) return
  tx.append(home.book, {
    kind: 'post',
    id: transferId(id, 'arrive'),
    event: 'suspense',
    subject: id,
    debit: transitIn,
    credit: suspense,
    amount,
  })
}

/** Whose order it was; money without an order stands with the first pool. */
async function bookOf(
  tx: Transaction,
  book: number | null = null,
): Promise<{ book: number; currency: string }> {
  const [pool] = await tx.sql<{ book: number; currency: string }>`
    select book, currency from custody.pool where ${book}::int is null or book = ${book}
    order by book limit 1`
  if (!pool) throw new Refusal('no_such_pool')
  return pool
}
