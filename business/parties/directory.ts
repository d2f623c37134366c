/** The directory of merchants: newest first, by pages that stay right while others apply. */
import type { Books, MerchantId } from '@bursar/kernel'
import type { Merchant, MerchantState, Trade } from './merchants.ts'

export type Filter = Readonly<{
  q?: string
  trade?: Trade
  state?: MerchantState
  cursor?: MerchantId
  limit?: number
}>
export type Page<Row> = Readonly<{ rows: Row[]; next?: string }>

/** Words are looked for in name, address and representative, and in the licence from its beginning. */
export async function listMerchants(books: Books, filter: Filter): Promise<Page<Merchant>> {
  const { q = '', trade = null, state = null, cursor = null, limit = 50 } = filter
  const words = q.trim().replace(/[\\%_]/g, letter => `\\${letter}`)
  const rows = await books.sql<Merchant>`
    select id, name, trade, licence, representative, address, state,
      jsonb_build_object('bank', payee_bank, 'account', payee_account, 'name', payee_name) as payee,
      confirms_spends as "confirmsSpends", applied_by as "appliedBy", applied_at as "appliedAt"
    from parties.merchant
    where (${state}::text is null or state = ${state})
      and (${trade}::text is null or trade = ${trade})
      and (${cursor}::text is null or id < ${cursor})
      and (${words} = '' or name || ' ' || address || ' ' || representative ilike ${`%${words}%`}
           or licence ilike ${`${words}%`})
    order by id desc limit ${limit + 1}`
  const page = rows.slice(0, limit)
  return rows.length > limit ? { rows: page, next: page.at(-1)!.id } : { rows: page }
}
