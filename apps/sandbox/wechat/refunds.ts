/**
 * What the played WeChat Pay pays back: PROCESSING → SUCCESS, CLOSED or ABNORMAL, told with a notice.
 *
 * A number means the same refund for ever. Together they are never more than the payment, and never more than
 * fifty. ABNORMAL is a refund that did not reach the payer's bank card: the money stays with the platform until
 * the merchant has seen to it, and then it is the payer's after all, or the merchant's.
 */
import { toWire } from '@bursar/money'
import type { Courier } from '../courier.ts'
import type { Timers } from '../timers.ts'
import {
  instant,
  Declined,
  fen,
  find,
  text,
  type WechatOrder,
  type WechatWorld,
  type Wish,
} from './orders.ts'
import type { Order } from '../wallet.ts'

export type WechatRefund = Readonly<{
  refund: string
  order: string
  refundId: string
  minor: bigint
  status: 'PROCESSING' | 'SUCCESS' | 'CLOSED' | 'ABNORMAL'
  /** What it becomes. */
  end: 'SUCCESS' | 'CLOSED' | 'ABNORMAL'
  notifyUrl: string
  /** Of an abnormal one that the merchant took back. */
  toMerchant?: true
  createdAt: string
  endedAt?: string
  dueAt: number
}>
export type RefundDesk = WechatWorld &
  Readonly<{
    timers: Timers
    courier: Courier
    /** Milliseconds from PROCESSING to what it becomes. */
    pause: number
  }>
type Json = Readonly<Record<string, unknown>>

const most = 50
const numberShape = /^[\w\-|*@]{1,64}$/
const year = 365 * 86_400_000

/** What was under way when the world stopped. */
export function resume(on: RefundDesk): void {
  for (const one of on.world.all<WechatRefund>('wechat-refund'))
    if (one.status === 'PROCESSING') on.timers.at(one.dueAt, () => finish(on, one.refund))
}

export function refund(on: RefundDesk, { body }: Wish, end: WechatRefund['end']): Json {
  const { world, timers, pause } = on
  const { order } = paid(on, body)
  const name = text(body, 'out_refund_no')
  const { refund: back, total, currency } = (body['amount'] ?? {}) as Json
  if (!numberShape.test(name) || !Number.isSafeInteger(back) || Number(back) < 1)
    throw new Declined(400, 'PARAM_ERROR', 'refund')
  const coins = BigInt(Number(back))
  const known = world.get<WechatRefund>('wechat-refund', name)
  if (known) {
    if (known.order !== order.order || known.minor !== coins)
      throw new Declined(400, 'INVALID_REQUEST', '订单金额或退款金额与之前请求不一致')
    return told(on, known)
  }
  if (total !== fen(order.minor) || currency !== 'CNY')
    throw new Declined(400, 'INVALID_REQUEST', '订单金额不一致')
  mustBeLeft(on, order, coins)
  const now = new Date()
  const made: WechatRefund = {
    ...{
      refund: name,
      order: order.order,
      refundId: `503${Date.now()}${world.all('wechat-refund').length}`,
    },
    ...{
      minor: coins,
      status: 'PROCESSING',
      end,
      createdAt: now.toISOString(),
      dueAt: now.getTime() + pause,
    },
    notifyUrl: typeof body['notify_url'] === 'string' ? body['notify_url'] : '',
  }
  world.put(['wechat-refund', name, made], ['wechat-refunded', order.order, { order: order.order }])
  timers.at(made.dueAt, () => finish(on, name))
  return told(on, made)
}

function paid(on: RefundDesk, body: Json): { order: Order; more: WechatOrder } {
  const found = find(on, text(body, 'out_trade_no'))
  if (found.order.state !== 'paid') throw new Declined(404, 'RESOURCE_NOT_EXISTS', '订单不存在')
  if (Date.now() - Date.parse(found.order.paidAt ?? '') > year)
    throw new Declined(400, 'INVALID_REQUEST', '订单已超过可退款的最大期限')
  return found
}

function mustBeLeft({ world }: RefundDesk, order: Order, coins: bigint): void {
  const standing = world
    .all<WechatRefund>('wechat-refund')
    .filter(one => one.order === order.order && one.status !== 'CLOSED')
  const left = standing.reduce((sum, one) => sum - one.minor, order.minor)
  if (coins > left) throw new Declined(400, 'INVALID_REQUEST', '申请退款金额大于可退款金额')
  if (standing.length >= most) throw new Declined(400, 'INVALID_REQUEST', '超过最大退款次数')
}

function finish(on: RefundDesk, name: string): void {
  const { world, wallet, courier } = on
  const known = world.get<WechatRefund>('wechat-refund', name)
  if (known?.status !== 'PROCESSING') return
  const { minor, notifyUrl: url, end } = known
  const [amount, { order }] = [{ minor, currency: 'CNY' }, find(on, known.order)]
  if (end === 'SUCCESS') wallet.refund(order, name, amount)
  world.put(['wechat-refund', name, { ...known, status: end, endedAt: new Date().toISOString() }])
  if (url)
    courier.send('wechat', { refund: name, order: known.order, amount: toWire(amount) }, { url })
}

/** The merchant has seen to an abnormal one. Answers whether there was one. */
export function handle(on: RefundDesk, name: string, toMerchant: boolean): boolean {
  const known = on.world.get<WechatRefund>('wechat-refund', name)
  if (known?.status !== 'ABNORMAL') return false
  const ended = { status: 'SUCCESS', endedAt: new Date().toISOString() } as const
  on.world.put(['wechat-refund', name, { ...known, ...ended, ...(toMerchant && { toMerchant }) }])
  if (!toMerchant)
    on.wallet.refund(find(on, known.order).order, name, { minor: known.minor, currency: 'CNY' })
  return true
}

export function refundOf(on: WechatWorld, name: string): Json {
  const known = on.world.get<WechatRefund>('wechat-refund', name)
  if (!known) throw new Declined(404, 'RESOURCE_NOT_EXISTS', '退款单不存在')
  return told(on, known)
}

/** As the query tells it. A notice says `refund_status` where this says `status`. */
export function told(on: Pick<WechatWorld, 'world'>, known: WechatRefund): Json {
  const { order } = find(on, known.order)
  const [total, back] = [fen(order.minor), fen(known.minor)]
  return {
    refund_id: known.refundId,
    out_refund_no: known.refund,
    transaction_id: order.tradeNo,
    out_trade_no: known.order,
    channel: 'ORIGINAL',
    user_received_account: known.toMerchant ? '商户基本账户' : '支付用户零钱',
    create_time: instant(known.createdAt),
    ...(known.status === 'SUCCESS' && { success_time: instant(known.endedAt!) }),
    status: known.status,
    funds_account: 'AVAILABLE',
    amount: {
      ...{ total, refund: back, payer_total: total, payer_refund: back, currency: 'CNY' },
      ...{ settlement_refund: back, settlement_total: total, discount_refund: 0 },
    },
  }
}
