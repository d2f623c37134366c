/**
 * Money in suspense goes back to its payer, against the payment that it came by:
 *
 *   by itself     what may never stay: beyond a ceiling, another's, too late, at another sum   suspense → transit out
 *   by decision   what two people agreed on (proposals.ts)                              suspense → transit out
 *
 * From there it is a part like any other (parts.ts): confirmed, it leaves custody; refused, it stands in
 * suspense again.
 */
import { newId, Refusal, transferId, type Books, type Id, type Transaction } from '@bursar/kernel'
import { suspense, transitOut } from './accounts.ts'
import { alone } from './hitches.ts'
import type { Refused } from './refused.ts'

/** A row of suspense that the transaction holds. */
export type Returned = Readonly<{
  id: Id<'sus'>
  book: number
  gateway: string
  /** The platform's order, or the bank's credit. */
  source: string
  tradeNo: string
  minor: bigint
  currency: string
}>

/**
 * Payments that can never be placed go back to their payers by themselves: those beyond a purse's ceiling, those
 * of another's account than the purse is bound to, and those that came too late, or at another sum, for an order
 * that is over. Whose order was credited by another payment, and what an authority has barred, waits for a person.
 * Each alone: one that cannot go back stops none of those behind it.
 */
export async function returnExcess(books: Books, gateway: string, limit: number): Promise<void> {
  const excess = await books.sql<{ id: Id<'sus'> }>`
    select s.id from custody.suspense s
    left join custody.hitch h on h.subject = s.id
    where s.state = 'unclaimed' and s.gateway = ${gateway} and (h.subject is null or h.next_at <= now())
      and (s.reason in ('over_ceiling', 'other_payer')
        or s.reason in ('order_ended', 'wrong_amount') and exists (
          select from custody.top_up t where t.id = s.about and t.state in ('closed', 'expired')))
    order by s.at, s.id limit ${limit}`
  for (const { id } of excess) await alone(books, 'return', id, () => returnOne(books, id))
}

function returnOne(books: Books, id: Id<'sus'>): Promise<void> {
  return books.write(async tx => {
    const [row] = await tx.sql<Returned>`
      update custody.suspense set state = 'returning'
      where id = ${id} and state = 'unclaimed'
      returning id, book, gateway, source, trade_no as "tradeNo", minor, currency`
    if (row) await sendBack(tx, row, null)
  })
}

/** Puts it on its way. Whoever calls has taken the row to `returning`. */
export async function sendBack(
  tx: Transaction,
  row: Returned,
  proposal: Id<'pro'> | null,
): Promise<void> {
  const { id, book, gateway, source, minor, currency } = row
  const withdrawal = newId('wdr')
  const topUp = await topUpOf(tx, row)
  await tx.sql`
    insert into custody.withdrawal (id, book, suspense, proposal, minor, currency)
    values (${withdrawal}, ${book}, ${id}, ${proposal}, ${minor}, ${currency})`
  await tx.sql`
    insert into custody.part (id, withdrawal, book, gateway, order_no, top_up, minor)
    values (${newId('wdp')}, ${withdrawal}, ${book}, ${gateway}, ${source}, ${topUp}, ${minor})`
  tx.append(book, {
    kind: 'post',
    id: transferId(withdrawal, 'send'),
    event: 'suspense_returned',
    subject: id,
    debit: suspense,
    credit: transitOut,
    amount: { minor, currency },
  })
}

/** What came back from a withdrawal goes back to its top-up, and never more than came from there. */
async function topUpOf(
  { sql }: Transaction,
  { tradeNo, minor, currency }: Returned,
): Promise<Id<'top'> | null> {
  if (!tradeNo.startsWith('wdp_')) return null
  const [topUp] = await sql<{ id: Id<'top'> }>`
    update custody.top_up set returned = returned + ${minor}::bigint
    where id = (select top_up from custody.part where id = ${tradeNo})
      and returned + ${minor}::bigint <= minor returning id`
  if (!topUp) throw new Refusal<Refused>('source_short', { amount: { minor, currency } })
  return topUp.id
}
