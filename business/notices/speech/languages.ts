/** The languages that a sum is said in. A further one is a further row. */
import { toCardinal as english } from 'n2words/en-GB'
import { mandarin } from './mandarin.ts'

/**
 * How a language says what a counter is told. Each text is said as its fragments, separated by `|`; a fragment that
 * nobody has recorded is shown, not spoken.
 */
export type Language = Readonly<{
  /** Between fragments, when they are written. */
  gap: string
  /** Yuan and fen, in words. */
  sum(yuan: bigint, fen: number): string
  /** One figure of the code. */
  figure(digit: number): string
  platforms: Readonly<Record<string, string>>
  /** Of a platform that is not in the list. */
  anyPlatform: string
  payment: (platform: string, sum: string) => string
  refund: (platform: string, sum: string) => string
  reversal: (platform: string, sum: string) => string
  earlier: string
  rehearsal: string
  code: string
}>

const figures = '零一二三四五六七八九'
const spaced = (words: string) => words.replaceAll(/[ -]/g, '|')

const chinese: Language = {
  gap: '',
  sum(yuan, fen) {
    const [jiao, rest] = [Math.floor(fen / 10), fen % 10]
    const two = yuan === 0n && (jiao === 0 || rest === 0)
    const digit = (one: number) => (one === 2 && two ? '两' : figures[one]!)
    const whole = yuan === 2n ? '两元' : `${mandarin(yuan)}元`
    const parts = [
      yuan > 0n || fen === 0 ? whole : '',
      jiao > 0 ? `${digit(jiao)}角` : rest > 0 && yuan > 0n ? '零' : '',
      rest > 0 ? `${digit(rest)}分` : '',
    ]
    return [...parts.join('')].join('|')
  },
  figure: digit => figures[digit]!,
  platforms: {
    'wechat-pay': '微信支付',
    alipay: '支付宝',
    unionpay: '云闪付',
    bank: '银行卡',
    bursar: '会员卡',
  },
  anyPlatform: '收款',
  payment: (platform, sum) => `${platform}|到账|${sum}`,
  refund: (platform, sum) => `退款|${platform}|退还顾客|${sum}`,
  reversal: (platform, sum) => `请注意|${platform}|撤销到账|${sum}`,
  earlier: '稍早前',
  rehearsal: '演练',
  code: '核对码',
}

const anglo: Language = {
  gap: ' ',
  sum(yuan, fen) {
    const whole = yuan > 0n || fen === 0 ? [`${spaced(english(yuan))}|yuan`] : []
    return [...whole, ...(fen > 0 ? [`${spaced(english(fen))}|fen`] : [])].join('|and|')
  },
  figure: digit => english(digit),
  platforms: {
    'wechat-pay': 'WeChat Pay',
    alipay: 'Alipay',
    unionpay: 'UnionPay',
    bank: 'bank card',
    bursar: 'member card',
  },
  anyPlatform: 'payment',
  payment: (platform, sum) => `${platform}|received|${sum}`,
  refund: (platform, sum) => `refund|${platform}|paid back|${sum}`,
  reversal: (platform, sum) => `attention|${platform}|took back|${sum}`,
  earlier: 'earlier',
  rehearsal: 'rehearsal',
  code: 'code',
}

export const languages: Readonly<Record<'zh-CN' | 'en', Language>> = { 'zh-CN': chinese, en: anglo }
