import assert from 'node:assert/strict'
import { createServer } from 'node:http'
import { once } from 'node:events'
import type { AddressInfo } from 'node:net'
import { test } from 'node:test'
import { crc32, deflateRawSync } from 'node:zlib'
import { cells, linesOf } from './table.ts'
import { entryOf, fetched } from './zip.ts'

const u16 = (value: number) => Buffer.from([value & 0xff, value >> 8])
const u32 = (value: number) => {
  const bytes = Buffer.alloc(4)
  bytes.writeUInt32LE(value)
  return bytes
}

/** One file, stored or packed, its name in UTF-8. */
function zipOf(data: Buffer, packed: boolean, crc = crc32(data)): Buffer {
  const [name, bytes] = [Buffer.from('账单.csv'), packed ? deflateRawSync(data) : data]
  const facts = [
    ...[u16(0x800), u16(packed ? 8 : 0), u32(0), u32(crc), u32(bytes.length), u32(data.length)],
    ...[u16(name.length), u16(0)],
  ]
  const local = Buffer.concat([u32(0x04034b50), u16(20), ...facts, name, bytes])
  const entry = [u32(0x02014b50), u16(20), u16(20), ...facts, Buffer.alloc(10), u32(0), name]
  const index = Buffer.concat(entry)
  const end = [u32(0x06054b50), u32(0), u16(1), u16(1), u32(index.length), u32(local.length)]
  return Buffer.concat([local, index, ...end, u16(0)])
}

async function read(zip: Buffer): Promise<string> {
  const server = createServer((_, reply) => void reply.end(zip))
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address() as AddressInfo
  const file = await fetched(`http://127.0.0.1:${port}/`, AbortSignal.timeout(5_000))
  try {
    const entry = await entryOf(file, name => name === '账单.csv')
    const lines: string[] = []
    if (entry) for await (const line of linesOf(entry, 'utf-8')) lines.push(line)
    return lines.join('|')
  } finally {
    await file.close()
    server.close()
  }
}

test('a bill comes out of its ZIP, stored or packed; a changed, cut or other file is none', async () => {
  const data = Buffer.from('第一行\r\n第二行\n'.repeat(20_000))
  const whole = data.toString().trimEnd().replaceAll(/\r?\n/g, '|')
  assert.equal(await read(zipOf(data, false)), whole)
  assert.equal(await read(zipOf(data, true)), whole)
  await assert.rejects(read(zipOf(data, true, 1)), /broken/)
  const good = zipOf(data, true)
  await assert.rejects(read(good.subarray(0, good.length - 100)), /no ZIP/)
  await assert.rejects(read(Buffer.concat([good.subarray(0, 60), good.subarray(90)])))
  await assert.rejects(read(Buffer.from('<html>')), /no ZIP/)
})

test('a cell may hold a comma and quotes; tabs and blanks around it are not its own', () => {
  assert.deepEqual(cells('2026\t, a ,,b'), ['2026', 'a', '', 'b'])
  assert.deepEqual(cells('x,"茶, ""老""茶馆",,"",9'), ['x', '茶, "老"茶馆', '', '', '9'])
})
