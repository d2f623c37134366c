/**
 * What whoever works at the counter may not read, though they have a seat there.
 *
 * Who is to count a merchant's shift blind reads no sum of what is to be counted, by whatever door. An owner may look at any
 * time, and so may whoever watches over the merchant: neither counts. Whose terminal is limited reads no more spends than it
 * tells.
 */
import * as cashier from '@bursar/cashier'
import * as notices from '@bursar/notices'
import {
  holds,
  Refusal,
  type Actor,
  type Books,
  type MerchantId,
  type PersonId,
} from '@bursar/kernel'

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

/** Of the merchant's spends, what the caller's terminals admit; undefined: all. */
export async function admitted(
  books: Books,
  actor: Actor | undefined,
  merchant: MerchantId,
  now: Date,
): Promise<Readonly<{ by: PersonId; sights: readonly notices.Sight[] }> | undefined> {
  if (!counts(actor, merchant)) return undefined
  const sights = await notices.sightsOf(books, { merchant, person: actor.person, now })
  return sights && { by: actor.person, sights }
}

/** Refuses the day's totals to whoever may not see all that they are made of. */
export async function mustSeeAll(
  books: Books,
  actor: Actor,
  merchant: MerchantId,
  now: Date,
): Promise<void> {
  const only = await admitted(books, actor, merchant, now)
  if (only && !only.sights.some(({ whole }) => whole))
    throw new Refusal<notices.Refused>('terminal_may_not', { action: 'totals' })
}

const counts = (actor: Actor | undefined, merchant: MerchantId): actor is Actor =>
  actor !== undefined && holds(actor, ['staff'], merchant) && !holds(actor, ['owner'], merchant)
