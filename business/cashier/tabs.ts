/** A tab: opened at a place, held by whoever changes it, and what is written down of that. */
import { directoryOf, mustBeGoodAt, mustBeOpen } from '@bursar/custody'
import {
  Refusal,
  type Books,
  type Id,
  type MerchantId,
  type OutletId,
  type PersonId,
  type PurseId,
  type Sql,
  type Transaction,
} from '@bursar/kernel'
import { momentOf } from './moment.ts'
import { placeBy, type PlaceId } from './places.ts'
import type { Tops } from './prices.ts'
import type { Refused } from './refused.ts'

export type TabId = Id<'tab'>
export type TabState = 'open' | 'closed' | 'merged'
export type Ended = 'guest' | 'merchant' | 'forgotten'
/** What a command has to know of a tab. */
export type TabFacts = Tops &
  Readonly<{
    id: TabId
    book: number
    merchant: MerchantId
    outlet: OutletId
    zone: string
    place: PlaceId
    placeName: string
    purse: PurseId
    person: PersonId
    currency: string
    state: TabState
    discount: bigint
    discountReason: string | null
  }>
export type TabAsk = Readonly<{ id: TabId; purse: PurseId; token: string; by: PersonId; at?: Date }>

/** One tab per guest and place, however often asked: answers the one that is open. */
export async function openTab(books: Books, ask: TabAsk): Promise<TabId> {
  const directory = directoryOf(books)
  const purse = await directory.purse(ask.purse)
  const { person, book, currency } = purse
  if (person !== ask.by) throw new Refusal('no_such_purse', { purse: ask.purse })
  const place = await placeBy(books, ask.token)
  const { merchant } = place
  const standing = await directory.merchant(merchant)
  const home = await directory.merchant(purse.merchant)
  const lawful = await directory.lawful(purse.scope)
  return await books.write(async tx => {
    const known = (await openAt(tx.sql, ask.purse, place.id)) ?? (await openedBefore(tx.sql, ask))
    if (known) return known
    mustBeGoodAt(purse, { home, merchant: standing }, lawful)
    mustBeOpen(standing)
    const at = await momentOf(tx, book, ask.at)
    const added = await tx.sql`
      insert into cashier.tab (id, book, merchant, outlet, place, purse, person, currency, service_bps,
        tax_bps, opened_at, closes_at)
      select ${ask.id}, ${book}, ${merchant}, ${place.outlet}, ${place.id}, ${ask.purse}, ${person},
        ${currency}, coalesce(max(service_bps), 0), coalesce(max(tax_bps), 0), ${at},
        cashier.day_ends(${merchant}, ${place.outlet}, ${at})
      from cashier.outlet where outlet = ${place.outlet}
      on conflict do nothing returning id`
    if (added.length) return ask.id
    // Somebody was faster: the same wish under the same id, or another tap.
    return (await openAt(tx.sql, ask.purse, place.id)) ?? (await findTab(tx.sql, ask.id)).id
  })
}

async function openAt(sql: Sql, purse: PurseId, place: PlaceId): Promise<TabId | undefined> {
  const [row] = await sql<{ id: TabId }>`
    select id from cashier.tab where purse = ${purse} and place = ${place} and state = 'open'`
  return row?.id
}

/** Under this id, and closed since: asked again it is the same tab. */
async function openedBefore(sql: Sql, { id, purse }: TabAsk): Promise<TabId | undefined> {
  const [row] = await sql<{ id: TabId }>`
    select id from cashier.tab where id = ${id} and purse = ${purse}`
  return row?.id
}

export async function findTab(sql: Sql, id: TabId): Promise<TabFacts> {
  const [tab] = await findTabs(sql, [id])
  if (!tab) throw new Refusal<Refused>('no_such_tab', { tab: id })
  return tab
}

export async function findTabs(sql: Sql, ids: readonly TabId[]): Promise<TabFacts[]> {
  return await sql<TabFacts>`
    select t.id, t.book, t.merchant, t.outlet, o.zone, t.place, p.name as "placeName", t.purse, t.person,
      t.currency, t.service_bps as "serviceBps", t.tax_bps as "taxBps", t.state, t.discount,
      t.discount_reason as "discountReason"
    from cashier.tab t join cashier.place p on p.id = t.place join parties.outlet o on o.id = t.outlet
    where t.id = any(${ids}::text[])`
}

/** Nobody else changes the tab, or what is on it, until this transaction ends. */
export async function lockTab(tx: Transaction, id: TabId): Promise<TabFacts> {
  await tx.sql`select from cashier.tab where id = ${id} for update`
  return await findTab(tx.sql, id)
}

export async function lockOpenTab(tx: Transaction, id: TabId): Promise<TabFacts> {
  const tab = await lockTab(tx, id)
  if (tab.state !== 'open') throw new Refusal<Refused>('tab_ended', { tab: id, state: tab.state })
  return tab
}

/** The tab that an order is on just now. */
export async function tabOf(sql: Sql, order: Id<'gds'>): Promise<TabFacts> {
  const [row] = await sql<{ tab: TabId }>`select tab from cashier.goods_order where id = ${order}`
  if (!row) throw new Refusal<Refused>('no_such_goods_order', { order })
  return await findTab(sql, row.tab)
}

/** The tab that an order is on, locked. It may have been moved to another before the lock was had. */
export async function lockTabOf(tx: Transaction, order: Id<'gds'>): Promise<TabFacts> {
  const on = async () => (await tabOf(tx.sql, order)).id
  for (let tab = await on(); ;) {
    const held = await lockTab(tx, tab)
    const now = await on()
    if (now === tab) return held
    tab = now
  }
}

export type StepName = 'move' | 'merge' | 'split' | 'hand_over' | 'discount'
export async function writeStep(
  tx: Transaction,
  tab: TabId,
  step: Readonly<{ name: StepName; about: string; by: PersonId; at: Date; reason?: string | null }>,
): Promise<void> {
  const { name, about, by, at, reason = null } = step
  await tx.sql`
    insert into cashier.step (tab, n, name, about, taken_by, taken_at, reason)
    select ${tab}, coalesce(max(n), 0) + 1, ${name}, ${about}, ${by}, ${at}::timestamptz, ${reason}
    from cashier.step where tab = ${tab}`
}
