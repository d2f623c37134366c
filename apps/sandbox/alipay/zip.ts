/** A ZIP of a few files. Its names are bytes: a Chinese platform writes them in GBK, and does not say so. */
import { crc32, deflateRawSync } from 'node:zlib'

type File = Readonly<{ name: Buffer; data: Buffer }>

export function zip(files: readonly File[]): Buffer {
  const parts: Buffer[] = []
  const directory: Buffer[] = []
  let at = 0
  for (const { name, data } of files) {
    const packed = deflateRawSync(data)
    const facts = factsOf(crc32(data), packed.length, data.length, name.length)
    const local = Buffer.concat([words(0x04034b50, 'u32'), words(20, 'u16'), facts, name, packed])
    const [made, rest] = [words(20, 'u16'), Buffer.alloc(10)]
    const place = words(at, 'u32')
    const entry = [words(0x02014b50, 'u32'), made, words(20, 'u16'), facts, rest, place, name]
    directory.push(Buffer.concat(entry))
    parts.push(local)
    at += local.length
  }
  const index = Buffer.concat(directory)
  const count = words(files.length, 'u16')
  const sizes = [words(index.length, 'u32'), words(at, 'u32'), words(0, 'u16')]
  const end = [words(0x06054b50, 'u32'), Buffer.alloc(4), count, count, ...sizes]
  return Buffer.concat([...parts, index, ...end])
}

/** Flags, method (deflate), time, CRC, sizes, length of the name, no extra field: the same in both places. */
const factsOf = (crc: number, packed: number, whole: number, name: number): Buffer =>
  Buffer.concat([
    ...[words(0, 'u16'), words(8, 'u16'), Buffer.alloc(4), words(crc, 'u32')],
    ...[words(packed, 'u32'), words(whole, 'u32'), words(name, 'u16'), words(0, 'u16')],
  ])

function words(value: number, kind: 'u16' | 'u32'): Buffer {
  const bytes = Buffer.alloc(kind === 'u16' ? 2 : 4)
  if (kind === 'u16') bytes.writeUInt16LE(value)
  else bytes.writeUInt32LE(value)
  return bytes
}
