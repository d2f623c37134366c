/** A refusal carries facts; a sentence is made of them, and of none where there are none. */
import { format, type Money } from '@bursar/money'
import type { Locale } from './language.ts'
import type { Code } from './refusals.ts'

export type Facts = Readonly<Record<string, unknown>>
/** A title, and a detail that may use the refusal's facts. Facts may be missing: a page in /docs has none. */
export type Sentence = readonly [title: string, detail: string | ((facts: Facts) => string)]
export type Sentences = Readonly<Record<Code, Sentence>>
export type Rules = Readonly<Record<string, string | ((facts: Facts) => string)>>

const isMoney = (value: unknown): value is Money =>
  typeof value === 'object' && value !== null && 'minor' in value && 'currency' in value

/** A sum as people read it: 12.30 元; ¥12.30 in English; other currencies by their code. */
function sum(value: unknown, currency: string, locale: Locale): string | undefined {
  const known = isMoney(value)
    ? value
    : typeof value === 'bigint'
      ? { minor: value, currency }
      : undefined
  if (!known) return undefined
  const amount = format(known)
  if (known.currency !== 'CNY') return `${known.currency} ${amount}`
  return locale === 'en' ? `¥${amount}` : `${amount} 元`
}

/** Both sums of a comparison, if the refusal carries both. The ledger gives whole coins of its book's currency. */
export function sumsOf(
  facts: Facts,
  locale: Locale,
  limit: readonly string[],
  asked: readonly string[] = ['amount', 'minor'],
): readonly [limit: string, asked: string] | undefined {
  const currency = typeof facts['currency'] === 'string' ? facts['currency'] : 'CNY'
  const first = (names: readonly string[]) =>
    names.map(name => sum(facts[name], currency, locale)).find(text => text !== undefined)
  const [a, b] = [first(limit), first(asked)]
  return a !== undefined && b !== undefined ? [a, b] : undefined
}
