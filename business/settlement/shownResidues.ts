/** Residues as they are shown: to the guest, and to who reviews them. An account at a bank is shown by its end only. */
import { Refusal, type Books, type MerchantId, type PurseId } from '@bursar/kernel'
import type { Money } from '@bursar/money'
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
      name: 'submit' | 'approve' | 'reject' | 'pay' | 'bounce'
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
  cursor?: string
  limit?: number
}>

const masked = (account: string): string => `•••• ${account.slice(-4)}`

/** What waits is read oldest first, all else newest first. */
export async function listResidues(
  books: Books,
  { id, purse, state, cursor, limit = 50 }: ResidueFilter,
): Promise<ListedResidue[]> {
  const waits = state === 'submitted'
  const rows = await books.sql<Omit<ListedResidue, 'amount'> & Money>`
    select r.id, r.part, r.purse, r.minor, r.currency, r.state, r.asked_by as "askedBy",
      r.asked_at as "askedAt", r.reason, r.differs, r.ended_at as "endedAt", u.merchant,
      m.name as "merchantName", p.reason as "refusedFor", p.gateway, r.bank, r.account, r.holder,
      (select jsonb_agg(jsonb_build_object('name', s.name, 'by', s.taken_by, 'byName', n.name,
          'at', s.taken_at, 'reason', s.reason)
        order by array_position(array['submit', 'approve', 'reject', 'pay', 'bounce'], s.name))
       from settlement.residue_step s left join parties.person n on n.id = s.taken_by
       where s.residue = r.id) as steps
    from settlement.residue r
    join custody.part p on p.id = r.part
    join custody.purse u on u.id = r.purse
    join parties.merchant m on m.id = u.merchant
    where (${id ?? null}::text is null or r.id = ${id ?? null})
      and (${purse ?? null}::text is null or r.purse = ${purse ?? null})
      and (${state ?? null}::text is null or r.state = ${state ?? null})
      and (${cursor ?? null}::text is null or case when ${waits}
        then (r.asked_at, r.id) > (select asked_at, id from settlement.residue where id = ${cursor ?? null})
        else (r.asked_at, r.id) < (select asked_at, id from settlement.residue where id = ${cursor ?? null})
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
