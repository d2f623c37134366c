/**
 * Records the fragments of which business/notices/speech speaks: `node tools/voice.ts`, with espeak-ng on the machine.
 * Run once, and again when a word is added; what it writes is kept in the tree.
 *
 * The Mandarin voice is given pinyin: espeak-ng 1.51 reads most characters as English letters.
 */
import { spawnSync } from 'node:child_process'
import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'

const rate = 16_000
const folder = join(import.meta.dirname, '../business/notices/speech/voices')

/** What is recorded, and how the voice is told to say it. */
const chinese: Record<string, string> = {
  零: 'ling2',
  一: 'yi1',
  二: 'er4',
  两: 'liang3',
  三: 'san1',
  四: 'si4',
  五: 'wu3',
  六: 'liu4',
  七: 'qi1',
  八: 'ba1',
  九: 'jiu3',
  十: 'shi2',
  百: 'bai3',
  千: 'qian1',
  万: 'wan4',
  亿: 'yi4',
  点: 'dian3',
  元: 'yuan2',
  角: 'jiao3',
  分: 'fen1',
  微信支付: 'wei1 xin4 zhi1 fu4',
  支付宝: 'zhi1 fu4 bao3',
  云闪付: 'yun2 shan3 fu4',
  银行卡: 'yin2 hang2 ka3',
  会员卡: 'hui4 yuan2 ka3',
  收款: 'shou1 kuan3',
  到账: 'dao4 zhang4',
  退款: 'tui4 kuan3',
  退还顾客: 'tui4 huan2 gu4 ke4',
  请注意: 'qing3 zhu4 yi4',
  撤销到账: 'che4 xiao1 dao4 zhang4',
  稍早前: 'shao1 zao3 qian2',
  演练: 'yan3 lian4',
  核对码: 'he2 dui4 ma3',
}
const english = [
  ...'zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen'.split(
    ' ',
  ),
  ...'seventeen eighteen nineteen twenty thirty forty fifty sixty seventy eighty ninety hundred thousand'.split(
    ' ',
  ),
  ...'million billion trillion and yuan fen received refund attention earlier rehearsal code payment Alipay'.split(
    ' ',
  ),
  ...['WeChat Pay', 'UnionPay', 'bank card', 'member card', 'paid back', 'took back'],
]
const spoken: Record<string, string> = {
  WeChat: 'we chat',
  yuan: 'you-en',
  fen: 'fenn',
  Alipay: 'alley pay',
}
const respelt = (text: string) =>
  Object.entries(spoken).reduce((said, [word, like]) => said.replace(word, like), text)

function samplesOf(voice: string, text: string): number[] {
  const args = ['-v', voice, '-s', '165', '-a', '100', '--stdout', text]
  const { stdout, status } = spawnSync('espeak-ng', args, { maxBuffer: 1 << 26 })
  if (status !== 0) throw new Error('espeak-ng is not on this machine: apt-get install espeak-ng')
  const from = stdout.readUInt32LE(24)
  const data = stdout.subarray(44, 44 + ((stdout.length - 44) & ~1))
  const raw = Array.from({ length: data.length / 2 }, (_, i) => data.readInt16LE(i * 2))
  return levelled(trimmed(resampled(raw, from)))
}

/** A windowed sinc over 32 samples: plain interpolation would fold the high tones down. */
function resampled(raw: number[], from: number): number[] {
  const cut = Math.min(1, rate / from) * 0.95
  return Array.from({ length: Math.floor((raw.length * rate) / from) }, (_, i) => {
    const centre = (i * from) / rate
    let sum = 0
    for (let k = Math.ceil(centre - 16); k <= centre + 16; k++) {
      const x = (k - centre) * cut
      const sinc = x === 0 ? 1 : Math.sin(Math.PI * x) / (Math.PI * x)
      sum += (raw[k] ?? 0) * sinc * (0.5 + 0.5 * Math.cos((Math.PI * (k - centre)) / 16)) * cut
    }
    return sum
  })
}

function trimmed(samples: number[]): number[] {
  const loud = (one: number) => Math.abs(one) > 250
  return samples.slice(Math.max(0, samples.findIndex(loud) - 80), samples.findLastIndex(loud) + 160)
}

/** As loud as the others, at 70 % of what the file can hold; quiet at both ends, so that a joint does not click. */
function levelled(samples: number[]): number[] {
  const peak = Math.max(...samples.map(Math.abs))
  const edge = (i: number) => Math.min(1, i / 48, (samples.length - 1 - i) / 96)
  return samples.map((one, i) => Math.round((one / peak) * 0.7 * 32_767 * edge(i)))
}

function toMuLaw(sample: number): number {
  const sign = sample < 0 ? 0x80 : 0
  const size = Math.min(Math.abs(sample), 32_635) + 0x84
  const exponent = Math.max(0, Math.floor(Math.log2(size)) - 7)
  return ~(sign | (exponent << 4) | ((size >> (exponent + 3)) & 0x0f)) & 0xff
}

function record(language: string, voice: string, texts: readonly (readonly [string, string])[]) {
  const index: Record<string, [number, number]> = {}
  const parts: Buffer[] = []
  let place = 0
  for (const [text, like] of texts) {
    const bytes = Buffer.from(samplesOf(voice, like).map(toMuLaw))
    index[text] = [place, bytes.length]
    parts.push(bytes)
    place += bytes.length
  }
  writeFileSync(join(folder, `${language}.ulaw`), Buffer.concat(parts))
  writeFileSync(join(folder, `${language}.json`), `${JSON.stringify(index, null, 2)}\n`)
  console.log(`${language}: ${texts.length} fragments, ${place} bytes`)
}

mkdirSync(folder, { recursive: true })
record('zh-CN', 'cmn-latn-pinyin', Object.entries(chinese))
record(
  'en',
  'en-gb',
  english.map(text => [text, respelt(text)] as const),
)
