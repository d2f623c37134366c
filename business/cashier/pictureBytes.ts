/**
 * A picture as it may be shown to strangers: JPEG, PNG or WebP by its content, whatever it is called, whole, of a known size,
 * and without what a camera or a program wrote beside it (place, time, owner, a second picture). It is read by its
 * structure and written again from the parts that are needed to show it; its pixels are not touched.
 */
import { crc32 } from 'node:zlib'

export type PictureType = 'image/jpeg' | 'image/png' | 'image/webp'
export type Bare = Readonly<{ type: PictureType; width: number; height: number; bytes: Buffer }>

/** Undefined where it is none of the three, or broken, or moves. */
export function bareOf(bytes: Buffer): Bare | undefined {
  try {
    if (bytes.readUInt16BE(0) === 0xffd8) return jpeg(bytes)
    if (bytes.subarray(0, 8).equals(pngBegins)) return png(bytes)
    if (bytes.toString('latin1', 0, 4) === 'RIFF' && bytes.toString('latin1', 8, 12) === 'WEBP')
      return webp(bytes)
  } catch (error) {
    // It ends before it should.
    if (!(error instanceof RangeError)) throw error
  }
  return undefined
}

/** What a JPEG is shown by: its frame, tables and scans; JFIF, the colour profile, Adobe's word on the colours. */
const isFrame = (marker: number) =>
  marker >= 0xc0 && marker <= 0xcf && marker !== 0xc4 && marker !== 0xc8 && marker !== 0xcc
const isProfile = (part: Buffer) => part.toString('latin1', 4, 15) === 'ICC_PROFILE'
const keptOfJpeg = (marker: number, part: Buffer): boolean =>
  isFrame(marker) ||
  [0xc4, 0xcc, 0xda, 0xdb, 0xdd, 0xe0, 0xee].includes(marker) ||
  (marker === 0xe2 && isProfile(part))

function jpeg(bytes: Buffer): Bare | undefined {
  const parts = [bytes.subarray(0, 2)]
  let size: Pick<Bare, 'width' | 'height'> | undefined
  for (let at = 2; ;) {
    if (bytes.readUInt8(at) !== 0xff) return undefined
    const marker = bytes.readUInt8(at + 1)
    if (marker === 0xff) {
      at++
      continue
    }
    // What stands behind the end is no part of it.
    if (marker === 0xd9) {
      if (!size || parts.length < 3) return undefined
      return { type: 'image/jpeg', ...size, bytes: Buffer.concat([...parts, endOfJpeg]) }
    }
    const length = bytes.readUInt16BE(at + 2)
    if (length < 2) return undefined
    const ends = marker === 0xda ? endOfScan(bytes, at + 2 + length) : at + 2 + length
    const part = bytes.subarray(at, ends)
    if (isFrame(marker)) size = { height: part.readUInt16BE(5), width: part.readUInt16BE(7) }
    if (keptOfJpeg(marker, part)) parts.push(part)
    at = ends
  }
}

const endOfJpeg = Buffer.from([0xff, 0xd9])

/** Where the next marker stands that is neither a stuffed byte nor a restart. */
function endOfScan(bytes: Buffer, from: number): number {
  for (let at = from; ; at++) {
    at = bytes.indexOf(0xff, at)
    if (at < 0) throw new RangeError('a scan without an end')
    const next = bytes.readUInt8(at + 1)
    if (next !== 0 && next !== 0xff && !(next >= 0xd0 && next <= 0xd7)) return at
  }
}

const pngBegins = Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a])
const keptOfPng = new Set(['IHDR', 'PLTE', 'IDAT', 'IEND', 'tRNS', 'gAMA', 'cHRM', 'sRGB', 'iCCP'])

function png(bytes: Buffer): Bare | undefined {
  const parts: Buffer[] = [pngBegins]
  const names: string[] = []
  for (let at = 8; names.at(-1) !== 'IEND';) {
    const ends = at + 12 + bytes.readUInt32BE(at)
    const name = bytes.toString('latin1', at + 4, at + 8)
    if (crc32(bytes.subarray(at + 4, ends - 4)) !== bytes.readUInt32BE(ends - 4)) return undefined
    if (keptOfPng.has(name)) parts.push(bytes.subarray(at, ends))
    names.push(name)
    at = ends
  }
  if (names[0] !== 'IHDR' || !names.includes('IDAT')) return undefined
  const [width, height] = [bytes.readUInt32BE(16), bytes.readUInt32BE(20)]
  return { type: 'image/png', width, height, bytes: Buffer.concat(parts) }
}

const keptOfWebp = new Set(['VP8 ', 'VP8L', 'VP8X', 'ALPH', 'ICCP'])
/** In the flags of a VP8X: what was taken out of it. */
const movesOrTells = 0x02 | 0x04 | 0x08

function webp(bytes: Buffer): Bare | undefined {
  const parts: Buffer[] = []
  let size: Pick<Bare, 'width' | 'height'> | undefined
  const end = 8 + bytes.readUInt32LE(4)
  for (let at = 12; at < end;) {
    const name = bytes.toString('latin1', at, at + 4)
    const length = bytes.readUInt32LE(at + 4)
    const part = Buffer.from(bytes.subarray(at, at + 8 + length + (length % 2)))
    if (part.length < 8 + length || name === 'ANIM' || name === 'ANMF') return undefined
    if (name === 'VP8X') part.writeUInt8(part.readUInt8(8) & ~movesOrTells, 8)
    if (keptOfWebp.has(name)) parts.push(part)
    size ??= sizeOfWebp(name, part)
    at += part.length
  }
  const shown = parts.some(part => ['VP8 ', 'VP8L'].includes(part.toString('latin1', 0, 4)))
  if (!size || !shown) return undefined
  const body = Buffer.concat([Buffer.from('WEBP'), ...parts])
  const head = Buffer.from('RIFF\0\0\0\0')
  head.writeUInt32LE(body.length, 4)
  return { type: 'image/webp', ...size, bytes: Buffer.concat([head, body]) }
}

function sizeOfWebp(name: string, part: Buffer): Pick<Bare, 'width' | 'height'> | undefined {
  if (name === 'VP8X')
    return { width: 1 + part.readUIntLE(12, 3), height: 1 + part.readUIntLE(15, 3) }
  if (name === 'VP8 ')
    return { width: part.readUInt16LE(14) & 0x3fff, height: part.readUInt16LE(16) & 0x3fff }
  if (name !== 'VP8L') return undefined
  const bits = part.readUInt32LE(9)
  return { width: 1 + (bits & 0x3fff), height: 1 + ((bits >>> 14) & 0x3fff) }
}
