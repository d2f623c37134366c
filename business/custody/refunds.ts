/**
 * A merchant gives back what a spend paid, in whole or in parts: earned → purse. Never more than the
 * spend: the row of the spend is locked and counts, and the table refuses what the code would let pass.
 * A suspended merchant can still refund; one that has asked for all its money may be short of it.
 */
import {
  Refusal,
  transferId,
  type Books,
  type Hand,
  type Id,
  type MerchantId,
  type PurseId,
} from '@bursar/kernel'
import { equal, type Money } from '@bursar/money'
import { earned, purseAccount } from './accounts.ts'
import type { SpendId } from './receipts.ts'
import type { Refused } from './refused.ts'

export type RefundId = Id<'rfd'>
export type RefundAsk = Readonly<{
  id: RefundId
  spend: SpendId
  amount: Money
  reason: string
  by: Hand
  at?: Date
}>
export type Refund = Readonly<{
  id: RefundId
  spend: SpendId
  /** The first refund of its spend, the second … */
  ordinal: number
  purse: PurseId
  merchant: MerchantId
  amount: Money
  reason: string
  by: Hand
  at: Date
}>

type SpendRow = Readonly<{
  book: number
  purse: PurseId
  merchant: MerchantId
  minor: bigint
  currency: string
  refunded: bigint
  state: string
}>
type Row = Omit<Refund, 'amount'> & { minor: bigint; currency: string }

export async function refund(books: Books, ask: RefundAsk): Promise<Refund> {
  const { id, spend, amount, reason, by, at = null } = ask
  try {
    return await books.write(async tx => {
      const [paid] = await tx.sql<SpendRow>`
        select s.book, s.purse, s.merchant, s.minor, s.currency, s.refunded, s.state
        from custody.pool p join custody.spend s on s.book = p.book
        where s.id = ${spend} for update of s`
      if (!paid) throw new Refusal<Refused>('no_such_spend', { spend })
      const [known] = await tx.sql<Row>`
        select id, spend, ordinal, purse, merchant, minor, currency, reason, made_by as by, at
        from custody.refund where book = ${paid.book} and id = ${id}`
      if (known) return same(ask, refundOf(known))
      mustAllow(ask, paid)
      const { book, purse, merchant } = paid
      const [added] = await tx.sql<Row>`
        insert into custody.refund
          (id, book, spend, ordinal, purse, merchant, minor, currency, reason, made_by, at)
        select ${id}, ${book}, ${spend}, count(*) + 1, ${purse}, ${merchant}, ${amount.minor},
               ${amount.currency}, ${reason}, ${by}, coalesce(${at}::timestamptz, now())
        from custody.refund where book = ${book} and spend = ${spend}
        returning id, spend, ordinal, purse, merchant, minor, currency, reason, made_by as by, at`
      await tx.sql`
        update custody.spend set refunded = refunded + ${amount.minor}
        where book = ${book} and id = ${spend}`
      const [debit, credit] = [earned(merchant), purseAccount(purse)]
      const entry = transferId(id, 'refund')
      tx.append(book, {
        kind: 'post',
        id: entry,
        event: 'refund',
        subject: id,
        debit,
        credit,
        amount,
      })
      return refundOf(added!)
    })
  } catch (error) {
    throw explained(error, ask)
  }
}

function mustAllow(
  { spend, amount }: RefundAsk,
  { minor, currency, refunded, state }: SpendRow,
): void {
  if (state !== 'done') throw new Refusal<Refused>('spend_not_done', { spend, state })
  if (amount.minor <= 0n) throw new Refusal('amount_out_of_range', { amount })
  if (amount.currency !== currency) throw new Refusal('other_currency', { amount })
  const left: Money = { minor: minor - refunded, currency }
  if (amount.minor > left.minor)
    throw new Refusal<Refused>('refund_exceeds_spend', { amount, left })
}

/** The ledger says which account could not bear it; the caller is told what that means here. */
function explained(error: unknown, { amount }: RefundAsk): unknown {
  if (!(error instanceof Refusal)) return error
  if (error.code === 'insufficient_funds')
    return new Refusal<Refused>('merchant_funds_short', { ...error.facts, amount })
  if (error.code === 'no_room')
    return new Refusal<Refused>('purse_full', { ...error.facts, amount })
  return error
}

const refundOf = ({ minor, currency, ...row }: Row): Refund => ({
  ...row,
  amount: { minor, currency },
})

function same(ask: RefundAsk, known: Refund): Refund {
  const alike =
    known.spend === ask.spend && equal(known.amount, ask.amount) && known.reason === ask.reason
  if (!alike) throw new Refusal('id_already_used', { id: ask.id })
  return known
}

export async function refundsOf(books: Books, spend: SpendId): Promise<Refund[]> {
  const rows = await books.sql<Row>`
    select r.id, r.spend, r.ordinal, r.purse, r.merchant, r.minor, r.currency, r.reason, r.made_by as by, r.at
    from custody.pool p join custody.refund r on r.book = p.book
    where r.spend = ${spend} order by r.ordinal`
  return rows.map(refundOf)
}
