/** The language that is spoken now. Apart from i18n.ts, so that sums and times can be read without a page. */
export type Language = 'zh-CN' | 'en'

let now: Language = 'zh-CN'
export const languageNow = (): Language => now
export const setLanguage = (to: Language): void => {
  now = to
}
/** As the language puts between the members of a list. */
export const listed = (members: readonly string[]): string =>
  members.join(now === 'en' ? ', ' : '、')
