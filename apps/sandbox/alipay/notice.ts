/** How Alipay tells of a payment: a form, signed, repeated until the answer is exactly `success`. */
import { beijing } from '../doors.ts'
import type { Voice } from '../courier.ts'
import type { Said } from '../wire.ts'
import { contentOf, makeRsaKey, rsa2, type AlipaySide } from './keys.ts'

/** Minutes between tries: eight tries within 25 hours. */
export const alipaySchedule = [4, 10, 10, 60, 120, 360, 900].map(minutes => minutes * 60_000)

const formed = 'application/x-www-form-urlencoded; charset=utf-8'

export const alipayVoice = (side: AlipaySide, retry: readonly number[]): Voice => ({
  retry,
  letter: (said, forged) =>
    alipayNotice(forged ? { ...side, platform: makeRsaKey('x') } : side, said),
  heard: (status, text) => status === 200 && text === 'success',
})

/** The notice as it comes over the wire; `fields` changes some of it before it is signed. */
export function alipayNotice(
  { appId, sellerId, platform }: AlipaySide,
  { notice, order, amount, tradeNo, at, payer, subject = '' }: Said,
  fields: Readonly<Record<string, string>> = {},
): Readonly<{ body: Buffer; headers: Record<string, string> }> {
  const sum = (amount as { amount: string }).amount
  const paidAt = beijing(new Date(String(at)))
  const told = {
    notify_time: beijing(new Date()),
    notify_type: 'trade_status_sync',
    notify_id: String(notice).replace(/\W|_/g, ''),
    ...{ charset: 'utf-8', version: '1.0', app_id: appId, auth_app_id: appId },
    ...{ trade_no: String(tradeNo), out_trade_no: String(order), trade_status: 'TRADE_SUCCESS' },
    ...{ buyer_id: String(payer), buyer_logon_id: logonOf(String(payer)), seller_id: sellerId },
    ...{ total_amount: sum, receipt_amount: sum, buyer_pay_amount: sum, point_amount: '0.00' },
    ...{ subject: String(subject), gmt_create: paidAt, gmt_payment: paidAt },
    fund_bill_list: JSON.stringify([{ amount: sum, fundChannel: 'ALIPAYACCOUNT' }]),
    ...fields,
  }
  const sign = rsa2(platform, contentOf(told))
  const form = new URLSearchParams({ ...told, sign_type: 'RSA2', sign })
  return { body: Buffer.from(form.toString()), headers: { 'content-type': formed } }
}

/** The login that somebody pays with, as Alipay shows it to strangers. */
export const logonOf = (payer: string): string => `138****${payer.slice(-4)}`
