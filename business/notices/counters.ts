/** Counters: which outlets are told, and how. Opening one is also the merchant's stream. */
import {
  homeZone,
  Refusal,
  type Books,
  type MerchantId,
  type OutletId,
  type Sql,
} from '@bursar/kernel'
import type { Refused } from './refused.ts'
import type { Counter } from './words.ts'

/** At which hours of its day it is rehearsed. */
type Rehearsed = Readonly<{ rehearse: readonly number[] }>
export type CounterShown = Counter & Rehearsed & Readonly<{ outletName: string | null }>
type Row = Omit<CounterShown, 'large' | 'quiet'> &
  Readonly<{
    largeMinor: bigint | null
    currency: string | null
    quietFrom: number | null
    quietTo: number | null
  }>

const counterIn = ({ largeMinor, currency, quietFrom, quietTo, ...rest }: Row): CounterShown => ({
  ...rest,
  large: largeMinor !== null && currency !== null ? { minor: largeMinor, currency } : null,
  quiet: quietFrom !== null && quietTo !== null ? { from: quietFrom, to: quietTo } : null,
})

/** The first opened first. */
export async function countersOf(sql: Sql, merchant: MerchantId): Promise<CounterShown[]> {
  const rows = await sql<Row>`
    select c.id, c.merchant, c.outlet, c.name, c.threshold, c.patience, c.late_spoken as "lateSpoken",
      c.large as "largeMinor", c.currency, c.rehearse, c.quiet_from as "quietFrom", c.quiet_to as "quietTo", c.open,
      coalesce(o.zone, ${homeZone}) as zone, c.opened_at as "openedAt", o.name as "outletName"
    from notices.counter c left join parties.outlet o on o.id = c.outlet
    where c.merchant = ${merchant} order by c.opened_at, c.id limit 1000`
  return rows.map(counterIn)
}

export type CounterAsk = Omit<Counter, 'zone' | 'openedAt'> &
  Partial<Rehearsed> &
  Readonly<{ at?: Date }>

/** Under the caller's id; whose outlet it is does not change. */
export async function putCounter(books: Books, ask: CounterAsk): Promise<CounterShown> {
  const { id, merchant, outlet, at = new Date() } = ask
  return await books.write(async ({ sql }) => {
    await mustBeTheirs(sql, merchant, outlet)
    await sql`insert into notices.stream (merchant) values (${merchant}) on conflict do nothing`
    await sql`select from notices.stream where merchant = ${merchant} for update`
    const known = await countersOf(sql, merchant)
    const same = known.find(one => one.id === id)
    if (known.some(one => one.id !== id && one.outlet === outlet))
      throw new Refusal<Refused>('outlet_has_a_counter', { outlet })
    if (same && same.outlet !== outlet) throw new Refusal<Refused>('no_such_counter', { id })
    const saved = await save(sql, ask, at)
    if (saved === 0) throw new Refusal<Refused>('no_such_counter', { id })
    return (await countersOf(sql, merchant)).find(one => one.id === id)!
  })
}

async function save(sql: Sql, ask: CounterAsk, at: Date): Promise<number> {
  const { id, merchant, outlet, name, threshold, patience, lateSpoken, large, quiet, open } = ask
  const { rehearse = [] } = ask
  const rows = await sql`
    insert into notices.counter as c (id, merchant, outlet, name, threshold, patience, late_spoken, large,
      currency, quiet_from, quiet_to, open, rehearse, opened_at, rehearse_since)
    values (${id}, ${merchant}, ${outlet}, ${name}, ${threshold}, ${patience}, ${lateSpoken},
      ${large?.minor ?? null}, ${large?.currency ?? null}, ${quiet?.from ?? null}, ${quiet?.to ?? null}, ${open},
      ${[...rehearse]}::int[], ${at}, ${at})
    on conflict (id) do update set name = excluded.name, threshold = excluded.threshold,
      patience = excluded.patience, late_spoken = excluded.late_spoken, large = excluded.large,
      currency = excluded.currency, quiet_from = excluded.quiet_from, quiet_to = excluded.quiet_to, open = excluded.open,
      rehearse = excluded.rehearse,
      rehearse_since = case when excluded.rehearse <> c.rehearse then excluded.rehearse_since else c.rehearse_since end,
      opened_at = case when excluded.open and not c.open then excluded.opened_at else c.opened_at end
    where c.merchant = excluded.merchant
    returning id`
  return rows.length
}

export async function mustBeTheirs(
  sql: Sql,
  merchant: MerchantId,
  outlet: OutletId | null,
): Promise<void> {
  if (outlet === null) return
  const [theirs] = await sql`
    select from parties.outlet where id = ${outlet} and merchant = ${merchant}`
  if (!theirs) throw new Refusal<Refused>('outlet_of_another_merchant', { field: 'outlet' })
}

/** Nothing is heard for a merchant that nobody tells. */
export async function mustBeTold(sql: Sql, merchant: MerchantId): Promise<void> {
  const [open] = await sql`
    select from notices.counter where merchant = ${merchant} and open limit 1`
  if (!open) throw new Refusal<Refused>('no_open_counter', { merchant })
}

/** A shop's own money. */
export async function currencyOf(sql: Sql, merchant: MerchantId): Promise<string> {
  const [pool] = await sql<{ currency: string }>`
    select p.currency from custody.merchant m join custody.pool p on p.id = m.pool where m.merchant = ${merchant}`
  return pool?.currency ?? 'CNY'
}
