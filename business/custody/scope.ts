/**
 * How far a purse is good. Its own merchant, by default; every merchant of its pool, where its merchant is the issuer:
 * the operator's own, and only while the operator's licence holds. What was ordered before it ended is still paid for,
 * and what is left goes back whatever the licence says.
 */
import { Refusal, type Books, type MerchantId, type PersonId, type PoolId } from '@bursar/kernel'
import { directoryOf, mustBeOpen, type PurseFacts, type Scope, type Standing } from './directory.ts'
import type { Refused } from './refused.ts'

export type ScopeOf = Readonly<{
  scope: Scope
  /** Of its pool, when that is another merchant. */
  issuer: Readonly<{ merchant: MerchantId; name: string }> | null
  by: PersonId | null
  at: Date | null
}>

/**
 * Refused where the purse is not good; `home` is its own merchant, `lawful` the directory's word for its scope. What is
 * there is the book's to say. An issuer sells nothing.
 */
export function mustBeGoodAt(
  purse: PurseFacts,
  { home, merchant: { merchant, book } }: Readonly<{ home: Standing; merchant: Standing }>,
  lawful: boolean,
): void {
  if (purse.scope === 'platform') mustNotBeAtHome(purse.merchant, merchant)
  if (purse.scope === 'merchant' ? purse.merchant !== merchant : purse.book !== book)
    throw new Refusal<Refused>('purse_of_another_merchant', { purse: purse.id })
  mustBeLawful(purse, lawful)
  mustBeOpen(home)
}

/** Of a purse that is good at other merchants. */
export function mustNotBeAtHome(home: MerchantId, merchant: MerchantId): void {
  if (home === merchant) throw new Refusal<Refused>('issuer_sells_nothing', { merchant })
}

export function mustBeLawful({ id }: Pick<PurseFacts, 'id'>, lawful: boolean): void {
  if (!lawful) throw new Refusal<Refused>('platform_scope_unlicensed', { purse: id })
}

/** The table's no is ours, said later: the licence may have ended in this second. */
export function explainLicence(error: unknown): never {
  const { constraint } = error as { constraint?: string }
  if (constraint?.endsWith('platform_scope_needs_a_licence'))
    throw new Refusal<Refused>('platform_scope_unlicensed')
  throw error
}

type Row = Readonly<{ pool: PoolId; scope: Scope; by: PersonId | null; at: Date | null }>

/** One that no pool has yet is good at itself. */
export async function scopeOf({ sql }: Pick<Books, 'sql'>, merchant: MerchantId): Promise<ScopeOf> {
  const [held] = await sql<Row>`
    select pool, scope, widened_by as by, widened_at as at from custody.merchant where merchant = ${merchant}`
  if (!held) return { scope: 'merchant', issuer: null, by: null, at: null }
  const { pool, scope, by, at } = held
  const [issuer = null] = await sql<{ merchant: MerchantId; name: string }>`
    select c.merchant, m.name from custody.merchant c join parties.merchant m on m.id = c.merchant
    where c.pool = ${pool} and c.scope = 'platform' and c.merchant <> ${merchant}`
  return { scope, issuer, by, at }
}

const meanings: Readonly<Record<string, Refused>> = {
  scope_is_given_before_the_first_purse: 'issuer_has_members',
  an_issuer_is_the_operators: 'issuer_not_the_operators',
  one_issuer_per_pool: 'issuer_there_already',
}

/**
 * From now on the merchant's purses are good at every merchant of its pool. Given once, before the first purse, and
 * kept: what a purse is good for never changes under its owner. Doing it again changes nothing.
 */
export async function widenScope(
  books: Books,
  { merchant, by, at = new Date() }: { merchant: MerchantId; by: PersonId; at?: Date },
): Promise<void> {
  if ((await scopeOf(books, merchant)).scope === 'platform') return
  try {
    await books.write(
      ({ sql }) => sql`
        update custody.merchant set scope = 'platform', widened_by = ${by}, widened_at = ${at}
        where merchant = ${merchant} and scope = 'merchant'`,
    )
  } catch (error) {
    const { constraint } = error as { constraint?: string }
    const refused = constraint && meanings[constraint]
    if (refused) throw new Refusal<Refused>(refused, { merchant })
    explainLicence(error)
  }
  directoryOf(books).forget(merchant)
}
