/** One key per act. A key pressed in a field, a list or a dialog is theirs. */
import { useEffect, useEffectEvent } from 'react'

const elsewhere = 'input, textarea, select, [role=dialog], [role=listbox], [role=menu]'

export function useKeys(acts: Readonly<Record<string, (() => void) | undefined>>): void {
  const press = useEffectEvent((event: KeyboardEvent) => {
    const { target, key, repeat } = event
    if (repeat || event.ctrlKey || event.metaKey || event.altKey) return
    if (target instanceof Element && target.closest(elsewhere)) return
    const confirms = key === 'Enter' || key === ' '
    // A button that the keyboard stands on is pressed by the same keys.
    if (confirms && target instanceof Element && target.closest('a, button')) return
    const act = acts[key === ' ' ? 'enter' : key.toLowerCase()]
    if (!act) return
    event.preventDefault()
    act()
  })
  useEffect(() => {
    const hear = (event: KeyboardEvent) => press(event)
    addEventListener('keydown', hear)
    return () => removeEventListener('keydown', hear)
  }, [])
}
