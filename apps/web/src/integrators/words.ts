import { words } from '../app/i18n.ts'
import en from './words.en.ts'
import zh from './words.zh.ts'

export const useWords = words('integrators', zh, en)

/** The contract's own lists stay with the server: here they are what can be ticked, in this order. */
export const scopes = [
  'orders:write',
  'orders:read',
  'spends:read',
  'refunds:write',
  'events:read',
] as const
export const eventTypes = [
  'order.paid',
  'order.closed',
  'spend.done',
  'spend.waiting',
  'spend.declined',
  'spend.expired',
  'spend.refunded',
  'settlement.paid',
  'settlement.bounced',
] as const
