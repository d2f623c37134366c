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
type Past = Readonly<{ topUp: Id<'top'>; left: bigint; reason: 'too_old' | 'too_often' }>
export type GivingUp = Readonly<{ id: WithdrawalId; purse: PurseId; by: PersonId; at?: Date }>

/** Newest first. What has a refused part that bears all of it already is not given up again. */
const pastOf = (sql: Sql, purse: PurseId, wallets: readonly Limits[], at: Date | null) =>
  sql<Past>`
    select * from (
      select t.id as "topUp", t.minor - t.returned as left,
        case when t.ended_at <= coalesce(${at}::timestamptz, now()) - make_interval(days => route.days)
          then 'too_old'
          when route.times <= (select count(*) from custody.part p where p.top_up = t.id and p.state <> 'returned')
          then 'too_often' end as reason
      from custody.top_up t
      join unnest(${wallets.map(({ gateway }) => gateway)}::text[],
          ${wallets.map(({ refundable }) => refundable.days)}::int[],
          ${wallets.map(({ refundable }) => refundable.times ?? null)}::int[])
        as route (gateway, days, times) on route.gateway = t.gateway
      where t.purse = ${purse} and t.state = 'credited' and t.returned < t.minor and not exists (
        select from custody.part p
        where p.top_up = t.id and p.state = 'returned' and p.minor >= t.minor - t.returned)
      order by t.created_at desc, t.id desc limit 1000) as past
    where reason is not null`

/** How much of this much there is to give up. */
export async function pastRefund(
  { sql }: Pick<Books, 'sql'>,
  purse: PurseId,
  wallets: readonly Limits[],
  { minor, currency }: Money,
): Promise<Money> {
  const all = (await pastOf(sql, purse, wallets, null)).reduce((sum, { left }) => sum + left, 0n)
  return { minor: all < minor ? all : minor, currency }
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
    const [side] = await sql<{ left: bigint }>`
      select posted - out_ as left from ledger.states(${book}, ${[`purse/${purse}`]}::text[])`
    const parts = within(await pastOf(sql, purse, wallets, at ?? null), side?.left ?? 0n)
    const minor = parts.reduce((sum, one) => sum + one.left, 0n)
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
          ${parts.map(one => one.left)}::bigint[], ${parts.map(one => one.reason)}::text[])
        as past (part, top_up, minor, reason)
      join custody.top_up t on t.id = past.top_up join custody.withdrawal w on w.id = ${id}`
  })
  return readWithdrawal(books, id)
}

function within(all: readonly Past[], most: bigint): Past[] {
  let rest = most
  return all.flatMap(one => {
    const left = one.left < rest ? one.left : rest
    rest -= left
    return left > 0n ? [{ ...one, left }] : []
  })
}
