/**
 * Reads what a phone was told: the text of a wallet's notice or a bank's SMS becomes a receipt's attributes, or the
 * reason why it is none. No database, no network, no clock of its own: it runs on the main terminal, offline.
 *
 *   who wrote it?   a person's number, a chat partner's name: none
 *   what is it?     a code, an advertisement, money that goes out: none
 *   how much?       the number that the receipt's verb governs; never the last, never the largest
 *
 * When a text says two things it is *unclear*, and a person reads it. A wrong sum is worse than none.
 */
import { bank } from './bank.ts'
import { names } from './names.ts'
import type { Found, Kind, None, Platform, Told } from './told.ts'
import { wallet, walletOf } from './wallets.ts'
import { when } from './when.ts'
import { normal } from './wording.ts'

export type { Kind, None, Platform, Told } from './told.ts'
export { isBanksNumber } from './banks.ts'
export { decode } from './wording.ts'

/** Goes up with every change of what a text is read as; kept beside each evidence. */
export const rulesVersion = '2026-11-30.3'

export type Receipt = Readonly<{
  rule: string
  version: string
  platform: Platform
  kind: Kind
  /** Fen. */
  amount: bigint
  time: Date | null
  bank: string | null
  orderId: string | null
  payer: string | null
  payee: string | null
}>
export type Read = Receipt | Readonly<{ none: None; version: string }>

const code = /验证码|校验码|动态码|动态密码|短信密码|交易码|verification code|\bOTP\b/i
const advertising =
  /退订|拒收|回复?T|优惠|立减|满减|领取|抽奖|红包雨|额度|利率|办理|点击|活动|限时|戳|折|贷/

/** What a text is. Pure: the same text, told at the same moment, is always the same. */
export function read(told: Told): Read {
  const found = find(told)
  const version = rulesVersion
  if ('none' in found) return { none: found.none, version }
  const text = normal(told.text)
  const time = when(text, told.at)
  return { ...found, version, bank: found.bank ?? null, time, ...names(text, told, found.platform) }
}

function find(told: Told): Found {
  const text = normal(told.text)
  if (code.test(text)) return { none: 'code' }
  const platform = walletOf(told, text)
  const found = platform ? wallet(text, told, platform) : bank(text, told)
  const isAdvertising = 'none' in found && found.none === 'not_a_receipt' && advertising.test(text)
  return isAdvertising ? { none: 'advertising' } : found
}
