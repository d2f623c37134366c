import { words } from '../app/i18n.ts'
import en from './proof.en.ts'
import zh from './proof.zh.ts'

export const useProofWords = words('proof', zh, en)
