/** The numbered papers of the four orders: T top-up, G goods, C checkout, R refund. */
import {
  Refusal,
  type Books,
  type MerchantId,
  type OutletId,
  type PersonId,
  type PurseId,
} from '@bursar/kernel'
import type { Money } from '@bursar/money'
import type { OrderState } from './orders.ts'
import type { Refused } from './refused.ts'
import type { Ended } from './tabs.ts'
import { containing } from './words.ts'

export type DocketKind = 'top_up' | 'goods' | 'checkout' | 'refund'
export type Docket = Readonly<{
  number: string
  kind: DocketKind
  /** The top-up, goods order, tab or withdrawal. */
  subject: string
  day: string
  at: Date
  amount: Money
  /** Of its subject; of a checkout, how it ended. */
  state: OrderState | Ended | 'credited' | 'sending' | 'stuck' | 'done' | 'partly' | 'returned'
  merchant: MerchantId
  merchantName: string
  outlet: OutletId | null
  purse: PurseId
  person: PersonId
  personName: string | null
  /** The platform, of a top-up or a refund. */
  gateway: string | null
}>
/** `amount`: of a top-up and a refund, what of the one goes back by the other. */
export type Link = Pick<Docket, 'number' | 'kind' | 'subject' | 'state' | 'amount'>
export type DocketsAsk = Readonly<{
  kind?: DocketKind
  q?: string
  from?: Date
  to?: Date
  cursor?: string
  limit?: number
}>
type Row = Omit<Docket, 'amount'> & { minor: bigint; currency: string }

const docketOf = ({ minor, currency, ...row }: Row): Docket => ({
  ...row,
  amount: { minor, currency },
})

/**
 * A merchant's, newest first; `cursor` is the last row's subject. Who has yet to count (`countsFrom`, blind.ts) does not see
 * what is to be counted.
 */
export async function listDockets(
  { sql }: Books,
  ask: DocketsAsk & { merchant: MerchantId; countsFrom?: Date | null },
): Promise<Docket[]> {
  const { merchant, kind = null, from = null, to = null, cursor = null, limit = 50 } = ask
  const { countsFrom = null } = ask
  const q = containing(ask.q)
  const rows = await sql<Row>`
    select d.* from cashier.shown_docket d
    where d.merchant = ${merchant}
      and (${countsFrom}::timestamptz is null or d.kind in ('goods', 'refund') or d.at < ${countsFrom})
      and (${kind}::text is null or d.kind = ${kind})
      and (${from}::timestamptz is null or d.at >= ${from})
      and (${to}::timestamptz is null or d.at < ${to})
      and (${q}::text is null or concat_ws(' ', d.number, d.subject, d."personName") ilike ${q})
      and (${cursor}::text is null or (d.at, d.subject) <
        (select at, subject from cashier.docket where subject = ${cursor}))
    order by d.at desc, d.subject desc limit ${limit}`
  return rows.map(docketOf)
}

/** Those of one guest at one merchant, newest first. */
export async function listOwnDockets(
  { sql }: Books,
  ask: Omit<DocketsAsk, 'q'> & { purse: PurseId },
): Promise<Docket[]> {
  const { purse, kind = null, from = null, to = null, cursor = null, limit = 50 } = ask
  const rows = await sql<Row>`
    select d.* from cashier.shown_docket d
    where d.purse = ${purse}
      and (${kind}::text is null or d.kind = ${kind})
      and (${from}::timestamptz is null or d.at >= ${from})
      and (${to}::timestamptz is null or d.at < ${to})
      and (${cursor}::text is null or (d.at, d.subject) <
        (select at, subject from cashier.docket where subject = ${cursor}))
    order by d.at desc, d.subject desc limit ${limit}`
  return rows.map(docketOf)
}

/** With those that it belongs to: a checkout and its goods orders, a refund and the top-ups it goes back to. */
export async function readDocket(
  books: Books,
  subject: string,
): Promise<Docket & Readonly<{ links: readonly Link[] }>> {
  const [row] = await books.sql<Row>`
    select d.* from cashier.shown_docket d where d.subject = ${subject}`
  if (!row) throw new Refusal<Refused>('no_such_docket', { docket: subject })
  const links = await books.sql<Row>`
    with linked as (
      select o.id as subject, null::bigint as minor from cashier.goods_order o where o.tab = ${subject}
      union all select o.tab, null from cashier.goods_order o where o.id = ${subject}
      union all select r.top_up, r.minor from custody.part r where r.withdrawal = ${subject}
      union all select r.withdrawal, r.minor from custody.part r where r.top_up = ${subject})
    select d.*, coalesce(l.minor, d.minor) as minor
    from linked l join cashier.shown_docket d on d.subject = l.subject
    order by d.at, d.subject limit 500`
  return { ...docketOf(row), links: links.map(docketOf) }
}
