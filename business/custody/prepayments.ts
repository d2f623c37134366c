/** Whether a merchant takes new prepayments. A seriously risky one may be barred; spends and refunds go on. */
import { Refusal, type Books, type MerchantId, type PersonId } from '@bursar/kernel'
import type { Refused } from './refused.ts'

export type PrepaymentsStep = Readonly<{
  takes: boolean
  by: PersonId
  at: Date
  reason: string | null
}>
type Setting = Readonly<{
  merchant: MerchantId
  takes: boolean
  by: PersonId
  /** A bar must have one. */
  reason?: string
  at?: Date
}>

/** Doing it again changes nothing. Nobody decides over a merchant at which they have a seat. */
export async function setTakesTopUps(books: Books, ask: Setting): Promise<void> {
  const { merchant, takes, by, at = new Date() } = ask
  const reason = ask.reason?.trim() || null
  await books.write(async tx => {
    const [held] = await tx.sql<{ takes: boolean; own: boolean }>`
      select takes_top_ups as takes, exists (
        select from parties.seat
        where organisation = ${merchant} and person = ${by} and ended_at is null) as own
      from custody.merchant where merchant = ${merchant} for update`
    if (!held) throw new Refusal<Refused>('no_such_merchant', { merchant })
    if (held.own) throw new Refusal<Refused>('own_merchant', { merchant })
    if (held.takes === takes) return
    if (!takes && !reason) throw new Refusal<Refused>('reason_missing', { field: 'reason' })
    await tx.sql`
      update custody.merchant set takes_top_ups = ${takes} where merchant = ${merchant}`
    await tx.sql`
      insert into custody.prepayments_step (merchant, n, takes, taken_by, taken_at, reason)
      select ${merchant}, coalesce(max(n), 0) + 1, ${takes}::boolean, ${by}, ${at}::timestamptz, ${reason}
      from custody.prepayments_step where merchant = ${merchant}`
  })
}

/** How it stands, and who made it so: oldest first. A merchant that no pool has yet is not barred. */
export async function prepaymentsOf(
  books: Books,
  merchant: MerchantId,
): Promise<Readonly<{ takes: boolean; steps: readonly PrepaymentsStep[] }>> {
  const steps = await books.sql<PrepaymentsStep>`
    select takes, taken_by as by, taken_at as at, reason
    from custody.prepayments_step where merchant = ${merchant} order by n`
  const [held] = await books.sql<{ takes: boolean }>`
    select takes_top_ups as takes from custody.merchant where merchant = ${merchant}`
  return { takes: held?.takes ?? true, steps }
}
