import { words } from '../app/i18n.ts'
import en from './pool.en.ts'
import zh from './pool.zh.ts'

export const usePoolWords = words('pool', zh, en)

export const terms = [
  'custody',
  'transitIn',
  'transitOut',
  'purses',
  'seized',
  'earned',
  'requested',
  'feesDue',
  'collected',
  'payroll',
  'suspense',
] as const
export type Term = (typeof terms)[number]
export const isTerm = (name: string): name is Term => terms.some(one => one === name)
