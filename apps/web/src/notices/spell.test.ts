import assert from 'node:assert/strict'
import { test } from 'node:test'
import { spell } from './spell.ts'

const said = (amount: string, language: 'zh-CN' | 'en' = 'zh-CN') =>
  spell({ amount, currency: 'CNY' }, language)

const rows = [
  ['100.00', '一百元', 'one hundred yuan'],
  ['0.01', '一分', 'one fen'],
  ['0.50', '五角', 'fifty fen'],
  ['10.00', '十元', 'ten yuan'],
  ['12.30', '十二元三角', 'twelve yuan, thirty fen'],
  ['20.05', '二十元零五分', 'twenty yuan, five fen'],
  ['105.00', '一百零五元', 'one hundred five yuan'],
  ['110.00', '一百一十元', 'one hundred ten yuan'],
  [
    '1234.56',
    '一千二百三十四元五角六分',
    'one thousand two hundred thirty-four yuan, fifty-six fen',
  ],
  ['10005.00', '一万零五元', 'ten thousand five yuan'],
  ['100000.00', '十万元', 'one hundred thousand yuan'],
  ['1010000.00', '一百零一万元', 'one million ten thousand yuan'],
  ['100000001.00', '一亿零一元', 'one hundred million one yuan'],
  ['-38.00', '三十八元', 'thirty-eight yuan'],
] as const
for (const [amount, zh, en] of rows)
  test(`P4-I6 ${amount} is said as ${zh}, and ${en}`, () => {
    assert.equal(said(amount), zh)
    assert.equal(said(amount, 'en'), en)
  })
