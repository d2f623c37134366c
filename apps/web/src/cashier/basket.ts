/** What a guest has chosen at a place and not ordered yet. It outlives a reload and a way to the wallet. */
import type { Money, readMenu, ReplyOf } from '@bursar/contract'
import { useState } from 'react'
import { added, minor } from '../app/sums.ts'

type Menu = ReplyOf<typeof readMenu>

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

/** What was chosen costs what the menu says now; `was` is the sum at which it was chosen, where that is another. */
export function useBasket(token: string, menu: Menu | undefined) {
  const place = `bursar.basket.${token}`
  const [chosen, setChosen] = useState<readonly Choice[]>(() => read(place))
  const choices = menu ? chosen.map(one => ({ ...one, unit: unitIn(menu, one) })) : chosen
  const keep = (to: readonly Choice[]) => {
    if (to.length > 0) sessionStorage.setItem(place, JSON.stringify(to))
    else sessionStorage.removeItem(place)
    setChosen(to)
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
  const [total, before] = [added(choices.map(costOf)), added(chosen.map(costOf))]
  return {
    choices,
    add,
    change,
    clear: () => keep([]),
    count: choices.reduce((sum, one) => sum + one.count, 0),
    total,
    was: minor(total) === minor(before) ? undefined : before,
  }
}
export type Basket = ReturnType<typeof useBasket>

export const costOf = ({ unit, count }: Choice): Money =>
  added(Array.from({ length: count }, () => unit))

/** What is no longer on the menu keeps its price: ordering it is refused in words. */
function unitIn({ items }: Menu, { item: id, modifiers, unit }: Choice): Money {
  const item = items.find(one => one.id === id)
  const extras = modifiers.map(name => item?.modifiers.find(one => one.name === name)?.price)
  if (!item || !extras.every(price => price !== undefined)) return unit
  return added([item.now ?? item.price, ...extras])
}

function read(place: string): readonly Choice[] {
  const text = sessionStorage.getItem(place)
  return text ? (JSON.parse(text) as Choice[]) : []
}
