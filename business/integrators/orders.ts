/**
 * Orders: what a merchant's own shop asks one guest to pay. Each is a dynamic merchant code of custody's, so that
 * it is paid once; the code's id is the order's with another prefix.
 */
import { closeMerchantCode, createMerchantCode, directoryOf, mustBeOpen } from '@bursar/custody'
import { Refusal, type Books, type Hand, type Id, type MerchantId } from '@bursar/kernel'
import type { Money } from '@bursar/money'
import { closedOrder } from './bodies.ts'
import { tell } from './events.ts'
import type { Refused } from './refused.ts'

export type OrderId = Id<'ord'>
export type OrderState = 'open' | 'waiting' | 'paid' | 'closed'
export type Order = Readonly<{
  id: OrderId
  merchant: MerchantId
  merchantCode: Id<'mcd'>
  amount: Money
  refunded: Money
  subject: string
  reference: string
  returnUrl: string | null
  state: OrderState
  createdBy: Hand
  createdAt: Date
  expiresAt: Date
  closedAt: Date | null
  spend: Id<'spd'> | null
  paidAt: Date | null
}>
export type OrderAsk = Readonly<{
  id: OrderId
  merchant: MerchantId
  amount: Money
  subject: string
  reference: string
  returnUrl?: string
  /** How long it can be paid. */
  minutes: number
  by: Hand
  at?: Date
}>

const minute = 60_000
const labelLetters = 40
const closedAtOnce = 100

type Row = Omit<Order, 'amount' | 'refunded'> & {
  minor: bigint
  currency: string
  refundedMinor: bigint
}
const orderOf = ({ minor, currency, refundedMinor, ...row }: Row): Order => ({
  ...row,
  amount: { minor, currency },
  refunded: { minor: refundedMinor, currency },
})

export async function createOrder(books: Books, ask: OrderAsk): Promise<Order> {
  const { id, merchant, amount, subject, reference, returnUrl = null, by, at = new Date() } = ask
  mustBeOpen(await directoryOf(books).merchant(merchant))
  const [code, label] = [
    `mcd_${id.slice(4)}` as const,
    [...subject].slice(0, labelLetters).join(''),
  ]
  await createMerchantCode(books, { id: code, merchant, by, amount, label, at })
  const expiresAt = new Date(at.getTime() + ask.minutes * minute)
  await books.sql`
    insert into integrators.shop_order
      (id, merchant, merchant_code, subject, reference, return_url, created_by, created_at, expires_at)
    values (${id}, ${merchant}, ${code}, ${subject}, ${reference}, ${returnUrl}, ${by}, ${at}, ${expiresAt})
    on conflict do nothing`
  const known = await readOrder(books, id)
  const minutes = (known.expiresAt.getTime() - known.createdAt.getTime()) / minute
  const alike =
    known.merchant === merchant &&
    known.subject === subject &&
    known.reference === reference &&
    known.returnUrl === returnUrl &&
    minutes === ask.minutes
  if (!alike) throw new Refusal('id_already_used', { id })
  return known
}

export async function readOrder(books: Books, id: OrderId): Promise<Order> {
  const [row] = await books.sql<Row>`
    select o.id, o.merchant, o.merchant_code as "merchantCode", o.subject, o.reference,
           o.return_url as "returnUrl", o.state, o.created_by as "createdBy", o.created_at as "createdAt",
           o.expires_at as "expiresAt", o.closed_at as "closedAt", o.minor, o.currency, o.spend,
           o.paid_at as "paidAt", o.refunded as "refundedMinor"
    from integrators.order_now o where o.id = ${id}`
  if (!row) throw new Refusal<Refused>('no_such_order', { order: id })
  return orderOf(row)
}

export type OrdersAsk = Readonly<{
  merchant: MerchantId
  reference?: string
  state?: OrderState
  cursor?: string
  limit?: number
}>

/** Newest first; `cursor` is the last id of the page before. */
export async function listOrders(
  books: Books,
  { merchant, reference, state, cursor, limit = 50 }: OrdersAsk,
): Promise<Order[]> {
  const [named, wanted, after] = [reference ?? null, state ?? null, cursor ?? null]
  const rows = await books.sql<Row>`
    select o.id, o.merchant, o.merchant_code as "merchantCode", o.subject, o.reference,
           o.return_url as "returnUrl", o.state, o.created_by as "createdBy", o.created_at as "createdAt",
           o.expires_at as "expiresAt", o.closed_at as "closedAt", o.minor, o.currency, o.spend,
           o.paid_at as "paidAt", o.refunded as "refundedMinor"
    from integrators.order_now o
    where o.merchant = ${merchant}
      and (${named}::text is null or o.reference = ${named})
      and (${wanted}::text is null or o.state = ${wanted})
      and (${after}::text is null or (o.created_at, o.id) <
        (select created_at, id from integrators.shop_order where id = ${after}))
    order by o.created_at desc, o.id desc limit ${limit}`
  return rows.map(orderOf)
}

type Closing = Readonly<{ id: OrderId; why?: 'shop' | 'time'; at?: Date }>

/** Nobody pays it any more. Closing it again changes nothing; what is paid, or about to be, stays so. */
export async function closeOrder(
  books: Books,
  { id, why = 'shop', at = new Date() }: Closing,
): Promise<Order> {
  const order = await readOrder(books, id)
  if (order.state === 'closed') return order
  if (order.state !== 'open')
    throw new Refusal<Refused>('order_not_open', { order: id, state: order.state })
  const { merchant, merchantCode } = order
  const code = await closeMerchantCode(books, { id: merchantCode, merchant, at })
  if (code.paid) throw new Refusal<Refused>('order_not_open', { order: id, state: 'paid' })
  await books.write(async tx => {
    const closed = await tx.sql`
      update integrators.shop_order set closed_at = ${at}, closed_why = ${why}
      where id = ${id} and closed_at is null returning id`
    if (closed.length) await tell(tx.sql, [closedOrder(order, why, at)])
  })
  return await readOrder(books, id)
}

/** Orders whose time is over. What was paid has no end but its refund. */
export async function closeOrders(books: Books, at = new Date()): Promise<number> {
  const due = await books.sql<{ id: OrderId }>`
    select o.id from integrators.shop_order o
    join integrators.order_now n on n.id = o.id and n.state = 'open'
    where o.closed_at is null and o.expires_at <= ${at}
    order by o.expires_at limit ${closedAtOnce}`
  let closed = 0
  for (const { id } of due)
    try {
      await closeOrder(books, { id, why: 'time', at })
      closed++
    } catch (error) {
      // It was paid in this instant.
      if (!(error instanceof Refusal) || error.code !== 'order_not_open') throw error
    }
  return closed
}
