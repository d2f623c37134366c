import assert from 'node:assert/strict'
import { test } from 'node:test'
import { cny } from '@bursar/money'
import { statuses, type Code } from './refusals.ts'
import { sentence } from './sentences.ts'

test('a refusal says what is there, what was wanted, and what to do, in both languages', () => {
  const facts = { available: 1230n, minor: 3800n }
  const zh = sentence('zh-CN', 'insufficient_funds', facts)
  assert.equal(zh.detail, '余额 12.30 元，不够 38.00 元。先充值，或换一种付款方式。')
  const en = sentence('en', 'insufficient_funds', { available: cny('12.30'), amount: cny('38.00') })
  assert.equal(
    en.detail,
    'The balance is ¥12.30, not enough for ¥38.00. Top up first, or pay another way.',
  )
})

test('every code has its sentence in both languages, with facts and without', () => {
  for (const code of Object.keys(statuses) as Code[])
    for (const locale of ['zh-CN', 'en'] as const) {
      const { title, detail } = sentence(locale, code, {})
      assert.ok(title && detail, code)
      assert.doesNotMatch(title + detail, /undefined|null|NaN/, code)
      assert.equal(/\p{Script=Han}/u.test(title), locale === 'zh-CN', `${code} is in its language`)
    }
})
