/** The operator's licence for tests, and an issuer under it. */
import { connected } from '@bursar/database'
import { newId, type Books, type MerchantId, type PersonId, type PoolId } from '@bursar/kernel'
import { admitMerchant } from './pool.ts'
import { widenScope } from './scope.ts'

type Town = Readonly<{
  url: string
  books: Books
  pool: PoolId
  person(name?: string): Promise<PersonId>
}>
export type Operator = Readonly<{ admin: PersonId; reviewer: PersonId }>

export const written = ({ url }: Pick<Town, 'url'>, change: string) =>
  connected(url, on => on.script(change))

/** For these years: entered by one, approved by another. */
export async function licensed(
  town: Pick<Town, 'url' | 'person'>,
  years: readonly [string, string] = ['2020-01-01', '2090-12-31'],
): Promise<Operator> {
  const [at, id] = [newId('ins'), newId('lic')]
  const [admin, reviewer] = [await town.person('录入'), await town.person('批准')]
  await written(
    town,
    `insert into parties.institution (id, kind, name) values ('${at}', 'operator', '运营方');
    insert into parties.seat (organisation, person, role)
    values ('${at}', '${admin}', 'admin'), ('${at}', '${reviewer}', 'reviewer');
    insert into parties.operator_licence (id, operator, kind, number, valid_from, valid_to, entered_by)
    values ('${id}', '${at}', 'stored_value_account', '${id}', '${years[0]}', '${years[1]}', '${admin}');
    update parties.operator_licence set state = 'approved', decided_by = '${reviewer}', decided_at = now()
    where id = '${id}'`,
  )
  return { admin, reviewer }
}

/** Whatever licence there is is revoked. */
export const unlicensed = (town: Pick<Town, 'url'>) =>
  written(
    town,
    `update parties.operator_licence set state = 'revoked', revoked_by = decided_by,
    revoked_at = clock_timestamp(), reason = '吊销' where state = 'approved'`,
  )

/** A merchant of the trade, applied for by this person. */
export async function cardShop(
  { url, books, pool }: Omit<Town, 'person'>,
  by: PersonId,
): Promise<MerchantId> {
  const id = newId('mer')
  await written(
    { url },
    `insert into parties.merchant (id, name, trade, licence, representative, address, payee_bank,
      payee_account, payee_name, state, applied_by)
    values ('${id}', '城市卡', 'onecard', '${id}', '王', '上海', '银行', '6222', '城市卡', 'active', '${by}')`,
  )
  await admitMerchant(books, { merchant: id, pool })
  return id
}

/** The pool's issuer, and whose it is. Needs a licence that holds; a pool has one. */
export async function issuer(town: Town): Promise<MerchantId> {
  const { admin } = await licensed(town)
  const merchant = await cardShop(town, admin)
  await widenScope(town.books, { merchant, by: admin })
  return merchant
}
