/**
 * What platforms and the bank tell us, signed, as often as they like and in any order.
 *
 *   verify    a forged notice is refused before anything is read or written
 *   once      a notice that is in the inbox is answered as before: those that come together, by one look-up
 *   place     "paid" is placed (arrivals.ts); "closed" is only believed after the platform was asked
 */
import {
  newId,
  Refusal,
  transferId,
  type Books,
  type Id,
  type PoolId,
  type Transaction,
} from '@bursar/kernel'
import type { Money } from '@bursar/money'
import { custody, suspense, transitIn } from './accounts.ts'
import { arrive, keep } from './arrivals.ts'
import type { Order, Payment } from './credits.ts'
import { lookUp } from './lookUps.ts'
import { isPlatform } from './platforms.ts'
import type { Refused } from './refused.ts'
import type { SuspenseReason } from './suspense.ts'
import { end, type TopUpId } from './topUps.ts'
import type { Headers, Notice, Wallet } from './wallet.ts'

export type Received = Readonly<{ headers: Headers; rawBody: Buffer }>
export type Answer = Wallet['success'] & Readonly<{ outcome: string; order: string }>

/** Answers what the platform wants to hear; throws `bad_signature` for what it never said. */
export async function receiveNotice(
  books: Books,
  wallet: Wallet,
  { headers, rawBody }: Received,
): Promise<Answer> {
  const notice = await wallet.verify(headers, rawBody)
  const { order, tradeNo } = notice
  const sought = { gateway: wallet.gateway, event: notice.id, order, tradeNo }
  const { outcome: before, order: waiting } = await lookUp(books, sought)
  if (before !== null) return { ...wallet.success, outcome: before, order }
  const told = { event: notice.id, body: rawBody, at: notice.at }
  const outcome =
    notice.state === 'paid'
      ? await arrive(books, wallet, notice, told, waiting)
      : await closed(books, wallet, notice, rawBody, waiting)
  return { ...wallet.success, outcome, order }
}

/** The platform's last word decides, so that closed-then-paid ends as paid-then-closed does. */
async function closed(
  books: Books,
  wallet: Wallet,
  notice: Notice,
  body: Buffer,
  waiting: Order | undefined,
): Promise<string> {
  const order = notice.order as TopUpId
  const found = await wallet.query(order)
  if (found.state === 'paid') {
    const { state: _, ...paid } = found
    const payment: Payment = { order, ...paid, account: notice.account }
    const told = { event: notice.id, body, at: notice.at }
    return arrive(books, wallet, payment, told, waiting)
  }
  if (found.state === 'closed') await end(books, order, 'closed')
  const outcome = found.state === 'closed' ? 'closed' : 'not_confirmed'
  await books.write(tx => keep(tx, wallet.gateway, { event: notice.id, body }, outcome, order))
  return outcome
}

export type Credit = Readonly<{
  /** The bank's adapter, and its id of this notice. */
  gateway: string
  event: string
  body: Buffer
  /** Our account at the bank, as the notice names it. Or the pool, where the caller knows it. */
  account?: string
  pool?: PoolId
  amount: Money
  /** Who paid, by the bank's notice: the name, and the account where the bank tells it. */
  payer: string
  payerAccount?: string
  reference: string
  /** When the bank received it, by its notice. */
  at?: Date
}>

/** A platform's own notice may be this late, and the bank's has overtaken it. */
const overtaking = 10 * 60_000

type Placed = 'paid_out' | 'unknown_payer' | 'suspense'

/**
 * The bank has money for us: a platform pays out what it collected. `credit` must come from a notice
 * whose signature was checked. What somebody else paid, or what exceeds the platform's debt, is not its payout:
 * it goes to suspense.
 * Not at once, though: for ten minutes the bank is asked to tell it again, since the platform may not have told us
 * yet of the payments that it pays out. Else the same money would stand in suspense and in transit.
 */
export async function creditReceived(
  books: Books,
  credit: Credit,
): Promise<Placed | 'told_before'> {
  try {
    return await book(books, credit, 'paid_out')
  } catch (error) {
    if (!(error instanceof Refusal) || error.code !== 'no_room') throw error
    if (credit.at && Date.now() - credit.at.getTime() < overtaking)
      throw new Refusal('busy', { retryAfter: 15 })
    return book(books, credit, 'suspense')
  }
}

function book(
  books: Books,
  told: Credit,
  wish: 'paid_out' | 'suspense',
): Promise<Placed | 'told_before'> {
  const { gateway, amount, reference } = told
  return books.write(async tx => {
    const [pool] = await tx.sql<{ id: PoolId; book: number }>`
      select id, book from custody.pool
      where id = ${told.pool ?? null} or (${told.pool ?? null}::text is null
        and coalesce(account, ${told.account ?? ''}) = ${told.account ?? ''})
      order by account nulls last, book limit 1`
    if (!pool) throw new Refusal<Refused>('no_such_pool', { account: told.account })
    const where = (await isPlatform(tx, pool.id, told)) ? wish : 'unknown_payer'
    if (!(await keep(tx, gateway, told, where, reference))) return 'told_before'
    const id = newId('sus')
    if (where !== 'paid_out') await suspend(tx, id, pool.book, told, where)
    tx.append(pool.book, {
      kind: 'post',
      id: transferId(id, 'arrive'),
      event: where === 'paid_out' ? 'platform_paid_out' : 'suspense',
      subject: where === 'paid_out' ? reference.slice(0, 200) : id,
      debit: custody,
      credit: where === 'paid_out' ? transitIn : suspense,
      amount,
    })
    return where
  })
}

/** It goes back against the bank's own number of it. */
function suspend(
  { sql }: Transaction,
  id: Id<'sus'>,
  book: number,
  { gateway, event, amount, payer, payerAccount, reference, at }: Credit,
  where: 'unknown_payer' | 'suspense',
): Promise<unknown> {
  const reason: SuspenseReason = where === 'suspense' ? 'unexpected_credit' : where
  return sql`
    insert into custody.suspense (id, book, gateway, about, source, trade_no, notice, minor, currency,
      reason, payer_name, payer_account, at)
    values (${id}, ${book}, ${gateway}, ${reference}, ${event}, ${event}, ${event}, ${amount.minor},
      ${amount.currency}, ${reason}, ${payer}, ${payerAccount ?? null},
      least(${at ?? null}::timestamptz, now()))`
}
