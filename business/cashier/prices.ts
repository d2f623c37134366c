/** What things cost. Pure: from rates and whole minutes to the smallest coin. */
import { fraction, type Money } from '@bursar/money'

export type Tops = Readonly<{ serviceBps: number; taxBps: number }>
export type Cost = Readonly<{ goods: bigint; service: bigint; tax: bigint; total: bigint }>
export type Rate = Readonly<{
  baseMinor: bigint
  baseMinutes: number
  stepMinor: bigint
  stepMinutes: number
}>

/** Service charge on the goods, tax on both: each rounded to the coin, from the middle to the even one. */
export function costOf(goods: bigint, { serviceBps, taxBps }: Tops): Cost {
  const part = (minor: bigint, bps: number) =>
    fraction({ minor, currency: 'CNY' }, BigInt(bps), 10_000n, 'half_even').minor
  const service = part(goods, serviceBps)
  const tax = part(goods + service, taxBps)
  return { goods, service, tax, total: goods + service + tax }
}

/** A price with so many basis points off: what is left of it, rounded to the coin, from the middle to the even one. */
export const lessOf = (price: Money, off: number): Money =>
  fraction(price, BigInt(10_000 - off), 10_000n, 'half_even')

/** The steps that have begun after the base's minutes. */
const stepsIn = ({ baseMinutes, stepMinutes }: Rate, minutes: number): number =>
  Math.max(0, Math.ceil((minutes - baseMinutes) / stepMinutes))

export const priceOf = (rate: Rate, minutes: number): bigint =>
  rate.baseMinor + BigInt(stepsIn(rate, minutes)) * rate.stepMinor

/** The minutes that the price of these minutes pays for: a step is had whole. */
export const coverOf = (rate: Rate, minutes: number): number =>
  rate.baseMinutes + stepsIn(rate, minutes) * rate.stepMinutes

/** The last minute up to `wanted` that `available` coins more can bear, at the end of a step. */
export function bearable(
  rate: Rate,
  tops: Tops,
  { held, wanted, available }: { held: number; wanted: number; available: bigint },
): number {
  const now = costOf(priceOf(rate, held), tops).total
  const bears = (steps: number) =>
    costOf(priceOf(rate, held + steps * rate.stepMinutes), tops).total - now <= available
  let [low, high] = [0, Math.max(0, Math.ceil((wanted - held) / rate.stepMinutes))]
  while (low < high) {
    const middle = Math.ceil((low + high) / 2)
    if (bears(middle)) low = middle
    else high = middle - 1
  }
  return held + low * rate.stepMinutes
}
