/**
 * The end of a tab: what runs is stopped, what nobody has accepted is cancelled, and all that is held is
 * paid in one linked append, as one spend. The guest says so, or the merchant; or the day ends.
 */
import { directoryOf, mustBeLawful, mustBeOpen, settle } from '@bursar/custody'
import { equal, type Money } from '@bursar/money'
import {
  Refusal,
  type Books,
  type OutletId,
  type PersonId,
  type TillId,
  type Transaction,
} from '@bursar/kernel'
import { availableIn, lookAt, momentOf, orTopUp } from './moment.ts'
import { heldFor, markHolds, type OrderId } from './holds.ts'
import { giveBack, writeState, type OrderState } from './orders.ts'
import type { Refused } from './refused.ts'
import { findTab, lockTab, type Ended, type TabFacts, type TabId } from './tabs.ts'
import { lockTimer, stopTime } from './time.ts'

export type CheckoutAsk = Readonly<{
  tab: TabId
  /** Null: the day has ended. */
  by: PersonId | null
  tip?: Money
  /** What the guest was shown, without the tip. */
  total?: Money
  at?: Date
}>

/** Asked again it answers the same tab. */
export async function checkOut(books: Books, ask: CheckoutAsk): Promise<TabId> {
  const { currency, purse, merchant } = await findTab(books.sql, ask.tab)
  const directory = directoryOf(books)
  const facts = await directory.purse(purse)
  const lawful = await directory.lawful(facts.scope)
  const standings = [await directory.merchant(merchant), await directory.merchant(facts.merchant)]
  const mustTakeMore = () => {
    mustBeLawful(facts, lawful)
    standings.forEach(mustBeOpen)
  }
  return await orTopUp(books, currency, async tx => {
    const tab = await lockTab(tx, ask.tab)
    if (tab.state === 'closed') return tab.id
    if (tab.state !== 'open') throw new Refusal<Refused>('tab_ended', { tab: tab.id })
    const ended: Ended =
      ask.by === null ? 'forgotten' : ask.by === tab.person ? 'guest' : 'merchant'
    const tip = tipOf(ask, tab, ended)
    if (tip > 0n) mustTakeMore()
    const at = await momentOf(tx, tab.book, ask.at)
    const orders = await endOrders(tx, tab, { by: ask.by, at })
    await pay(tx, tab, { ...ask, ended, tip, at, orders })
    return tab.id
  })
}

function tipOf({ tip }: CheckoutAsk, { currency }: TabFacts, ended: Ended): bigint {
  if (!tip || tip.minor === 0n) return 0n
  if (ended !== 'guest') throw new Refusal<Refused>('tip_is_the_guests', { field: 'tip' })
  if (tip.currency !== currency) throw new Refusal('other_currency', { amount: tip })
  return tip.minor
}

type Row = Readonly<{ id: OrderId; state: OrderState; placedAt: Date; timed: boolean }>
type Counted = Readonly<{ ids: readonly OrderId[]; orderedAt: Date | null }>

/** Answers the orders that count, and when the last of them was placed. */
async function endOrders(
  tx: Transaction,
  tab: TabFacts,
  now: { by: PersonId | null; at: Date },
): Promise<Counted> {
  const rows = await tx.sql<Row>`
    select o.id, o.state, o.placed_at as "placedAt", t.state in ('running', 'paused') as timed
    from cashier.goods_order o left join cashier.timer t on t.goods_order = o.id
    where o.tab = ${tab.id} and o.state in ('placed', 'accepted', 'delivered')
    order by o.placed_at, o.id`
  let available = await availableIn(tx, tab)
  for (const { id, state, timed } of rows)
    if (timed) {
      const timer = (await lockTimer(tx, id))!
      available = await stopTime(tx, tab, timer, { ...now, available })
    } else if (state === 'placed') {
      await writeState(tx, { order: id, to: 'cancelled', ...now })
      await giveBack(tx, tab, id)
    }
  const counted = rows.filter(({ state }) => state !== 'placed')
  return { ids: counted.map(({ id }) => id), orderedAt: counted.at(-1)?.placedAt ?? null }
}

type Paying = Omit<CheckoutAsk, 'tip' | 'at'> &
  Readonly<{ ended: Ended; tip: bigint; at: Date; orders: Counted }>

async function pay(tx: Transaction, tab: TabFacts, paying: Paying): Promise<void> {
  const { ended, tip, at, orders, by } = paying
  const holds = await heldFor(tx, orders.ids)
  const held = holds.reduce((sum, { minor }) => sum + minor, 0n)
  // What was cancelled since may have left less than was to come off.
  const off = tab.discount < held ? tab.discount : held
  mustBeAsShown(paying, { minor: held - off, currency: tab.currency })
  const spend = `spd_${tab.id.slice('tab_'.length)}` as const
  const note = tab.placeName
  const till = await tillAt(tx, tab.outlet)
  const { total, free } = await settle(tx, {
    ...tab,
    ...{ till, spend, by: by ?? tab.person, note, at, holds, off, tip },
    orderedAt: orders.orderedAt,
  })
  await markHolds(tx, free, 'released')
  const paid = holds.filter(({ id }) => !free.includes(id))
  await markHolds(
    tx,
    paid.map(({ id }) => id),
    'settled',
  )
  await tx.sql`
    update cashier.tab set state = 'closed', discount = ${off},
      discount_reason = ${off > 0n ? tab.discountReason : null}, tip = ${tip}, total = ${total},
      spend = ${total > 0n ? spend : null}, ended = ${ended}, closed_by = ${by}, closed_at = ${at}
    where id = ${tab.id}`
}

/** Where whoever has the outlet's shift stands, if that was said. */
async function tillAt({ sql }: Transaction, outlet: OutletId): Promise<TillId | null> {
  const [shift] = await sql<{ till: TillId | null }>`
    select till from cashier.shift where outlet = ${outlet} and state <> 'closed'`
  return shift?.till ?? null
}

function mustBeAsShown({ tab, total }: Paying, now: Money): void {
  if (total && !equal(total, now))
    throw new Refusal<Refused>('total_changed', { tab, amount: total, now })
}

/**
 * Tabs whose outlet's business day has ended. One on which time runs is not forgotten. One that cannot be
 * closed now (a purse that an authority froze) stops no other. Answers how many were closed.
 */
export async function closeForgotten(
  books: Books,
  { now, limit = 200 }: { now?: Date; limit?: number } = {},
): Promise<number> {
  const due = await books.sql<{ id: TabId }>`
    select b.id from cashier.tab b
    where b.state = 'open' and b.closes_at <= coalesce(${now ?? null}::timestamptz, now())
      and not exists (
        select from cashier.goods_order o join cashier.timer t on t.goods_order = o.id
        where o.tab = b.id and t.state = 'running')
    order by b.closes_at, b.id limit ${limit}`
  const at = now ? { at: now } : {}
  return await lookAt(due, async ({ id: tab }) => {
    await checkOut(books, { tab, by: null, ...at })
    return true
  })
}
