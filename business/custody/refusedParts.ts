/**
 * What a platform refused to take back for good, and what of its top-up is claimed elsewhere: whoever pays it by
 * another way claims it here first, so that it cannot go back twice.
 */
import {
  Refusal,
  type Id,
  type MerchantId,
  type PersonId,
  type PurseId,
  type Transaction,
} from '@bursar/kernel'
import type { PartId } from './parts.ts'
import type { Refused } from './refused.ts'

export type RefusedPart = Readonly<{
  id: PartId
  book: number
  purse: PurseId
  merchant: MerchantId
  person: PersonId
  /** As the house knows the person. */
  personName: string
  topUp: Id<'top'>
  minor: bigint
  currency: string
}>

/** Holds it. What went to suspense instead of the purse is decided about there. */
export async function holdRefusedPart({ sql }: Transaction, id: PartId): Promise<RefusedPart> {
  await sql`select from custody.part where id = ${id} for update`
  const [row] = await sql<RefusedPart & { refused: boolean }>`
    select p.id, p.book, w.purse, u.merchant, u.person, n.name as "personName", p.top_up as "topUp",
      p.minor, w.currency, p.state = 'returned' and not exists (
        select from custody.suspense s
        where s.trade_no = p.id and s.reason = 'could_not_return') as refused
    from custody.part p
    join custody.withdrawal w on w.id = p.withdrawal
    join custody.purse u on u.id = w.purse
    join parties.person n on n.id = u.person
    where p.id = ${id} and p.top_up is not null`
  if (!row) throw new Refusal<Refused>('no_such_part', { part: id })
  const { refused, ...part } = row
  if (!refused) throw new Refusal<Refused>('part_not_refused', { part: id })
  return part
}

/** Never more goes back, by whatever way, than came by the top-up. */
export async function claimSource(
  { sql }: Transaction,
  { topUp, currency }: Pick<RefusedPart, 'topUp' | 'currency'>,
  minor: bigint,
): Promise<void> {
  const [source] = await sql<{ left: bigint }>`
    select minor - returned as left from custody.top_up where id = ${topUp} for update`
  const left = source?.left ?? 0n
  if (left < minor)
    throw new Refusal<Refused>('source_short', {
      amount: { minor, currency },
      most: { minor: left, currency },
    })
  await sql`update custody.top_up set returned = returned + ${minor}::bigint where id = ${topUp}`
}

/** It was not paid by the other way. */
export async function freeSource({ sql }: Transaction, part: PartId, minor: bigint): Promise<void> {
  await sql`
    update custody.top_up set returned = returned - ${minor}::bigint
    where id = (select top_up from custody.part where id = ${part})`
}
