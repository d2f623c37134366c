/**
 * Words. Each face keeps its own in words.zh.ts and words.en.ts; the English file must have exactly
 * the Chinese file's keys, so a missing sentence does not compile. A face's words load with its pages.
 */
import i18next from 'i18next'
import { initReactI18next, useTranslation } from 'react-i18next'
import { setLanguage, type Language } from './language.ts'

const stored = 'bursar.language'

const begin = (): Language => {
  const chosen = localStorage.getItem(stored)
  if (chosen === 'zh-CN' || chosen === 'en') return chosen
  return navigator.language.startsWith('zh') ? 'zh-CN' : 'en'
}

void i18next.use(initReactI18next).init({
  lng: begin(),
  fallbackLng: 'zh-CN',
  resources: {},
  keySeparator: false,
  nsSeparator: false,
  interpolation: { escapeValue: false },
  react: { useSuspense: false },
})
document.documentElement.lang = i18next.language
setLanguage(i18next.language === 'en' ? 'en' : 'zh-CN')

export function useLanguage() {
  const { i18n } = useTranslation()
  const language: Language = i18n.language === 'en' ? 'en' : 'zh-CN'
  const speak = (to: Language) => {
    localStorage.setItem(stored, to)
    document.documentElement.lang = to
    setLanguage(to)
    void i18n.changeLanguage(to)
  }
  return { language, speak }
}

/** Exactly the Chinese file's keys; a count of one may have a sentence of its own. */
export type English<Zh> = Record<keyof Zh, string> &
  Partial<Record<`${keyof Zh & string}_one`, string>>

export type Say<Words> = (
  key: keyof Words & string,
  values?: Record<string, string | number>,
) => string

/** Registers a face's words and gives the hook that says them. */
export function words<Zh extends Record<string, string>>(face: string, zh: Zh, en: English<Zh>) {
  i18next.addResourceBundle('zh-CN', face, zh)
  i18next.addResourceBundle('en', face, en)
  return (): Say<Zh> => {
    const { t } = useTranslation(face)
    const speak = t as (key: string, values: object) => string
    return (key, values) => speak(key, values ?? {})
  }
}
