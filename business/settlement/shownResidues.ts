/** Residues as they are shown, and what may become one. An account at a bank is shown by its end only. */
import type { PartId } from '@bursar/custody'
import { Refusal, type Books, type MerchantId, type PurseId } from '@bursar/kernel'
import type { Money } from '@bursar/money'
import { masked } from './accountNumbers.ts'
import type { Refused } from './refused.ts'
import type { Residue, ResidueId, ResidueState } from './residues.ts'

export type ListedResidue = Pick<
  Residue,
  | 'id'
  | 'part'
  | 'purse'
  | 'amount'
  | 'state'
  | 'askedBy'
  | 'askedAt'
  | 'reason'
  | 'differs'
  | 'endedAt'
> &
  Readonly<{
    merchant: MerchantId
    merchantName: string
    /** Why the platform had refused the part. */
    refusedFor: string
    gateway: string
    bank: string
    /** Masked. */
    account: string
    holder: string
    steps: readonly Readonly<{
      name: 'submit' | 'withdraw' | 'approve' | 'reject' | 'pay' | 'bounce'
      by: string
      /** Absent where it was the bank's word. */
      byName: string | null
      at: string
      reason: string | null
    }>[]
  }>
export type ResidueFilter = Readonly<{
  id?: ResidueId
  purse?: PurseId
  state?: ResidueState
  /** Only those on which the bank and the books differ. */
  differs?: boolean
  q?: string
  from?: Date
  to?: Date
  cursor?: string
  limit?: number
}>

/** Words to look for: `%` and `_` mean themselves. */
const containing = (q: string | undefined): string | null =>
  q?.trim() ? `%${q.trim().replace(/[\\%_]/g, letter => `\\${letter}`)}%` : null

/** What waits is read oldest first, all else newest first. The number of an account is not searched. */
export async function listResidues(books: Books, filter: ResidueFilter): Promise<ListedResidue[]> {
  const { id = null, purse = null, state = null, from = null, to = null, cursor = null } = filter
  const { differs = false, limit = 50 } = filter
  const [waits, q] = [state === 'submitted', containing(filter.q)]
  const rows = await books.sql<Omit<ListedResidue, 'amount'> & Money>`
    select r.id, r.part, r.purse, r.minor, r.currency, r.state, r.asked_by as "askedBy",
      r.asked_at as "askedAt", r.reason, b.kind as differs, r.ended_at as "endedAt", u.merchant,
      m.name as "merchantName", p.reason as "refusedFor", p.gateway, r.bank, r.account, r.holder,
      (select jsonb_agg(jsonb_build_object('name', s.name, 'by', s.taken_by, 'byName', n.name,
          'at', s.taken_at, 'reason', s.reason)
        order by array_position(array['submit', 'withdraw', 'approve', 'reject', 'pay', 'bounce'], s.name))
       from settlement.residue_step s left join parties.person n on n.id = s.taken_by
       where s.residue = r.id) as steps
    from settlement.residue r
    join custody.part p on p.id = r.part
    join custody.purse u on u.id = r.purse
    join parties.merchant m on m.id = u.merchant
    left join lateral (
      select max(kind) as kind from settlement.break
      where residue = r.id and kind <> 'unbooked' and ended_at is null) as b on true
    where (${id}::text is null or r.id = ${id})
      and (${purse}::text is null or r.purse = ${purse})
      and (${state}::text is null or r.state = ${state})
      and (not ${differs} or b.kind is not null)
      and (${from}::timestamptz is null or r.asked_at >= ${from})
      and (${to}::timestamptz is null or r.asked_at < ${to})
      and (${q}::text is null or concat_ws(' ', r.id, r.part, r.holder, r.bank, m.name, r.serial) ilike ${q})
      and (${cursor}::text is null or case when ${waits}
        then (r.asked_at, r.id) > (select asked_at, id from settlement.residue where id = ${cursor})
        else (r.asked_at, r.id) < (select asked_at, id from settlement.residue where id = ${cursor})
        end)
    order by case when ${waits} then r.asked_at end, case when ${waits} then r.id end,
      r.asked_at desc, r.id desc limit ${limit}`
  return rows.map(({ minor, currency, account, ...row }) => ({
    ...row,
    ...{ amount: { minor, currency }, account: masked(account) },
  }))
}

export async function readResidue(books: Books, id: ResidueId): Promise<ListedResidue> {
  const [row] = await listResidues(books, { id })
  if (!row) throw new Refusal<Refused>('no_such_residue', { id })
  return row
}

export type RefusedRow = Readonly<{
  part: PartId
  gateway: string
  refusedFor: string
  at: Date
  /** What the platform refused, and how much of it can still be asked to a bank account. */
  amount: Money
  left: Money
}>

/** What platforms have refused of a purse, each top-up once, newest first; nothing that has gone back since. */
export async function listRefused({ sql }: Books, purse: PurseId): Promise<RefusedRow[]> {
  type Row = Omit<RefusedRow, 'amount' | 'left'> & Money & { left: bigint }
  const rows = await sql<Row>`
    with refused as (
      select distinct on (t.id) p.id as part, p.gateway, p.reason as "refusedFor", p.ended_at as at,
        p.minor, w.currency, least(t.minor - t.returned, p.minor - (
          select coalesce(sum(r.minor), 0)::bigint from settlement.residue r
          where r.part = p.id and r.state not in ('withdrawn', 'rejected', 'bounced'))) as left
      from custody.withdrawal w
      join custody.part p on p.withdrawal = w.id
      join custody.top_up t on t.id = p.top_up
      where w.purse = ${purse} and p.state = 'returned' and not exists (
        select from custody.suspense s where s.trade_no = p.id and s.reason = 'could_not_return')
      order by t.id, "left" desc, p.ended_at desc)
    select * from refused where "left" > 0 order by at desc, part desc limit 200`
  return rows.map(({ minor, currency, left, ...row }) => ({
    ...row,
    ...{ amount: { minor, currency }, left: { minor: left, currency } },
  }))
}

/** What of a purse is set aside for a bank account, and not paid yet. */
export async function pendedOf({ sql }: Books, purse: PurseId): Promise<bigint> {
  const [row] = await sql<{ minor: bigint }>`
    select coalesce(sum(r.minor), 0)::bigint as minor from settlement.residue r
    where r.purse = ${purse} and (r.state in ('submitted', 'sending', 'accepted', 'closing', 'unbooked')
      or r.state = 'returning' and not exists (
        select from settlement.residue_step s where s.residue = r.id and s.name = 'pay'))`
  return row!.minor
}
