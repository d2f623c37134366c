import { words } from '../app/i18n.ts'
import en from './parts.en.ts'
import zh from './parts.zh.ts'

export const usePartsWords = words('parts', zh, en)
