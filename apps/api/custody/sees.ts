/** Whose a purse, a top-up, a spend or a pool is: what is not yours is as if it were not there. */
import * as custody from '@bursar/custody'
import {
  holds,
  type Actor,
  type Books,
  type MerchantId,
  type PoolId,
  type SeatRole,
} from '@bursar/kernel'
import type { Sees } from '../bind.ts'
import { admitted } from '../blind.ts'
import { found } from '../guards.ts'

const operators: readonly SeatRole[] = ['admin', 'reviewer']

/** The caller's own purse. */
export const ownPurse =
  (books: Books): Sees =>
  async ({ params, actor }) => {
    const purse = await found(custody.directoryOf(books).purse(params['purse'] as `pur_${string}`))
    return purse !== undefined && purse.person === actor?.person
  }

/** A top-up of the caller's own purse. */
export const ownTopUp =
  (books: Books): Sees =>
  async ({ params, actor }) => {
    const topUp = await found(custody.readTopUp(books, params['topUp'] as custody.TopUpId))
    return topUp !== undefined && topUp.by === actor?.person
  }

/** Asked before the path is checked: what is no id is no spend. */
const spendOf = async (books: Books, id: string | undefined) =>
  id && /^spd_[0-9a-hjkmnp-tv-z]{26}$/.test(id)
    ? found(custody.readSpend(books, id as custody.SpendId))
    : undefined

/** Only the till, and the program, of the merchant that was paid. */
export const spendAtTill =
  (books: Books): Sees =>
  async ({ params, ...who }) => {
    const spend = await spendOf(books, params['spend'])
    return spend !== undefined && isOf(who, spend.merchant) && (await admits(books, who, spend))
  }

/** A seat whose terminal is limited opens no receipt that its list does not have. */
async function admits(
  books: Books,
  { actor }: Who,
  { id, merchant }: custody.Spend,
): Promise<boolean> {
  const only = await admitted(books, actor, merchant, new Date())
  if (!only) return true
  const rows = await custody.listSpends(books, { merchant, only, id, limit: 1 })
  return rows.length === 1
}

type Who = Pick<Parameters<Sees>[0], 'actor' | 'integrator'>
/** Whether the caller is somebody, or some program, of this merchant's. */
export const isOf = ({ actor, integrator }: Who, merchant: MerchantId): boolean =>
  integrator?.merchant === merchant ||
  (actor !== undefined && holds(actor, ['owner', 'staff'], merchant))

/** Who paid, the merchant that was paid, and those who watch over the pool. */
export const partyToSpend =
  (books: Books): Sees =>
  async ({ params, actor, integrator }) => {
    const spend = await spendOf(books, params['spend'])
    if (!spend) return false
    if (spend.person === actor?.person) return true
    if (isOf({ actor, integrator }, spend.merchant))
      return await admits(books, { actor, integrator }, spend)
    if (!actor) return false
    const { pool } = await custody.directoryOf(books).purse(spend.purse)
    return watches(books, actor, pool)
  }

/** The operator watches over every pool, a bank and a supervisor over their own. */
export const ownPool =
  (books: Books): Sees =>
  async ({ params, actor }) =>
    actor !== undefined && watches(books, actor, params['pool'] as PoolId)

/** Money in suspense in a pool that the caller watches over. */
export const ownSuspense =
  (books: Books): Sees =>
  async ({ params, actor }) => {
    const row = await found(custody.readSuspense(books, params['suspense'] as custody.SuspenseId))
    return row !== undefined && actor !== undefined && watches(books, actor, row.pool)
  }

async function watches(books: Books, actor: Actor, pool: PoolId): Promise<boolean> {
  const known = await found(custody.readPool(books, pool))
  if (!known) return false
  return holds(actor, operators) || cares(actor, known)
}

/** The books of the pools that the caller watches over; undefined for the operator: all. */
export async function booksWatched(books: Books, actor: Actor): Promise<number[] | undefined> {
  if (holds(actor, operators)) return undefined
  const pools = await custody.listPools(books)
  return pools.filter(pool => cares(actor, pool)).map(({ book }) => book)
}

export const cares = (actor: Actor, { bank, supervisor }: custody.Pool): boolean =>
  holds(actor, ['custodian'], bank) || holds(actor, ['supervisor'], supervisor)
