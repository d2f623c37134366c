/** Reading Alipay's words: what is not there, or not of the kind, is not believed. */
import { cny, type Money } from '@bursar/money'

export type Said = Readonly<Record<string, unknown>>

export const textOf = (said: Said | undefined, name: string): string | undefined => {
  const value = said?.[name]
  return typeof value === 'string' && value.length > 0 ? value : undefined
}

/** Yuan with two decimals; Alipay keeps no other currency here. */
export function yuanOf(text: string | undefined): Money | undefined {
  try {
    return text === undefined ? undefined : cny(text)
  } catch {
    return undefined
  }
}

/** `2026-11-29 18:30:00`, Beijing's. */
export const beijing = (at: Date): string =>
  new Date(at.getTime() + 8 * 3_600_000).toISOString().slice(0, 19).replace('T', ' ')

export function instantOf(text: string | undefined): Date | undefined {
  if (!text || !/^\d{4}-\d\d-\d\d \d\d:\d\d:\d\d$/.test(text)) return undefined
  const at = new Date(`${text.replace(' ', 'T')}+08:00`)
  return Number.isNaN(at.getTime()) ? undefined : at
}

/** Who paid, by the one number that notices, queries and bindings all have. */
export const payerOf = (said: Said, ...names: readonly string[]): string | undefined =>
  names.map(name => textOf(said, name)).find(text => text !== undefined)

/** The first sign, and stars. */
export const masked = (name: string): string => `${[...name][0] ?? ''}**`

/** Alipay's "no", where it is one: what it could not do just now, or did not hear, is silence. */
export function refusalOf(said: Said | undefined): string | undefined {
  const [code, why] = [textOf(said, 'code'), textOf(said, 'sub_code')]
  if (!code || code === '10000' || code === '20000' || code === '10003') return undefined
  if (!why || /SYSTEM_ERROR|unknow-error|service-unavailable/i.test(why)) return undefined
  return why
}
