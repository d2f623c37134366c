/**
 * A merchant's lists: its spends and its members. Newest first; `cursor` is the last row's id, so a page
 * never shifts when something new comes in. A filtered list is a filter of the whole one.
 */
import type { Books, MerchantId, OutletId, PersonId, PurseId, TillId } from '@bursar/kernel'
import type { Money } from '@bursar/money'
import { directoryOf } from './directory.ts'
import { sidesOf } from './purses.ts'
import { spendOf, type Spend, type SpendRow, type SpendState } from './receipts.ts'

export type SpendsAsk = Readonly<{
  merchant: MerchantId
  from?: Date
  to?: Date
  state?: SpendState
  initiator?: 'consumer' | 'merchant'
  outlet?: OutletId
  till?: TillId
  purse?: PurseId
  id?: `spd_${string}`
  /** Part of the spend's id, of the note, or of the member's name. */
  q?: string
  /** Only what one of these admits, and what this person charged. */
  only?: Readonly<{ by: PersonId; sights: readonly SpendSight[] }>
  /** What the caller may not see yet. */
  without?: readonly `spd_${string}`[]
  cursor?: string
  limit?: number
}>
/** What of a merchant's spends may be seen: where and when they were, and of which sums. */
export type SpendSight = Readonly<{
  outlets: readonly OutletId[] | null
  tills: readonly TillId[] | null
  from: Money | null
  to: Money | null
  hours: Readonly<{ from: number; to: number }> | null
  /** The zone of time that the hours are in. */
  clock: string
}>
const sightsIn = (sights: readonly SpendSight[]): string =>
  JSON.stringify(sights, (_, value: unknown) =>
    typeof value === 'bigint' ? value.toString() : value,
  )
/** Words to look for: `%` and `_` mean themselves. */
const containing = (q: string | undefined): string | null =>
  q ? `%${q.replace(/[\\%_]/g, letter => `\\${letter}`)}%` : null

export async function listSpends(books: Books, ask: SpendsAsk): Promise<Spend[]> {
  const { merchant, from = null, to = null, state = null, initiator = null } = ask
  const {
    id = null,
    outlet = null,
    till = null,
    purse = null,
    without = [],
    cursor = null,
    limit = 50,
  } = ask
  const { book } = await directoryOf(books).merchant(merchant)
  const q = containing(ask.q)
  const only = ask.only ? sightsIn(ask.only.sights) : null
  const rows = await books.sql<SpendRow>`
    select s.id, s.book, present.state, s.initiator, s.purse, s.person, s.merchant, s.outlet, s.till, s.minor,
           s.currency, s.refunded as "refundedMinor", s.note, s.merchant_code as "merchantCode",
           s.started_by as by, s.at, s.expires_at as "expiresAt", s.answered_by as "answeredBy",
           s.answered_at as "answeredAt", n.name as "personName"
    from custody.spend s
    cross join lateral (
      select case when s.state = 'waiting' and s.expires_at <= now() then 'expired'
                  else s.state end as state) as present
    left join parties.person n on n.id = s.person
    where s.book = ${book} and s.merchant = ${merchant}
      and (${id}::text is null or s.id = ${id})
      and (${from}::timestamptz is null or s.at >= ${from})
      and (${to}::timestamptz is null or s.at < ${to})
      and (${state}::text is null or present.state = ${state})
      and (${initiator}::text is null or s.initiator = ${initiator})
      and (${outlet}::text is null or s.outlet = ${outlet})
      and (${till}::text is null or s.till = ${till})
      and (${purse}::text is null or s.purse = ${purse})
      and (${q}::text is null or s.id ilike ${q} or s.note ilike ${q} or n.name ilike ${q})
      and (${only}::jsonb is null or (s.initiator = 'merchant' and s.started_by = ${ask.only?.by ?? null}) or exists (
        select from jsonb_to_recordset(${only}::jsonb) as v (outlets jsonb, tills jsonb, "from" jsonb, "to" jsonb,
          hours jsonb, clock text)
        cross join lateral (select (v.hours ->> 'from')::int as opens, (v.hours ->> 'to')::int as closes,
          (extract(hour from s.at at time zone v.clock) * 60 + extract(minute from s.at at time zone v.clock))::int as minute) h
        where (v.outlets is null or v.outlets ? s.outlet) and (v.tills is null or v.tills ? s.till)
          and (v."from" is null or (v."from" ->> 'currency' = s.currency and s.minor >= (v."from" ->> 'minor')::bigint))
          and (v."to" is null or (v."to" ->> 'currency' = s.currency and s.minor <= (v."to" ->> 'minor')::bigint))
          and case when v.hours is null then true when h.opens < h.closes then h.minute >= h.opens and h.minute < h.closes
            else h.minute >= h.opens or h.minute < h.closes end))
      and s.id <> all(${[...without]}::text[])
      and (${cursor}::text is null or (s.at, s.id) <
        (select at, id from custody.spend where book = ${book} and id = ${cursor}))
    order by s.at desc, s.id desc limit ${limit}`
  return rows.map(spendOf)
}

export type Member = Readonly<{
  purse: PurseId
  person: PersonId
  name: string | null
  joinedAt: Date
  /** Unspent: posted, reserved or not. */
  balance: Money
}>

/** A merchant's members, newest first, with what each has left there. */
export async function listMembers(
  books: Books,
  {
    merchant,
    q,
    cursor = null,
    limit = 50,
  }: { merchant: MerchantId; q?: string; cursor?: string | null; limit?: number },
): Promise<Member[]> {
  const { book, currency } = await directoryOf(books).merchant(merchant)
  const words = containing(q)
  const rows = await books.sql<Omit<Member, 'balance'>>`
    select p.id as purse, p.person, n.name, p.opened_at as "joinedAt"
    from custody.purse p left join parties.person n on n.id = p.person
    where p.merchant = ${merchant}
      and (${words}::text is null or n.name ilike ${words} or p.id ilike ${words})
      and (${cursor}::text is null or (p.opened_at, p.id) <
        (select opened_at, id from custody.purse where id = ${cursor}))
    order by p.opened_at desc, p.id desc limit ${limit}`
  const sides = await sidesOf(
    books,
    rows.map(({ purse }) => ({ id: purse, book })),
  )
  return rows.map(row => ({
    ...row,
    balance: { minor: sides.get(row.purse)?.posted ?? 0n, currency },
  }))
}
