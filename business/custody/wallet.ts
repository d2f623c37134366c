/**
 * The port to a payment platform: what custody wants of any wallet. An adapter in gateways/ fulfils it.
 *
 *   create   opens an order at the platform and answers the page on which the payer confirms
 *   notice   the platform tells us, signed, as often as it likes, in any order
 *   query    we ask, when a notice may have been lost
 *   refund   back to where the money came from
 *
 * A time-out is not a "no": it is answered as `unknown`, and is resolved by asking, never by paying
 * again. `create`, `close` and `refund` may be sent again with the same ids: it is the same wish.
 */
import type { Id } from '@bursar/kernel'
import type { Money } from '@bursar/money'

/** Headers as Node's HTTP server gives them: names in lower case. */
export type Headers = Readonly<Record<string, string | readonly string[] | undefined>>

/** Every "no" a wallet's adapter throws. A silent platform on `create` is one; nothing has been paid. */
export type WalletRefused = 'bad_signature' | 'gateway_silent' | 'gateway_refused'

export type WalletOrder = Readonly<{
  /** Our order's id is the platform's "merchant order number": unique there too. */
  order: Id
  amount: Money
  /** What the payer reads on the platform's page. */
  subject: string
  expiresAt: Date
  /** Where the payer's browser goes after the platform's page. Proves nothing about the money. */
  returnUrl: string
}>

/**
 * What the platform knows of an order. `unknown`: it did not answer, never heard of it, or said "paid"
 * without saying how much and by which payment.
 */
export type Found =
  | Readonly<{ state: 'unknown' | 'waiting' | 'closed' }>
  | Readonly<{ state: 'paid'; amount: Money; tradeNo: string }>

/** A signed callback whose signature has been checked. Its content is a claim, still to be compared. */
export type Notice = Readonly<{
  /** The platform's id of this notice: every repetition of one notice has the same. */
  id: string
  order: string
  state: 'paid' | 'closed'
  amount: Money
  /** The platform's id of the payment. */
  tradeNo: string
  /** Our account at the platform that was paid: compare with `Wallet.account`. */
  account: string
  at: Date
}>

export type RefundOrder = Readonly<{ order: string; refund: Id; amount: Money }>

/** Who pays us, as our bank's notices have it. */
export type Payer = Readonly<{ name: string; account?: string }>

export type Wallet = Readonly<{
  /** The adapter's name: the word in /v1/gateways/<name>/notify, and the inbox's key. */
  gateway: string
  /** Our account at the platform. */
  account: string
  /** As whom the platform pays us out; absent where it has not told us. */
  payer?: Payer
  create(ask: WalletOrder): Promise<Readonly<{ payUrl: string }>>
  query(order: Id): Promise<Found>
  /** After `closed` it can no longer be paid. `paid`: too late, it was. */
  close(order: Id): Promise<'closed' | 'paid' | 'unknown'>
  /** `unknown` is asked again with the same `refund` id, which is paid once. */
  refund(ask: RefundOrder): Promise<'done' | 'unknown' | Readonly<{ refused: string }>>
  /** Throws the Refusal `bad_signature` for anything that the platform did not say just now. */
  verify(headers: Headers, rawBody: Buffer): Promise<Notice>
  /** What the platform wants to hear, exactly, so that it stops repeating the notice. */
  success: Readonly<{ status: number; type: string; body: string }>
}>

/** What a payment goes back by: the platform, or the bank, that it came through. */
export type Route = Pick<Wallet, 'gateway' | 'refund'>
