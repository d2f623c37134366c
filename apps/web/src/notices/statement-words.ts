import { words } from '../app/i18n.ts'
import en from './statement.en.ts'
import zh from './statement.zh.ts'

export const useStatementWords = words('statement', zh, en)
