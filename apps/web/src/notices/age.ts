/** How long ago, in the one unit that matters. */
import { useDeskWords } from './desk-words.ts'

const units = [
  ['days', 86_400],
  ['hours', 3600],
  ['minutes', 60],
  ['seconds', 1],
] as const

export function useAge(): (at: string) => string {
  const say = useDeskWords()
  return at => {
    const seconds = Math.max(0, Math.floor((Date.now() - new Date(at).getTime()) / 1000))
    const [unit, length] = units.find(([, one]) => seconds >= one) ?? units[3]
    return say(unit, { count: Math.floor(seconds / length) })
  }
}
