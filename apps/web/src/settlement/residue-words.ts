import { words } from '../app/i18n.ts'
import en from './residue.en.ts'
import zh from './residue.zh.ts'

export const useResidueWords = words('residue', zh, en)
