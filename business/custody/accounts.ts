/** The accounts of a pool's book, by name. README.md has their limits. */
import type { MerchantId, PurseId } from '@bursar/kernel'
import type { Account } from '@bursar/ledger'

export const custody: Account = 'pool/custody'
export const transitIn: Account = 'pool/transit-in'
export const transitOut: Account = 'pool/transit-out'
export const suspense: Account = 'pool/suspense'
export const fees: Account = 'pool/fees'
export const purseAccount = (purse: PurseId): Account => `purse/${purse}`
export const earned = (merchant: MerchantId): Account => `merchant/${merchant}/earned`
export const requested = (merchant: MerchantId): Account => `merchant/${merchant}/requested`
