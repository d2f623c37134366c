/** A bank's SMS, or its app's notice: who signs, whose account, which way the money went, and how much. */
import { bankOf, isPerson } from './banks.ts'
import type { Found, Told } from './told.ts'
import { fenOf, sum } from './wording.ts'

/** What may stand between a verb and its sum: an aside in brackets, and a few words. Never another number. */
const between = String.raw`(?:\([^)]{0,40}\)|\[[^\]]{0,40}\])?[,，: ]?(?:交易|金额|款项|资金|[:为]){0,2} ?`
const verb = (words: string) => new RegExp(`(?:${words})${between}${sum}`, 'g')

const comesIn = verb(
  '(?:收入|存入|转入|入账|入帐|到账|到帐|汇入|来账|来帐|收款|收到|转存|进账|增加)(?:(?:交易)?\\))?',
)
const goesOut = verb(
  '支出|转出|消费|支取|扣款|扣收|扣费|代扣|取款|取现|付款|还款|缴费|汇出|转支|支付|汇款|转至他行|减少',
)
/** The Agricultural Bank names every booking "完成…交易" and tells the way by the sign. */
const completed = new RegExp(`完成(?<what>[^,，。\\d-]{2,10})交易${sum}`)
/** The Postal Bank calls what a wallet sends to a card a withdrawal; the Bank of Zhongyuan tells the sum last. */
const postal = new RegExp(`账户(?:\\S{0,6})提现金额${sum}`)
const zhongyuan = new RegExp(`转入;.{0,30}?;?转账${sum}`)
const undone = new RegExp(`(?:冲正|冲销|抹账|撤销)[^\\d,，。]{0,10}?-?${sum}`)
const undoneBefore = new RegExp(
  `(?:收入|存入|转入|入账|收款)${between}-?${sum}[^。]{0,12}(?:冲正|冲销|抹账|撤销)`,
)

/** Whose account: the last digits of it. */
const account =
  /(?:尾号|尾数|账户|账号|帐户|卡号|存折|一卡通|卡)(?:为|是)?[^\d，。]{0,4}\**\d{3,4}(?!\d)|\*\d{4}|您\d{4}账户/
const notASale =
  /利息|结息|工资|薪|绩效|津贴|补贴|加班|贷款|理财|赎回|基金|公积金|社保|养老金|补助|报销|分红|收益|奖金|退税|定期/
/** The shop pays its own card's debt. */
const ownDebt = /信用卡[^，。]{0,16}存入|账单已还清/
const comesBack = /退款|退货|退回|退票|退汇/
/** A wish, a condition or a promise is no booking. */
const condition = /(?:每|满|最高|至少|首次|首笔|单笔|累计|若|如果|只要|新客|再|凡)[^，。,]{0,12}$/
const reward = /^[^，。,]{0,4}(?:即可|可享|可获|起|以上|立减|抽|返|送|参与|赢|领|享)/
const toAnother = /(?:您|贵|本人)[^，。]{0,40}向(?!您|贵|尾号|本)[^，。]{0,24}$/

/** Reads what a bank has booked to the account that the notice tells of. */
export function bank(text: string, told: Told): Found {
  if (told.sender && isPerson(told.sender)) return { none: 'not_official' }
  const name = bankOf(text, told)
  if (!name || !account.test(text)) return { none: 'not_a_receipt' }
  const said = withoutMemo(text)
  if (comesBack.test(said)) return { none: 'own_refund' }
  if (ownDebt.test(said)) return { none: 'not_a_sale' }
  if (/冲正|冲销|抹账|撤销/.test(said)) return reversal(said, name)
  return credit(said, name)
}

/** What the payer wrote is the payer's: no sum is read from it. */
const withoutMemo = (text: string) =>
  text.replace(/(?:附言|备注|摘要|留言|用途)[:：].*?(?=[[【]|$)/, '')

function reversal(text: string, name: string): Found {
  if (/(?:支出|消费|扣款|付款)[^，。]{0,12}(?:冲正|冲销|抹账|撤销)/.test(text))
    return { none: 'own_refund' }
  const amount = fenOf(undone.exec(text)) ?? fenOf(undoneBefore.exec(text))
  return amount
    ? { rule: 'bank.reversal', platform: 'bank', bank: name, kind: 'reversal', amount }
    : { none: 'unclear' }
}

function credit(text: string, name: string): Found {
  const found = [
    ...text.matchAll(comesIn),
    ...[postal, zhongyuan].map(shape => shape.exec(text)).filter(one => one !== null),
  ]
  const done = completed.exec(text)
  if (done && !/消费|支付|扣|支取|转支|取款|缴费/.test(done.groups!.what!)) found.push(done)
  const sums = new Set(found.map(fenOf).filter(one => one !== null))
  const isOut = [...text.matchAll(goesOut)].some(one => fenOf(one) !== null)
  if (sums.size === 0)
    return { none: isOut || /人民币-\d/.test(text) ? 'outgoing' : 'not_a_receipt' }
  // Both ways, or two sums, in one text: somebody else's words are in it, or we do not understand it.
  if (sums.size > 1 || isOut) return { none: 'unclear' }
  const one = found.find(each => fenOf(each) !== null)!
  const [head, tail] = [text.slice(0, one.index), text.slice(one.index + one[0].length)]
  if (condition.test(head) || reward.test(tail)) return { none: 'advertising' }
  if (toAnother.test(head)) return { none: 'outgoing' }
  if (notASale.test(head.slice(-14) + one[0])) return { none: 'not_a_sale' }
  return {
    rule: 'bank.credit',
    platform: 'bank',
    bank: name,
    kind: 'payment',
    amount: [...sums][0]!,
  }
}
