/**
 * What WeChat Pay tells us: `{ id, event_type, resource }`, signed over its bytes, the resource sealed for us.
 *
 *   TRANSACTION.SUCCESS    a payment
 *   anything else          a reason to ask: a refund that came to its end, a payment that failed
 *
 * The signature is made anew for each try, so an older one is no late retry. The platform also sends wrong
 * signatures on purpose (`WECHATPAY/SIGNTEST/…`) to see whether we look.
 */
import type { Headers, Notice } from '@bursar/custody/wallet'
import { Refusal } from '@bursar/kernel'
import { isSigned, unsealed, windowSeconds, type PlatformKeys } from './certificates.ts'
import type { Said } from './line.ts'
import type { Settings } from './settings.ts'
import { instantOf, moneyOf, partOf, textOf } from './words.ts'

type Options = Readonly<{
  gateway: string
  settings: Settings
  platform: PlatformKeys
  now: () => Date
}>

export async function hear(on: Options, headers: Headers, body: Buffer): Promise<Notice> {
  const refuse = (reason: string) => new Refusal('bad_signature', { gateway: on.gateway, reason })
  const one = (name: string) => {
    const value = headers[name]
    if (typeof value !== 'string' || value === '') throw refuse(`${name} is missing`)
    return value
  }
  const [time, serial] = [one('wechatpay-timestamp'), one('wechatpay-serial')]
  one('wechatpay-nonce')
  one('wechatpay-signature')
  if (!/^\d{1,12}$/.test(time)) throw refuse('malformed')
  if (Math.abs(Number(time) - on.now().getTime() / 1000) > windowSeconds) throw refuse('not of now')
  const key = await on.platform.keyOf(serial)
  if (!key) throw refuse('unknown key')
  if (!(await isSigned({ headers, body }, key))) throw refuse('does not fit')
  const notice = noticeOf(on.settings, opened(on.settings, body, refuse))
  if (!notice) throw refuse('not a notice')
  return notice
}

type Opened = Readonly<{ id: string; type: string; resource: Said }>

function opened({ apiV3Key }: Settings, body: Buffer, refuse: (reason: string) => Refusal): Opened {
  const told = parsed(new TextDecoder().decode(body))
  const [id, type, sealed] = [
    textOf(told, 'id'),
    textOf(told, 'event_type'),
    partOf(told, 'resource'),
  ]
  const [nonce, ciphertext] = [textOf(sealed, 'nonce'), textOf(sealed, 'ciphertext')]
  if (!id || !type || !nonce || !ciphertext || textOf(sealed, 'algorithm') !== 'AEAD_AES_256_GCM')
    throw refuse('not a notice')
  const about = textOf(sealed, 'associated_data')
  try {
    const plain = unsealed(apiV3Key(), {
      nonce,
      ciphertext,
      ...(about && { associated_data: about }),
    })
    return { id, type, resource: parsed(plain) ?? {} }
  } catch {
    throw refuse('not sealed for us')
  }
}

function parsed(text: string): Said | undefined {
  try {
    const said: unknown = JSON.parse(text)
    return said && typeof said === 'object' && !Array.isArray(said) ? (said as Said) : undefined
  } catch {
    return undefined
  }
}

/** The account is the merchant's number. A payment through another app than ours is of another account. */
function noticeOf(settings: Settings, { id, type, resource }: Opened): Notice | undefined {
  const word = (name: string) => textOf(resource, name)
  const [order, tradeNo, mchid] = [word('out_trade_no'), word('transaction_id'), word('mchid')]
  const [amount, appid] = [moneyOf(resource, 'total'), word('appid')]
  const isPayment = type.startsWith('TRANSACTION.')
  const at = instantOf(resource, 'success_time')
  if (!order || !tradeNo || !mchid || (isPayment && !appid)) return undefined
  const account = isPayment && appid !== settings.appid ? `${mchid}/${appid}` : mchid
  if (isPayment && word('trade_state') === 'SUCCESS') {
    const payer = textOf(partOf(resource, 'payer'), 'openid')
    if (!amount || !at) return undefined
    return { id, order, state: 'paid', amount, tradeNo, account, at, ...(payer && { payer }) }
  }
  const nothing = { minor: 0n, currency: 'CNY' }
  return {
    id,
    order,
    state: 'closed',
    amount: amount ?? nothing,
    tradeNo,
    account,
    at: at ?? new Date(),
  }
}
