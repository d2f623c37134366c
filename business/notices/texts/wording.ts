/** What a notice's text is before a rule reads it, and how a sum stands in it. */

/** Bytes as phones and modems hand them on: UTF-8 where they are that, GB 18030 (of which GBK is a part) otherwise. */
export function decode(bytes: Uint8Array): string {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes)
  } catch {
    return new TextDecoder('gb18030').decode(bytes)
  }
}

const unseen = /[\u200b-\u200f\u202a-\u202e\u2060\ufeff]/g

/**
 * One way of writing for what is written in many: digits, colons and brackets of full width, two signs for the yuan.
 * A comma of full width ends a clause and stays what it is: `100，200` is two sums. Between digits of full width it
 * is the thousands' comma: `１，２３４`.
 */
export const normal = (text: string): string =>
  text
    .replace(/(?<=[０-９])，(?=[０-９]{3}(?![０-９]))/g, ',')
    .replace(/[！-～]/g, sign => (sign === '，' ? sign : narrow(sign)))
    .replaceAll('￥', '¥')
    .replace(unseen, '')
    .replace(/\s+/g, ' ')
    .trim()

const narrow = (sign: string) => String.fromCharCode(sign.charCodeAt(0) - 0xfee0)

/** What makes another number of the digits before it: 1.5万, 3笔, 0.5%, 100.001, 1234,567, 12:30, 6-1. */
const more = '(?!\\.?,?\\d|[:/-]\\d| ?[万千百亿%折期笔次倍份个天日月年点号股克张条位分]| ?积分)'
const digits = `(?:\\d{1,3}(?:,\\d{3})+|\\d{1,12})(?:\\.\\d{1,2})?`

/**
 * A sum: 100, 100.5, 100.00, 1,234.50, with the yuan before it, after it or not at all. `fenOf` wants one of them, or
 * two decimals: a bare `12` is no sum.
 */
export const sum = `(?<before>(?:人民币|RMB|CNY|¥) ?)?(?<sum>${digits})${more}(?<after> ?(?:元|圆|RMB|CNY))?`

/** Fen, of what `sum` has found. Null for nothing, for what does not say it is money, and for ten milliards and more. */
export function fenOf(found: RegExpExecArray | null): bigint | null {
  const { before, sum: text, after } = found?.groups ?? {}
  if (!text || !(before || after || /\.\d\d$/.test(text))) return null
  const [whole, part = ''] = text.replaceAll(',', '').split('.') as [string, string?]
  const minor = BigInt(whole) * 100n + BigInt(part.padEnd(2, '0'))
  return minor > 0n && minor < 10n ** 12n ? minor : null
}
