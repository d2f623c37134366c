/**
 * Alipay, by its official SDK: custody's port `Wallet`, fulfilled. README.md has the settings.
 *
 *   precreate · page.pay · wap.pay · app.pay · create · query · close · cancel · refund · refund.query · bill   asked of Alipay
 *   a signed form, repeated for 25 hours until the answer is `success`               told to us
 *
 * `cancel` pays a paid order back without a refund number of ours: it is for orders alone whose create was never
 * answered, and that have ended here before. Trades and bills are asked for by v1 or by v3, as the settings say; the pages,
 * the notices and the authorisation are v1 with either.
 */
import type {
  Bound,
  Found,
  Headers,
  Notice,
  Offer,
  Payer,
  RefundOrder,
  Wallet,
  WalletOrder,
} from '@bursar/custody/wallet'
import { Refusal, type Id } from '@bursar/kernel'
import { format } from '@bursar/money'
import { billOf } from './bill.ts'
import { openLine, type Line, type LineOptions } from './line.ts'
import {
  beijing,
  instantOf,
  masked,
  payerOf,
  refusalOf,
  textOf,
  yuanOf,
  type Said,
} from './words.ts'

export { Misconfigured } from './keys.ts'
export { settingsOf } from './settings.ts'

export type AlipayOptions = LineOptions &
  Readonly<{
    sellerId: string
    /** Where Alipay tells us of payments, and where people authorise us. */
    notifyUrl: string
    authorise?: string
    /** Of those who pay inside by the contract JSAPI: the app that opens the till. */
    jsapiAppId?: string
    payer?: Payer
  }>
type Parts = Readonly<{ line: Line; options: AlipayOptions; account: string }>

const gateway = 'alipay'
const openAuth = 'https://openauth.alipay.com/oauth2/publicAppAuthorize.htm'

export function alipayWallet(options: AlipayOptions): Wallet {
  const { appId, sellerId, payer } = options
  const parts = { line: openLine(options), options, account: `${appId}/${sellerId}` }
  return {
    gateway,
    account: parts.account,
    ...(payer && { payer }),
    success: { status: 200, type: 'text/plain', body: 'success' },
    ways: ['desk', 'phone', 'qr', 'inside', 'app'],
    refundable: { days: 365 },
    create: ask => create(parts, ask),
    query: order => query(parts, order),
    close: order => close(parts, order),
    cancel: order => cancel(parts, order),
    refund: async ask => {
      const { order, refund, amount } = ask
      const bizContent = { ...numbers(order, refund), refund_amount: format(amount) }
      const said = await parts.line.ask('alipay.trade.refund', { bizContent })
      const refused = refusalOf(said)
      if (refused) return (await isCancelled(parts, ask)) ? 'done' : { refused }
      if (!about(said, order)) return 'unknown'
      // `N` is said of a refund that was made before, and of one that was not made.
      if (textOf(said, 'fund_change') === 'Y') return 'done'
      return (await refundQuery(parts, ask)) === 'done' ? 'done' : 'unknown'
    },
    refundQuery: ask => refundQuery(parts, ask),
    binding: {
      bind: ({ state, returnUrl }) => {
        const url = new URL(options.authorise ?? openAuth)
        const said = { app_id: appId, scope: 'auth_user', redirect_uri: returnUrl, state }
        for (const [name, value] of Object.entries(said)) url.searchParams.set(name, value)
        return url.href
      },
      bound: code => bound(parts, code),
    },
    bill: day => billOf(parts.line, day),
    verify: async (headers, rawBody) => noticeOf(parts, headers, rawBody),
  }
}

const numbers = (order: string, refund: string) => ({
  out_trade_no: order,
  out_request_no: refund,
})
/** An answer about another order, or a "no", says nothing of this one. */
const about = (said: Said | undefined, order: string): boolean =>
  textOf(said, 'code') === '10000' && textOf(said, 'out_trade_no') === order

async function create({ line, options }: Parts, wish: WalletOrder): Promise<Offer> {
  const { order, amount, subject, expiresAt, way, payer, returnUrl } = wish
  const { notifyUrl } = options
  const content = {
    ...{ out_trade_no: order, total_amount: format(amount), time_expire: beijing(expiresAt) },
    // Alipay takes no / = & in it.
    subject: subject.replace(/[/=&]/g, ' ').slice(0, 128),
  }
  if (way === 'desk') {
    const bizContent = { ...content, product_code: 'FAST_INSTANT_TRADE_PAY' }
    const url = line.page('alipay.trade.page.pay', { notifyUrl, returnUrl, bizContent })
    return { way, url }
  }
  if (way === 'phone') {
    const bizContent = { ...content, product_code: 'QUICK_WAP_WAY', quit_url: returnUrl }
    const url = line.page('alipay.trade.wap.pay', { notifyUrl, returnUrl, bizContent })
    return { way, url }
  }
  if (way === 'app') {
    const bizContent = { ...content, product_code: 'QUICK_MSECURITY_PAY' }
    return { way, text: line.order('alipay.trade.app.pay', { notifyUrl, bizContent }) }
  }
  const ask = async (
    method: string,
    bizContent: Readonly<Record<string, string>>,
    name: string,
  ) => {
    const said = await line.ask(method, { notifyUrl, bizContent })
    const refused = refusalOf(said)
    if (refused) throw new Refusal('gateway_refused', { gateway, refused })
    const value = about(said, order) ? textOf(said, name) : undefined
    if (!value) throw new Refusal('gateway_silent', { gateway })
    return value
  }
  if (way === 'qr') return { way, text: await ask('alipay.trade.precreate', content, 'qr_code') }
  if (payer === undefined) throw new Refusal('way_not_offered', { gateway, way })
  const whole = { ...content, ...buyerOf(payer), ...productOf(options) }
  const tradeNO = await ask('alipay.trade.create', whole, 'trade_no')
  return { way, call: { tradeNO } }
}

/** An app has its people by the old number or by the new open_id: each has a field of its own. */
const buyerOf = (payer: string) =>
  /^2088\d{12}$/.test(payer) ? { buyer_id: payer } : { buyer_open_id: payer }

/** Contracts differ: face to face as a QR code is, or JSAPI, which names the app that opens the till. */
const productOf = ({ jsapiAppId }: AlipayOptions) =>
  jsapiAppId === undefined
    ? { product_code: 'FACE_TO_FACE_PAYMENT' }
    : { product_code: 'JSAPI_PAY', op_app_id: jsapiAppId }

async function query({ line }: Parts, order: Id): Promise<Found> {
  const said = await line.ask('alipay.trade.query', { bizContent: { out_trade_no: order } })
  if (!said || !about(said, order)) return { state: 'unknown' }
  const state = textOf(said, 'trade_status')
  if (state === 'WAIT_BUYER_PAY') return { state: 'waiting' }
  if (state === 'TRADE_CLOSED') return { state: 'closed' }
  const [amount, tradeNo] = [yuanOf(textOf(said, 'total_amount')), textOf(said, 'trade_no')]
  const paid = state === 'TRADE_SUCCESS' || state === 'TRADE_FINISHED'
  if (!paid || !amount || !tradeNo) return { state: 'unknown' }
  const payer = payerOf(said, 'buyer_open_id', 'buyer_user_id')
  return { state: 'paid', amount, tradeNo, ...(payer && { payer }) }
}

/**
 * Alipay makes a trade when the payer first looks at it, and closes no other. What was never looked at ends by its
 * own time; a payment that comes before that is late money, and goes back.
 */
async function close(parts: Parts, order: Id): Promise<'closed' | 'paid' | 'unknown'> {
  const said = await parts.line.ask('alipay.trade.close', { bizContent: { out_trade_no: order } })
  if (about(said, order)) return 'closed'
  const refused = refusalOf(said)
  if (refused === 'ACQ.TRADE_NOT_EXIST') return 'closed'
  if (!refused) return 'unknown'
  const { state } = await query(parts, order)
  return state === 'paid' || state === 'closed' ? state : 'unknown'
}

/** `action` is absent where Alipay knows of no such trade: its code, if anybody has it, pays nothing any more. */
async function cancel({ line }: Parts, order: Id): Promise<'closed' | 'returned' | 'unknown'> {
  const said = await line.ask('alipay.trade.cancel', { bizContent: { out_trade_no: order } })
  if (!about(said, order) || textOf(said, 'retry_flag') === 'Y') return 'unknown'
  return textOf(said, 'action') === 'refund' ? 'returned' : 'closed'
}

/** A cancel has paid it back before us, whole: Alipay keeps that under the order's own number. */
async function isCancelled({ line }: Parts, { order, amount }: RefundOrder): Promise<boolean> {
  const ask = { bizContent: numbers(order, order) }
  const said = await line.ask('alipay.trade.fastpay.refund.query', ask)
  const done = about(said, order) && textOf(said, 'refund_status') === 'REFUND_SUCCESS'
  return done && textOf(said, 'refund_amount') === format(amount)
}

async function refundQuery(
  { line }: Parts,
  { order, refund }: Readonly<{ order: string; refund: string }>,
): Promise<'done' | 'none' | 'unknown'> {
  const ask = { bizContent: numbers(order, refund) }
  const said = await line.ask('alipay.trade.fastpay.refund.query', ask)
  if (refusalOf(said) === 'ACQ.TRADE_NOT_EXIST') return 'none'
  if (textOf(said, 'code') !== '10000') return 'unknown'
  const [about, state] = [textOf(said, 'out_request_no'), textOf(said, 'refund_status')]
  if (about === undefined && state === undefined) return 'none'
  return about === refund && state === 'REFUND_SUCCESS' ? 'done' : 'unknown'
}

async function bound({ line }: Parts, code: string): Promise<Bound> {
  const token = await line.ask('alipay.system.oauth.token', {
    grantType: 'authorization_code',
    code,
  })
  const refused = refusalOf(token)
  if (refused) throw new Refusal('gateway_refused', { gateway, refused })
  const payer = token && payerOf(token, 'open_id', 'user_id')
  const grant = textOf(token, 'access_token')
  if (!payer || !grant) throw new Refusal('gateway_silent', { gateway })
  // Without a name the binding is as good: it is shown, and decides nothing.
  const name = textOf(await line.ask('alipay.user.info.share', { authToken: grant }), 'nick_name')
  return { payer, ...(name && { name: masked(name) }) }
}

function noticeOf({ line, options, account }: Parts, headers: Headers, rawBody: Buffer): Notice {
  const refuse = (reason: string) => new Refusal('bad_signature', { gateway, reason })
  if (!String(headers['content-type'] ?? '').startsWith('application/x-www-form-urlencoded'))
    throw refuse('not a form')
  const said = Object.fromEntries(new URLSearchParams(rawBody.toString('utf8')))
  const word = (name: string) => textOf(said, name)
  // Said before the signature is looked at: it decides how it is looked at.
  if (word('sign_type') !== 'RSA2' || word('charset')?.toLowerCase() !== 'utf-8')
    throw refuse('another signature or charset')
  if (!line.genuine(said)) throw refuse('does not fit')
  const [id, order, tradeNo] = ['notify_id', 'out_trade_no', 'trade_no'].map(word)
  const [app, seller, status] = ['app_id', 'seller_id', 'trade_status'].map(word)
  const amount = yuanOf(word('total_amount'))
  const at = instantOf(word('gmt_payment') ?? word('notify_time'))
  if (!id || !order || !tradeNo || !app || !seller || !status || !amount || !at)
    throw refuse('not a notice')
  const payer = payerOf(said, 'buyer_open_id', 'buyer_id')
  const paid = status === 'TRADE_SUCCESS' || status === 'TRADE_FINISHED'
  const to = app === options.appId && seller === options.sellerId ? account : `${app}/${seller}`
  return {
    ...{ id, order, tradeNo, amount, at, account: to },
    state: paid ? 'paid' : 'closed',
    ...(payer && { payer }),
  }
}
