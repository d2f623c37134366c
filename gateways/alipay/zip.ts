/** One file out of a ZIP on the disk, as a stream: found by the directory at the ZIP's end, checked by its CRC. */
import { mkdtemp, open, rm, type FileHandle } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { pipeline, Readable } from 'node:stream'
import { crc32, createInflateRaw } from 'node:zlib'

/** Brings what is at the address onto the disk. The file has no name there: it ends with its handle. */
export async function fetched(url: string, signal: AbortSignal): Promise<FileHandle> {
  const answer = await fetch(url, { signal, redirect: 'error' })
  if (answer.status !== 200 || !answer.body) throw new Error(`It answered ${answer.status}.`)
  const folder = await mkdtemp(join(tmpdir(), 'bill-'))
  const file = await open(join(folder, 'bill.zip'), 'wx+', 0o600)
  await rm(folder, { recursive: true })
  try {
    for await (const part of answer.body) await file.writev([part])
    return file
  } catch (error) {
    await file.close()
    throw error
  }
}

type Entry = Readonly<{ name: string; method: number; crc: number; packed: number; at: number }>
const [endMark, entryMark, localMark] = [0x06054b50, 0x02014b50, 0x04034b50]

/** The bytes of the first file whose name fits. Throws where the ZIP is none, or broken. */
export async function entryOf(
  file: FileHandle,
  fits: (name: string) => boolean,
): Promise<AsyncIterable<Uint8Array> | undefined> {
  const entry = (await directoryOf(file)).find(({ name }) => fits(name))
  if (!entry) return undefined
  const head = await bytesAt(file, entry.at, 30)
  if (head.readUInt32LE(0) !== localMark) throw new Error('The ZIP is broken.')
  const start = entry.at + 30 + head.readUInt16LE(26) + head.readUInt16LE(28)
  const packed = Readable.from(pieces(file, start, entry.packed))
  if (entry.method !== 0 && entry.method !== 8) throw new Error('The ZIP is packed in another way.')
  if (entry.method === 0) return checked(packed, entry.crc)
  // What goes wrong in the file goes wrong in the stream: whoever reads it is told.
  return checked(
    pipeline(packed, createInflateRaw(), () => undefined),
    entry.crc,
  )
}

async function directoryOf(file: FileHandle): Promise<Entry[]> {
  const { size } = await file.stat()
  const tail = await bytesAt(file, Math.max(0, size - 65_557), Math.min(size, 65_557))
  const end = tail.lastIndexOf(Buffer.from('PK\x05\x06'))
  if (end < 0 || tail.readUInt32LE(end) !== endMark) throw new Error('It is no ZIP.')
  const directory = await bytesAt(file, tail.readUInt32LE(end + 16), tail.readUInt32LE(end + 12))
  const found: Entry[] = []
  for (let at = 0; at + 46 <= directory.length && directory.readUInt32LE(at) === entryMark;) {
    const [method, crc] = [directory.readUInt16LE(at + 10), directory.readUInt32LE(at + 16)]
    const length = directory.readUInt16LE(at + 28)
    const bytes = directory.subarray(at + 46, at + 46 + length)
    // Bit 11 says that the name is UTF-8; without it Alipay's are GBK.
    const utf8 = (directory.readUInt16LE(at + 8) & 0x800) !== 0
    const name = new TextDecoder(utf8 ? 'utf-8' : 'gb18030').decode(bytes)
    const [packed, local] = [directory.readUInt32LE(at + 20), directory.readUInt32LE(at + 42)]
    found.push({ name, method, crc, packed, at: local })
    at += 46 + length + directory.readUInt16LE(at + 30) + directory.readUInt16LE(at + 32)
  }
  return found
}

async function bytesAt(file: FileHandle, at: number, length: number): Promise<Buffer> {
  const { buffer, bytesRead } = await file.read(Buffer.alloc(length), 0, length, at)
  if (bytesRead !== length) throw new Error('The ZIP breaks off.')
  return buffer
}

async function* pieces(file: FileHandle, start: number, length: number): AsyncGenerator<Buffer> {
  for (let at = 0; at < length; at += 65_536)
    yield await bytesAt(file, start + at, Math.min(65_536, length - at))
}

async function* checked(bytes: AsyncIterable<Buffer>, expected: number): AsyncGenerator<Buffer> {
  let crc = 0
  for await (const part of bytes) {
    crc = crc32(part, crc)
    yield part
  }
  if (crc !== expected) throw new Error('The ZIP is broken.')
}
