import { words } from '../app/i18n.ts'
import en from './words.en.ts'
import zh from './words.zh.ts'

export const useWords = words('reconciliation', zh, en)

export const kinds = [
  'missing_here',
  'missing_there',
  'wrong_amount',
  'wrong_state',
  'wrong_number',
  'wrong_fee',
  'duplicate',
] as const
export const reasons = [
  'timing',
  'platform_fault',
  'our_fault',
  'by_hand',
  'rounding',
  'other',
] as const
