/**
 * WeChat Pay, played: a front door to the played wallet, in the words of API v3.
 *
 *   native · h5 · jsapi → NOTPAY → SUCCESS → REFUND     the payer confirms on the wallet's page
 *                          NOTPAY → CLOSED              we closed it
 *
 * After `time_expire` nobody can pay, yet the order is NOTPAY until it is closed: so does the platform.
 * A number means the same order for ever; `wechat-refunds.ts` has what goes back.
 */
import { createHash, randomBytes } from 'node:crypto'
import { beijing } from '../doors.ts'
import type { Order, PlayedWallet } from '../wallet.ts'
import type { WechatKeys } from './seal.ts'
import type { World } from '../world.ts'

/** What the platform will not do, as it says so. */
export class Declined extends Error {
  readonly status: number
  readonly code: string
  constructor(status: number, code: string, message = code) {
    super(message)
    this.status = status
    this.code = code
  }
}

export type Kind = 'NATIVE' | 'MWEB' | 'JSAPI'
/** What WeChat Pay knows of an order beside the wallet. */
export type WechatOrder = Readonly<{
  order: string
  appid: string
  kind: Kind
  prepayId: string
  /** The key's id that notices of it are signed with, if not the newest certificate's. */
  signer?: string
  openid?: string
}>
export type WechatWorld = Readonly<{
  world: World
  wallet: PlayedWallet
  keys: WechatKeys
  /** Where the wallet's pages are. */
  publicUrl: () => string
}>
type Json = Readonly<Record<string, unknown>>
/** What was asked, beside the body: who is to sign. */
export type Wish = Readonly<{ body: Json; signer?: string }>

const numberShape = /^[\w\-|*]{6,32}$/

/** One person has another openid in each app. */
export const openidOf = (appid: string, payer: string): string =>
  `o${createHash('sha256').update(`${appid}/${payer}`).digest('base64url').slice(0, 27)}`

/** Sums are whole fen; JSON has them as numbers. */
export function fen(coins: bigint): number {
  const whole = Number(coins)
  if (!Number.isSafeInteger(whole)) throw new RangeError(`${coins} fen are no number`)
  return whole
}

/** As the platform writes an instant. */
export const instant = (at: string | Date): string =>
  `${beijing(new Date(at)).replace(' ', 'T')}+08:00`

/** The platform takes a number for a text, and its command line counts on that. */
export function text(json: unknown, name: string): string {
  const value = (json as Json | undefined)?.[name]
  if (typeof value === 'number') return String(value)
  if (typeof value !== 'string' || value === '') throw new Declined(400, 'PARAM_ERROR', name)
  return value
}

export function order(on: WechatWorld, kind: Kind, { body, signer }: Wish): Json {
  const { keys, world, wallet, publicUrl } = on
  const { number, minor, currency } = asked(keys, body)
  const openid = kind === 'JSAPI' ? text(body['payer'], 'openid') : undefined
  if (openid && !world.get('openid', openid)) throw new Declined(400, 'PARAM_ERROR', 'openid')
  if (kind === 'MWEB') {
    const scene = body['scene_info'] as Json | undefined
    text(scene, 'payer_client_ip')
    text(scene?.['h5_info'], 'type')
  }
  const { description, time_expire: until } = body
  const expiresAt = new Date(until ? String(until) : Date.now() + 7_200_000).toISOString()
  if (!world.get('order', number) && expiresAt <= new Date().toISOString())
    throw new Declined(400, 'INVALID_REQUEST', 'time_expire')
  const known = wallet.open({
    ...{ order: number, door: 'wechat', account: keys.mchid, minor, currency, expiresAt },
    ...{ subject: String(description), returnUrl: '', notifyUrl: text(body, 'notify_url') },
  })
  if (!known) throw new Declined(403, 'OUT_TRADE_NO_USED', '商户订单号重复')
  if (known.state === 'paid') throw new Declined(400, 'ORDERPAID', '该订单已支付')
  if (known.state === 'closed') throw new Declined(400, 'ORDER_CLOSED', '该订单已关闭')
  const prepayId = `wx${randomBytes(17).toString('hex')}`
  const made: WechatOrder = {
    ...{ order: number, appid: keys.appid, kind, prepayId },
    ...(signer && { signer }),
    ...(openid && { openid }),
  }
  world.put(['wechat-order', number, made], ['prepay', prepayId, { order: number }])
  if (kind === 'JSAPI') return { prepay_id: prepayId }
  // Any camera opens it; the platform's own begins with weixin:// and is for the wallet alone.
  if (kind === 'NATIVE') return { code_url: wallet.pageOf(known) }
  const way = new URLSearchParams({ prepay_id: prepayId, package: String(minor) })
  return { h5_url: `${publicUrl()}/cgi-bin/mmpayweb-bin/checkmweb?${way.toString()}` }
}

function asked(keys: WechatKeys, body: Json) {
  mustBeOurs(keys, text(body, 'mchid'))
  if (text(body, 'appid') !== keys.appid) throw new Declined(400, 'APPID_MCHID_NOT_MATCH')
  const number = text(body, 'out_trade_no')
  if (!numberShape.test(number)) throw new Declined(400, 'PARAM_ERROR', 'out_trade_no')
  if (text(body, 'description').length > 127) throw new Declined(400, 'PARAM_ERROR', 'description')
  if (!/^https?:\/\/[^?#]+$/.test(text(body, 'notify_url')))
    throw new Declined(400, 'PARAM_ERROR', 'notify_url')
  const { total, currency = 'CNY' } = (body['amount'] ?? {}) as Json
  if (!Number.isSafeInteger(total) || Number(total) < 1 || currency !== 'CNY')
    throw new Declined(400, 'PARAM_ERROR', 'amount')
  return { number, minor: BigInt(Number(total)), currency: 'CNY' }
}

export function mustBeOurs({ mchid }: WechatKeys, said: unknown): void {
  if (String(said) !== mchid) throw new Declined(400, 'PARAM_ERROR', 'mchid')
}

export function find({ world }: Pick<WechatWorld, 'world'>, number: string) {
  const [order, more] = [
    world.get<Order>('order', number),
    world.get<WechatOrder>('wechat-order', number),
  ]
  if (!order || !more) throw new Declined(404, 'ORDER_NOT_EXIST', '订单不存在')
  return { order, more }
}

/** The order as the query and the notice tell it. */
export function transaction(on: Pick<WechatWorld, 'world'>, number: string): Json {
  const { order, more } = find(on, number)
  const { appid, kind } = more
  const refunded = on.world.get('wechat-refunded', number)
  const state = { waiting: 'NOTPAY', closed: 'CLOSED', paid: refunded ? 'REFUND' : 'SUCCESS' }
  const told = {
    ...{ appid, mchid: order.account, out_trade_no: number, trade_type: kind, attach: '' },
    ...{ trade_state: state[order.state], trade_state_desc: state[order.state] },
  }
  const { tradeNo, payer, paidAt } = order
  const total = fen(order.minor)
  if (!tradeNo || !payer || !paidAt) return { ...told, amount: { total, currency: 'CNY' } }
  const amount = { total, payer_total: total, currency: 'CNY', payer_currency: 'CNY' }
  return {
    ...{ ...told, transaction_id: tradeNo, bank_type: 'OTHERS', success_time: instant(paidAt) },
    ...{ payer: { openid: openidOf(appid, payer) }, amount },
  }
}

export function close(on: WechatWorld, number: string): void {
  const { order } = find(on, number)
  if (order.state === 'paid') throw new Declined(400, 'ORDERPAID', '该订单已支付')
  on.wallet.close(order)
}

/** A page asks what the platform would have asked long before: whether the payer is at the right order. */
export const byPrepayId = ({ world }: WechatWorld, prepayId: string): string | undefined =>
  world.get<{ order: string }>('prepay', prepayId)?.order
