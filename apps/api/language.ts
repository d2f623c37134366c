/** The caller's language: zh-CN unless English is asked for more. */
export type Locale = 'zh-CN' | 'en'

/** Reads Accept-Language by its weights; the first of equals wins, anything unknown is skipped. */
export function localeOf(header: string | undefined): Locale {
  if (!header) return 'zh-CN'
  const wishes = header
    .slice(0, 200)
    .split(',')
    .map(part => {
      const [tag = '', ...rest] = part.trim().toLowerCase().split(';')
      const weight = Number(
        rest
          .find(one => one.trim().startsWith('q='))
          ?.trim()
          .slice(2) ?? 1,
      )
      return { tag: tag.trim(), weight: Number.isFinite(weight) ? weight : 0 }
    })
  const known = wishes.filter(({ tag, weight }) => weight > 0 && /^(zh|en)\b/.test(tag))
  const best = known.toSorted((a, b) => b.weight - a.weight)[0]
  return best?.tag.startsWith('en') ? 'en' : 'zh-CN'
}
