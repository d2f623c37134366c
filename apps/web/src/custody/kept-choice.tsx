/** A choice that this device remembers; nothing to choose from, no field. `none` is what leaving it out means. */
import { useState } from 'react'
import { OneOf } from '../app/look/one-of.tsx'

type Choice<Id extends string> = Readonly<{
  kept: string
  label: string
  none: string
  of: readonly Readonly<{ id: Id; name: string }>[]
}>

export function useKeptChoice<Id extends string>({ kept, label, none, of }: Choice<Id>) {
  const [chosen, setChosen] = useState(() => localStorage.getItem(kept) ?? '')
  const value = of.find(one => one.id === chosen)?.id
  const change = (to: string) => {
    localStorage.setItem(kept, to)
    setChosen(to)
  }
  const options = [['', none], ...of.map(one => [one.id, one.name] as const)] as const
  const field =
    of.length > 0 ? <OneOf<string> {...{ label, options, change }} value={value ?? ''} /> : null
  return { field, value }
}
