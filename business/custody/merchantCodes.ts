/**
 * What a merchant's QR names. A static code hangs on the wall and is paid any number of times; a dynamic
 * one says how much, and is paid once: the book keeps one entry with its `use` id.
 */
import {
  Refusal,
  transferId,
  type Books,
  type Hand,
  type Id,
  type MerchantId,
  type OutletId,
  type TillId,
} from '@bursar/kernel'
import type { Money } from '@bursar/money'
import { directoryOf, placeIn, type MerchantCodeFacts } from './directory.ts'
import type { Refused } from './refused.ts'

export type MerchantCodeId = Id<'mcd'>
export type MerchantCode = Readonly<{
  id: MerchantCodeId
  merchant: MerchantId
  outlet: OutletId | null
  till: TillId | null
  kind: 'static' | 'dynamic'
  amount: Money | null
  label: string | null
  createdBy: Hand
  createdAt: Date
  closedAt: Date | null
  /** Of a dynamic code: whether the book has its payment. */
  paid: boolean
}>
export type MerchantCodeAsk = Readonly<{
  id: MerchantCodeId
  merchant: MerchantId
  by: Hand
  outlet?: OutletId
  /** That it hangs at; it says its outlet too. */
  till?: TillId
  /** Makes the code dynamic. */
  amount?: Money
  label?: string
  at?: Date
}>

export async function createMerchantCode(
  books: Books,
  ask: MerchantCodeAsk,
): Promise<MerchantCode> {
  const { id, merchant, by, amount, label, at } = ask
  const standing = await directoryOf(books).merchant(merchant)
  const { outlet = null, till = null } = placeIn(standing, ask)
  if (amount && amount.currency !== standing.currency)
    throw new Refusal('other_currency', { currency: amount.currency })
  await books.sql`
    insert into custody.merchant_code
      (id, book, merchant, outlet, till, kind, minor, currency, label, use, created_by, created_at)
    values (${id}, ${standing.book}, ${merchant}, ${outlet}, ${till}, ${amount ? 'dynamic' : 'static'},
      ${amount?.minor ?? null}, ${standing.currency}, ${label ?? null}, ${transferId(id, 'use')}, ${by},
      coalesce(${at ?? null}, now()))
    on conflict do nothing`
  const known = await readMerchantCode(books, id)
  const alike =
    known.merchant === merchant &&
    known.outlet === outlet &&
    known.till === till &&
    known.amount?.minor === amount?.minor &&
    known.label === (label ?? null)
  if (!alike) throw new Refusal('id_already_used', { id })
  return known
}

type Row = Omit<MerchantCode, 'amount'> & { minor: bigint | null; currency: string }
const codeOf = ({ minor, currency, ...row }: Row): MerchantCode => ({
  ...row,
  amount: minor === null ? null : { minor, currency },
})

export async function readMerchantCode(books: Books, id: MerchantCodeId): Promise<MerchantCode> {
  const [row] = await books.sql<Row>`
    select c.id, c.merchant, c.outlet, c.till, c.kind, c.minor, c.currency, c.label, c.created_by as "createdBy",
           c.created_at as "createdAt", c.closed_at as "closedAt",
           (exists (select from ledger.entry e
                    where e.book = c.book and e.id = c.use and e.event = 'code_used')
             or exists (select from ledger.archived a
                        join custody.spend s on s.book = a.book and s.merchant_code = c.id
                        where a.book = c.book and a.id = c.use)) as paid
    from custody.merchant_code c where c.id = ${id}`
  if (!row) throw new Refusal<Refused>('no_such_merchant_code', { merchantCode: id })
  return codeOf(row)
}

/**
 * A code that was lost or pasted over pays nobody any more. Closing it again changes nothing. A dynamic code is used up
 * by it in the book, so that a process which remembers it as open for a second more is refused there. If a payment was
 * first, it stands, and `paid` says so.
 */
export async function closeMerchantCode(
  books: Books,
  { id, merchant, at }: { id: MerchantCodeId; merchant: MerchantId; at?: Date },
): Promise<MerchantCode> {
  const code = await readMerchantCode(books, id)
  if (code.merchant !== merchant)
    throw new Refusal<Refused>('no_such_merchant_code', { merchantCode: id })
  const closing = (isFree: boolean) =>
    books.write(async tx => {
      const [held] = await tx.sql<{ book: number }>`
        select book from custody.merchant_code where id = ${id} for update`
      await tx.sql`
        update custody.merchant_code set closed_at = coalesce(${at ?? null}::timestamptz, now())
        where id = ${id} and closed_at is null`
      if (isFree)
        tx.append(held!.book, {
          kind: 'memo',
          id: transferId(id, 'use'),
          event: 'code_closed',
          subject: id,
        })
    })
  try {
    await closing(code.kind === 'dynamic' && !code.paid)
  } catch (error) {
    if (!(error instanceof Refusal) || error.code !== 'id_already_used') throw error
    await closing(false)
  }
  return readMerchantCode(books, id)
}

/** Newest first; `cursor` is the last id of the page before. What a program made is an order's, and is listed there. */
export async function listMerchantCodes(
  books: Books,
  {
    merchant,
    cursor = null,
    limit = 50,
  }: { merchant: MerchantId; cursor?: string | null; limit?: number },
): Promise<MerchantCode[]> {
  const rows = await books.sql<Row>`
    select c.id, c.merchant, c.outlet, c.till, c.kind, c.minor, c.currency, c.label, c.created_by as "createdBy",
           c.created_at as "createdAt", c.closed_at as "closedAt",
           (exists (select from ledger.entry e
                    where e.book = c.book and e.id = c.use and e.event = 'code_used')
             or exists (select from ledger.archived a
                        join custody.spend s on s.book = a.book and s.merchant_code = c.id
                        where a.book = c.book and a.id = c.use)) as paid
    from custody.merchant_code c
    where c.merchant = ${merchant} and not starts_with(c.created_by, 'key_')
      and (${cursor}::text is null or (c.created_at, c.id) <
        (select created_at, id from custody.merchant_code where id = ${cursor}))
    order by c.created_at desc, c.id desc limit ${limit}`
  return rows.map(codeOf)
}

/** What the code allows, before the book is asked: this merchant, this amount, still open. */
export function mustAllow(
  code: MerchantCodeFacts,
  { merchant, amount }: { merchant: MerchantId; amount: Money },
): void {
  if (code.merchant !== merchant)
    throw new Refusal<Refused>('no_such_merchant_code', { merchantCode: code.id })
  if (code.closed) throw new Refusal<Refused>('merchant_code_closed', { merchantCode: code.id })
  if (code.minor !== null && (code.minor !== amount.minor || code.currency !== amount.currency))
    throw new Refusal<Refused>('amount_differs', {
      amount,
      wanted: { minor: code.minor, currency: code.currency },
    })
}
