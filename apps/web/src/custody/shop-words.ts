import { words } from '../app/i18n.ts'
import en from './shop.en.ts'
import zh from './shop.zh.ts'

export const useShopWords = words('shop', zh, en)
