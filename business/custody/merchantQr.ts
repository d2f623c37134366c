/**
 * The merchant's QR, by EMVCo's merchant-presented mode 1.1: tags of two digits, lengths of two digits,
 * values of so many characters.
 *
 *   00 01    format, first           52  trade (MCC)      58  country       63  check, last
 *   01 11/12 static / dynamic        53  currency 156     59  name, ASCII   64  name in Chinese
 *   26       ours: 00 our name,      54  amount           60  city          62  03 outlet
 *            01 the merchant code
 *
 * The check value (CRC-16/CCITT-FALSE) protects from smudges, not from people: anybody can paste
 * another code over it. So the look-up of the merchant code says who is paid, and the consumer is
 * shown that name; nothing else in the text is believed.
 */
import { Refusal } from '@bursar/kernel'
import { format, parse, type Money } from '@bursar/money'
import type { Refused } from './refused.ts'

/** Names us inside tag 26, as the specification wants: a domain turned round. */
const ourName = 'org.bursar.pay'
/** A QR of version 40 holds more, but no EMVCo text is longer. */
const longest = 512
const nameLongest = 25
const countries: Readonly<Record<string, string>> = { CNY: '156' }
/** ISO 18245 by trade. */
const categories: Readonly<Record<string, string>> = {
  hair: '7230',
  fitness: '7997',
  bathhouse: '7298',
  teahouse: '5812',
  netcafe: '5816',
  carwash: '7542',
  tutoring: '8299',
  laundry: '7216',
  nursery: '8351',
  restaurant: '5812',
  onecard: '6051',
}

export type MerchantQr = Readonly<{
  merchantCode: string
  name: string
  city: string
  trade?: string
  outlet?: string
  amount?: Money
}>

/** CRC-16/CCITT-FALSE: polynomial 0x1021, from 0xFFFF. Of "123456789" it is 29B1. */
export function crc16(text: string): string {
  let crc = 0xffff
  for (const byte of Buffer.from(text, 'utf8')) {
    crc ^= byte << 8
    for (let bit = 0; bit < 8; bit++) crc = crc & 0x8000 ? (crc << 1) ^ 0x1021 : crc << 1
    crc &= 0xffff
  }
  return crc.toString(16).toUpperCase().padStart(4, '0')
}

/** Lengths count characters, as the specification says: an emoji is one. */
function field(tag: string, value: string): string {
  const length = [...value].length
  if (length < 1 || length > 99) throw new RangeError(`Tag ${tag} has ${length} characters`)
  return tag + String(length).padStart(2, '0') + value
}

const isAscii = (text: string) => /^[\x20-\x7e]+$/.test(text)
const short = (text: string, most = nameLongest) => [...text].slice(0, most).join('')

export function encodeMerchantQr(qr: MerchantQr): string {
  const { merchantCode, name, city, trade, outlet, amount } = qr
  const country = countries[amount?.currency ?? 'CNY']
  if (!country) throw new RangeError(`No QR in ${amount?.currency}`)
  // 59 and 60 may only hold ASCII: a Chinese name goes to 64, and 59 carries what tells them apart.
  const latin = isAscii(name) ? name : merchantCode
  const inChinese = field('00', 'ZH') + field('01', short(name)) + field('02', short(city, 15))
  const body = [
    field('00', '01'),
    field('01', amount ? '12' : '11'),
    field('26', field('00', ourName) + field('01', merchantCode)),
    field('52', categories[trade ?? ''] ?? '0000'),
    field('53', country),
    ...(amount ? [field('54', format(amount))] : []),
    field('58', 'CN'),
    field('59', short(latin)),
    field('60', short(isAscii(city) ? city : 'China', 15)),
    ...(outlet ? [field('62', field('03', short(outlet)))] : []),
    ...(isAscii(name) && isAscii(city) ? [] : [field('64', inChinese)]),
    '6304',
  ].join('')
  return body + crc16(body)
}

const malformed = (rule: string) => new Refusal<Refused>('qr_malformed', { rule })

/** The fields of a text, in order. A length that lies, or a tag that comes twice, is refused. */
function fieldsOf(text: string): Map<string, string> {
  const letters = [...text]
  const fields = new Map<string, string>()
  for (let at = 0; at < letters.length;) {
    const head = letters.slice(at, at + 4).join('')
    if (!/^[0-9]{4}$/.test(head)) throw malformed('tag_and_length_are_four_digits')
    const [tag, length] = [head.slice(0, 2), Number(head.slice(2))]
    const value = letters.slice(at + 4, at + 4 + length)
    if (length === 0 || value.length !== length) throw malformed('length_lies')
    if (fields.has(tag)) throw malformed('tag_comes_twice')
    fields.set(tag, value.join(''))
    at += 4 + length
  }
  return fields
}

/** Reads a merchant's QR. What it says of name and city is for show; the merchant code decides. */
export function decodeMerchantQr(text: string): MerchantQr {
  if (text.length > longest) throw malformed('too_long')
  const fields = fieldsOf(text)
  const tags = [...fields.keys()]
  if (tags[0] !== '00' || fields.get('00') !== '01') throw malformed('format_comes_first')
  if (tags.at(-1) !== '63') throw malformed('check_comes_last')
  if (crc16(text.slice(0, -4)) !== fields.get('63')) throw malformed('check_is_wrong')
  const kind = fields.get('01')
  if (kind !== '11' && kind !== '12') throw malformed('static_or_dynamic')
  if (fields.get('53') !== countries['CNY']) throw malformed('currency_is_ours')
  const ours = fieldsOf(fields.get('26') ?? '')
  const merchantCode = ours.get('01')
  if (ours.get('00') !== ourName || !merchantCode) throw malformed('it_is_one_of_ours')
  if (!/^mcd_[0-9a-hjkmnp-tv-z]{26}$/.test(merchantCode)) throw malformed('merchant_code')
  return { merchantCode, ...namesOf(fields), ...moreOf(fields, kind) }
}

function namesOf(fields: ReadonlyMap<string, string>): { name: string; city: string } {
  const chinese = fieldsOf(fields.get('64') ?? '')
  return {
    name: chinese.get('01') ?? fields.get('59') ?? '',
    city: chinese.get('02') ?? fields.get('60') ?? '',
  }
}

function moreOf(
  fields: ReadonlyMap<string, string>,
  kind: '11' | '12',
): { amount?: Money; outlet?: string } {
  const outlet = fieldsOf(fields.get('62') ?? '').get('03')
  const said = fields.get('54')
  if ((kind === '12') !== (said !== undefined)) throw malformed('a_dynamic_code_says_how_much')
  return { ...(said !== undefined && { amount: amountOf(said) }), ...(outlet && { outlet }) }
}

function amountOf(text: string): Money {
  try {
    const amount = parse(text, 'CNY')
    if (amount.minor > 0n) return amount
  } catch (error) {
    if (!(error instanceof RangeError)) throw error
  }
  throw malformed('amount')
}
