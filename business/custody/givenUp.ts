/**
 * What no platform pays back any more, since the payment is too old for it or was paid back as often as it does: the
 * member may have it as a refused refund, which goes to the member's own account at a bank. Nothing is asked of the
 * platform and nothing moves: the money stays in the purse until the bank has paid it (settlement's residues).
 */
import {
  newId,
  Refusal,
  type Books,
  type Id,
  type PersonId,
  type PurseId,
  type Sql,
} from '@bursar/kernel'
import type { Money } from '@bursar/money'
import { directoryOf } from './directory.ts'
import type { WithdrawalId } from './parts.ts'
import type { Refused } from './refused.ts'
import type { Wallet } from './wallet.ts'
import { readWithdrawal, type Withdrawal } from './withdrawals.ts'

type Limits = Pick<Wallet, 'gateway' | 'refundable'>
type TopUp = Readonly<{
  topUp: Id<'top'>
  left: bigint
  /** What a refused part of it bears already, and nobody has claimed. */
  borne: bigint
  /** None where its platform still pays it back. */
  reason: 'too_old' | 'too_often' | null
}>
type Part = TopUp & Readonly<{ minor: bigint }>
export type GivingUp = Readonly<{ id: WithdrawalId; purse: PurseId; by: PersonId; at?: Date }>

/** Newest first. What a part bears is less by what has gone back by the bank since. */
const topUpsOf = (sql: Sql, purse: PurseId, wallets: readonly Limits[], at: Date | null) =>
  sql<TopUp>`
    select t.id as "topUp", t.minor - t.returned as left,
      greatest(0, parts.refused - (t.returned - parts.gone)) as borne,
      case when t.ended_at <= coalesce(${at}::timestamptz, now()) - make_interval(days => route.days)
        then 'too_old' when route.times <= parts.times then 'too_often' end as reason
    from custody.top_up t
    join unnest(${wallets.map(({ gateway }) => gateway)}::text[],
        ${wallets.map(({ refundable }) => refundable.days)}::int[],
        ${wallets.map(({ refundable }) => refundable.times ?? null)}::int[])
      as route (gateway, days, times) on route.gateway = t.gateway
    cross join lateral (
      select count(*) filter (where p.state <> 'returned') as times,
        coalesce(sum(p.minor) filter (where p.state <> 'returned'), 0)::bigint as gone,
        coalesce(max(p.minor) filter (where p.state = 'returned'), 0) as refused
      from custody.part p where p.top_up = t.id) as parts
    where t.purse = ${purse} and t.state = 'credited' and t.returned < t.minor
    order by t.created_at desc, t.id desc limit 1000`

/** What is in the purse beyond what platforms still pay back, shared out; where a part bears it already, nothing. */
function shared(all: readonly TopUp[], available: bigint): Part[] {
  const fresh = all.reduce((sum, one) => (one.reason ? sum : sum + one.left), 0n)
  let rest = available > fresh ? available - fresh : 0n
  return all.flatMap(one => {
    if (!one.reason) return []
    const minor = one.left < rest ? one.left : rest
    rest -= minor
    return minor > one.borne ? [{ ...one, minor }] : []
  })
}

const availableIn = async (sql: Sql, book: number, purse: PurseId): Promise<bigint> => {
  const [side] = await sql<{ left: bigint }>`
    select posted - out_ as left from ledger.states(${book}, ${[`purse/${purse}`]}::text[])`
  return side?.left ?? 0n
}

/** How much there is to give up. */
export async function pastRefund(
  books: Books,
  purse: PurseId,
  wallets: readonly Limits[],
): Promise<Money> {
  const { book, currency } = await directoryOf(books).purse(purse)
  const all = await topUpsOf(books.sql, purse, wallets, null)
  const parts = shared(all, await availableIn(books.sql, book, purse))
  return { minor: parts.reduce((sum, one) => sum + one.minor - one.borne, 0n), currency }
}

/** All of it, as far as the purse has it. Asked again it answers the same. */
export async function giveUp(
  books: Books,
  wallets: readonly Limits[],
  { id, purse, by, at }: GivingUp,
): Promise<Withdrawal> {
  const { person, book, currency } = await directoryOf(books).purse(purse)
  if (person !== by) throw new Refusal<Refused>('no_such_purse', { purse })
  await books.write(async ({ sql }) => {
    await sql`select from custody.purse where id = ${purse} for no key update`
    const [known] = await sql<{ same: boolean }>`
      select w.purse = ${purse} and w.asked_by = ${by} and not exists (
        select from custody.part p where p.withdrawal = w.id and p.tries > 0) as same
      from custody.withdrawal w where w.id = ${id}`
    if (known && !known.same) throw new Refusal('id_already_used', { id })
    if (known) return
    const all = await topUpsOf(sql, purse, wallets, at ?? null)
    const parts = shared(all, await availableIn(sql, book, purse))
    const minor = parts.reduce((sum, one) => sum + one.minor, 0n)
    if (minor === 0n) throw new Refusal<Refused>('nothing_past_refund', { purse })
    await sql`
      insert into custody.withdrawal (id, book, purse, minor, currency, asked_by, at)
      values (${id}, ${book}, ${purse}, ${minor}, ${currency}, ${by}, coalesce(${at ?? null}::timestamptz, now()))`
    await sql`
      insert into custody.part (id, withdrawal, book, gateway, order_no, top_up, minor, state, reason, asked_at,
        ended_at)
      select part, ${id}, ${book}, t.gateway, coalesce(t.order_no, t.id), t.id, past.minor, 'returned', past.reason,
        w.at, w.at
      from unnest(${parts.map(() => newId('wdp'))}::text[], ${parts.map(one => one.topUp)}::text[],
          ${parts.map(one => one.minor)}::bigint[], ${parts.map(one => one.reason)}::text[])
        as past (part, top_up, minor, reason)
      join custody.top_up t on t.id = past.top_up join custody.withdrawal w on w.id = ${id}`
  })
  return readWithdrawal(books, id)
}
