/**
 * Hears the two figures that a receipt's voice ends with, as tones (business/notices/speech/signature.ts): 300 baud, 1270 Hz
 * for one and 1070 Hz for nought. It looks at a piece of sound as a whole, so nothing has to be in step with anything.
 */
const [mark, space, baud] = [1270, 1070, 300]
/** How many places within one bit are tried. */
const finely = 8
const frame = /B(\d)(\d)([A-W])/

/** The code in a piece of sound; undefined where there is none, or it was not heard right. */
export function codeIn(samples: Float32Array, rate: number): string | undefined {
  const bits = sensed(samples, rate)
  for (let at = 0; at + 40 * finely < bits.length; at++) {
    const text = readFrom(bits, at)
    const [, tens, ones, check] = (text && frame.exec(text)) || []
    if (!tens || !ones) continue
    const right = String.fromCharCode(65 + ((Number(tens) * 3 + Number(ones) * 7) % 23))
    if (check === right) return tens + ones
  }
  return undefined
}

/** Four signs from here, each with its start and its stop. */
function readFrom(bits: Float32Array, at: number): string | undefined {
  let text = ''
  for (let sign = 0; sign < 4; sign++) {
    const start = at + sign * 10 * finely
    if (bits[start]! >= 0 || bits[start + 9 * finely]! <= 0) return undefined
    let byte = 0
    for (let bit = 0; bit < 8; bit++) if (bits[start + (bit + 1) * finely]! > 0) byte |= 1 << bit
    text += String.fromCharCode(byte)
    if (text[0] !== 'B') return undefined
  }
  return text
}

/** At every place: by how much one of the two is louder, over the length of a bit. */
function sensed(samples: Float32Array, rate: number): Float32Array {
  const length = rate / baud
  const step = length / finely
  const places = Math.max(0, Math.floor((samples.length - length) / step))
  const [one, nought] = [louder(samples, rate, mark), louder(samples, rate, space)]
  return Float32Array.from({ length: places }, (_, place) => {
    const [from, to] = [Math.round(place * step), Math.round(place * step + length)]
    return one(from, to) - nought(from, to)
  })
}

/** How loud a tone is between two places, by running sums: each sample is looked at once. */
function louder(samples: Float32Array, rate: number, hertz: number) {
  const turn = (2 * Math.PI * hertz) / rate
  const [along, across] = [
    new Float64Array(samples.length + 1),
    new Float64Array(samples.length + 1),
  ]
  for (const [place, sample] of samples.entries()) {
    along[place + 1] = along[place]! + sample * Math.cos(turn * place)
    across[place + 1] = across[place]! + sample * Math.sin(turn * place)
  }
  return (from: number, to: number) =>
    Math.hypot(along[to]! - along[from]!, across[to]! - across[from]!)
}
