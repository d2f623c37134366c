import { words } from '../app/i18n.ts'
import en from './suspense.en.ts'
import zh from './suspense.zh.ts'

export const useSuspenseWords = words('suspense', zh, en)

export const reasons = [
  'unknown_payer',
  'unexpected_credit',
  'unknown_order',
  'order_ended',
  'wrong_amount',
  'wrong_account',
  'wrong_currency',
  'over_ceiling',
  'other_payer',
  'purse_barred',
  'could_not_return',
] as const
