/** A picture of a QR code as a film of one frame, for the camera that Chromium plays. */
import fs from 'node:fs'
import { encode } from 'uqr'

const [width, height] = [640, 480]
const [black, white, noColour] = [16, 235, 128]

/** YUV4MPEG2: a line of header, then frames of luma and two planes of colour. */
export function filmOf(text: string, file: string): void {
  const { data, size } = encode(text, { ecc: 'M', border: 4 })
  const dot = Math.floor((height * 0.9) / size)
  const [left, top] = [(width - size * dot) >> 1, (height - size * dot) >> 1]
  const luma = Buffer.alloc(width * height, white)
  for (let y = 0; y < size * dot; y++)
    for (let x = 0; x < size * dot; x++)
      if (data[Math.floor(y / dot)]![Math.floor(x / dot)])
        luma[(y + top) * width + x + left] = black
  const colour = Buffer.alloc((width * height) / 2, noColour)
  const frame = Buffer.concat([Buffer.from('FRAME\n'), luma, colour])
  const head = Buffer.from(`YUV4MPEG2 W${width} H${height} F10:1 Ip A1:1 C420jpeg\n`)
  fs.writeFileSync(file, Buffer.concat([head, frame, frame]))
}
