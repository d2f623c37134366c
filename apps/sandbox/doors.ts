/** The front doors of the played wallet: each speaks as one platform does, and pays out in its own name. */
import { createHash, randomBytes, randomInt } from 'node:crypto'
import type { BankPayer } from './returns.ts'

export const doors = ['wallet', 'alipay', 'wechat'] as const
export type Door = (typeof doors)[number]

/** As whom each pays out, by the bank. */
export const payersOut: Readonly<Record<Door, BankPayer>> = {
  wallet: { name: 'wallet', account: '3100005500018800001' },
  alipay: { name: '支付宝（中国）网络技术有限公司', account: '3100005500018800002' },
  wechat: { name: '财付通支付科技有限公司', account: '3100005500018800003' },
}

const digits = (count: number): string =>
  Array.from({ length: count }, () => String(randomInt(10))).join('')

/** The platform's number of a payment, as each writes it. */
export function tradeNoOf(door: Door, at: Date): string {
  const day = beijing(at).slice(0, 10).replaceAll('-', '')
  if (door === 'alipay') return `${day}2200${digits(16)}`
  if (door === 'wechat') return `4200${digits(6)}${day}${digits(10)}`
  return `trd_${randomBytes(12).toString('hex')}`
}

/** A payer's number at the platform: the same for ever. */
export const payerNumber = (payer: string): string => {
  const hash = createHash('sha256').update(`payer ${payer}`).digest()
  return `2088${(hash.readBigUInt64BE() % 10n ** 12n).toString().padStart(12, '0')}`
}

/** `2026-11-29 18:30:00`, as Chinese platforms write an instant. */
export const beijing = (at: Date): string =>
  new Date(at.getTime() + 8 * 3_600_000).toISOString().slice(0, 19).replace('T', ' ')

/** The instant that such a text means. */
export const fromBeijing = (text: string): Date => new Date(`${text.replace(' ', 'T')}+08:00`)
