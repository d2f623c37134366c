/**
 * Goods orders once they are placed (placing.ts): accepted, refused, delivered, cancelled. What was held is free again
 * when the merchant refuses it or somebody cancels it before it is delivered. README.md has the states.
 */
import { createHash } from 'node:crypto'
import { Refusal, type Books, type PersonId, type Sql, type Transaction } from '@bursar/kernel'
import type { ItemId } from './catalogue.ts'
import { free, holdMore, type OrderId } from './holds.ts'
import { momentOf } from './moment.ts'
import type { Cost } from './prices.ts'
import type { Refused } from './refused.ts'
import { lockTabOf, type TabFacts } from './tabs.ts'

export type OrderState = 'placed' | 'accepted' | 'delivered' | 'refused' | 'cancelled'
/** A line as it is written down. `station` says where it is made; time is made nowhere. */
export type NewLine = Readonly<{
  item: ItemId | null
  name: string
  modifiers: readonly string[]
  station: 'bar' | 'kitchen' | 'time'
  unit: bigint
  count: number
}>

/** The same id must mean the same order. */
export async function madeBefore(sql: Sql, id: OrderId, asked: string): Promise<boolean> {
  const [known] = await sql<{ asked: string }>`
    select asked from cashier.goods_order where id = ${id}`
  if (known && known.asked !== asked) throw new Refusal('id_already_used', { id })
  return known !== undefined
}

export const digestOf = (what: unknown): string =>
  createHash('sha256').update(JSON.stringify(what)).digest('hex')

type NewOrder = Readonly<{
  id: OrderId
  asked: string
  note: string | null
  by: PersonId
  at: Date
  state: 'placed' | 'accepted'
  lines: readonly NewLine[]
  cost: Cost
}>

/** An order that grows: time. It is written at once, and held for as it goes on. */
export async function writeOrder(tx: Transaction, tab: TabFacts, order: NewOrder): Promise<void> {
  const { id, asked, note, by, at, state, lines, cost } = order
  // As those that are placed together: the book before the series of its docket.
  await tx.sql`select from ledger.lock_book(${tab.book})`
  await tx.sql`
    insert into cashier.goods_order (id, tab, merchant, outlet, state, goods, service, tax, total, asked,
      note, placed_by, placed_at)
    values (${id}, ${tab.id}, ${tab.merchant}, ${tab.outlet}, ${state}, ${cost.goods}, ${cost.service},
      ${cost.tax}, ${cost.total}, ${asked}, ${note}, ${by}, ${at})`
  const written = lines.map(line => ({
    ...line,
    unit: String(line.unit),
    minor: String(line.unit * BigInt(line.count)),
  }))
  await tx.sql`
    insert into cashier.line (goods_order, n, item, name, modifiers, station, unit, count, minor)
    select ${id}, row_number() over (), l.item, l.name,
      array(select jsonb_array_elements_text(l.modifiers)), l.station, l.unit, l.count, l.minor
    from jsonb_to_recordset(${JSON.stringify(written)}::jsonb)
      as l (item text, name text, modifiers jsonb, station text, unit bigint, count int, minor bigint)`
  await holdMore(tx, tab, id, cost.total, at)
}

const steps = {
  accept: { from: ['placed'], to: 'accepted', frees: false },
  refuse: { from: ['placed'], to: 'refused', frees: true },
  deliver: { from: ['accepted'], to: 'delivered', frees: false },
  cancel: { from: ['placed', 'accepted'], to: 'cancelled', frees: true },
} as const satisfies Record<string, { from: OrderState[]; to: OrderState; frees: boolean }>

export type Taking = Readonly<{
  order: OrderId
  step: keyof typeof steps
  by: PersonId
  reason?: string
  at?: Date
}>
type Row = Readonly<{ state: OrderState; timed: boolean }>

/** Takes one step. Taking it again changes nothing. */
export async function takeStep(books: Books, taking: Taking): Promise<OrderId> {
  const { order, step, by, reason = null } = taking
  const { from, to, frees } = steps[step]
  return await books.write(async tx => {
    const tab = await lockTabOf(tx, order)
    const [row] = await tx.sql<Row>`
      select o.state, exists (select from cashier.timer t where t.goods_order = o.id) as timed
      from cashier.goods_order o where o.id = ${order}`
    const { state, timed } = row!
    if (state === to) return order
    const theirs = step !== 'cancel' || by !== tab.person || state === 'placed'
    const known: readonly OrderState[] = from
    if (tab.state !== 'open' || !known.includes(state) || !theirs)
      throw new Refusal<Refused>('order_step_impossible', { order, step, state })
    if (timed) throw new Refusal<Refused>('time_is_running', { order })
    if (step === 'refuse' && !reason) throw new Refusal('reason_missing', { field: 'reason' })
    const at = await momentOf(tx, tab.book, taking.at)
    await writeState(tx, { order, to, by, at, reason })
    if (frees) await giveBack(tx, tab, order)
    return order
  })
}

/** The first answer is the merchant's; what ends it comes after. */
export async function writeState(
  tx: Transaction,
  {
    order,
    to,
    by,
    at,
    reason = null,
  }: {
    order: OrderId
    to: OrderState
    by: PersonId | null
    at: Date
    reason?: string | null
  },
): Promise<void> {
  const answers = to === 'accepted' || to === 'refused'
  const ends = to !== 'accepted'
  await tx.sql`
    update cashier.goods_order set state = ${to}, reason = ${reason},
      answered_by = case when ${answers} then ${by} else answered_by end,
      answered_at = case when ${answers} then ${at}::timestamptz else answered_at end,
      ended_by = case when ${ends} then ${by} else ended_by end,
      ended_at = case when ${ends} then ${at}::timestamptz else ended_at end
    where id = ${order}`
}

/** The money is free, and what was counted is there again. */
export async function giveBack(tx: Transaction, tab: TabFacts, order: OrderId): Promise<void> {
  const lines = await tx.sql<{ item: ItemId | null; count: number }>`
    select item, count from cashier.line where goods_order = ${order}`
  await tx.sql`
    update cashier.item i set stock = i.stock + back.count
    from (select id, sum(count)::int as count
          from unnest(${lines.map(({ item }) => item)}::text[], ${lines.map(({ count }) => count)}::int[])
            as l (id, count) group by id) as back
    where i.id = back.id and i.stock is not null`
  await free(tx, tab, order)
}
