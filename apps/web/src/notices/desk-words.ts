import { words } from '../app/i18n.ts'
import en from './desk.en.ts'
import zh from './desk.zh.ts'

export const useDeskWords = words('notices-desk', zh, en)
