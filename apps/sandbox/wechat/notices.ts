/** Notices of the played WeChat Pay: encrypted with the merchant's APIv3 key, signed anew for each try. */
import { fromWire } from '@bursar/money'
import { makeRsaKey } from '../alipay/keys.ts'
import type { Voice } from '../courier.ts'
import type { Said } from '../wire.ts'
import type { Certificates } from './certificates.ts'
import { told, type WechatRefund } from './refunds.ts'
import { encrypted, wechatSeal, type WechatKeys } from './seal.ts'
import { fen, find, instant, transaction } from './orders.ts'
import type { World } from '../world.ts'

type Json = Readonly<Record<string, unknown>>
/** What a notice is about, and what it says of it. */
type News = Readonly<{ type: string; original: 'transaction' | 'refund'; resource: Json }>

export const wechatVoice = (
  world: World,
  keys: WechatKeys,
  certificates: Certificates,
  retry: readonly number[],
): Voice => ({
  retry,
  letter(said, forged) {
    const { order, refund, notice } = said as { order: string; refund?: string; notice: string }
    const { more } = find({ world }, order)
    const news = refund === undefined ? payment(world, order, said) : paidBack(world, keys, refund)
    const body = envelope(keys.apiV3Key, notice, news)
    const signer = certificates.signer(more.signer)
    const key = forged ? { ...makeRsaKey('stranger'), id: signer.id } : signer
    const headers = { 'content-type': 'application/json', ...wechatSeal(key, body) }
    return { body: Buffer.from(body), headers }
  },
  heard: (status, text) => status === 204 || (status === 200 && isThanks(text)),
})

/** `{"code":"SUCCESS"}`, or nothing at all. */
function isThanks(body: string): boolean {
  try {
    return body === '' || (JSON.parse(body) as Json)['code'] === 'SUCCESS'
  } catch {
    return false
  }
}

/** A notice tells of the payment, whatever has been paid back since. */
function payment(world: World, order: string, { amount }: Said): News {
  const told = transaction({ world }, order)
  const total = fen(fromWire(amount as Parameters<typeof fromWire>[0]).minor)
  const resource = { ...told, trade_state: 'SUCCESS', trade_state_desc: '支付成功' }
  const sums = { ...(told['amount'] as Json), total, payer_total: total }
  return {
    type: 'TRANSACTION.SUCCESS',
    original: 'transaction',
    resource: { ...resource, amount: sums },
  }
}

function paidBack(world: World, { mchid }: WechatKeys, refund: string): News {
  const known = world.get<WechatRefund>('wechat-refund', refund)!
  const { status, ...more } = told({ world }, known)
  const resource = { mchid, ...more, refund_status: status }
  return { type: `REFUND.${known.status}`, original: 'refund', resource }
}

/** The notice as it goes over the wire. */
export function envelope(apiV3Key: string, id: string, { type, original, resource }: News): string {
  return JSON.stringify({
    id,
    create_time: instant(new Date()),
    resource_type: 'encrypt-resource',
    event_type: type,
    summary: type,
    resource: {
      original_type: original,
      ...encrypted(apiV3Key, JSON.stringify(resource), original),
    },
  })
}
