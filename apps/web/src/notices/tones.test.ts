import assert from 'node:assert/strict'
import { test } from 'node:test'
import { codeIn } from './tones.ts'

/** A frame as tones, at a rate, somewhere in a piece of sound, with noise. */
function sound(text: string, rate: number, { noise = 0, before = 0.2, gain = 0.2 } = {}) {
  const bits = [...Buffer.from(text, 'latin1')].flatMap(byte => [
    0,
    ...Array.from({ length: 8 }, (_, bit) => (byte >> bit) & 1),
    1,
  ])
  let [phase, seed] = [0, 7]
  const random = () => (seed = (seed * 16_807) % 2_147_483_647) / 2_147_483_647 - 0.5
  return Float32Array.from(
    { length: Math.round(rate * (before + bits.length / 300 + 0.2)) },
    (_, n) => {
      const bit = Math.floor((n / rate - before) * 300)
      phase += (2 * Math.PI * ((bits[bit] ?? 1) ? 1270 : 1070)) / rate
      return gain * Math.sin(phase) + noise * random()
    },
  )
}

test('P4-29 F27 the staff’s page hears the code that the voice ends with, at each rate of a microphone, in noise, faintly', () => {
  for (const rate of [16_000, 44_100, 48_000])
    assert.equal(codeIn(sound('B47P\n', rate), rate), '47')
  assert.equal(codeIn(sound('B07D\n', 48_000, { before: 0.3173 }), 48_000), '07')
  assert.equal(codeIn(sound('B47P\n', 48_000, { noise: 0.4 }), 48_000), '47')
  assert.equal(codeIn(sound('B47P\n', 48_000, { gain: 0.002 }), 48_000), '47')
})

test('P4-29 what was not heard right is no code: a wrong check, other words, noise alone, silence', () => {
  assert.equal(codeIn(sound('B48P\n', 48_000), 48_000), undefined)
  assert.equal(codeIn(sound('B74P\n', 48_000), 48_000), undefined)
  assert.equal(codeIn(sound('HELLO', 48_000), 48_000), undefined)
  assert.equal(codeIn(sound('', 48_000, { noise: 1, gain: 0 }), 48_000), undefined)
  assert.equal(codeIn(new Float32Array(32_768), 48_000), undefined)
})
