/** What Alipay answers to a call, by its method; the words and codes are its own. */
import { cny, format } from '@bursar/money'
import { beijing, fromBeijing, payerNumber } from '../doors.ts'
import type { NewOrder, Order, PlayedWallet } from '../wallet.ts'
import { logonOf } from './notice.ts'
import type { AlipaySide, Fields } from './keys.ts'

export type Answer = Readonly<Record<string, string>>
export type Business = Readonly<Record<string, string | undefined>>
export type Method = (business: Business, fields: Fields) => Answer

const success = { code: '10000', msg: 'Success' }
export const failed = (sub_code: string, sub_msg: string, code = '40004'): Answer => ({
  code,
  msg: code === '40004' ? 'Business Failed' : 'Invalid Arguments',
  sub_code,
  sub_msg,
})
const notThere = failed('ACQ.TRADE_NOT_EXIST', '交易不存在')

export function tradeMethods(
  wallet: PlayedWallet,
  side: AlipaySide,
): Readonly<Record<string, Method>> {
  /** Alipay makes the trade when the payer first looks at it: before, it has never heard of it. */
  const seen = (business: Business): Order | undefined => {
    const order = wallet.find('alipay', business['out_trade_no'] ?? '')
    return order?.seen && order
  }
  return {
    'alipay.trade.precreate': (business, fields) => {
      const { order, no } = openOrder(wallet, side, business, fields)
      return no ?? { ...success, out_trade_no: order.order, qr_code: wallet.pageOf(order) }
    },
    'alipay.trade.create': (business, fields) => {
      const { buyer_id: buyer = '' } = business
      if (!wallet.knows(buyer)) return failed('ACQ.BUYER_NOT_EXIST', '买家不存在')
      const { order, no } = openOrder(wallet, side, business, fields, buyer)
      if (no) return no
      return { ...success, out_trade_no: order.order, trade_no: wallet.number(order) }
    },
    'alipay.trade.query': business => {
      const order = seen(business)
      return order ? { ...success, ...told(wallet, order) } : notThere
    },
    'alipay.trade.close': business => {
      const order = seen(business)
      if (!order) return notThere
      if (wallet.stateOf(order) !== 'waiting')
        return failed('ACQ.TRADE_STATUS_ERROR', '交易状态不合法')
      wallet.close(order)
      return { ...success, out_trade_no: order.order }
    },
    'alipay.trade.cancel': business => cancel(wallet, business),
    'alipay.trade.refund': business => refund(wallet, seen(business), business),
    'alipay.trade.fastpay.refund.query': business => {
      const order = seen(business)
      if (!order) return notThere
      const known = wallet.refundOf(business['out_request_no'] ?? '')
      if (known?.order !== order.order) return success
      const [sum, total] = [yuan(known.minor), yuan(order.minor)]
      const numbers = { out_trade_no: order.order, out_request_no: known.refund }
      const state = { refund_status: 'REFUND_SUCCESS', refund_amount: sum, total_amount: total }
      return { ...success, ...numbers, ...state, trade_no: order.tradeNo ?? '' }
    },
  }
}

const yuan = (minor: bigint) => format({ minor, currency: 'CNY' })

type Opened = Readonly<{ order: Order; no?: never }> | Readonly<{ no: Answer; order?: never }>

/** The order that a payer or the operator asks for, or Alipay's "no". */
export function openOrder(
  wallet: PlayedWallet,
  { appId, sellerId }: AlipaySide,
  { out_trade_no: order, total_amount: sum, subject, time_expire: until }: Business,
  { notify_url: notifyUrl, return_url: returnUrl = '' }: Fields,
  buyer?: string,
): Opened {
  if (!order || !subject || !sum || !/^\d{1,9}\.\d\d$/.test(sum) || cny(sum).minor <= 0n)
    return { no: failed('isv.invalid-parameter', '参数无效', '40002') }
  const expiresAt = until ? fromBeijing(until) : new Date(Date.now() + 15 * 60_000)
  if (Number.isNaN(expiresAt.getTime())) return { no: failed('ACQ.INVALID_PARAMETER', '参数无效') }
  const ask: NewOrder = {
    ...{ order, door: 'alipay', account: `${appId}/${sellerId}`, ...cny(sum), subject, returnUrl },
    expiresAt: expiresAt.toISOString(),
    ...(notifyUrl && { notifyUrl }),
    ...(buyer && { buyer }),
  }
  const made = wallet.open(ask)
  if (!made || made.buyer !== buyer)
    return { no: failed('ACQ.CONTEXT_INCONSISTENT', '交易信息被篡改') }
  if (made.state === 'paid') return { no: failed('ACQ.TRADE_HAS_SUCCESS', '交易已被支付') }
  if (made.state === 'closed') return { no: failed('ACQ.TRADE_HAS_CLOSE', '交易已经关闭') }
  return { order: made }
}

function told(wallet: PlayedWallet, order: Order): Answer {
  const { tradeNo = '', payer, paidAt, minor } = order
  const back = wallet.refunds().filter(one => one.order === order.order)
  const left = back.reduce((sum, one) => sum - one.minor, minor)
  const state = wallet.stateOf(order)
  const paid = state === 'paid' && left > 0n ? 'TRADE_SUCCESS' : 'TRADE_CLOSED'
  return {
    ...{ out_trade_no: order.order, trade_no: tradeNo, total_amount: yuan(minor) },
    trade_status: state === 'waiting' ? 'WAIT_BUYER_PAY' : paid,
    ...(payer && {
      buyer_user_id: payerNumber(payer),
      buyer_logon_id: logonOf(payerNumber(payer)),
    }),
    ...(paidAt && { send_pay_date: beijing(new Date(paidAt)) }),
  }
}

/** A code that nobody has looked at is dead too, although there is no trade that could be closed. */
function cancel(wallet: PlayedWallet, { out_trade_no: number = '' }: Business): Answer {
  const said = { ...success, out_trade_no: number, retry_flag: 'N' }
  const order = wallet.find('alipay', number)
  const isPaid = order !== undefined && wallet.close(order) === 'paid'
  if (!order?.seen) return said
  if (isPaid) wallet.refund(order, number, order)
  return { ...said, trade_no: order.tradeNo ?? '', action: isPaid ? 'refund' : 'close' }
}

const refusals = {
  order_not_paid: failed('ACQ.TRADE_STATUS_ERROR', '交易状态不合法'),
  refund_number_used: failed('ACQ.DISCORDANT_REPEAT_REQUEST', '请求信息不一致'),
  more_than_was_paid: failed('ACQ.REFUND_AMT_NOT_EQUAL_TOTAL', '退款金额超限'),
} as const

function refund(wallet: PlayedWallet, order: Order | undefined, business: Business): Answer {
  const { out_request_no: name, refund_amount: sum = '' } = business
  if (!order) return notThere
  if (!name || !/^\d{1,9}\.\d\d$/.test(sum)) return failed('ACQ.INVALID_PARAMETER', '参数无效')
  const became = wallet.refund(order, name, cny(sum))
  if (became !== 'done' && became !== 'done_before') return refusals[became]
  const all = wallet.refunds().filter(one => one.order === order.order)
  const back = all.reduce((total, one) => total + one.minor, 0n)
  return {
    ...success,
    ...{ out_trade_no: order.order, trade_no: order.tradeNo ?? '' },
    // Only what moves money now is `Y`: the same wish again is not.
    fund_change: became === 'done' ? 'Y' : 'N',
    refund_fee: yuan(back),
    gmt_refund_pay: beijing(new Date()),
  }
}
