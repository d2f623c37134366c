/** Opens a pool, which is a book, and admits merchants to it. Doing it again changes nothing. */
import {
  Refusal,
  transferId,
  type Books,
  type InstitutionId,
  type MerchantId,
  type PoolId,
  type Sql,
  type Transaction,
} from '@bursar/kernel'
import type { Account, Limits, Open } from '@bursar/ledger'
import { custody, earned, fees, requested, suspense, transitIn, transitOut } from './accounts.ts'
import { knowPlatform, openedWith } from './platforms.ts'
import type { Refused } from './refused.ts'
import type { Payer } from './wallet.ts'

export type Pool = Readonly<{
  id: PoolId
  book: number
  name: string
  currency: string
  bank: InstitutionId
  supervisor: InstitutionId
  /** Our account at the bank, as the bank's notices name it. */
  account?: string | null
}>
export type NewPool = Pool &
  Readonly<{
    /** Who pays it out, as the bank names them: money from anybody else goes to suspense. */
    platforms?: readonly Payer[]
  }>

/** An asset account is never above zero, a debt to somebody never below it. */
const asset: Limits = { floor: null, ceiling: 0n }
const debt: Limits = { floor: 0n, ceiling: null }

export async function openPool(books: Books, pool: NewPool): Promise<Pool> {
  const { id, book, name, currency, bank, supervisor, platforms = [] } = pool
  await mustBeFree(books.sql, pool)
  await books.openBook(book, currency)
  await books.write(async tx => {
    const added = await tx.sql`
      insert into custody.pool (id, book, name, currency, bank, supervisor, account)
      values (${id}, ${book}, ${name}, ${currency}, ${bank}, ${supervisor}, ${pool.account ?? null})
      on conflict do nothing returning id`
    if (added.length === 0) return mustBeThere(tx, pool)
    for (const payer of platforms) await knowPlatform(tx, id, payer, null)
    const opened = (account: Account, limits: Limits): Open => ({
      kind: 'open',
      id: transferId(id, account),
      event: 'pool_opened',
      subject: id,
      account,
      ...limits,
    })
    tx.append(
      book,
      opened(custody, asset),
      opened(transitIn, asset),
      ...[transitOut, suspense, fees].map(account => opened(account, debt)),
    )
  })
  const known = await readPool(books, id)
  const alike =
    (['book', 'name', 'currency', 'bank', 'supervisor'] as const).every(
      one => known[one] === pool[one],
    ) &&
    known.account === (pool.account ?? null) &&
    (await openedWith(books, id, platforms))
  if (!alike) throw new Refusal('id_already_used', { id })
  return known
}

/** Two pools that are opened at once want the same number: who came second asks again, for the next. */
async function mustBeThere({ sql }: Transaction, pool: Pool): Promise<void> {
  const known = await sql`select from custody.pool where id = ${pool.id}`
  if (known.length > 0) return
  await mustBeFree(sql, pool)
  throw new Refusal('busy', { pool: pool.id })
}

/** Money that comes to an account must be one pool's. */
async function mustBeFree(sql: Sql, { id, bank, account = null }: Pool): Promise<void> {
  const others = await sql`
    select from custody.pool where bank = ${bank} and account = ${account} and id <> ${id}`
  if (others.length > 0) throw new Refusal<Refused>('bank_account_taken', { bank, account })
}

/** Books are numbered in the order in which their pools are opened. One statement, so that a pool that is being opened twice at once has one number. */
export async function nextBook(books: Books, pool: PoolId): Promise<number> {
  const [row] = await books.sql<{ next: number }>`
    select coalesce((select book from custody.pool where id = ${pool}), max(book) + 1, 1) as next
    from custody.pool`
  return row!.next
}

export async function readPool(books: Books, id: PoolId): Promise<Pool> {
  const [pool] = await books.sql<Pool>`
    select id, book, name, currency, bank, supervisor, account from custody.pool where id = ${id}`
  if (!pool) throw new Refusal<Refused>('no_such_pool', { pool: id })
  return pool
}

/** All pools, or those of one institution: a bank or a supervisor sees its own. */
export const listPools = (
  books: Books,
  institution: InstitutionId | null = null,
): Promise<Pool[]> =>
  books.sql<Pool>`
    select id, book, name, currency, bank, supervisor, account from custody.pool
    where ${institution}::text is null or ${institution} in (bank, supervisor)
    order by book`

/** Which of these merchants have their pool in the care of one of these banks or supervisors. */
export async function inCareOf(
  books: Books,
  institutions: readonly InstitutionId[],
  merchants: readonly MerchantId[],
): Promise<ReadonlySet<MerchantId>> {
  if (!institutions.length || !merchants.length) return new Set()
  const rows = await books.sql<{ merchant: MerchantId }>`
    select m.merchant from custody.merchant m join custody.pool p on p.id = m.pool
    where m.merchant = any(${merchants}::text[])
      and (p.bank = any(${institutions}::text[]) or p.supervisor = any(${institutions}::text[]))`
  return new Set(rows.map(row => row.merchant))
}

export type Admission = Readonly<{ merchant: MerchantId; pool: PoolId; takesTopUps?: boolean }>

/** From now on the merchant's members have their purses in this pool. A merchant is in one pool. */
export function admitMerchant(
  books: Books,
  { merchant, pool, takesTopUps }: Admission,
): Promise<void> {
  return books.write(async tx => {
    const [home] = await tx.sql<{ book: number }>`
      select book from custody.pool where id = ${pool}`
    if (!home) throw new Refusal<Refused>('no_such_pool', { pool })
    const added = await tx.sql`
      insert into custody.merchant (merchant, pool, book, takes_top_ups)
      values (${merchant}, ${pool}, ${home.book}, ${takesTopUps ?? true})
      on conflict do nothing returning merchant`
    if (added.length === 0) return
    for (const account of [earned(merchant), requested(merchant)])
      tx.append(home.book, {
        kind: 'open',
        id: transferId(merchant, account),
        event: 'merchant_admitted',
        subject: merchant,
        account,
        ...debt,
      })
  })
}
