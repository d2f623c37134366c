import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { toCardinal as german } from 'n2words/de-DE'
import { cny, money } from '@bursar/money'
import { languages } from './languages.ts'
import { mandarin } from './mandarin.ts'
import { codeOf, fragments, inWords, sentence, type Language } from './speech.ts'

const mandarinSays: Readonly<Record<string, string>> = {
  '0.00': '零元',
  '0.01': '一分',
  '0.02': '两分',
  '0.10': '一角',
  '0.20': '两角',
  '0.22': '二角二分',
  '0.55': '五角五分',
  '1.00': '一元',
  '2.00': '两元',
  '2.05': '两元零五分',
  '2.20': '两元二角',
  '10.00': '十元',
  '12.00': '十二元',
  '20.00': '二十元',
  '22.00': '二十二元',
  '100.00': '一百元',
  '101.00': '一百零一元',
  '110.00': '一百一十元',
  '111.00': '一百一十一元',
  '200.50': '二百元五角',
  '200.05': '二百元零五分',
  '222.00': '二百二十二元',
  '1001.00': '一千零一元',
  '1010.00': '一千零一十元',
  '2000.00': '两千元',
  '2222.22': '两千二百二十二元二角二分',
  '10000.00': '一万元',
  '10001.00': '一万零一元',
  '20000.00': '两万元',
  '12345.67': '一万两千三百四十五元六角七分',
  '100010.00': '十万零一十元',
  '110000.00': '十一万元',
  '120000.00': '十二万元',
  '200500.00': '二十万零五百元',
  '1000000.00': '一百万元',
  '10500000.00': '一千零五十万元',
  '20002000.00': '两千万两千元',
  '100000000.00': '一亿元',
  '200000001.00': '两亿零一元',
  '1010000000.00': '十亿一千万元',
  '120000000000.00': '一千二百亿元',
  '1000000000000.00': '一万亿元',
  '2000200000000.00': '两万零两亿元',
  '9999999999999.99': '九万九千九百九十九亿九千九百九十九万九千九百九十九元九角九分',
}
const englishSays: Readonly<Record<string, string>> = {
  '0.00': 'zero yuan',
  '0.05': 'five fen',
  '1.00': 'one yuan',
  '12.00': 'twelve yuan',
  '21.00': 'twenty one yuan',
  '200.50': 'two hundred yuan and fifty fen',
  '101.01': 'one hundred and one yuan and one fen',
  '1234.00': 'one thousand two hundred and thirty four yuan',
  '10000.00': 'ten thousand yuan',
}

test('P4-I6 sums are said in Mandarin as people say them', () => {
  for (const [sum, words] of Object.entries(mandarinSays))
    assert.equal(inWords(cny(sum), 'zh-CN'), words, sum)
})

test('P4-I6 sums are said in English', () => {
  for (const [sum, words] of Object.entries(englishSays))
    assert.equal(inWords(cny(sum), 'en'), words, sum)
})

test('every number that is said in Mandarin is the number that was meant', () => {
  const places: Readonly<Record<string, bigint>> = { 十: 10n, 百: 100n, 千: 1_000n }
  const back = (words: string) => {
    let [all, section, digit] = [0n, 0n, 0n]
    for (const sign of words.replace(/^十/, '一十').replaceAll('两', '二')) {
      if (sign === '亿') [all, section, digit] = [(all + section + digit) * 100_000_000n, 0n, 0n]
      else if (sign === '万') [all, section, digit] = [all + (section + digit) * 10_000n, 0n, 0n]
      else if (sign in places) [section, digit] = [section + digit * places[sign]!, 0n]
      else digit = BigInt('零一二三四五六七八九'.indexOf(sign))
    }
    return all + section + digit
  }
  const number = fc.oneof(fc.bigInt(0n, 99_999n), fc.bigInt(0n, 10n ** 12n - 1n))
  fc.assert(
    fc.property(number, one => assert.equal(back(mandarin(one)), one)),
    { numRuns: 3_000 },
  )
})

test('P4-I6 P4-I4 the sentence: platform, received, sum; late ones say so; a refund is another sentence', () => {
  const said = { kind: 'payment', platform: 'wechat-pay', amount: cny('200.50') } as const
  assert.equal(sentence(said, 'zh-CN'), '微信支付到账二百元五角')
  assert.equal(sentence(said, 'en'), 'WeChat Pay received two hundred yuan and fifty fen')
  assert.equal(
    sentence({ ...said, late: true, code: '47' }, 'zh-CN'),
    '稍早前微信支付到账二百元五角核对码四七',
  )
  assert.equal(sentence({ ...said, rehearsal: true }, 'zh-CN'), '演练微信支付到账二百元五角')
  // Who may not know the sum hears none, and nothing in its place.
  assert.equal(sentence({ kind: 'payment', platform: 'alipay' }, 'zh-CN'), '支付宝到账')
  assert.equal(sentence({ kind: 'payment' }, 'en'), 'payment received')
  assert.equal(
    sentence({ ...said, kind: 'refund', platform: 'alipay' }, 'zh-CN'),
    '退款支付宝退还顾客二百元五角',
  )
  assert.equal(
    sentence({ ...said, kind: 'reversal', platform: 'bank' }, 'en'),
    'attention bank card took back two hundred yuan and fifty fen',
  )
  assert.equal(
    sentence({ kind: 'payment', platform: 'somebody', amount: cny('1.00') }, 'zh-CN'),
    '收款到账一元',
  )
  assert.throws(() => inWords(money(-1n, 'CNY'), 'en'), RangeError)
  assert.throws(() => inWords(money(1n, 'USD'), 'zh-CN'), RangeError)
})

test('a further language is a further row', () => {
  const deutsch: Language = {
    ...languages.en,
    sum: (yuan, fen) => [`${german(yuan)}|Yuan`, ...(fen ? [`${german(fen)}|Fen`] : [])].join('|'),
    payment: (platform, sum) => `${platform}|erhalten|${sum}`,
  }
  assert.equal(
    sentence({ kind: 'payment', platform: 'alipay', amount: cny('21.50') }, deutsch),
    'Alipay erhalten einundzwanzig Yuan fünfzig Fen',
  )
  assert.ok(fragments({ kind: 'payment', amount: cny('1.00') }, deutsch).includes('erhalten'))
})

test('P4-29 F27 the two figures at the end change with the notice and the day, and need the secret', () => {
  assert.match(codeOf('secret', 'ntc_1', '2026-06-30'), /^\d\d$/)
  assert.equal(codeOf('secret', 'ntc_1', '2026-06-30'), codeOf('secret', 'ntc_1', '2026-06-30'))
  const all = (secret: string, day: string) =>
    Array.from({ length: 1_000 }, (_, i) => codeOf(secret, `ntc_${i}`, day))
  const [mine, tomorrow, theirs] = [
    all('a', '2026-06-30'),
    all('a', '2026-07-01'),
    all('b', '2026-06-30'),
  ]
  const alike = (one: string[], other: string[]) =>
    one.filter((code, i) => code === other[i]).length
  assert.ok(alike(mine, tomorrow) < 30 && alike(mine, theirs) < 30)
  assert.equal(new Set(mine).size, 100)
})
