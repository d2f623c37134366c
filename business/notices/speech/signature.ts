/**
 * What a microphone can verify: the two figures once more, as tones, after the voice. Bell 103's: 300 baud, one start bit,
 * eight bits, the lowest first, one stop bit; so Debian's `minimodem --rx 300` reads it, and the staff's page does. A third
 * sign says that they were heard right.
 */
import { rate } from './rate.ts'

const [mark, space, baud] = [1270, 1070, 300]
/** So long the line is at rest, before and after. */
const rest = 0.08
const loudness = 7_000

/** `B47` and a letter: by it one wrong figure is known, and two that were changed round. */
export function frameOf(code: string): string {
  const [tens, ones] = [...code].map(Number) as [number, number]
  return `B${code}${String.fromCharCode(65 + ((tens * 3 + ones * 7) % 23))}`
}

/** One wave without a break, loud and soft without a click. */
export function signature(code: string): Int16Array {
  const bits = [...Buffer.from(`${frameOf(code)}\n`, 'latin1')].flatMap(byte => [
    0,
    ...Array.from({ length: 8 }, (_, bit) => (byte >> bit) & 1),
    1,
  ])
  const length = Math.round((bits.length / baud + 2 * rest) * rate)
  let phase = 0
  return Int16Array.from({ length }, (_, place) => {
    const bit = Math.floor((place / rate - rest) * baud)
    phase += (2 * Math.PI * ((bits[bit] ?? 1) ? mark : space)) / rate
    const edge = Math.min(1, place / (rate * 0.01), (length - place) / (rate * 0.01))
    return Math.round(loudness * edge * Math.sin(phase))
  })
}
