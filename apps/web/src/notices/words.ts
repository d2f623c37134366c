import { words } from '../app/i18n.ts'
import en from './words.en.ts'
import zh from './words.zh.ts'

export const useWords = words('notices', zh, en)

export const kinds = ['payment', 'refund', 'reversal'] as const
export const grades = ['C', 'B', 'A', 'A+'] as const
export const states = ['seen', 'received', 'checked'] as const
export const ways = ['text', 'picture', 'voice', 'vibration'] as const
export const outcomes = ['new', 'raised', 'filtered', 'contradicts', 'unreadable'] as const

const named = ['top_up', 'spend', 'charge', 'checkout', 'withdrawal'] as const
const isNamed = (way: string): way is (typeof named)[number] => named.some(one => one === way)

/** What kind of payment; the platform's own word stands as it is. */
export function useWayName(): (way: string | undefined) => string | undefined {
  const say = useWords()
  return way => (way && isNamed(way) ? say(`way.${way}`) : way)
}
