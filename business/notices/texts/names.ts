/** Who paid, who was paid, and by which order: where a text says so. */
import type { Platform, Told } from './told.ts'
import { normal } from './wording.ts'

const end = String.raw`(?=[,，。;:()\[\]【】/\s]|$)`
const who = String.raw`(?<who>[\u4e00-\u9fa5A-Za-z*·]{1,24}?)`
const payers = [
  `付款方(?:姓名|名称)?[:：]?${who}(?=账号|[,，。;()\\[\\]【】\\s]|$)`,
  `对方户名[:：为]?${who}${end}`,
  `付款人[:：]?${who}${end}`,
  `付方${who}${end}`,
  `(?:银联入账|网联入账)[:：(（-]+${who}${end}`,
  `二维码收款\\(${who}${end}`,
  `[(\\[]${who}支付宝转`,
  `^(?:【[^】]*】)?${who}于?(?:\\d{1,2}月)?\\d{1,2}日.{0,12}向您?尾号`,
  `^(?:【[^】]*】)?${who}向您?尾号`,
  `\\d ?${who}账户\\d{3,4}向您尾号`,
  `^${who}(?:通过扫码)?向[你您](?:付款|转账)`,
  `收到(?!一笔)${who}的?转账`,
  `来自${who}${end}`,
  `摘要:${who}支付宝转账`,
].map(shape => new RegExp(shape))
const payees = [
  `收款方[:：]${who}${end}`,
  `收款门店[:：]${who}${end}`,
  `(?:商户|店铺)(?:名称)?[:：]${who}${end}`,
].map(shape => new RegExp(shape))
const orders =
  /(?:商户单号|交易单号|转账单号|订单编号|订单号|交易号|流水号|凭证号|参考号)[:： ]{0,2}(?<id>[A-Za-z0-9_-]{6,64})/

type Names = Readonly<{ orderId: string | null; payer: string | null; payee: string | null }>

const first = (shapes: readonly RegExp[], text: string) => {
  for (const shape of shapes) {
    const found = shape.exec(text)?.groups?.['who']
    if (found && !/^(您|你|本人|顾客|支付宝|微信|云闪付)$/.test(found)) return found
  }
  return null
}

export function names(text: string, told: Told, platform: Platform): Names {
  const whole = platform === 'bank' ? text : `${text} ${normal(told.title ?? '')}`
  return {
    orderId: orders.exec(whole)?.groups?.['id'] ?? null,
    payer: first(payers, text),
    payee: first(payees, text),
  }
}
