import assert from 'node:assert/strict'
import { test } from 'node:test'
import { newId } from '@bursar/kernel'
import { cny } from '@bursar/money'
import { crc16, decodeMerchantQr, encodeMerchantQr } from './merchantQr.ts'

const merchantCode = newId('mcd')
const tea = { merchantCode, name: 'Old Teahouse', city: 'Shanghai', trade: 'teahouse' }
/** With the check made right: CRC is not what stops a liar. */
const checked = (text: string) => `${text}6304${crc16(`${text}6304`)}`
const body = (text: string) => text.slice(0, -8)
const refuses = (text: string, rule?: string) =>
  assert.throws(
    () => decodeMerchantQr(text),
    (error: { code: string; facts: { rule: string } }) =>
      error.code === 'qr_malformed' && (rule === undefined || error.facts.rule === rule),
  )

test('P1-23 the check value of "123456789" is 29B1, as CRC-16/CCITT-FALSE wants it', () => {
  assert.equal(crc16('123456789'), '29B1')
})

test('P1-24 a static code begins with its format, says 11, and ends with its check', () => {
  const text = encodeMerchantQr(tea)
  assert.ok(text.startsWith('000201010211'))
  assert.match(text, /52045812530315658\d\dCN5912Old Teahouse6008Shanghai6304[0-9A-F]{4}$/)
  assert.deepEqual(decodeMerchantQr(text), { merchantCode, name: 'Old Teahouse', city: 'Shanghai' })
})

test('P1-24 a dynamic code says 12 and how much', () => {
  const text = encodeMerchantQr({ ...tea, amount: cny('12.30'), outlet: 'Table 7' })
  assert.ok(text.startsWith('000201010212'))
  assert.ok(text.includes('540512.30'))
  const { amount, outlet } = decodeMerchantQr(text)
  assert.deepEqual(amount, cny('12.30'))
  assert.equal(outlet, 'Table 7')
})

test('P1-24 Chinese names and emoji are counted in characters and come back whole', () => {
  for (const name of ['老茶馆', '开心🍵茶馆', 'Café 3']) {
    const text = encodeMerchantQr({ ...tea, name, city: '上海' })
    assert.match(text, /^[\x20-\x7e]*64/)
    assert.equal(decodeMerchantQr(text).name, name)
    assert.equal(decodeMerchantQr(text).city, '上海')
  }
})

test('P1-24 lengths that lie, tags twice, a check that is not last or wrong: refused', () => {
  const good = encodeMerchantQr(tea)
  const inner = body(good)
  refuses(good.replace('Old', 'Odd'), 'check_is_wrong')
  refuses(checked(inner.replace('5912', '5999')), 'length_lies')
  refuses(checked(inner.replace('5912', '59xx')), 'tag_and_length_are_four_digits')
  refuses(checked(inner.replace('5912', '5900')), 'length_lies')
  refuses(checked(`${inner}5303156`), 'tag_comes_twice')
  refuses(`${good}6203abc`, 'check_comes_last')
  refuses(checked(inner.replace('000201', '000202')), 'format_comes_first')
  refuses(checked(inner.replace('010211', '010213')), 'static_or_dynamic')
  refuses(checked(inner.replace('010211', '010212')), 'a_dynamic_code_says_how_much')
  refuses(checked(inner.replace('5303156', '5303840')), 'currency_is_ours')
  refuses(checked(inner.replace('org.bursar.pay', 'org.other0.pay')), 'it_is_one_of_ours')
  refuses(
    checked(inner.replace(merchantCode, merchantCode.replace('mcd_', 'mcx_'))),
    'merchant_code',
  )
})

test('P1-24 amounts that are no amounts are refused', () => {
  const inner = body(encodeMerchantQr({ ...tea, amount: cny('12.30') }))
  for (const amount of ['1e100', '-1.00', '12.3 ', '0.001', '00.10', '.1230', '0.00'])
    refuses(
      checked(inner.replace('540512.30', `54${String(amount.length).padStart(2, '0')}${amount}`)),
      'amount',
    )
})

test('P1-24 anything else is refused, however long', () => {
  for (const text of [
    '',
    '0',
    'hello',
    '0002',
    'https://bursar.test/pay',
    '🍵🍵🍵🍵',
    '\u0000'.repeat(50),
    '00020101021163041234',
  ])
    refuses(text)
  refuses('0'.repeat(10_240), 'too_long')
  for (let cut = 0; cut < 120; cut++)
    refuses(encodeMerchantQr({ ...tea, amount: cny('1.00') }).slice(0, cut))
})
