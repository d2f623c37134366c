/** Notices of WeChat Pay, written and signed beforehand: a measurement of who hears them. */
import { newId, type Id } from '@bursar/kernel'
import { merchantOf, type Settings } from '@bursar/gateway-wechat-pay'
import { wechatEnvelope, wechatSeal, type WechatMerchantKeys } from '@bursar/sandbox'

export type Told = Readonly<{ order: Id; headers: Record<string, string>; rawBody: Buffer }>

/** Each of one fen, so that their number is their sum. */
export function notices(keys: WechatMerchantKeys, count: number): Told[] {
  const { mchid, appid, apiV3Key, publicKey } = keys
  return Array.from({ length: count }, () => {
    const order = newId('top')
    const body = wechatEnvelope(apiV3Key, newId('ntc'), {
      type: 'TRANSACTION.SUCCESS',
      original: 'transaction',
      resource: {
        ...{ mchid, appid, out_trade_no: order, transaction_id: order.slice(4) },
        ...{ trade_state: 'SUCCESS', success_time: new Date().toISOString() },
        amount: { total: 1, payer_total: 1, currency: 'CNY', payer_currency: 'CNY' },
        payer: { openid: 'oBench' },
      },
    })
    return { order, headers: wechatSeal(publicKey, body), rawBody: Buffer.from(body) }
  })
}

export function settingsOf(keys: WechatMerchantKeys): Settings {
  const { mchid, appid, apiV3Key, merchant, publicKey } = keys
  return {
    ...{ mchid, appid, apiV3Key: () => apiV3Key },
    merchant: merchantOf(
      () => merchant.privateKey,
      () => merchant.shown,
    ),
    publicKey: { id: publicKey.id, pem: () => publicKey.shown },
  }
}
