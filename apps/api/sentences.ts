/** Every "no" in the caller's words: what happened, why, and what to do next. */
import type { Facts } from './facts.ts'
import { en, enRules } from './sentences.en.ts'
import { zh, zhRules } from './sentences.zh.ts'
import type { Locale } from './language.ts'
import type { Code } from './refusals.ts'

const told = (what: string | ((facts: Facts) => string), facts: Facts): string =>
  typeof what === 'string' ? what : what(facts)

export function sentence(
  locale: Locale,
  code: Code,
  facts: Facts,
): { title: string; detail: string } {
  const [title, detail] = (locale === 'en' ? en : zh)[code]
  return { title, detail: told(detail, facts) }
}

/** What a field must be, for the rule that it broke. */
export function ruleSentence(locale: Locale, rule: string, facts: Facts): string {
  const rules = locale === 'en' ? enRules : zhRules
  return told(rules[rule] ?? rules['malformed']!, facts)
}
