/** Extras as an owner types them: a line each, a name and a price. */
import type { Money } from '@bursar/contract'
import { typed } from '../app/sums.ts'

type Extra = { name: string; price: Money }

export const written = (extras: readonly Extra[]): string =>
  extras.map(one => `${one.name} ${one.price.amount}`).join('\n')

/** The extras, or the number of the first line that is not one. */
export function readExtras(text: string, currency: string): readonly Extra[] | number {
  const lines = text.split('\n').map(line => line.trim())
  const extras: Extra[] = []
  for (const [at, line] of lines.entries()) {
    if (!line) continue
    const [, name = '', amount = ''] = /^(.+?)\s+(\d[\d.,]*)$/.exec(line) ?? []
    const free = /^0(\.0{1,2})?$/.test(amount)
    const price = free ? { amount: '0.00', currency } : typed(amount, currency)
    if (!name || name.length > 40 || !price) return at + 1
    extras.push({ name, price })
  }
  return extras
}
