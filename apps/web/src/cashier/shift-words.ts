import { words } from '../app/i18n.ts'
import en from './shift.en.ts'
import zh from './shift.zh.ts'

export const useShiftWords = words('shift', zh, en)
