import { words } from '../app/i18n.ts'
import en from './words.en.ts'
import zh from './words.zh.ts'

export const useWords = words('parties', zh, en)

export const trades = [
  'restaurant',
  'teahouse',
  'hair',
  'fitness',
  'bathhouse',
  'laundry',
  'carwash',
  'tutoring',
  'nursery',
  'netcafe',
  'onecard',
] as const
export type Trade = (typeof trades)[number]
