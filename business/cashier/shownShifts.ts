/** Shifts as they are read. What was found is told once the count is for good, never before. */
import {
  Refusal,
  type Books,
  type MerchantId,
  type OutletId,
  type PersonId,
  type TillId,
} from '@bursar/kernel'
import type { Money } from '@bursar/money'
import type { Refused } from './refused.ts'
import type { ShiftId, ShiftState } from './shifts.ts'

export type Count = Readonly<{ means: string; declared: Money; found: Money }>
export type Shift = Readonly<{
  id: ShiftId
  outlet: OutletId
  outletName: string
  /** At which what is checked out meanwhile is taken. */
  till: TillId | null
  tillName: string | null
  number: number
  person: PersonId
  personName: string
  state: ShiftState
  openedAt: Date
  offeredTo: PersonId | null
  offeredToName: string | null
  countedAt: Date | null
  endedAt: Date | null
  note: string | null
  /** Of the last count; empty until it has ended. */
  counts: readonly Count[]
  /** Open when it was counted. */
  tabs: Readonly<{ count: number; held: Money }> | null
}>

type Row = Omit<Shift, 'counts' | 'tabs'> &
  Readonly<{
    currency: string
    open: number | null
    held: bigint | null
    counts: readonly Readonly<{ means: string; declared: string; found: string }>[] | null
  }>

function shiftOf(
  { currency, open, held, counts, ...row }: Row,
  countsFrom: Date | null = null,
): Shift {
  const money = (minor: bigint): Money => ({ minor, currency })
  const counting = countsFrom && row.countedAt && row.countedAt > countsFrom
  // What is offered may be taken back and counted again, and is told no sooner.
  const told = row.state === 'closed' && !counting ? (counts ?? []) : []
  return {
    ...row,
    counts: told.map(({ means, declared, found }) => ({
      means,
      declared: money(BigInt(declared)),
      found: money(BigInt(found)),
    })),
    tabs: row.state === 'open' || open === null ? null : { count: open, held: money(held!) },
  }
}

type ShiftsAsk = Readonly<{
  merchant: MerchantId
  outlet?: OutletId
  id?: ShiftId
  /** Opened from here on, and before there. */
  from?: Date
  to?: Date
  /** Who has yet to count does not see what was found in a count since: the platforms are of all outlets (blind.ts). */
  countsFrom?: Date | null
  cursor?: string
  /** Null: all of them. */
  limit?: number | null
}>

/** An outlet's, newest first; `cursor` is the last id. */
export async function listShifts({ sql }: Books, ask: ShiftsAsk): Promise<Shift[]> {
  const { merchant, outlet = null, id = null, cursor = null, limit = 50 } = ask
  const { from = null, to = null } = ask
  const rows = await sql<Row>`
    select s.id, s.outlet, o.name as "outletName", s.till, l.name as "tillName", s.number, s.person, p.name as "personName", s.state,
      s.opened_at as "openedAt", s.offered_to as "offeredTo", r.name as "offeredToName",
      s.counted_at as "countedAt", s.ended_at as "endedAt", s.note, s.tabs as open, s.held, pool.currency,
      (select jsonb_agg(jsonb_build_object('means', c.means, 'declared', c.declared::text, 'found', c.found::text)
         order by c.means <> 'balance', c.means)
       from cashier.shift_count c where c.shift = s.id and c.no = s.counts) as counts
    from cashier.shift s
    join parties.outlet o on o.id = s.outlet
    join parties.person p on p.id = s.person
    join custody.merchant m on m.merchant = s.merchant join custody.pool pool on pool.id = m.pool
    left join parties.person r on r.id = s.offered_to
    left join parties.till l on l.id = s.till
    where s.merchant = ${merchant}
      and (${outlet}::text is null or s.outlet = ${outlet})
      and (${id}::text is null or s.id = ${id})
      and (${from}::timestamptz is null or s.opened_at >= ${from})
      and (${to}::timestamptz is null or s.opened_at < ${to})
      and (${cursor}::text is null or (s.opened_at, s.id) <
        (select opened_at, id from cashier.shift where id = ${cursor}))
    order by s.opened_at desc, s.id desc limit ${limit}::int`
  return rows.map(row => shiftOf(row, ask.countsFrom))
}

export async function readShift(
  books: Books,
  ask: Pick<ShiftsAsk, 'merchant' | 'countsFrom'> & Readonly<{ id: ShiftId }>,
): Promise<Shift> {
  const [shift] = await listShifts(books, ask)
  if (!shift) throw new Refusal<Refused>('no_such_shift', { shift: ask.id })
  return shift
}
