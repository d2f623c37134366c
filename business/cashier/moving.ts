/** What the merchant's people do to a tab: elsewhere, together, apart, into other hands, cheaper. */
import { Refusal, type Books, type PersonId, type Transaction } from '@bursar/kernel'
import type { Money } from '@bursar/money'
import { momentOf } from './moment.ts'
import type { OrderId } from './holds.ts'
import type { PlaceId } from './places.ts'
import type { Refused } from './refused.ts'
import { findTab, lockOpenTab, lockTab, writeStep, type TabFacts, type TabId } from './tabs.ts'

type By = Readonly<{ tab: TabId; by: PersonId; at?: Date }>

export async function moveTab(books: Books, ask: By & { place: PlaceId }): Promise<TabId> {
  return await there(() =>
    books.write(async tx => {
      const tab = await lockOpenTab(tx, ask.tab)
      if (tab.place === ask.place) return tab.id
      const { name, at } = await placeFor(tx, tab, ask)
      await tx.sql`update cashier.tab set place = ${ask.place} where id = ${tab.id}`
      const about = `${tab.placeName} → ${name}`
      await writeStep(tx, tab.id, { name: 'move', about, by: ask.by, at })
      return tab.id
    }),
  )
}

async function placeFor(
  tx: Transaction,
  { book, outlet }: TabFacts,
  { place, at }: { place: PlaceId; at?: Date },
): Promise<{ name: string; at: Date }> {
  const [found] = await tx.sql<{ name: string }>`
    select name from cashier.place where id = ${place} and outlet = ${outlet} and open`
  if (!found) throw new Refusal<Refused>('place_of_another_outlet', { place })
  return { name: found.name, at: await momentOf(tx, book, at) }
}

/** The guest has a tab there already: the table says so. */
async function there<T>(work: () => Promise<T>): Promise<T> {
  try {
    return await work()
  } catch (error) {
    const { constraint } = error as { constraint?: string }
    if (constraint === 'one_open_tab_per_guest_and_place')
      throw new Refusal<Refused>('tab_open_there')
    throw error
  }
}

/** All orders go to the other tab, which answers for the discount too. Asked again it answers that tab. */
export async function mergeTab(books: Books, ask: By & { into: TabId }): Promise<TabId> {
  const { tab: id, into, by } = ask
  if (id === into) throw new Refusal<Refused>('tabs_differ', { tab: id, into })
  return await books.write(async tx => {
    const locked = new Map<TabId, TabFacts>()
    for (const one of [id, into].toSorted()) locked.set(one, await lockTab(tx, one))
    const [from, to] = [locked.get(id)!, locked.get(into)!]
    if (from.state === 'merged' && (await wentInto(tx, id)) === into) return into
    for (const { id: tab, state } of [from, to])
      if (state !== 'open') throw new Refusal<Refused>('tab_ended', { tab, state })
    if (from.purse !== to.purse || from.outlet !== to.outlet || !sameTops(from, to))
      throw new Refusal<Refused>('tabs_differ', { tab: id, into })
    const at = await momentOf(tx, from.book, ask.at)
    await tx.sql`update cashier.goods_order set tab = ${into} where tab = ${id}`
    await tx.sql`update cashier.tab set state = 'merged', closed_at = ${at} where id = ${id}`
    await tx.sql`
      update cashier.tab set discount = discount + ${from.discount},
        discount_reason = coalesce(discount_reason, ${from.discountReason}) where id = ${into}`
    await writeStep(tx, id, { name: 'merge', about: into, by, at })
    await writeStep(tx, into, { name: 'merge', about: id, by, at })
    return into
  })
}

/** The tab that one was merged into, by what was written down of it. */
async function wentInto({ sql }: Transaction, id: TabId): Promise<TabId | undefined> {
  const [last] = await sql<{ about: TabId }>`
    select about from cashier.step where tab = ${id} and name = 'merge' order by n desc limit 1`
  return last?.about
}

const sameTops = (a: TabFacts, b: TabFacts) =>
  a.serviceBps === b.serviceBps && a.taxBps === b.taxBps

type Splitting = By & Readonly<{ id: TabId; orders: readonly OrderId[]; place: PlaceId }>

/**
 * The orders, of those that stand, get a tab of their own, of the same guest, at the same rates, with what the rest
 * cannot bear of the discount.
 */
export async function splitTab(books: Books, ask: Splitting): Promise<TabId> {
  const { id, by, place } = ask
  const orders = [...new Set(ask.orders)]
  return await there(() =>
    books.write(async tx => {
      const tab = await lockTab(tx, ask.tab)
      const known = await tx.sql`select from cashier.tab where id = ${id}`
      if (known.length) return (await findTab(tx.sql, id)).id
      if (tab.state !== 'open') throw new Refusal<Refused>('tab_ended', { tab: tab.id })
      const { at } = await placeFor(tx, tab, ask)
      await tx.sql`
        insert into cashier.tab (id, book, merchant, outlet, place, purse, person, currency, service_bps,
          tax_bps, opened_at, closes_at, served_by)
        select ${id}, book, merchant, outlet, ${place}, purse, person, currency, service_bps, tax_bps,
          ${at}::timestamptz, closes_at, served_by from cashier.tab where id = ${tab.id}`
      const moved = await tx.sql`
        update cashier.goods_order set tab = ${id}
        where tab = ${tab.id} and id = any(${orders}::text[])
          and state in ('placed', 'accepted', 'delivered') returning id`
      if (moved.length !== orders.length)
        throw new Refusal<Refused>('no_such_goods_order', { tab: tab.id })
      await shareDiscount(tx, tab, id)
      await writeStep(tx, tab.id, { name: 'split', about: id, by, at })
      await writeStep(tx, id, { name: 'split', about: tab.id, by, at })
      return id
    }),
  )
}

/** No discount is larger than its tab: what is left cannot bear goes along with what went. */
async function shareDiscount(tx: Transaction, from: TabFacts, to: TabId): Promise<void> {
  const [left, went] = [await orderedOn(tx, from.id), await orderedOn(tx, to)]
  const over = from.discount - left
  const along = over < went ? over : went
  if (along <= 0n) return
  const { discountReason: reason } = from
  const stays = from.discount - along
  await tx.sql`
    update cashier.tab set discount = ${stays}, discount_reason = ${stays > 0n ? reason : null}
    where id = ${from.id}`
  await tx.sql`
    update cashier.tab set discount = ${along}, discount_reason = ${reason} where id = ${to}`
}

/** What the orders that count come to. */
async function orderedOn({ sql }: Transaction, tab: TabId): Promise<bigint> {
  const [row] = await sql<{ total: bigint }>`
    select coalesce(sum(total), 0)::bigint as total from cashier.goods_order
    where tab = ${tab} and state in ('placed', 'accepted', 'delivered')`
  return row!.total
}

/** To somebody who has a seat at the merchant. */
export async function handOver(books: Books, ask: By & { to: PersonId }): Promise<TabId> {
  return await books.write(async tx => {
    const tab = await lockOpenTab(tx, ask.tab)
    const seats = await tx.sql`
      select from parties.seat
      where organisation = ${tab.merchant} and person = ${ask.to} and ended_at is null`
    if (!seats.length) throw new Refusal('not_seated', { person: ask.to })
    const [changed] = await tx.sql`
      update cashier.tab set served_by = ${ask.to}
      where id = ${tab.id} and served_by is distinct from ${ask.to} returning id`
    if (!changed) return tab.id
    const at = await momentOf(tx, tab.book, ask.at)
    await writeStep(tx, tab.id, { name: 'hand_over', about: ask.to, by: ask.by, at })
    return tab.id
  })
}

/** Comes off at checkout. It replaces the one before; of nothing, it takes that back. */
export async function discountTab(
  books: Books,
  ask: By & Readonly<{ amount: Money; reason?: string }>,
): Promise<TabId> {
  const { amount, by, reason = null } = ask
  return await books.write(async tx => {
    const tab = await lockOpenTab(tx, ask.tab)
    if (amount.currency !== tab.currency) throw new Refusal('other_currency', { amount })
    if (amount.minor > 0n && !reason) throw new Refusal('reason_missing', { field: 'reason' })
    if (amount.minor === tab.discount && (amount.minor === 0n || reason === tab.discountReason))
      return tab.id
    const ordered = await orderedOn(tx, tab.id)
    if (amount.minor > ordered) {
      const total = { minor: ordered, currency: tab.currency }
      throw new Refusal<Refused>('discount_exceeds_tab', { amount, total })
    }
    const kept = amount.minor > 0n ? reason : null
    await tx.sql`
      update cashier.tab set discount = ${amount.minor}, discount_reason = ${kept} where id = ${tab.id}`
    const at = await momentOf(tx, tab.book, ask.at)
    const about = String(amount.minor)
    await writeStep(tx, tab.id, { name: 'discount', about, by, at, reason: kept })
    return tab.id
  })
}
