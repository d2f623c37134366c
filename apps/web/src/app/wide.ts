import { useSyncExternalStore } from 'react'
import { shape } from './tokens.ts'

const query = matchMedia(`(min-width: ${shape.wide}px)`)
const watch = (tell: () => void) => {
  query.addEventListener('change', tell)
  return () => query.removeEventListener('change', tell)
}

/** Whether there is room for the desk layout. */
export const useWide = () => useSyncExternalStore(watch, () => query.matches)
