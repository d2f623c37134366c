/** Where guests sit, by the QR there, and what an outlet of the cashier's has decided. */
import { randomBytes } from 'node:crypto'
import { newId, Refusal, type Books, type Id } from '@bursar/kernel'
import type { MerchantId, OutletId } from '@bursar/kernel'
import type { Tops } from './prices.ts'
import type { Refused } from './refused.ts'

export type PlaceId = Id<'plc'>
export type Place = Readonly<{
  id: PlaceId
  merchant: MerchantId
  outlet: OutletId
  outletName: string
  kind: 'table' | 'seat' | 'pc'
  name: string
  /** What its QR says. */
  token: string
  open: boolean
}>
export type Settings = Readonly<{ cutOff: number; serviceBps: number; taxBps: number }>
export type Outlet = Settings & Readonly<{ outlet: OutletId; name: string; zone: string }>

export async function outletsOf(books: Books, merchant: MerchantId): Promise<Outlet[]> {
  return await books.sql<Outlet>`
    select o.id as outlet, o.name, o.zone, coalesce(s.cut_off, 360) as "cutOff",
      coalesce(s.service_bps, 0) as "serviceBps", coalesce(s.tax_bps, 0) as "taxBps"
    from parties.outlet o left join cashier.outlet s on s.outlet = o.id
    where o.merchant = ${merchant} order by o.id limit 1000`
}

export async function setOutlet(
  books: Books,
  set: Settings & Readonly<{ merchant: MerchantId; outlet: OutletId }>,
): Promise<Settings> {
  const { merchant, outlet, cutOff, serviceBps, taxBps } = set
  const put = await books.sql`
    insert into cashier.outlet (outlet, merchant, cut_off, service_bps, tax_bps)
    select o.id, o.merchant, ${cutOff}, ${serviceBps}, ${taxBps} from parties.outlet o
    where o.id = ${outlet} and o.merchant = ${merchant}
    on conflict (outlet) do update set cut_off = excluded.cut_off, service_bps = excluded.service_bps,
      tax_bps = excluded.tax_bps returning outlet`
  if (!put.length) throw new Refusal('no_such_outlet', { merchant, outlet })
  return { cutOff, serviceBps, taxBps }
}

export async function putPlace(
  books: Books,
  place: Omit<Place, 'token' | 'outletName'>,
): Promise<Place> {
  const { id, merchant, outlet, kind, name, open } = place
  const token = newId('plc', randomBytes(6).readUIntBE(0, 6)).slice(4)
  try {
    const put = await books.sql`
      insert into cashier.place as p (id, merchant, outlet, kind, name, token, open)
      select ${id}, o.merchant, o.id, ${kind}, ${name}, ${token}, ${open} from parties.outlet o
      where o.id = ${outlet} and o.merchant = ${merchant}
      on conflict (id) do update set kind = excluded.kind, name = excluded.name, open = excluded.open
      where p.merchant = excluded.merchant and p.outlet = excluded.outlet returning id`
    if (!put.length) throw new Refusal<Refused>('catalogue_of_another', { id })
  } catch (error) {
    if ((error as { constraint?: string }).constraint === 'a_place_is_named_once')
      throw new Refusal<Refused>('name_taken', { field: 'name' })
    throw error
  }
  const [known] = await placesOf(books, { merchant, id })
  return known!
}

export async function placesOf(
  { sql }: Books,
  {
    merchant,
    outlet = null,
    id = null,
  }: { merchant: MerchantId; outlet?: OutletId | null; id?: PlaceId | null },
): Promise<Place[]> {
  return await sql<Place>`
    select p.id, p.merchant, p.outlet, o.name as "outletName", p.kind, p.name, p.token, p.open
    from cashier.place p join parties.outlet o on o.id = p.outlet
    where p.merchant = ${merchant} and (${outlet}::text is null or p.outlet = ${outlet})
      and (${id}::text is null or p.id = ${id})
    order by p.outlet, length(p.name), p.name, p.id limit 5000`
}

export type Sign = Place & Tops & Readonly<{ merchantName: string; trade: string; zone: string }>

/** What a QR that hangs there says, and what comes on top for who sits down now. A place that is closed is not there. */
export async function placeBy({ sql }: Pick<Books, 'sql'>, token: string): Promise<Sign> {
  const [place] = await sql<Sign>`
    select p.id, p.merchant, p.outlet, o.name as "outletName", p.kind, p.name, p.token, p.open,
      m.name as "merchantName", m.trade, o.zone, coalesce(s.service_bps, 0) as "serviceBps",
      coalesce(s.tax_bps, 0) as "taxBps"
    from cashier.place p
    join parties.outlet o on o.id = p.outlet
    left join cashier.outlet s on s.outlet = p.outlet
    join parties.merchant m on m.id = p.merchant
    where p.token = ${token} and p.open`
  if (!place) throw new Refusal<Refused>('no_such_place', { token })
  return place
}
