/**
 * Sums as people read and type them. A sum stays a string from the wire to the page; where two are
 * compared they become whole fen (bigint). No floating point anywhere.
 */
import type { Money } from '@bursar/contract'
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

export const fen = (amount: string): bigint => {
  const [whole = '0', rest = ''] = amount.replace('-', '').split('.')
  const minor = BigInt(whole) * 100n + BigInt(rest.padEnd(2, '0').slice(0, 2))
  return amount.startsWith('-') ? -minor : minor
}

export const yuan = (minor: bigint): string => {
  const plain = (minor < 0n ? -minor : minor).toString().padStart(3, '0')
  return `${minor < 0n ? '-' : ''}${plain.slice(0, -2)}.${plain.slice(-2)}`
}

export const added = (sums: readonly Money[]): Money => ({
  amount: yuan(sums.reduce((total, one) => total + fen(one.amount), 0n)),
  currency: sums[0]?.currency ?? 'CNY',
})

export const turned = ({ amount, currency }: Money): Money => ({
  amount: yuan(-fen(amount)),
  currency,
})

/** What a person typed, if it is a sum: `38`, `38.5`, `38.50`, `1,200` → `38.50`. Nothing is rounded. */
export function typed(text: string): string | undefined {
  const plain = text.replaceAll(/[,，\s]/g, '').replace('。', '.')
  if (!/^\d{1,13}(\.\d{0,2})?$/.test(plain)) return undefined
  const amount = yuan(fen(plain))
  return amount === '0.00' ? undefined : amount
}

/** Keeps a field to what could still become a sum, while it is being typed. */
export const typeable = (text: string): boolean =>
  /^\d{0,13}([.。]\d{0,2})?$/.test(text.replaceAll(/[,，\s]/g, ''))
