/**
 * What a counter is told, in words: "微信支付到账二百元五角", "WeChat Pay received two hundred yuan and fifty fen". One
 * list of fragments is both what is written and what is spoken (voice.ts), so they cannot differ.
 *
 * A refund and a reversal have sentences, and a voice, of their own; what is late says that it is. At the end come two
 * figures that nobody can know beforehand (ding.ts): a recording of yesterday's voice has the wrong ones.
 */
import type { Money } from '@bursar/money'
import { languages, type Language } from './languages.ts'

export type { Language } from './languages.ts'
export { codeOf } from './ding.ts'

export type Said = Readonly<{
  kind: 'payment' | 'refund' | 'reversal'
  platform?: string | undefined
  /** Absent: who hears it may not know. */
  amount?: Money | undefined
  /** Nobody's money: it says so first. */
  rehearsal?: boolean | undefined
  late?: boolean | undefined
  /** The two figures that end it. */
  code?: string | undefined
}>

const languageOf = (language: 'zh-CN' | 'en' | Language): Language =>
  typeof language === 'string' ? languages[language] : language

/** A sum in words. CNY up to 10^13 yuan; a RangeError for what nobody is told of: less than nothing, other coins. */
export const inWords = (amount: Money, language: 'zh-CN' | 'en' | Language): string =>
  written(sumOf(amount, languageOf(language)), languageOf(language))

/** The fragments of the sentence, in order. */
export function fragments(said: Said, language: 'zh-CN' | 'en' | Language): string[] {
  const says = languageOf(language)
  const platform = says.platforms[said.platform ?? ''] ?? says.anyPlatform
  const sum = said.amount ? sumOf(said.amount, says) : ''
  const sentence = says[said.kind](platform, sum)
  const code = [...(said.code ?? '')].map(figure => says.figure(Number(figure)))
  return [
    ...(said.rehearsal ? [says.rehearsal] : []),
    ...(said.late ? [says.earlier] : []),
    ...sentence.split('|').filter(Boolean),
    ...(code.length > 0 ? [says.code, ...code] : []),
  ]
}

/** The sentence as it is shown. */
export const sentence = (said: Said, language: 'zh-CN' | 'en' | Language): string =>
  fragments(said, language).join(languageOf(language).gap)

const written = (sum: string, { gap }: Language) => sum.replaceAll('|', gap)

function sumOf({ minor, currency }: Money, says: Language): string {
  if (currency !== 'CNY' || minor < 0n || minor >= 10n ** 15n)
    throw new RangeError(`Not said in words: ${minor} ${currency}`)
  return says.sum(minor / 100n, Number(minor % 100n))
}
