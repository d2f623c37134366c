/**
 * WeChat Pay, API v3, by its SDK: custody's port `Wallet`, fulfilled. README.md has what each answer means.
 *
 *   qr       native: a text that the wallet scans
 *   phone    H5: a page for a phone's browser
 *   inside   JSAPI: what a page within WeChat hands to the wallet
 */
import { createSign, randomBytes } from 'node:crypto'
import type {
  Found,
  Offer,
  RefundOrder,
  RefundSaid,
  Wallet,
  WalletOrder,
} from '@bursar/custody/wallet'
import { Refusal, type Id } from '@bursar/kernel'
import { billOf } from './bill.ts'
import { bindingOver } from './binding.ts'
import { openLine, type Heard, type Line, type Said } from './line.ts'
import { hear } from './notices.ts'
import type { Settings } from './settings.ts'
import { beijing, fen, moneyOf, partOf, textOf } from './words.ts'

export { HalfConfigured, settingsFrom, type Settings } from './settings.ts'
export { merchantOf, secretOf } from './secrets.ts'

export type WechatPayOptions = Readonly<{
  settings: Settings
  /** Where the platform's notices reach us, from outside. */
  notifyUrl: string
  /** How long we wait for an answer, in milliseconds. Default 5,000. */
  timeout?: number
  now?: () => Date
}>
type Part = Readonly<{ settings: Settings; line: Line; notifyUrl: string }>

const gateway = 'wechat-pay'
const transactions = 'v3/pay/transactions'
const subjectLength = 127
/** Nobody's address is better than a wrong one; who runs a proxy tells us the payer's. */
const noAddress = '127.0.0.1'

export function wechatPay(options: WechatPayOptions): Wallet {
  const { settings, notifyUrl, timeout = 5_000, now = () => new Date() } = options
  const { mchid, appSecret, payer } = settings
  const line = openLine(settings, timeout, now)
  const part = { settings, line, notifyUrl }
  return {
    gateway,
    account: mchid,
    ...(payer && { payer }),
    ways: ['qr', 'phone', ...(appSecret ? ['inside' as const] : [])],
    refundable: { days: 365, times: 50 },
    success: { status: 200, type: 'application/json', body: '{"code":"SUCCESS"}' },
    create: ask => create(part, ask),
    query: order => query(part, order),
    close: order => close(part, order),
    refund: ask => refund(part, ask),
    refundQuery: async ask => stateOf(await refundOf(part, ask)),
    ...(appSecret && { binding: bindingOver(gateway, { ...settings, appSecret }, timeout) }),
    bill: day => billOf(gateway, line, day),
    verify: (headers, rawBody) =>
      hear({ gateway, settings, platform: line.platform, now }, headers, rawBody),
  }
}

async function create(part: Part, ask: WalletOrder): Promise<Offer> {
  const { settings, notifyUrl } = part
  const { order, amount, subject, expiresAt, way, payer, ip = noAddress, returnUrl } = ask
  const data = {
    ...{ appid: settings.appid, mchid: settings.mchid, out_trade_no: order },
    description: subject.slice(0, subjectLength),
    ...{ time_expire: beijing(expiresAt), notify_url: notifyUrl },
    amount: { total: fen(amount), currency: amount.currency },
  }
  if (way === 'qr') {
    const text = await opened(part, 'native', data, 'code_url')
    return { way, text }
  }
  if (way === 'phone') {
    const scene = { payer_client_ip: ip, h5_info: { type: 'Wap' } }
    const url = new URL(await opened(part, 'h5', { ...data, scene_info: scene }, 'h5_url'))
    url.searchParams.set('redirect_url', returnUrl)
    return { way, url: url.href }
  }
  if (way === 'inside' && payer !== undefined) {
    const prepayId = await opened(part, 'jsapi', { ...data, payer: { openid: payer } }, 'prepay_id')
    return { way, call: callOf(settings, prepayId) }
  }
  throw new Refusal('way_not_offered', { gateway, way })
}

async function opened({ line }: Part, kind: string, data: Said, name: string): Promise<string> {
  const heard = await line.ask({ method: 'POST', url: `${transactions}/${kind}`, data })
  if (heard && 'declined' in heard)
    throw new Refusal('gateway_refused', { gateway, refused: heard.declined.toLowerCase() })
  const value = textOf(heard?.said, name)
  if (!value) throw new Refusal('gateway_silent', { gateway })
  return value
}

/** What a page within WeChat hands to `getBrandWCPayRequest`. */
function callOf({ appid, merchant }: Settings, prepayId: string): Record<string, string> {
  const [timeStamp, nonceStr] = [
    String(Math.floor(Date.now() / 1000)),
    randomBytes(16).toString('hex'),
  ]
  const what = `prepay_id=${prepayId}`
  const paySign = createSign('RSA-SHA256')
    .update(`${appid}\n${timeStamp}\n${nonceStr}\n${what}\n`)
    .sign(merchant().privateKey, 'base64')
  return { appId: appid, timeStamp, nonceStr, package: what, signType: 'RSA', paySign }
}

async function query({ settings, line }: Part, order: string): Promise<Found> {
  const { mchid, appid } = settings
  const url = `${transactions}/out-trade-no/${encodeURIComponent(order)}`
  const heard = await line.ask({ method: 'GET', url, params: { mchid } })
  const said = heard && 'said' in heard ? heard.said : undefined
  const isOurs = textOf(said, 'mchid') === mchid && textOf(said, 'appid') === appid
  if (!isOurs || textOf(said, 'out_trade_no') !== order) return { state: 'unknown' }
  const state = textOf(said, 'trade_state')
  if (state === 'NOTPAY') return { state: 'waiting' }
  if (state === 'CLOSED') return { state: 'closed' }
  // REFUND: it was paid, and something of it has gone back since.
  const [amount, tradeNo] = [moneyOf(said, 'total'), textOf(said, 'transaction_id')]
  if ((state !== 'SUCCESS' && state !== 'REFUND') || !amount || !tradeNo)
    return { state: 'unknown' }
  const payer = textOf(partOf(said, 'payer'), 'openid')
  return { state: 'paid', amount, tradeNo, ...(payer && { payer }) }
}

/** What it never heard of it will not take any more either: the order's time is over there too. */
const over = new Set(['ORDER_CLOSED', 'ORDERCLOSED', 'ORDER_NOT_EXIST', 'ORDERNOTEXIST'])
const paid = new Set(['ORDERPAID', 'ORDER_PAID'])

async function close({ settings, line }: Part, order: Id): Promise<'closed' | 'paid' | 'unknown'> {
  const url = `${transactions}/out-trade-no/${encodeURIComponent(order)}/close`
  const heard = await line.ask({ method: 'POST', url, data: { mchid: settings.mchid } })
  if (!heard) return 'unknown'
  if ('said' in heard || over.has(heard.declined)) return 'closed'
  return paid.has(heard.declined) ? 'paid' : 'unknown'
}

const refunds = 'v3/refund/domestic/refunds'

function refundOf({ line }: Part, { refund }: Pick<RefundOrder, 'refund'>): Promise<Heard> {
  return line.ask({ method: 'GET', url: `${refunds}/${encodeURIComponent(refund)}` })
}

/**
 * Accepted is not done: it is done when the payer has it. ABNORMAL was accepted, did not reach the payer's bank card
 * and is with the platform until the merchant has seen to it there: it is neither a "no" nor the end.
 */
function stateOf(heard: Heard): RefundSaid | 'none' {
  if (!heard) return 'unknown'
  if ('declined' in heard) return heard.declined === 'RESOURCE_NOT_EXISTS' ? 'none' : 'unknown'
  const status = textOf(heard.said, 'status')
  if (status === 'ABNORMAL') return { stuck: 'refund_abnormal' }
  if (status === 'CLOSED' || (status === 'SUCCESS' && wentBack(heard))) return 'none'
  return status === 'SUCCESS' ? 'done' : 'unknown'
}

/** What was abnormal may go to the merchant's account in the end: then the payer has not got it. */
const wentBack = (heard: Heard): boolean =>
  !!heard && 'said' in heard && !!textOf(heard.said, 'user_received_account')?.includes('商户')

/** Asked about first: most refunds that are asked for again are under way already. */
async function refund(part: Part, ask: RefundOrder): Promise<RefundSaid | { refused: string }> {
  const known = await refundOf(part, ask)
  const state = stateOf(known)
  if (state !== 'none') return state
  const ended = known && 'said' in known ? textOf(known.said, 'status') : undefined
  if (ended) return { refused: wentBack(known) ? 'refund_to_merchant' : 'refund_closed' }
  const found = await query(part, ask.order)
  if (found.state === 'unknown') return 'unknown'
  if (found.state !== 'paid') return { refused: 'order_not_paid' }
  const { order, refund: number, amount } = ask
  const sums = { refund: fen(amount), total: fen(found.amount), currency: amount.currency }
  const numbers = { out_trade_no: order, out_refund_no: number, notify_url: part.notifyUrl }
  const heard = await part.line.ask({
    method: 'POST',
    url: refunds,
    data: { ...numbers, amount: sums },
  })
  if (heard && 'declined' in heard) return { refused: heard.declined.toLowerCase() }
  const made = stateOf(heard)
  return made === 'none' ? 'unknown' : made
}
