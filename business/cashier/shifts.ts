/**
 * A shift: one of the merchant's people answers for an outlet, until it is counted.
 *
 *   open        nobody else has it                              open
 *   close       counted blind, then ended                       open → closed
 *   hand over   counted blind, and offered to a colleague       open → offered
 *   accept      the colleague has it, and the open tabs         offered → closed, and the next one opens
 *   take back   the colleague does not come                     offered → open
 *
 * Blind: what was taken is told by whoever has the shift before the sums are shown, platform by platform and out of
 * balances (`balance`). What was found is written beside it. Staff take no money: the count says whether what they were
 * told, by a screen or a bell, is what came.
 */
import {
  Refusal,
  type Books,
  type Id,
  type MerchantId,
  type OutletId,
  type PersonId,
  type TillId,
  type Transaction,
} from '@bursar/kernel'
import type { Money } from '@bursar/money'
import type { Refused } from './refused.ts'

export type ShiftId = Id<'shf'>
export type ShiftState = 'open' | 'offered' | 'closed'
/** What somebody declares for each means; one that is left out is declared as nothing. */
export type Declared = readonly Readonly<{ means: string; amount: Money }>[]
type At = Readonly<{ merchant: MerchantId; by: PersonId; at?: Date }>
type Counting = At & Readonly<{ id: ShiftId; counts: Declared; note?: string }>

/** The caller chooses the id, so opening twice is opening once. */
export async function openShift(
  books: Books,
  ask: At & Readonly<{ id: ShiftId; outlet: OutletId; till?: TillId }>,
): Promise<ShiftId> {
  const { id, merchant, outlet, till = null, by } = ask
  return await books.write(async tx => {
    await lockOutlet(tx, merchant, outlet)
    const [known] = await tx.sql<Held>`select * from cashier.shift where id = ${id}`
    if (known && known.outlet === outlet && known.till === till && known.person === by) return id
    if (known) throw new Refusal('id_already_used', { id })
    const [open] = await tx.sql<{ name: string }>`
      select p.name from cashier.shift s join parties.person p on p.id = s.person
      where s.outlet = ${outlet} and s.state <> 'closed'`
    if (open) throw new Refusal<Refused>('shift_open', { outlet, name: open.name })
    if (till !== null) await mustStand(tx, merchant, outlet, till)
    const at = ask.at ?? new Date()
    await insert(tx, { id, merchant, outlet, till, person: by, follows: null, at })
    return id
  })
}

type New = Readonly<{
  id: ShiftId
  merchant: MerchantId
  outlet: OutletId
  till: TillId | null
  person: PersonId
  follows: ShiftId | null
  at: Date
}>

async function insert({ sql }: Transaction, made: New) {
  const { id, merchant, outlet, till, person, follows, at } = made
  await sql`
    insert into cashier.shift (id, merchant, outlet, till, number, person, opened_at, follows)
    select ${id}, ${merchant}, ${outlet}, ${till}, coalesce(max(number), 0) + 1, ${person}, ${at}, ${follows}
    from cashier.shift where outlet = ${outlet}`
}

/** By whoever has it, or by an owner for them. Closing it again changes nothing. */
export async function closeShift(books: Books, ask: Counting): Promise<ShiftId> {
  return await books.write(async tx => {
    const held = await hold(tx, ask)
    if (held.state === 'closed') return held.id
    await mustAnswer(tx, held, ask.by)
    mustBe(held, 'open')
    const at = await count(tx, held, ask)
    await tx.sql`
      update cashier.shift set state = 'closed', ended_at = ${at}, ended_by = ${ask.by} where id = ${held.id}`
    return held.id
  })
}

/** To somebody else with a seat at the merchant, who has yet to accept. */
export async function offerShift(
  books: Books,
  ask: Counting & Readonly<{ to: PersonId }>,
): Promise<ShiftId> {
  return await books.write(async tx => {
    const held = await hold(tx, ask)
    if (held.state === 'offered' && held.offeredTo === ask.to) return held.id
    await mustAnswer(tx, held, ask.by)
    mustBe(held, 'open')
    if (ask.to === held.person || !(await seated(tx, held.merchant, ask.to)))
      throw new Refusal('not_seated', { person: ask.to })
    await count(tx, held, ask)
    await tx.sql`
      update cashier.shift set state = 'offered', offered_to = ${ask.to} where id = ${held.id}`
    return held.id
  })
}

/** The colleague does not come: it is open again, and will be counted again. */
export async function takeShiftBack(books: Books, ask: At & { id: ShiftId }): Promise<ShiftId> {
  return await books.write(async tx => {
    const held = await hold(tx, ask)
    if (held.state === 'open') return held.id
    await mustAnswer(tx, held, ask.by)
    mustBe(held, 'offered')
    await tx.sql`
      update cashier.shift set state = 'open', offered_to = null where id = ${held.id}`
    return held.id
  })
}

/** By whom it was offered to alone. The tabs that the giver served are the receiver's now. Answers the next shift. */
export async function acceptShift(
  books: Books,
  ask: At & Readonly<{ id: ShiftId; next: ShiftId }>,
): Promise<ShiftId> {
  return await books.write(async tx => {
    const held = await hold(tx, ask)
    const [known] = await tx.sql<{ id: ShiftId }>`
      select id from cashier.shift where follows = ${held.id} and person = ${ask.by}`
    if (known) return known.id
    mustBe(held, 'offered')
    if (held.offeredTo !== ask.by)
      throw new Refusal<Refused>('shift_of_another', { shift: held.id })
    const at = ask.at ?? new Date()
    await tx.sql`
      update cashier.shift set state = 'closed', ended_at = ${at}, ended_by = ${ask.by} where id = ${held.id}`
    const { merchant, outlet, till, id: follows } = held
    await insert(tx, { id: ask.next, merchant, outlet, till, person: ask.by, follows, at })
    await giveTabs(tx, held, ask.by, at)
    return ask.next
  })
}

/** Each of them with its step, as if it had been handed over by itself. */
async function giveTabs({ sql }: Transaction, { outlet, person }: Held, to: PersonId, at: Date) {
  await sql`
    with given as (
      update cashier.tab set served_by = ${to}
      where outlet = ${outlet} and state = 'open' and (served_by = ${person} or served_by is null) returning id)
    insert into cashier.step (tab, n, name, about, taken_by, taken_at)
    select g.id, coalesce((select max(n) from cashier.step s where s.tab = g.id), 0) + 1, 'hand_over', ${to}, ${person}, ${at}
    from given g`
}

type Held = Readonly<{
  id: ShiftId
  merchant: MerchantId
  outlet: OutletId
  till: TillId | null
  person: PersonId
  state: ShiftState
  /** Since when what was taken is of this one's count: since the count of the one it follows, else since it opened. */
  countsFrom: Date
  offeredTo: PersonId | null
  counts: number
  book: number
  currency: string
}>

async function hold(
  { sql }: Transaction,
  { id, merchant }: Readonly<{ id: ShiftId; merchant: MerchantId }>,
): Promise<Held> {
  const [held] = await sql<Held>`
    select s.id, s.merchant, s.outlet, s.till, s.person, s.state, coalesce(b.counted_at, s.opened_at) as "countsFrom",
      s.offered_to as "offeredTo", s.counts, m.book, pool.currency
    from cashier.shift s
    left join cashier.shift b on b.id = s.follows
    join custody.merchant m on m.merchant = s.merchant join custody.pool pool on pool.id = m.pool
    where s.id = ${id} and s.merchant = ${merchant} for update of s`
  if (!held) throw new Refusal<Refused>('no_such_shift', { shift: id })
  return held
}

function mustBe({ id, state }: Held, wanted: ShiftState): void {
  if (state !== wanted) throw new Refusal<Refused>('shift_step_impossible', { shift: id, state })
}

async function mustAnswer(tx: Transaction, { id, merchant, person }: Held, by: PersonId) {
  if (person === by || (await seated(tx, merchant, by, 'owner'))) return
  throw new Refusal<Refused>('shift_of_another', { shift: id })
}

async function seated({ sql }: Transaction, merchant: MerchantId, person: PersonId, role?: string) {
  const seats = await sql`
    select from parties.seat
    where organisation = ${merchant} and person = ${person} and ended_at is null
      and (${role ?? null}::text is null or role = ${role ?? null})`
  return seats.length > 0
}

async function mustStand(
  { sql }: Transaction,
  merchant: MerchantId,
  outlet: OutletId,
  till: TillId,
) {
  const [found] = await sql<{ name: string; open: boolean }>`
    select name, closed_at is null as open from parties.till where id = ${till} and outlet = ${outlet}`
  if (!found) throw new Refusal('no_such_till', { merchant, till })
  if (!found.open) throw new Refusal('till_is_closed', { till, name: found.name })
}

/** Whoever opens shifts or ends days of an outlet takes turns: there may be no row of ours to lock yet. */
export async function lockOutlet({ sql }: Transaction, merchant: MerchantId, outlet: OutletId) {
  const found = await sql`
    select from parties.outlet where id = ${outlet} and merchant = ${merchant}`
  if (!found.length) throw new Refusal('no_such_outlet', { merchant, outlet })
  await sql`select pg_advisory_xact_lock(hashtextextended(${outlet}, 0))`
}

/**
 * Writes what was declared beside what was found, and what is still open. Answers when. A docket is written by whoever
 * holds the book: so what is not there yet comes later, and is of the next count.
 */
async function count(tx: Transaction, held: Held, { counts, note, ...ask }: Counting) {
  const { id, merchant, outlet, countsFrom, book, currency } = held
  for (const { amount } of counts)
    if (amount.currency !== currency) throw new Refusal('other_currency', { amount })
  const declared = new Map(counts.map(({ means, amount }) => [means, amount.minor]))
  if (declared.size < counts.length) throw new Refusal<Refused>('counted_twice', { shift: id })
  await tx.sql`select from ledger.lock_book(${book})`
  const at = ask.at ?? new Date()
  const no = held.counts + 1
  await tx.sql`
    insert into cashier.shift_count (shift, no, means, declared, found)
    select ${id}, ${no}::int, coalesce(d.means, f.means), coalesce(d.minor, 0), coalesce(f.minor, 0)
    from unnest(${[...declared.keys()]}::text[], ${[...declared.values()]}::bigint[]) as d (means, minor)
    full join cashier.taken(${merchant}, ${outlet}, ${countsFrom}, ${at}) f on f.means = d.means`
  await tx.sql`
    update cashier.shift s set counted_at = ${at}, counts = ${no}, note = coalesce(${note ?? null}, note),
      tabs = open.count, held = open.held
    from (
      select count(*)::int as count, coalesce(sum(t.held), 0)::bigint as held
      from cashier.shown_tab t where t.merchant = ${merchant} and t.outlet = ${outlet} and t.state = 'open') as open
    where s.id = ${id}`
  return at
}
