/**
 * A member's money that is held for what was ordered, until it is paid for or not:
 *
 *   hold      purse → earned, pended: never more than is available
 *   release   the pend is voided
 *   settle    what was held is paid, as one spend with one receipt
 *
 * All of it goes at the end of the caller's transaction, linked. The caller keeps count of the holds.
 */
import {
  transferId,
  type Id,
  type MerchantId,
  type OutletId,
  type PersonId,
  type PurseId,
  type TillId,
  type Transaction,
} from '@bursar/kernel'
import type { Draft } from '@bursar/ledger'
import { earned, purseAccount } from './accounts.ts'
import type { SpendId } from './receipts.ts'

export type HoldId = Id<'hld'>
export type Held = Readonly<{ id: HoldId; minor: bigint }>
type Of = Readonly<{ book: number; purse: PurseId; merchant: MerchantId; currency: string }>

export type Settling = Of &
  Readonly<{
    spend: SpendId
    person: PersonId
    outlet: OutletId
    till: TillId | null
    /** Who said so: the member, or somebody for the merchant. */
    by: PersonId
    note: string
    at: Date
    /** When the last of it was ordered; of nothing but a tip, never. */
    orderedAt: Date | null
    holds: readonly Held[]
    /** Not taken of what is held; it is free again. */
    off: bigint
    /** Taken on top of what is held. */
    tip: bigint
  }>

const pendOf = (hold: HoldId) => transferId(hold, 'hold')

/** The entry that holds it: of a hot command, or of a transaction (`hold`). */
export const holding = (
  { purse, merchant, currency }: Of,
  { id, minor, subject }: Held & { subject: Id },
): Draft => ({
  ...({ kind: 'pend', id: pendOf(id), event: 'held', subject } as const),
  ...{ debit: purseAccount(purse), credit: earned(merchant), amount: { minor, currency } },
})

export function hold(tx: Transaction, of: Of, held: Held & { subject: Id }): void {
  tx.append(of.book, holding(of, held))
}

const released = (id: HoldId, subject: Id): Draft => ({
  ...({ kind: 'void', id: transferId(id, 'release'), event: 'released' } as const),
  ...{ subject, pend: pendOf(id) },
})

export function release(tx: Transaction, book: number, hold: HoldId, subject: Id): void {
  tx.append(book, released(hold, subject))
}

/** Answers the sum that was paid, and which holds were released in whole. The last entry is the receipt's. */
export async function settle(
  tx: Transaction,
  settling: Settling,
): Promise<Readonly<{ total: bigint; free: readonly HoldId[] }>> {
  const { book, purse, merchant, currency, spend, holds, off, tip } = settling
  const total = holds.reduce((sum, { minor }) => sum + minor, 0n) - off + tip
  const free: HoldId[] = []
  const taken: Held[] = []
  let left = off
  for (const { id, minor } of holds) {
    const less = left < minor ? left : minor
    left -= less
    if (less === minor) free.push(id)
    else taken.push({ id, minor: minor - less })
  }
  const why = { event: 'spend', subject: spend }
  const entryId = (place: number, last: boolean) =>
    transferId(spend, last ? 'spend' : `settle/${place}`)
  const paid = taken.map(({ id, minor }, place): Draft => ({
    ...({ kind: 'settle', id: entryId(place, !tip && place === taken.length - 1) } as const),
    ...{ ...why, pend: pendOf(id), amount: { minor, currency } },
  }))
  const sides = { debit: purseAccount(purse), credit: earned(merchant) }
  const tipped: Draft[] = tip
    ? [{ kind: 'post', id: entryId(0, true), ...why, ...sides, amount: { minor: tip, currency } }]
    : []
  if (total > 0n) await writeSpend(tx, settling, total)
  tx.append(book, ...free.map(id => released(id, spend)), ...paid, ...tipped)
  return { total, free }
}

async function writeSpend(tx: Transaction, settling: Settling, total: bigint): Promise<void> {
  const { book, spend, purse, person, merchant, outlet, till, currency, note, by, at } = settling
  const { orderedAt } = settling
  const ordered = orderedAt && (orderedAt < at ? orderedAt : at)
  await tx.sql`
    insert into custody.spend (book, id, purse, person, merchant, outlet, till, minor, currency, note,
      initiator, started_by, state, at, ordered_at)
    values (${book}, ${spend}, ${purse}, ${person}, ${merchant}, ${outlet}, ${till}, ${total}, ${currency},
      ${note}, ${by === person ? 'consumer' : 'merchant'}, ${by}, 'done', ${at},
      ${ordered})`
}
