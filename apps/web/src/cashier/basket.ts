/** What a guest has chosen at a place and not ordered yet. It outlives a reload and a way to the wallet. */
import type { Money } from '@bursar/contract'
import { useState } from 'react'
import { added } from '../app/sums.ts'

export type Choice = Readonly<{
  item: `itm_${string}`
  name: string
  modifiers: readonly string[]
  /** Of one, with its extras. */
  unit: Money
  count: number
}>

const same = (a: Choice, b: Choice): boolean =>
  a.item === b.item && a.modifiers.join('\n') === b.modifiers.join('\n')

export function useBasket(token: string) {
  const place = `bursar.basket.${token}`
  const [choices, setChoices] = useState<readonly Choice[]>(() => read(place))
  const keep = (to: readonly Choice[]) => {
    if (to.length > 0) sessionStorage.setItem(place, JSON.stringify(to))
    else sessionStorage.removeItem(place)
    setChoices(to)
  }
  /** More or fewer of one; nothing is left of it at 0. */
  const change = (one: Choice, by: number) =>
    keep(
      choices
        .map(it => (same(it, one) ? { ...it, count: Math.min(99, it.count + by) } : it))
        .filter(it => it.count > 0),
    )
  const add = (one: Omit<Choice, 'count'>) => {
    const fresh = { ...one, count: 1 }
    if (choices.some(it => same(it, fresh))) change(fresh, 1)
    else keep([...choices, fresh])
  }
  return {
    choices,
    add,
    change,
    clear: () => keep([]),
    count: choices.reduce((sum, one) => sum + one.count, 0),
    total: added(choices.map(costOf)),
  }
}
export type Basket = ReturnType<typeof useBasket>

export const costOf = ({ unit, count }: Choice): Money =>
  added(Array.from({ length: count }, () => unit))

function read(place: string): readonly Choice[] {
  const text = sessionStorage.getItem(place)
  return text ? (JSON.parse(text) as Choice[]) : []
}
