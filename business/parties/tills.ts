/** The tills of an outlet: where money is taken. A closed one stays, for what came in there. */
import {
  Refusal,
  type Books,
  type MerchantId,
  type OutletId,
  type PersonId,
  type Sql,
  type TillId,
} from '@bursar/kernel'
import type { Refused } from './refusal.ts'

export type Till = Readonly<{
  id: TillId
  merchant: MerchantId
  outlet: OutletId
  name: string
  openedAt: Date
  closedAt: Date | null
  /** What it was called before, the last name first; of each until when, and who called it otherwise. */
  formerly: readonly Readonly<{ name: string; until: Date; by: string }>[]
}>
type Ask = Pick<Till, 'id' | 'merchant' | 'outlet' | 'name'> & Readonly<{ at?: Date }>

export async function addTill(books: Books, ask: Ask): Promise<Till> {
  const { id, merchant, outlet, name, at = new Date() } = ask
  // Asked twice at once, whichever of its keys is met first: it is the same till.
  await books.sql`
    insert into parties.till (id, merchant, outlet, name, opened_at)
    select ${id}, merchant, id, ${name}, ${at} from parties.outlet
    where id = ${outlet} and merchant = ${merchant}
    on conflict do nothing`
  const all = await tillsOf(books, merchant)
  const known = all.find(one => one.id === id)
  if (!known && all.some(one => one.outlet === outlet && one.name === name && !one.closedAt))
    throw new Refusal<Refused>('till_named_before', { field: 'name' })
  if (!known) throw new Refusal('no_such_outlet', { merchant, outlet })
  if (known.outlet !== outlet || known.name !== name)
    throw new Refusal<Refused>('id_already_used', { id })
  return known
}

const namedBefore = (error: unknown): unknown =>
  (error as { constraint?: string }).constraint === 'a_till_is_named_once'
    ? new Refusal<Refused>('till_named_before', { field: 'name' })
    : error

type Renaming = Readonly<{
  merchant: MerchantId
  till: TillId
  name: string
  by: PersonId
  at?: Date
}>

/** It is the same till: what came in there, its QR and who is limited to it stay. By its own name it changes nothing. */
export async function renameTill(books: Books, ask: Renaming): Promise<Till> {
  const { merchant, till, name, by, at = new Date() } = ask
  try {
    return await books.write(async ({ sql }) => {
      const [known] = await sql<Pick<Till, 'name' | 'closedAt'>>`
        select name, closed_at as "closedAt" from parties.till
        where id = ${till} and merchant = ${merchant} for update`
      if (!known) throw new Refusal<Refused>('no_such_till', { merchant, till })
      if (known.closedAt) throw new Refusal('till_is_closed', { till, name: known.name })
      if (known.name !== name) {
        await sql`
          insert into parties.till_name (till, n, name, renamed_by, renamed_at)
          select ${till}, count(*) + 1, ${known.name}, ${by}, ${at} from parties.till_name where till = ${till}`
        await sql`update parties.till set name = ${name} where id = ${till}`
      }
      return await readTill(sql, merchant, till)
    })
  } catch (error) {
    throw namedBefore(error)
  }
}

/** It takes no more. Closing it again changes nothing. */
export async function closeTill(
  books: Books,
  ask: Readonly<{ merchant: MerchantId; till: TillId; at?: Date }>,
): Promise<Till> {
  const { merchant, till, at = new Date() } = ask
  await books.sql`
    update parties.till set closed_at = greatest(${at}::timestamptz, opened_at)
    where id = ${till} and merchant = ${merchant} and closed_at is null`
  return await readTill(books.sql, merchant, till)
}

async function readTill(sql: Sql, merchant: MerchantId, till: TillId): Promise<Till> {
  const known = (await tillsIn(sql, merchant)).find(one => one.id === till)
  if (!known) throw new Refusal<Refused>('no_such_till', { merchant, till })
  return known
}

/** Of all its outlets, those that were closed too. */
export const tillsOf = ({ sql }: Books, merchant: MerchantId): Promise<Till[]> =>
  tillsIn(sql, merchant)

async function tillsIn(sql: Sql, merchant: MerchantId): Promise<Till[]> {
  const rows = await sql<
    Omit<Till, 'formerly'> & { formerly: { name: string; until: string; by: string }[] | null }
  >`
    select id, merchant, outlet, name, opened_at as "openedAt", closed_at as "closedAt",
      (select jsonb_agg(jsonb_build_object('name', h.name, 'until', h.renamed_at, 'by', coalesce(p.name, h.renamed_by)) order by h.n desc)
       from (select * from parties.till_name where till = t.id order by n desc limit 20) h
       left join parties.person p on p.id = h.renamed_by) as formerly
    from parties.till t where merchant = ${merchant} order by id limit 1000`
  return rows.map(({ formerly, ...till }) => ({
    ...till,
    formerly: (formerly ?? []).map(one => ({ ...one, until: new Date(one.until) })),
  }))
}
