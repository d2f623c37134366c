/**
 * The voice of a box that has none: recorded fragments, joined. A fragment is found by its text; joining copies samples
 * and starts no process, so that a receipt is ready to be played in a millisecond or two.
 *
 * tools/voice.ts records the fragments, once: 16 kHz, one channel, eight bits by G.711's µ-law.
 */
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { signature } from './signature.ts'
import { rate } from './rate.ts'
import { fragments, type Said } from './speech.ts'

type Recorded = Readonly<{
  samples: Int16Array
  index: Readonly<Record<string, readonly [number, number]>>
}>

const recorded = new Map<string, Recorded>()
/** A breath between fragments, in samples; and after a word that ends a clause. */
const breath = rate * 0.02
const pause = rate * 0.15
/** What stands alone: the sum begins after it, or the code. */
const clauses = new Set([
  '到账',
  '退还顾客',
  '撤销到账',
  '退款',
  '请注意',
  '稍早前',
  '演练',
  '核对码',
  'received',
  'paid back',
  'took back',
  'refund',
  'attention',
  'earlier',
  'rehearsal',
  'code',
])

/** A sample of µ-law, as 16 bits have it. */
export function fromMuLaw(byte: number): number {
  const bits = ~byte & 0xff
  const size = (((bits & 0x0f) << 3) + 0x84) << ((bits & 0x70) >> 4)
  return bits & 0x80 ? 0x84 - size : size - 0x84
}

function load(language: string): Recorded {
  const held = recorded.get(language)
  if (held) return held
  const file = (name: string) => readFileSync(join(import.meta.dirname, 'voices', name))
  const index = JSON.parse(file(`${language}.json`).toString()) as Recorded['index']
  const read = { samples: Int16Array.from(file(`${language}.ulaw`), fromMuLaw), index }
  recorded.set(language, read)
  return read
}

/** A fragment's samples. Throws for what nobody has recorded: a sum with a hole in it would be another sum. */
export function fragment(text: string, language: 'zh-CN' | 'en'): Int16Array {
  const { samples, index } = load(language)
  const place = index[text]
  if (!place) throw new RangeError(`Not recorded in ${language}: ${text}`)
  return samples.subarray(place[0], place[0] + place[1])
}

/** Samples of silence after a fragment. */
export const silenceAfter = (text: string): number => (clauses.has(text) ? pause : breath)

/** What is said, as one piece of sound. A refund and a reversal begin with two falling tones, in a deeper voice. */
export function joined(
  texts: readonly string[],
  language: 'zh-CN' | 'en',
  kind: Said['kind'] = 'payment',
): Int16Array {
  const parts = texts.flatMap(text => [
    fragment(text, language),
    new Int16Array(silenceAfter(text)),
  ])
  if (kind === 'payment') return concat(parts)
  return concat([tone(660), tone(440), new Int16Array(pause), deeper(concat(parts))])
}

function concat(parts: readonly Int16Array[]): Int16Array {
  const whole = new Int16Array(parts.reduce((length, part) => length + part.length, 0))
  let place = 0
  for (const part of parts) {
    whole.set(part, place)
    place += part.length
  }
  return whole
}

/** Six samples become seven: a voice a third of an octave lower, and slower. */
const deeper = (samples: Int16Array): Int16Array =>
  Int16Array.from({ length: Math.floor((samples.length * 7) / 6) }, (_, i) => {
    const at = (i * 6) / 7
    const left = samples[Math.floor(at)] ?? 0
    const right = samples[Math.floor(at) + 1] ?? left
    return Math.round(left + (right - left) * (at % 1))
  })

const tone = (hertz: number, loudest = 9_000): Int16Array =>
  Int16Array.from({ length: rate * 0.15 }, (_, i) =>
    Math.round(
      loudest *
        Math.sin((2 * Math.PI * hertz * i) / rate) *
        Math.min(1, i / 160, (rate * 0.15 - i) / 160),
    ),
  )

/** A sentence, as a file that can be played; after its code the same as tones (signature.ts). Throws for what cannot be said. */
export function spoken(said: Said, language: 'zh-CN' | 'en'): Buffer {
  const voice = joined(fragments(said, language), language, said.kind)
  return wav(said.code ? concat([voice, signature(said.code)]) : voice)
}

/** No word: one soft tone for what is unverified, four for two sums. */
export const signal = (what: 'soft' | 'alarm'): Buffer =>
  wav(what === 'soft' ? tone(523, 3_000) : concat([880, 622, 880, 622].map(hertz => tone(hertz))))

/** A WAV file of 16 bits, one channel. */
export function wav(samples: Int16Array): Buffer {
  const data = Buffer.from(samples.buffer, samples.byteOffset, samples.byteLength)
  const head = Buffer.alloc(44)
  head.write('RIFF', 0)
  head.writeUInt32LE(36 + data.length, 4)
  head.write('WAVEfmt ', 8)
  head.writeUInt32LE(16, 16)
  head.writeUInt16LE(1, 20)
  head.writeUInt16LE(1, 22)
  head.writeUInt32LE(rate, 24)
  head.writeUInt32LE(rate * 2, 28)
  head.writeUInt16LE(2, 32)
  head.writeUInt16LE(16, 34)
  head.write('data', 36)
  head.writeUInt32LE(data.length, 40)
  return Buffer.concat([head, data])
}
