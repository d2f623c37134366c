import assert from 'node:assert/strict'
import { test } from 'node:test'
import { crc32 } from 'node:zlib'
import { bareOf } from './pictureBytes.ts'

const bytes = (...parts: (string | number[] | Buffer)[]) =>
  Buffer.concat(
    parts.map(part => (typeof part === 'string' ? Buffer.from(part, 'latin1') : Buffer.from(part))),
  )
const segment = (marker: number, body: Buffer) => {
  const head = Buffer.from([0xff, marker, 0, 0])
  head.writeUInt16BE(body.length + 2, 2)
  return bytes(head, body)
}
const frame = segment(0xc0, bytes([8, 0, 30, 0, 40, 1, 1, 0x11, 0]))
const scan = bytes(segment(0xda, bytes([1, 1, 0, 0, 63, 0])), [1, 2, 0xff, 0, 3, 0xff, 0xd0, 4])
const jpeg = (...more: Buffer[]) =>
  bytes([0xff, 0xd8], segment(0xe0, bytes('JFIF\0')), ...more, frame, scan, [0xff, 0xd9])

const chunk = (name: string, body: Buffer) => {
  const [length, sum] = [Buffer.alloc(4), Buffer.alloc(4)]
  length.writeUInt32BE(body.length)
  sum.writeUInt32BE(crc32(bytes(name, body)))
  return bytes(length, name, body, sum)
}
const pngHead = bytes([0x89], 'PNG\r\n', [0x1a, 0x0a])
const ihdr = chunk('IHDR', bytes([0, 0, 0, 40, 0, 0, 0, 30, 8, 2, 0, 0, 0]))
const png = (...more: Buffer[]) =>
  bytes(pngHead, ihdr, ...more, chunk('IDAT', bytes('data')), chunk('IEND', bytes('')))

const riff = (...chunks: Buffer[]) => {
  const body = bytes('WEBP', ...chunks)
  const length = Buffer.alloc(4)
  length.writeUInt32LE(body.length)
  return bytes('RIFF', length, body)
}
const part = (name: string, body: Buffer) => {
  const length = Buffer.alloc(4)
  length.writeUInt32LE(body.length)
  return bytes(name, length, body, body.length % 2 ? [0] : [])
}
const vp8 = part('VP8 ', bytes([0, 0, 0, 0x9d, 1, 0x2a, 40, 0, 30, 0, 1, 2]))
const vp8x = (flags: number) => part('VP8X', bytes([flags, 0, 0, 0, 39, 0, 0, 29, 0, 0]))

const secret = Buffer.from('Exif\0\0 31.2304N 121.4737E')

test('P5-I3 a picture is known by its content, with its size, and loses where and by whom it was taken', () => {
  const cases = {
    'image/jpeg': [
      jpeg(segment(0xe1, secret), segment(0xfe, secret), segment(0xed, secret)),
      jpeg(),
    ],
    'image/png': [png(chunk('eXIf', secret), chunk('tEXt', secret), chunk('iTXt', secret)), png()],
    'image/webp': [
      riff(vp8x(0x0c), vp8, part('EXIF', secret), part('XMP ', secret)),
      riff(vp8x(0), vp8),
    ],
  } as const
  for (const [type, [told, bare]] of Object.entries(cases)) {
    const found = bareOf(told)!
    assert.deepEqual([found.type, found.width, found.height], [type, 40, 30])
    assert.deepEqual(found.bytes, bare, type)
    assert.deepEqual(bareOf(found.bytes), found, 'once bare, it stays as it is')
  }
})

test('P5-I3 what stands behind a picture’s end goes too, a colour profile stays', () => {
  const profile = segment(0xe2, bytes('ICC_PROFILE\0', [1, 1], 'p3'))
  const other = segment(0xe2, bytes('MPF\0 a second picture'))
  const moving = bytes(jpeg(profile, other), 'ftypmp42', secret)
  assert.deepEqual(bareOf(moving)!.bytes, jpeg(profile))
  assert.deepEqual(bareOf(bytes(png(), secret))!.bytes, png())
  assert.deepEqual(bareOf(bytes(riff(vp8), secret))!.bytes, riff(vp8))
})

test('P5-I3 what is no picture, or not a whole one, or moves, is none, wherever it is cut off', () => {
  const broken = png()
  broken[broken.indexOf('data')]! ^= 1
  const others = [
    bytes('<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>'),
    bytes('GIF89a', [40, 0, 30, 0]),
    broken,
    bytes(pngHead, ihdr, chunk('IEND', bytes(''))),
    riff(vp8x(2), part('ANIM', bytes([0, 0, 0, 0, 0, 0])), vp8),
    riff(part('EXIF', secret)),
    bytes([0xff, 0xd8, 0xff, 0xd9]),
    Buffer.alloc(0),
  ]
  for (const one of others) assert.equal(bareOf(one), undefined)
  for (const whole of [jpeg(), png(), riff(vp8x(0), vp8)])
    for (let length = 0; length < whole.length; length++)
      assert.equal(bareOf(whole.subarray(0, length)), undefined, `${length} of ${whole.length}`)
})
