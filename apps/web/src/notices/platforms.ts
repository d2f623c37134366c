/** What people call a platform, in the language in which it is said; one without a name is said by its id. */
import { languageNow, type Language } from '../app/language.ts'

const names: Readonly<Record<string, Readonly<Record<Language, string>>>> = {
  alipay: { 'zh-CN': '支付宝', en: 'Alipay' },
  'wechat-pay': { 'zh-CN': '微信支付', en: 'WeChat Pay' },
  unionpay: { 'zh-CN': '云闪付', en: 'UnionPay' },
  bank: { 'zh-CN': '银行', en: 'Bank' },
  rehearsal: { 'zh-CN': '演练', en: 'Rehearsal' },
  bursar: { 'zh-CN': '预付钱包', en: 'Prepaid purse' },
  'sandbox-wallet': { 'zh-CN': '测试钱包', en: 'Test wallet' },
  wallet: { 'zh-CN': '测试钱包', en: 'Test wallet' },
}
export const platforms = ['bursar', 'alipay', 'wechat-pay', 'unionpay', 'bank'] as const

export const platformName = (id: string, language: Language = languageNow()): string =>
  names[id]?.[language] ?? id
