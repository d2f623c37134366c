/** Why a platform does not pay back, in plain words. A code that is not here is told as the platform says it. */
import type { Locale } from '../language.ts'

const words: Readonly<Record<string, readonly [zh: string, en: string]>> = {
  account_closed: ['付款人的账户已经注销', 'The payer’s account is closed'],
  'acq.buyer_error': ['付款人的账户不能收款', 'The payer’s account cannot receive money'],
  'acq.buyer_not_exist': ['付款人的账户已不存在', 'The payer’s account is no longer there'],
  'acq.reason_trade_refund_fee_err': [
    '退款金额超过可退金额',
    'More than can be paid back of this payment',
  ],
  'acq.refund_amt_not_equal_total': [
    '退款金额超过可退金额',
    'More than can be paid back of this payment',
  ],
  'acq.seller_balance_not_enough': [
    '平台账户余额不足，充值后再试',
    'Our balance at the platform is too low: fill it, and ask again',
  ],
  'acq.trade_has_finished': ['这笔付款已不能退款', 'This payment can be paid back no more'],
  'acq.trade_not_allow_refund': ['这笔付款不允许退款', 'This payment may not be paid back'],
  'acq.trade_not_exist': ['平台上没有这笔付款', 'The platform knows no such payment'],
  frequency_limited: ['平台限制了退款频率，稍后再试', 'Too many refunds at once: ask again later'],
  insufficient_balance: [
    '平台账户余额不足，充值后再试',
    'Our balance at the platform is too low: fill it, and ask again',
  ],
  more_than_was_paid: ['退款金额超过可退金额', 'More than can be paid back of this payment'],
  not_enough: [
    '平台账户余额不足，充值后再试',
    'Our balance at the platform is too low: fill it, and ask again',
  ],
  order_not_paid: ['平台上这笔付款没有付成', 'The platform has no money of this order'],
  refund_abnormal: [
    '付款人的银行卡收不了款，钱停在平台。请到平台后台处理，之后再问一次',
    'The payer’s bank card does not take it, and the platform keeps the money. See to it in the platform’s own console, then ask again',
  ],
  refund_closed: ['平台关闭了这笔退款', 'The platform has closed the refund'],
  refund_to_merchant: [
    '退款回到了商户在平台的账户，没有到付款人',
    'It went back to our account at the platform, not to the payer',
  ],
  too_often: [
    '平台对这笔付款的退款次数已用完',
    'The platform has paid this payment back as often as it does',
  ],
  too_old: ['这笔付款已过平台的退款期限', 'This payment is too old for the platform to pay back'],
  user_account_abnormal: ['付款人的账户异常', 'Something is wrong with the payer’s account'],
}

export function whyNot(code: string, locale: Locale): string {
  const [zh, en] = words[code.toLowerCase()] ?? [
    `平台的答复：${code}`,
    `The platform’s own words: ${code}`,
  ]
  return locale === 'en' ? en : zh
}
