/** The accounts of a pool's book that settlement moves money between. */
import type { MerchantId } from '@bursar/kernel'
import type { Account } from '@bursar/ledger'

export const custody: Account = 'pool/custody'
export const transitOut: Account = 'pool/transit-out'
export const earned = (merchant: MerchantId): Account => `merchant/${merchant}/earned`
export const requested = (merchant: MerchantId): Account => `merchant/${merchant}/requested`
