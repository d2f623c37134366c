/** Reading a counterparty's words: what is not there, or not of the kind, is not believed. */
import { fromWire, type Money } from '@bursar/money'

/** What one side says to the other: a JSON object. */
export type Said = Readonly<Record<string, unknown>>

/** The text under this name; undefined for anything else. */
export const textOf = (said: Said | undefined, name: string): string | undefined => {
  const value = said?.[name]
  return typeof value === 'string' && value.length > 0 ? value : undefined
}

/** The sum under this name; undefined for anything that is not exactly a sum. */
export function moneyOf(said: Said | undefined, name: string): Money | undefined {
  try {
    return fromWire(said?.[name] as Parameters<typeof fromWire>[0])
  } catch {
    return undefined
  }
}

/** The instant under this name. */
export function instantOf(said: Said | undefined, name: string): Date | undefined {
  const at = new Date(textOf(said, name) ?? Number.NaN)
  return Number.isNaN(at.getTime()) ? undefined : at
}
