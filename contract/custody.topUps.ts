/** A top-up on the wire, and what becomes of money that was paid for it and could not be credited. */
import { Type } from 'typebox'
import { Closed, IdOf, Instant, Money } from './words.ts'

export const SuspenseReason = Type.Enum([
  'unknown_order',
  'wrong_amount',
  'wrong_account',
  'wrong_currency',
  'order_ended',
  'over_ceiling',
  'other_payer',
  'purse_barred',
  'unexpected_credit',
  'unknown_payer',
  'could_not_return',
])

const topUp = {
  id: IdOf('top'),
  purse: IdOf('pur'),
  merchant: IdOf('mer'),
  amount: Money,
  state: Type.Enum(['waiting', 'credited', 'closed', 'expired']),
  gateway: Type.String(),
  payUrl: Type.Optional(Type.String()),
  qr: Type.Optional(
    Type.String({ description: 'To be shown as a QR code, and read by the wallet.' }),
  ),
  appOrder: Type.Optional(
    Type.String({ description: 'A signed text, for the wallet’s kit in a native app.' }),
  ),
  call: Type.Optional(
    Type.Record(Type.String(), Type.String(), {
      description:
        'To be handed to the wallet’s own browser: WeChat’s getBrandWCPayRequest, Alipay’s tradePay.',
    }),
  ),
  createdAt: Instant,
  expiresAt: Instant,
  endedAt: Type.Optional(Instant),
  returned: Money,
}
export const TopUpView = Closed(topUp)
/** `astray`: a payment of this order that was not credited, and what has become of it. */
export const TopUpDetailsView = Closed({
  ...topUp,
  astray: Type.Optional(
    Closed({
      amount: Money,
      reason: SuspenseReason,
      state: Type.Enum(['kept', 'returning', 'returned']),
    }),
  ),
})
