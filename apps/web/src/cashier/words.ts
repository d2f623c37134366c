import { words } from '../app/i18n.ts'
import en from './words.en.ts'
import zh from './words.zh.ts'

export const useWords = words('cashier', zh, en)
