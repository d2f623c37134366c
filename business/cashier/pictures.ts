/** An item's picture: put, taken away, and read by anybody who has its id. The table bounds them (0017_picture.sql). */
import { newId, Refusal, type Books, type Id, type MerchantId, type PersonId } from '@bursar/kernel'
import { bareOf, type Bare } from './pictureBytes.ts'
import type { Refused } from './refused.ts'

export type PictureId = Id<'pic'>
/** As a menu shows it: the size is known before it is loaded, and nothing jumps. */
export type Picture = Readonly<{ id: PictureId; width: number; height: number }>

const most = { bytes: 512 * 1024, side: 2048, count: 300, all: 64 * 1024 * 1024 }
type Of = Readonly<{ merchant: MerchantId; item: Id<'itm'> }>

/** In the place of the one before, if there was one. The same bytes again keep what is there. */
export async function putPicture(
  books: Books,
  { merchant, item, bytes, by }: Of & Readonly<{ bytes: Buffer; by: PersonId }>,
): Promise<Picture> {
  const bare = bareOf(bytes)
  if (!bare) throw new Refusal<Refused>('picture_unreadable', { field: 'data' })
  const { type, width, height } = bare
  if (bare.bytes.length > most.bytes || Math.max(width, height) > most.side || width * height === 0)
    throw new Refusal<Refused>('picture_too_large', { field: 'data', width, height })
  return await books.write(async tx => {
    const [ours] = await tx.sql`
      select from cashier.item where id = ${item} and merchant = ${merchant} for no key update`
    if (!ours) throw new Refusal<Refused>('no_such_item', { item })
    const [same] = await tx.sql<Picture>`
      select id, width, height from cashier.picture where item = ${item} and bytes = ${bare.bytes}`
    if (same) return same
    const [full] = await tx.sql`
      select from (
        select count(*) as count, coalesce(sum(length(bytes)), 0) as bytes
        from cashier.picture where merchant = ${merchant} and item <> ${item}) as others
      where count >= ${most.count} or bytes + ${bare.bytes.length}::int > ${most.all}::int`
    if (full) throw new Refusal<Refused>('pictures_full', { merchant })
    const id: PictureId = newId('pic')
    await tx.sql`delete from cashier.picture where item = ${item}`
    await tx.sql`
      insert into cashier.picture (id, item, merchant, type, width, height, bytes, put_by)
      values (${id}, ${item}, ${merchant}, ${type}, ${width}, ${height}, ${bare.bytes}, ${by})`
    return { id, width, height }
  })
}

/** Taking it away again changes nothing. */
export async function removePicture({ sql }: Books, { merchant, item }: Of): Promise<void> {
  await sql`delete from cashier.picture where item = ${item} and merchant = ${merchant}`
}

export async function readPicture(
  { sql }: Books,
  id: PictureId,
): Promise<Pick<Bare, 'type' | 'bytes'>> {
  const [found] = await sql<Pick<Bare, 'type' | 'bytes'>>`
    select type, bytes from cashier.picture where id = ${id}`
  if (!found) throw new Refusal<Refused>('no_such_picture', { picture: id })
  return found
}
