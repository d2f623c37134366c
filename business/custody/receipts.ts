/** What a spend is, as it stands now: the receipt. Found by its id in whichever pool it was made. */
import {
  Refusal,
  transferId,
  type Books,
  type Id,
  type MerchantId,
  type OutletId,
  type PersonId,
  type PurseId,
  type TillId,
} from '@bursar/kernel'
import type { Money } from '@bursar/money'
import type { MerchantCodeId } from './merchantCodes.ts'
import type { Refused } from './refused.ts'

export type SpendId = Id<'spd'>
export type SpendState = 'done' | 'waiting' | 'declined' | 'expired'
export type Spend = Readonly<{
  id: SpendId
  book: number
  state: SpendState
  initiator: 'consumer' | 'merchant'
  purse: PurseId
  person: PersonId
  /** Where it was read back. */
  personName?: string | null
  merchant: MerchantId
  outlet: OutletId | null
  /** Where in the outlet it was taken, as far as anybody can say. */
  till: TillId | null
  amount: Money
  refunded: Money
  note: string | null
  merchantCode: MerchantCodeId | null
  /** The consumer, or who stood at the merchant's till. */
  by: PersonId
  at: Date
  /** Of one that waits for the merchant: until when. */
  expiresAt: Date | null
  answeredBy: PersonId | null
  answeredAt: Date | null
}>
export type Receipt = Spend &
  Readonly<{
    /** What the purse had left to spend, right after. */
    balance: Money
    /** Its place in the book, and the book's hash there, once it is read back. */
    seq: bigint
    hash?: string
  }>

export type SpendRow = Omit<Spend, 'amount' | 'refunded'> & {
  minor: bigint
  currency: string
  refundedMinor: bigint
}

export const spendOf = ({ minor, currency, refundedMinor, ...row }: SpendRow): Spend => ({
  ...row,
  amount: { minor, currency },
  refunded: { minor: refundedMinor, currency },
})

type ReceiptRow = SpendRow & { seq: bigint; hash: string; left: bigint }

/** The spend, or undefined if there is none under this id. */
export async function findSpend(books: Books, id: SpendId): Promise<Receipt | undefined> {
  const [row] = await books.sql<ReceiptRow>`
    select s.id, s.book, s.initiator, s.purse, s.person, s.merchant, s.outlet, s.till, s.minor, s.currency,
           s.refunded as "refundedMinor", s.note, s.merchant_code as "merchantCode",
           s.started_by as by, s.at, s.expires_at as "expiresAt", s.answered_by as "answeredBy",
           s.answered_at as "answeredAt",
           case when s.state = 'waiting' and s.expires_at <= b.at then 'expired'
                else s.state end as state,
           e.seq, encode(e.hash, 'hex') as hash, e.debit_posted - e.debit_out as left,
           n.name as "personName"
    from custody.pool p
    join custody.spend s on s.book = p.book
    join ledger.entry e on e.book = s.book and e.id = ${transferId(id, 'spend')}
    left join parties.person n on n.id = s.person
    join lateral (select greatest(at, clock_timestamp()) as at from ledger.book where book = s.book) b on true
    where s.id = ${id}`
  if (!row) return undefined
  const { seq, hash, left, ...spend } = row
  return { ...spendOf(spend), balance: { minor: left, currency: row.currency }, seq, hash }
}

export async function readSpend(books: Books, id: SpendId): Promise<Receipt> {
  const known = await findSpend(books, id)
  if (known) return known
  const [archived] = await books.sql`
    select from custody.spend s join ledger.archived a on a.book = s.book and a.id = ${transferId(id, 'spend')}
    where s.id = ${id}`
  throw new Refusal<Refused>(archived ? 'archived' : 'no_such_spend', { spend: id })
}
