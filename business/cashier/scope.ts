/**
 * How far a binding reaches: one merchant, or, while the operator has a licence that holds, every merchant: each purse of
 * the guest's, and the issuer's among them.
 */
import { Refusal, type MerchantId, type PersonId, type PurseId, type Sql } from '@bursar/kernel'
import type { Refused } from './refused.ts'

export type Scope = 'merchant' | 'platform'

/** By the database's clock, as the tables ask it. */
export async function lawful(sql: Sql): Promise<boolean> {
  const [row] = await sql<{ holds: boolean }>`select parties.platform_scope_is_lawful() as holds`
  return row!.holds
}

export async function mustBeLawful(sql: Sql, scope: Scope): Promise<void> {
  if (scope === 'platform' && !(await lawful(sql)))
    throw new Refusal<Refused>('platform_scope_unlicensed', { field: 'scope' })
}

export type Covered = Readonly<{ purse: PurseId; merchant: MerchantId; book: number }>
/** The guest's purses for which a binding of this scope counts, held in one order until the end. */
export const coveredBy = (
  sql: Sql,
  { scope, by, merchant }: { scope: Scope; by: PersonId; merchant: MerchantId },
): Promise<Covered[]> => sql<Covered>`
  select id as purse, merchant, book from custody.purse
  where person = ${by} and (merchant = ${merchant} or ${scope} = 'platform')
  order by id for no key update`

export const covered = (all: readonly Covered[], { scope, at }: { scope: Scope; at: MerchantId }) =>
  all.filter(one => scope === 'platform' || one.merchant === at).map(one => one.purse)

export async function mustBeEmpty(
  sql: Sql,
  purses: readonly PurseId[],
  refused: Refused = 'balance_not_zero',
): Promise<void> {
  const [side] = await sql<{ purse: PurseId; posted: bigint; currency: string }>`
    select p.id as purse, s.posted, p.currency from custody.purse p,
      ledger.states(p.book, array['purse/' || p.id]) s
    where p.id = any(${purses}::text[]) and s.posted <> 0 order by p.id limit 1`
  if (side) {
    const { purse } = side
    const amount = { minor: side.posted, currency: side.currency }
    throw new Refusal<Refused>(refused, { purse, amount })
  }
}
