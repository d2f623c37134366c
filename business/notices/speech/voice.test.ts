import assert from 'node:assert/strict'
import { spawnSync } from 'node:child_process'
import { mkdtempSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test } from 'node:test'
import fc from 'fast-check'
import { money } from '@bursar/money'
import { fragments, type Said } from './speech.ts'
import { rate } from './rate.ts'
import { fragment, fromMuLaw, joined, silenceAfter, spoken, wav } from './voice.ts'

const said = (minor: bigint, more: Partial<Said> = {}): Said => ({
  kind: 'payment',
  platform: 'alipay',
  amount: money(minor, 'CNY'),
  ...more,
})

test('P4-21 the joined voice is its fragments, in order, sample by sample', () => {
  for (const language of ['zh-CN', 'en'] as const) {
    const texts = fragments(said(20_050n, { late: true, code: '47' }), language)
    const whole = joined(texts, language)
    let place = 0
    for (const text of texts) {
      const part = fragment(text, language)
      assert.deepEqual(whole.subarray(place, place + part.length), part, text)
      place += part.length
      const silence = whole.subarray(place, place + silenceAfter(text))
      assert.ok(silence.every(sample => sample === 0))
      place += silence.length
    }
    assert.equal(place, whole.length)
  }
})

test('P4-21 a WAV has a valid header: 16 kHz, one channel, 16 bits, as long as it says', () => {
  const file = wav(joined(fragments(said(100n), 'zh-CN'), 'zh-CN'))
  assert.equal(file.toString('latin1', 0, 4) + file.toString('latin1', 8, 16), 'RIFFWAVEfmt ')
  assert.equal(file.readUInt32LE(4), file.length - 8)
  assert.deepEqual(
    [20, 22, 32, 34].map(at => file.readUInt16LE(at)),
    [1, 1, 2, 16],
  )
  assert.deepEqual([file.readUInt32LE(24), file.readUInt32LE(28)], [rate, rate * 2])
  assert.equal(file.readUInt32LE(40), file.length - 44)
})

test('P4-I6 whatever the sum, the platform and the language, every word of it is recorded, and nothing clips', () => {
  const any = fc.record({
    minor: fc.oneof(fc.bigInt(0n, 99_999_999n), fc.bigInt(0n, 10n ** 15n - 1n)),
    language: fc.constantFrom('zh-CN' as const, 'en' as const),
    kind: fc.constantFrom('payment' as const, 'refund' as const, 'reversal' as const),
    platform: fc.constantFrom('wechat-pay', 'alipay', 'unionpay', 'bank', 'bursar', 'other'),
    late: fc.boolean(),
    rehearsal: fc.boolean(),
    code: fc.constantFrom('00', '19', '28', '37', '46', '55'),
  })
  fc.assert(
    fc.property(any, ({ minor, language, kind, ...more }) => {
      const samples = joined(fragments(said(minor, { kind, ...more }), language), language, kind)
      const loudest = samples.reduce((most, one) => Math.max(most, Math.abs(one)), 0)
      assert.ok(samples.length > rate / 2)
      assert.ok(loudest > 10_000 && loudest < 32_000, `${loudest}`)
    }),
    { numRuns: 60 },
  )
})

test('P4-I4 a refund has another voice: tones before it, and as many seventh samples more', () => {
  const texts = fragments(said(100n, { kind: 'refund' }), 'zh-CN')
  const [plain, other] = [joined(texts, 'zh-CN'), joined(texts, 'zh-CN', 'refund')]
  assert.equal(other.length, Math.floor((plain.length * 7) / 6) + rate * 0.45)
})

test('what nobody has recorded is not left out in silence', () => {
  assert.throws(() => joined(['支付宝', '到账', '廿'], 'zh-CN'), /Not recorded/)
})

test('the voices are small, and joined in milliseconds', () => {
  const folder = join(import.meta.dirname, 'voices')
  const bytes = readdirSync(folder).reduce(
    (sum, file) => sum + statSync(join(folder, file)).size,
    0,
  )
  assert.ok(bytes < 1_500_000, `${bytes} bytes`)
  joined(fragments(said(1n), 'zh-CN'), 'zh-CN')
  const start = performance.now()
  for (let i = 0; i < 50; i++) wav(joined(fragments(said(BigInt(i) * 12_345n), 'zh-CN'), 'zh-CN'))
  assert.ok((performance.now() - start) / 50 < 20)
})

test('µ-law is read as G.711 writes it', () => {
  assert.deepEqual([0xff, 0x7f, 0x80, 0x00, 0xf0].map(fromMuLaw), [0, 0, 32_124, -32_124, 120])
})

test('P4-29 F27 the voice ends with its code as tones, which minimodem reads; one without a code has none', t => {
  const folder = mkdtempSync(join(tmpdir(), 'tones-'))
  t.after(() => rmSync(folder, { recursive: true }))
  const read = (file: Buffer) => {
    const path = join(folder, 'voice.wav')
    writeFileSync(path, file)
    return spawnSync('minimodem', ['--rx', '300', '-q', '-f', path], { encoding: 'latin1' })
  }
  if (read(spoken(said(100n), 'zh-CN')).error) return t.skip('minimodem is not on this machine')
  for (const [code, language, kind] of [
    ['47', 'zh-CN', 'payment'],
    ['03', 'en', 'payment'],
    ['98', 'zh-CN', 'refund'],
  ] as const) {
    const { stdout } = read(spoken(said(20_050n, { code, kind }), language))
    assert.match(stdout, new RegExp(`B${code}[A-W]\\n`), JSON.stringify(stdout))
  }
  assert.doesNotMatch(read(spoken(said(20_050n), 'zh-CN')).stdout, /B\d\d[A-W]/)
})
