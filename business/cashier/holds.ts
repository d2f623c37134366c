/** The holds of a goods order: how many pends stand behind it, and which of them are still there. */
import { hold, release, type HoldId } from '@bursar/custody'
import { newId, type Id, type Transaction } from '@bursar/kernel'
import type { TabFacts } from './tabs.ts'

export type OrderId = Id<'gds'>

/** One more hold of an order. */
export async function holdMore(
  tx: Transaction,
  tab: TabFacts,
  order: OrderId,
  minor: bigint,
  at: Date,
): Promise<void> {
  const id = newId('hld', at.getTime())
  await tx.sql`
    insert into cashier.hold (id, goods_order, n, minor)
    select ${id}, ${order}, count(*) + 1, ${minor} from cashier.hold where goods_order = ${order}`
  hold(tx, tab, { id, minor, subject: order })
}

export type HoldRow = Readonly<{ id: HoldId; order: OrderId; minor: bigint }>

export async function heldFor(tx: Transaction, orders: readonly OrderId[]): Promise<HoldRow[]> {
  return await tx.sql<HoldRow>`
    select id, goods_order as order, minor from cashier.hold
    where goods_order = any(${orders}::text[]) and state = 'held' order by goods_order, n`
}

export async function markHolds(
  tx: Transaction,
  ids: readonly HoldId[],
  state: 'settled' | 'released',
): Promise<void> {
  if (ids.length)
    await tx.sql`update cashier.hold set state = ${state} where id = any(${ids}::text[])`
}

/** All that is held for an order is free again. */
export async function free(tx: Transaction, { book }: TabFacts, order: OrderId): Promise<void> {
  const held = await heldFor(tx, [order])
  await markHolds(
    tx,
    held.map(({ id }) => id),
    'released',
  )
  for (const { id } of held) release(tx, book, id, order)
}
