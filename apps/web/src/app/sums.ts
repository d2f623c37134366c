/**
 * Sums as people read and type them. A sum stays a string from the wire to the page; where two are
 * compared they become whole coins (bigint). No floating point anywhere.
 */
import type { Money } from '@bursar/contract'
import {
  fromWire,
  isZero,
  negate,
  parse,
  subtract,
  sum as total,
  toWire,
  zero,
} from '@bursar/money'
import { languageNow } from './language.ts'

const minus = '\u2212'

/** `-1234.5` → `−1,234.50`: grouped by three, true minus, the decimals as they came. */
export function digits(amount: string): string {
  const [, sign, whole = '0', rest = ''] = /^(-?)(\d+)(\.\d+)?$/.exec(amount) ?? []
  return `${sign ? minus : ''}${whole.replace(/\B(?=(\d{3})+$)/g, ',')}${rest}`
}

/** The unit that stands small beside the digits. */
export const unit = (currency: string): string =>
  currency === 'CNY' && languageNow() === 'zh-CN' ? '元' : currency

/** A sum inside a sentence or on a button: `38.00 元`, `38.00 CNY`. */
export const spoken = ({ amount, currency }: Money): string => `${digits(amount)} ${unit(currency)}`

export const minor = (sum: Money): bigint => fromWire(sum).minor
export const ofMinor = (coins: string, currency: string): Money =>
  toWire({ minor: BigInt(coins), currency })
export const less = (a: Money, b: Money): Money => toWire(subtract(fromWire(a), fromWire(b)))
export const turned = (sum: Money): Money => toWire(negate(fromWire(sum)))
export const added = (sums: readonly Money[], currency = sums[0]?.currency ?? 'CNY'): Money =>
  toWire(total(sums.map(fromWire), currency))

/** What a person typed, if it is a sum: `38`, `38.5`, `38.50`, `1,200` → `38.50`. Nothing is rounded. */
export function typed(text: string, currency = 'CNY'): Money | undefined {
  const [whole = '', rest = ''] = plain(text).split('.')
  const places = toWire(zero(currency)).amount.split('.')[1]?.length ?? 0
  if (!/^\d{1,13}$/.test(whole) || !typeable(text)) return undefined
  const decimals = places > 0 ? `.${rest.padEnd(places, '0')}` : ''
  try {
    const sum = parse(`${whole.replace(/^0+(?=\d)/, '')}${decimals}`, currency)
    return isZero(sum) ? undefined : toWire(sum)
  } catch {
    return undefined
  }
}

/** Keeps a field to what could still become a sum, while it is being typed. */
export const typeable = (text: string): boolean => /^\d{0,13}(\.\d{0,3})?$/.test(plain(text))

const plain = (text: string): string => text.replaceAll(/[,，\s]/g, '').replace('。', '.')
