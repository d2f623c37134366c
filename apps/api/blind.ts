/**
 * Who is to count a merchant's shift blind reads no sum of what is to be counted, by whatever door. An owner may look at any
 * time, and so may whoever watches over the merchant: neither counts.
 */
import * as cashier from '@bursar/cashier'
import { holds, type Actor, type Books, type MerchantId } from '@bursar/kernel'

/** Since when the caller has something to count: null if nothing. */
export async function countsFrom(
  books: Books,
  actor: Actor | undefined,
  merchant: MerchantId,
): Promise<Date | null> {
  if (!counts(actor, merchant)) return null
  return await cashier.countsFrom(books, { merchant, by: actor.person })
}

/** Refuses sums that end after that; without an end they are of now. */
export async function mustHaveCounted(
  books: Books,
  actor: Actor,
  merchant: MerchantId,
  until?: Date,
): Promise<void> {
  if (counts(actor, merchant))
    await cashier.mustHaveCounted(books, { merchant, by: actor.person, ...(until && { until }) })
}

const counts = (actor: Actor | undefined, merchant: MerchantId): actor is Actor =>
  actor !== undefined && holds(actor, ['staff'], merchant) && !holds(actor, ['owner'], merchant)
