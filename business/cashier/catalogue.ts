/**
 * What a merchant sells: categories, items with modifiers and happy hours, plans of timed goods. Each is
 * put whole, under an id that the caller makes; what is no longer offered stays for old orders.
 */
import { Refusal, type Books, type Id, type MerchantId, type Sql } from '@bursar/kernel'
import { directoryOf } from '@bursar/custody'
import type { Money } from '@bursar/money'
import { lessOf } from './prices.ts'
import type { Picture } from './pictures.ts'
import type { Refused } from './refused.ts'

export type CategoryId = Id<'cat'>
export type ItemId = Id<'itm'>
export type PlanId = Id<'pln'>
export type Category = Readonly<{ id: CategoryId; name: string; rank: number; offered: boolean }>
/** Minutes after the outlet's midnight; over midnight where `to` is the smaller. */
export type Span = Readonly<{ from: number; to: number }>
export type Station = 'bar' | 'kitchen'
export type Modifier = Readonly<{ name: string; price: Money }>
/** A price of its own, or so many basis points off the usual one. */
export type HappyAsk = Span & (Readonly<{ price: Money }> | Readonly<{ off: number }>)
export type HappyHour = Span & Readonly<{ price: Money; off: number | null }>
export type Item = Readonly<{
  id: ItemId
  category: CategoryId
  name: string
  station: Station
  price: Money
  happyHour: HappyHour | null
  /** Null: not counted. */
  stock: number | null
  soldOut: boolean
  offered: boolean
  rank: number
  picture: Picture | null
  modifiers: readonly Modifier[]
}>
export type Plan = Readonly<{
  id: PlanId
  name: string
  base: Money
  baseMinutes: number
  step: Money
  stepMinutes: number
  night: Span | null
  pausable: boolean
  offered: boolean
}>
type At = Readonly<{ merchant: MerchantId }>
export type Catalogue = Readonly<{ categories: Category[]; items: Item[]; plans: Plan[] }>

export async function putCategory(books: Books, category: Category & At): Promise<Category> {
  const { id, merchant, name, rank, offered } = category
  const put = await books.sql`
    insert into cashier.category as c (id, merchant, name, rank, offered)
    values (${id}, ${merchant}, ${name}, ${rank}, ${offered})
    on conflict (id) do update set name = excluded.name, rank = excluded.rank, offered = excluded.offered
    where c.merchant = excluded.merchant returning id`
  mustBeOurs(put, id)
  return { id, name, rank, offered }
}

export type ItemAsk = Omit<Item, 'stock' | 'soldOut' | 'happyHour' | 'picture'> &
  Readonly<{ happyHour: HappyAsk | null }>

export async function putItem(books: Books, item: ItemAsk & At): Promise<Item> {
  const { id, merchant, category, name, station, price, offered, rank } = item
  const { currency } = await directoryOf(books).merchant(merchant)
  for (const sum of [price, ...item.modifiers.map(one => one.price)]) mustBe(sum, currency)
  if (price.minor <= 0n) throw new Refusal('amount_out_of_range', { amount: price })
  const happyHour = item.happyHour && happyOf(item.happyHour, price)
  await books.write(async tx => {
    const ours = await tx.sql`
      select from cashier.category where id = ${category} and merchant = ${merchant}`
    mustBeOurs(ours, category)
    const { from = null, to = null, off = null } = happyHour ?? {}
    const put = await tx.sql`
      insert into cashier.item as i (id, merchant, category, name, station, minor, currency, happy_minor,
        happy_off, happy_from, happy_to, offered, rank)
      values (${id}, ${merchant}, ${category}, ${name}, ${station}, ${price.minor}, ${currency},
        ${happyHour?.price.minor ?? null}, ${off}, ${from}, ${to}, ${offered}, ${rank})
      on conflict (id) do update set category = excluded.category, name = excluded.name,
        station = excluded.station, minor = excluded.minor, happy_minor = excluded.happy_minor,
        happy_off = excluded.happy_off, happy_from = excluded.happy_from, happy_to = excluded.happy_to, offered = excluded.offered,
        rank = excluded.rank
      where i.merchant = excluded.merchant returning id`
    mustBeOurs(put, id)
    await putModifiers(tx.sql, id, item.modifiers)
  })
  return readItem(books, merchant, id)
}

/** What it costs then. It is below the usual price, and above nothing. */
function happyOf(asked: HappyAsk, usual: Money): HappyHour {
  const price = 'off' in asked ? lessOf(usual, asked.off) : asked.price
  mustBe(price, usual.currency)
  if (price.minor <= 0n || price.minor >= usual.minor)
    throw new Refusal<Refused>('happy_hour_dear', { field: 'happyHour' })
  return { from: asked.from, to: asked.to, price, off: 'off' in asked ? asked.off : null }
}

/** Those that are not named any more are no longer offered. */
async function putModifiers(sql: Sql, item: ItemId, modifiers: readonly Modifier[]) {
  const names = modifiers.map(({ name }) => name)
  await sql`update cashier.modifier set offered = false where item = ${item} and offered`
  await sql`
    insert into cashier.modifier (item, name, minor, rank, offered)
    select ${item}, m.name, m.minor, m.rank, true
    from unnest(${names}::text[], ${modifiers.map(({ price }) => price.minor)}::bigint[])
      with ordinality as m (name, minor, rank)
    on conflict (item, name) do update
      set minor = excluded.minor, rank = excluded.rank, offered = true`
}

export async function setStock(
  books: Books,
  {
    merchant,
    item,
    soldOut = null,
    stock,
  }: At & Readonly<{ item: ItemId; soldOut?: boolean | null; stock?: number | null }>,
): Promise<Item> {
  const [row] = await books.sql`
    update cashier.item set sold_out = coalesce(${soldOut}::boolean, sold_out),
      stock = case when ${stock !== undefined}::boolean then ${stock ?? null}::int else stock end
    where id = ${item} and merchant = ${merchant} returning id`
  if (!row) throw new Refusal<Refused>('no_such_item', { item })
  return readItem(books, merchant, item)
}

export async function putPlan(books: Books, plan: Plan & At): Promise<Plan> {
  const { id, merchant, name, base, baseMinutes, step, stepMinutes, night, pausable } = plan
  const { currency } = await directoryOf(books).merchant(merchant)
  for (const sum of [base, step]) mustBe(sum, currency)
  const lasts = night ? baseMinutes === 0 : baseMinutes > 0
  if (step.minor <= 0n || base.minor > 0n !== (lasts || night !== null) || (night && !lasts))
    throw new Refusal<Refused>('plan_does_not_add_up', { field: 'base' })
  const put = await books.sql`
    insert into cashier.plan as p (id, merchant, name, base_minor, base_minutes, step_minor, step_minutes,
      night_from, night_to, pausable, currency, offered)
    values (${id}, ${merchant}, ${name}, ${base.minor}, ${baseMinutes}, ${step.minor}, ${stepMinutes},
      ${night?.from ?? null}, ${night?.to ?? null}, ${pausable}, ${currency}, ${plan.offered})
    on conflict (id) do update set name = excluded.name, base_minor = excluded.base_minor,
      base_minutes = excluded.base_minutes, step_minor = excluded.step_minor,
      step_minutes = excluded.step_minutes, night_from = excluded.night_from,
      night_to = excluded.night_to, pausable = excluded.pausable, offered = excluded.offered
    where p.merchant = excluded.merchant returning id`
  mustBeOurs(put, id)
  const { merchant: _, ...known } = plan
  return known
}

function mustBeOurs(found: readonly object[], id: string): void {
  if (found.length === 0) throw new Refusal<Refused>('catalogue_of_another', { id })
}

function mustBe(amount: Money, currency: string): void {
  if (amount.currency !== currency) throw new Refusal('other_currency', { amount })
}

type ItemRow = Omit<Item, 'price' | 'happyHour' | 'modifiers'> & {
  minor: bigint
  currency: string
  happyMinor: bigint | null
  happyOff: number | null
  happyFrom: number
  happyTo: number
  modifiers: { name: string; minor: string }[]
}
type PlanRow = Omit<Plan, 'base' | 'step' | 'night'> & {
  baseMinor: bigint
  stepMinor: bigint
  currency: string
  nightFrom: number | null
  nightTo: number
}

const itemOf = (given: ItemRow): Item => {
  const { minor, currency, happyMinor, happyOff, happyFrom, happyTo, ...row } = given
  return {
    ...row,
    price: { minor, currency },
    happyHour:
      happyMinor === null
        ? null
        : { price: { minor: happyMinor, currency }, off: happyOff, from: happyFrom, to: happyTo },
    modifiers: row.modifiers.map(one => ({
      name: one.name,
      price: { minor: BigInt(one.minor), currency },
    })),
  }
}

const planOf = ({ baseMinor, stepMinor, currency, nightFrom, nightTo, ...row }: PlanRow): Plan => ({
  ...row,
  base: { minor: baseMinor, currency },
  step: { minor: stepMinor, currency },
  night: nightFrom === null ? null : { from: nightFrom, to: nightTo },
})

/** A catalogue is read whole: 2,000 items at most. */
const itemsOf = async ({ sql }: Books, merchant: MerchantId, item: ItemId | null = null) => {
  const rows = await sql<ItemRow>`
    select i.id, i.category, i.name, i.station, i.minor, i.currency, i.happy_minor as "happyMinor",
      i.happy_off as "happyOff", i.happy_from as "happyFrom", i.happy_to as "happyTo", i.stock, i.sold_out as "soldOut", i.offered,
      i.rank, (select jsonb_build_object('id', p.id, 'width', p.width, 'height', p.height)
        from cashier.picture p where p.item = i.id) as picture,
      coalesce((select jsonb_agg(jsonb_build_object('name', m.name, 'minor', m.minor::text)
        order by m.rank) from cashier.modifier m where m.item = i.id and m.offered), '[]') as modifiers
    from cashier.item i
    where i.merchant = ${merchant} and (${item}::text is null or i.id = ${item})
    order by i.rank, i.id limit 2000`
  return rows.map(itemOf)
}

async function readItem(books: Books, merchant: MerchantId, id: ItemId): Promise<Item> {
  const [item] = await itemsOf(books, merchant, id)
  if (!item) throw new Refusal<Refused>('no_such_item', { item: id })
  return item
}

export async function catalogueOf(books: Books, merchant: MerchantId): Promise<Catalogue> {
  const [categories, items, plans] = await Promise.all([
    books.sql<Category>`
      select id, name, rank, offered from cashier.category
      where merchant = ${merchant} order by rank, id`,
    itemsOf(books, merchant),
    books.sql<PlanRow>`
      select id, name, base_minor as "baseMinor", base_minutes as "baseMinutes", currency, pausable,
        step_minor as "stepMinor", step_minutes as "stepMinutes", night_from as "nightFrom",
        night_to as "nightTo", offered
      from cashier.plan where merchant = ${merchant} order by id`,
  ])
  return { categories, items, plans: plans.map(planOf) }
}

/** Only what can be ordered; `minute` is the minute of the day where one sits. */
export async function menuOf(
  books: Books,
  merchant: MerchantId,
  minute: number,
): Promise<Catalogue & { now: ReadonlyMap<ItemId, Money> }> {
  const { categories, items, plans } = await catalogueOf(books, merchant)
  const offered = items.filter(one => one.offered)
  return {
    categories: categories.filter(one => one.offered),
    items: offered,
    plans: plans.filter(one => one.offered),
    now: new Map(offered.map(item => [item.id, priceAt(item, minute)])),
  }
}

export function priceAt({ price, happyHour }: Item, minute: number): Money {
  return happyHour && within(happyHour, minute) ? happyHour.price : price
}

export const within = ({ from, to }: Span, minute: number): boolean =>
  from <= to ? minute >= from && minute < to : minute >= from || minute < to
