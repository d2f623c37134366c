/** What is held for what is chosen: with service charge and tax, counted as the server counts them. */
import type { Money } from '@bursar/contract'
import { fraction, fromWire, toWire } from '@bursar/money'
import { added } from '../app/sums.ts'

export type Tops = Readonly<{ serviceBps: number; taxBps: number }>

export function withTops(goods: Money, { serviceBps, taxBps }: Tops) {
  const part = (of: Money, bps: number): Money =>
    toWire(fraction(fromWire(of), BigInt(bps), 10_000n, 'half_even'))
  const service = part(goods, serviceBps)
  const tax = part(added([goods, service]), taxBps)
  return { service, tax, total: added([goods, service, tax]) }
}

/** A price with so many basis points off, rounded as the server rounds it. */
export const lessOf = (price: Money, off: number): Money =>
  toWire(fraction(fromWire(price), BigInt(10_000 - off), 10_000n, 'half_even'))
