/** What a prompt says aloud, in the terminal's language: the platform, what happened, the sum in words, the two digits. */
import type { PromptView } from '@bursar/contract'
import type { Language } from '../app/language.ts'
import { platformName } from './platforms.ts'
import { spell } from './spell.ts'

/** Two digits that change with the receipt; the staff's page shows the same. */
export const codeOf = (prompt: PromptView): string | undefined => prompt.code

const said = {
  'zh-CN': {
    ...{ payment: '收款', refund: '退款', reversal: '撤销' },
    ...{ late: '补报', rehearsal: '演练', seen: '待核实', code: '核对码', comma: '，' },
    alarm: '注意，金额不一致，请核对',
  },
  en: {
    ...{ payment: 'received', refund: 'refunded', reversal: 'reversed' },
    ...{ late: 'late', rehearsal: 'rehearsal', seen: 'unverified', code: 'code' },
    ...{ comma: ', ', alarm: 'Attention: two sums for one order. Please check' },
  },
} as const

export function sentenceOf(prompt: PromptView, language: Language = prompt.language): string {
  const words = said[language]
  const code = codeOf(prompt)
  const { amount, platform, class: told } = prompt
  const parts = [
    told === 'contradicted' ? words.alarm : undefined,
    prompt.rehearsal ? words.rehearsal : undefined,
    prompt.late ? words.late : undefined,
    told === 'seen' ? words.seen : undefined,
    [platform && platformName(platform, language), words[prompt.kind]]
      .filter(Boolean)
      .join(language === 'en' ? ' ' : ''),
    amount && spell(amount, language),
    code && `${words.code}${language === 'en' ? ' ' : ''}${[...code].join(' ')}`,
  ]
  return parts.filter(Boolean).join(words.comma)
}
