/** Names of platforms on a sheet, and what a word means on one list alone. */
type Words = Readonly<Record<string, readonly [zh: string, en: string]>>

/** Platforms, by their names. */
export const platforms: Words = {
  alipay: ['支付宝', 'Alipay'],
  'wechat-pay': ['微信支付', 'WeChat Pay'],
  'sandbox-wallet': ['测试钱包', 'Test wallet'],
  'sandbox-bank': ['测试银行', 'Test bank'],
}

/** Where a list means something else by a word than the others. */
export const meantBy: Readonly<Record<string, Words>> = {
  '/v1/reconciliation/breaks': { open: ['未处理', 'Open'] },
  '/v1/reconciliation/days': {
    waiting: ['等待账单', 'Bill awaited'],
    closed: ['已对平', 'Closed'],
  },
}
