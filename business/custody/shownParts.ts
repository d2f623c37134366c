/**
 * What goes back to its payers, part by part, for whoever sees to it: what a platform keeps, or has not answered for long.
 * Nothing ends on a person's word: the platform is asked again, and what it says is booked (parts.ts).
 */
import { Refusal, type Books, type Id, type MerchantId, type PersonId } from '@bursar/kernel'
import type { Money } from '@bursar/money'
import { sendParts, type PartId } from './parts.ts'
import type { Refused } from './refused.ts'
import type { Route, WalletRefused } from './wallet.ts'
import type { Part } from './withdrawals.ts'

export type PartRow = Omit<Part, 'topUp'> &
  Readonly<{
    withdrawal: Id<'wdr'>
    gateway: string
    /** The platform's order that is paid back. */
    order: string
    at: Date
    tries: number
    triedAt: Date | null
    pool: Id<'pol'>
    poolName: string
    /** Absent where money goes back that was in suspense. */
    merchant: MerchantId | null
    merchantName: string | null
    person: PersonId | null
    personName: string | null
    /** Where the money stands that could go neither to its payer nor back into the purse. */
    suspense: Id<'sus'> | null
  }>
export type PartsAsk = Readonly<{
  /** Books of the pools that the caller watches over; absent: all. */
  within?: readonly number[]
  merchant?: MerchantId
  id?: PartId
  /** `open`: stuck, or without an end for ten minutes; oldest first. */
  state?: Part['state'] | 'open'
  gateway?: string
  q?: string
  from?: Date
  to?: Date
  now?: Date
  cursor?: string
  limit?: number
}>

/** After that long without an end a person should look. */
const long = '10 minutes'
/** Words to look for: `%` and `_` mean themselves. */
const containing = (q: string | undefined): string | null =>
  q?.trim() ? `%${q.trim().replace(/[\\%_]/g, letter => `\\${letter}`)}%` : null

type Row = Omit<PartRow, 'amount'> & { minor: bigint; currency: string }

/** Newest first, but what is open; `cursor` is the last row's id. */
export async function listParts({ sql }: Books, ask: PartsAsk): Promise<PartRow[]> {
  const { within = null, merchant = null, id = null, gateway = null } = ask
  const { from = null, to = null, cursor = null, limit = 50 } = ask
  const open = ask.state === 'open'
  const [state, q] = [open ? null : (ask.state ?? null), containing(ask.q)]
  const now = ask.now ?? new Date()
  const rows = await sql<Row>`
    select p.id, p.withdrawal, p.gateway, p.order_no as "order", p.minor, w.currency, p.state, p.reason,
      p.asked_at as at, p.ended_at as "endedAt", p.tries, p.tried_at as "triedAt", pool.id as pool,
      pool.name as "poolName", u.merchant, m.name as "merchantName", u.person, n.name as "personName",
      coalesce(w.suspense, (
        select s.id from custody.suspense s
        where s.trade_no = p.id and s.reason = 'could_not_return' limit 1)) as suspense
    from custody.part p
    join custody.withdrawal w on w.id = p.withdrawal
    join custody.pool pool on pool.book = p.book
    left join custody.purse u on u.id = w.purse
    left join parties.merchant m on m.id = u.merchant
    left join parties.person n on n.id = u.person
    where (${within}::int[] is null or p.book = any(${within}::int[]))
      and (${merchant}::text is null or u.merchant = ${merchant})
      and (${id}::text is null or p.id = ${id})
      and (not ${open} or p.state = 'stuck'
        or (p.state in ('sending', 'confirmed') and p.asked_at < ${now}::timestamptz - ${long}::interval))
      and (not ${open} or p.state in ('sending', 'stuck', 'confirmed'))
      and (${state}::text is null or p.state = ${state})
      and (${gateway}::text is null or p.gateway = ${gateway})
      and (${from}::timestamptz is null or p.asked_at >= ${from})
      and (${to}::timestamptz is null or p.asked_at < ${to})
      and (${q}::text is null or concat_ws(' ', p.id, p.withdrawal, p.order_no, n.name, m.name) ilike ${q})
      and (${cursor}::text is null or case when ${open}
        then (p.asked_at, p.id) > (select asked_at, id from custody.part where id = ${cursor})
        else (p.asked_at, p.id) < (select asked_at, id from custody.part where id = ${cursor}) end)
    order by case when ${open} then p.asked_at end, case when ${open} then p.id end,
      p.asked_at desc, p.id desc limit ${limit}`
  return rows.map(({ minor, currency, ...row }) => {
    const amount: Money = { minor, currency }
    return { ...row, amount }
  })
}

export async function readPart(books: Books, id: PartId): Promise<PartRow> {
  const [part] = await listParts(books, { id })
  if (!part) throw new Refusal<Refused>('no_such_part', { part: id })
  return part
}

/** At once, whenever its turn would be. What has ended stays as it is. */
export async function askAgain(
  books: Books,
  routes: readonly Route[],
  id: PartId,
): Promise<PartRow> {
  const { withdrawal, gateway } = await readPart(books, id)
  const route = routes.find(one => one.gateway === gateway)
  if (!route) throw new Refusal<WalletRefused>('way_not_offered', { gateway })
  await sendParts(books, route, { withdrawal, part: id })
  return await readPart(books, id)
}
