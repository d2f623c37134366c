/** A merchant's places of business. A business date is a day in the outlet's zone. */
import { Refusal, type Books, type MerchantId, type OutletId } from '@bursar/kernel'
import type { Refused } from './refusal.ts'

export type Outlet = Readonly<{
  id: OutletId
  merchant: MerchantId
  name: string
  address: string
  zone: string
  openedAt: Date
}>
type Ask = Omit<Outlet, 'zone' | 'openedAt'> & Readonly<{ zone?: string; at?: Date }>

export async function addOutlet(books: Books, ask: Ask): Promise<Outlet> {
  const { id, merchant, name, address, zone = 'Asia/Shanghai', at = new Date() } = ask
  await books.sql`
    insert into parties.outlet (id, merchant, name, address, zone, opened_at)
    values (${id}, ${merchant}, ${name}, ${address}, ${zone}, ${at})
    on conflict (id) do nothing`
  const [known] = await books.sql<Outlet>`
    select id, merchant, name, address, zone, opened_at as "openedAt"
    from parties.outlet where id = ${id}`
  const alike = known?.merchant === merchant && known.name === name && known.address === address
  if (!known || !alike) throw new Refusal<Refused>('id_already_used', { id })
  return known
}

export async function outletsOf(books: Books, merchant: MerchantId): Promise<Outlet[]> {
  return await books.sql<Outlet>`
    select id, merchant, name, address, zone, opened_at as "openedAt"
    from parties.outlet where merchant = ${merchant} order by id limit 1000`
}
