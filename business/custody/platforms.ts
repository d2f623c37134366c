/**
 * The payment platforms that pay a pool out, as its bank names them. Only their money ends what they owe
 * (transit in); a credit from anybody else waits in suspense.
 */
import { Refusal, type Books, type PersonId, type PoolId, type Transaction } from '@bursar/kernel'
import type { Refused } from './refused.ts'
import type { Payer } from './wallet.ts'

export type Platform = Readonly<{ name: string; account: string | null; since: Date }>
type Setting = Readonly<{ pool: PoolId; payer: Payer; by: PersonId }>

/** An account decides where the pool knows one: a name is written in many ways. */
export async function isPlatform(
  { sql }: Transaction,
  pool: PoolId,
  { payer, payerAccount }: Readonly<{ payer: string; payerAccount?: string }>,
): Promise<boolean> {
  const known = await sql`
    select from custody.platform
    where pool = ${pool} and ended_at is null
      and (account = ${payerAccount ?? null} or account is null and name = ${payer})`
  return known.length > 0
}

export const platformsOf = (books: Books, pool: PoolId): Promise<Platform[]> =>
  books.sql<Platform>`
    select name, account, known_since as since from custody.platform
    where pool = ${pool} and ended_at is null order by known_since, name`

/** Whether the pool was opened with these. One that is older than platforms was opened with whatever one says. */
export async function openedWith(
  books: Books,
  pool: PoolId,
  platforms: readonly Payer[],
): Promise<boolean> {
  const known = await books.sql<{ name: string; account: string | null }>`
    select f.name, f.account
    from custody.platform f join custody.pool p on p.id = f.pool and p.opened_at = f.known_since
    where p.id = ${pool}`
  const was = new Set(known.map(({ name, account }) => JSON.stringify([name, account])))
  const is = new Set(platforms.map(({ name, account }) => JSON.stringify([name, account ?? null])))
  return was.size === 0 || (was.size === is.size && was.isSubsetOf(is))
}

/** From now on its money is a payout. Doing it again changes nothing. */
export function addPlatform(books: Books, { pool, payer, by }: Setting): Promise<void> {
  return books.write(async tx => {
    const [home] = await tx.sql`select from custody.pool where id = ${pool}`
    if (!home) throw new Refusal<Refused>('no_such_pool', { pool })
    await knowPlatform(tx, pool, payer, by)
  })
}

/** `by` is nobody where the pool is just being opened. */
export async function knowPlatform(
  { sql }: Transaction,
  pool: PoolId,
  { name, account }: Payer,
  by: PersonId | null,
): Promise<void> {
  await sql`
    insert into custody.platform (pool, name, account, named_by)
    values (${pool}, ${name}, ${account ?? null}, ${by}) on conflict do nothing`
}

/** From now on its money is a stranger's. */
export function endPlatform(books: Books, { pool, payer, by }: Setting): Promise<void> {
  return books.write(async ({ sql }) => {
    await sql`
      update custody.platform set ended_at = now(), ended_by = ${by}
      where pool = ${pool} and name = ${payer.name} and ended_at is null
        and account is not distinct from ${payer.account ?? null}`
  })
}
