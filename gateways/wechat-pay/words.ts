/** Reading the platform's words: what is not there, or not of the kind, is not believed. */
import type { Money } from '@bursar/money'
import type { Said } from './line.ts'

export function textOf(said: Said | undefined, name: string): string | undefined {
  const value = said?.[name]
  return typeof value === 'string' && value !== '' ? value : undefined
}

export function partOf(said: Said | undefined, name: string): Said | undefined {
  const value = said?.[name]
  return value && typeof value === 'object' ? (value as Said) : undefined
}

/** Whole fen under this name of `amount`, in the currency beside it. */
export function moneyOf(said: Said | undefined, name: string): Money | undefined {
  const amount = partOf(said, 'amount')
  const [fen, currency] = [amount?.[name], textOf(amount, 'currency')]
  if (typeof fen !== 'number' || !Number.isSafeInteger(fen) || fen < 0 || !currency)
    return undefined
  return { minor: BigInt(fen), currency }
}

export function instantOf(said: Said | undefined, name: string): Date | undefined {
  const at = new Date(textOf(said, name) ?? Number.NaN)
  return Number.isNaN(at.getTime()) ? undefined : at
}

/** A sum as the platform wants it: JSON's number, as long as that is exact. */
export function fen({ minor: coins }: Money): number {
  const whole = Number(coins)
  if (!Number.isSafeInteger(whole)) throw new RangeError(`${coins} fen are no number`)
  return whole
}

/** An instant as the platform writes it: its own clock, without milliseconds. */
export const beijing = (at: Date): string =>
  `${new Date(at.getTime() + 8 * 3_600_000).toISOString().slice(0, 19)}+08:00`
