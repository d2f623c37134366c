import assert from 'node:assert/strict'
import { test } from 'node:test'
import { crc32 } from 'node:zlib'
import { newId } from '@bursar/kernel'
import { cny, useShops } from '../custody/testing.ts'

const { api, shop } = await useShops()

function chunk(name: string, body: Buffer): Buffer {
  const named = Buffer.concat([Buffer.from(name), body])
  const [length, sum] = [Buffer.alloc(4), Buffer.alloc(4)]
  length.writeUInt32BE(body.length)
  sum.writeUInt32BE(crc32(named))
  return Buffer.concat([length, named, sum])
}
/** A picture of that size, with so many bytes of pixels, in base64. */
function png(width = 40, pixels = 'data', ...more: Buffer[]): string {
  const ihdr = Buffer.from([0, 0, 0, 0, 0, 0, 0, 30, 8, 2, 0, 0, 0])
  ihdr.writeUInt32BE(width)
  const begins = Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a])
  const parts = [begins, chunk('IHDR', ihdr), ...more, chunk('IDAT', Buffer.from(pixels))]
  return Buffer.concat([...parts, chunk('IEND', Buffer.alloc(0))]).toString('base64')
}

/** A shop that sells one thing. */
async function selling() {
  const { id: merchant, till } = await shop()
  const owner = await api.as('owner', { merchant })
  const [category, at] = [newId('cat'), `/v1/cashier/merchants/${merchant}`]
  await owner.put(`${at}/categories/${category}`, { name: '酒水', rank: 1, offered: true })
  const sold = { category, station: 'bar', price: cny('30.00'), modifiers: [], rank: 1 }
  const sell = async (name: string) => {
    const item = newId('itm')
    await owner.put(`${at}/items/${item}`, { ...sold, name, offered: true })
    return `${at}/items/${item}/picture`
  }
  const shown = async () => (await till.get(`${at}/catalogue`)).json().items[0].picture
  return { merchant, till, owner, sell, shown, picture: await sell('啤酒') }
}

test('P5-I3 an owner gives an item its picture: anybody with its id is shown it, for ever, as a picture and nothing else', async () => {
  const { owner, till, picture, shown } = await selling()
  assert.equal(await shown(), undefined)
  const told = png(40, 'data', chunk('eXIf', Buffer.from('31.2304N 121.4737E')))
  assert.equal((await till.put(picture, { data: told })).statusCode, 403)
  const put = await owner.put(picture, { data: told })
  assert.equal(put.statusCode, 200, put.body)
  assert.deepEqual(await shown(), { id: put.json().id, width: 40, height: 30 })
  assert.deepEqual((await owner.put(picture, { data: told })).json(), put.json(), 'sent again')

  const url = `/v1/cashier/pictures/${put.json().id}`
  const guest = await api.as('guest')
  const read = await guest.get(url)
  assert.equal(read.statusCode, 200)
  const { headers } = read
  assert.equal(headers['content-type'], 'image/png')
  assert.equal(headers['cache-control'], 'public, max-age=31536000, immutable')
  assert.equal(headers['x-content-type-options'], 'nosniff')
  assert.match(String(headers['content-security-policy']), /default-src 'none'/)
  assert.equal(read.rawPayload.toString('base64'), png(), 'without where it was taken')
  const known = { headers: { 'if-none-match': String(headers['etag']) } }
  assert.equal((await guest.get(url, known)).statusCode, 304)

  const next = (await owner.put(picture, { data: png(50) })).json()
  assert.notEqual(next.id, put.json().id)
  assert.equal((await guest.get(url)).statusCode, 404)
  for (const status of [204, 204]) assert.equal((await owner.delete(picture)).statusCode, status)
  assert.equal(await shown(), undefined)
})

test('P5-I3 what is no picture, too large or too much is refused with its field, and what was there stays', async () => {
  const { owner, picture, shown, merchant, sell } = await selling()
  await owner.put(picture, { data: png() })
  const before = await shown()
  const put = async (data: string, at = picture) => (await owner.put(at, { data })).json()
  const svg = Buffer.from('<svg xmlns="http://www.w3.org/2000/svg"/>').toString('base64')
  assert.equal((await put(svg)).code, 'picture_unreadable')
  assert.equal((await put(png(2049))).code, 'picture_too_large')
  assert.equal((await put(png(40, 'x'.repeat(524_288)))).code, 'picture_too_large')
  assert.equal((await put('not base64!')).errors[0].pointer, '/data')
  const other = await selling()
  const foreign = picture.replace(merchant, other.merchant)
  assert.equal((await other.owner.put(foreign, { data: png() })).json().code, 'no_such_item')
  assert.equal((await other.owner.delete(foreign)).statusCode, 204)
  const unknown = await owner.get(`/v1/cashier/pictures/${newId('pic')}`)
  assert.deepEqual([unknown.statusCode, unknown.json().code], [404, 'no_such_picture'])
  assert.deepEqual(await shown(), before)

  const second = await sell('薯条')
  await api.books.sql`
    with more as (
      insert into cashier.item (id, merchant, category, name, station, minor, currency, offered, rank)
      select 'itm_' || lpad(n::text, 26, '0'), i.merchant, i.category, 'x', 'bar', 1, 'CNY', false, 9
      from cashier.item i, generate_series(1, 299) n where i.merchant = ${merchant} and i.name = '啤酒' returning id)
    select from more`
  await api.books.sql`
    insert into cashier.picture (id, item, merchant, type, width, height, bytes, put_by)
    select 'pic' || substr(id, 4), id, merchant, 'image/png', 1, 1, '\\x00', ${owner.person}
    from cashier.item where merchant = ${merchant} and name = 'x'`
  assert.equal((await put(png(), second)).code, 'pictures_full')
  await assert.rejects(
    api.books.sql`
      insert into cashier.picture (id, item, merchant, type, width, height, bytes, put_by)
      select ${newId('pic')}, id, merchant, 'image/png', 1, 1, '\\x00', ${owner.person}
      from cashier.item where merchant = ${merchant} and name = '薯条'`,
    { constraint: 'a_merchants_pictures_are_bounded' },
    'nor by the table',
  )
  assert.equal((await owner.put(picture, { data: png(60) })).statusCode, 200, 'in its own place')
})
