/**
 * The port to a payment platform: what custody wants of any wallet. An adapter in gateways/ fulfils it.
 *
 *   create        opens an order at the platform and answers how the payer gets to it
 *   notice        the platform tells us, signed, as often as it likes, in any order
 *   query         we ask, when a notice may have been lost
 *   cancel        ends an order whose create was never answered; what was paid all the same goes back
 *   refund        back to where the money came from
 *   refundQuery   we ask, before a "no" to a refund is believed
 *   binding       somebody's own account there, by the platform's own authorisation
 *   bill          what the platform has booked in a day
 *
 * A time-out is not a "no": it is answered as `unknown`, and is resolved by asking, never by paying
 * again. `create`, `close` and `refund` may be sent again with the same ids: it is the same wish.
 */
import type { Id } from '@bursar/kernel'
import type { Money } from '@bursar/money'

/** Headers as Node's HTTP server gives them: names in lower case. */
export type Headers = Readonly<Record<string, string | readonly string[] | undefined>>

/**
 * Every "no" a wallet's adapter throws. A silent platform on `create` is one; nothing has been paid. A bill that
 * the platform has not made yet, or never makes because nothing happened, is not ready; one that breaks off, or is
 * not understood in any row, is broken, and nothing in it counts.
 */
export type WalletRefused =
  | 'bad_signature'
  | 'bill_broken'
  | 'bill_not_ready'
  | 'gateway_refused'
  | 'gateway_silent'
  | 'way_not_offered'

/**
 * Where the payer is: in a browser at a desk or on a phone, before a QR code that the wallet reads, in the wallet's own
 * browser, or in an app that has the wallet's kit built in.
 */
export type Way = 'desk' | 'phone' | 'qr' | 'inside' | 'app'

/** How the payer gets to the payment: a page to go to, a text to show as QR or to hand to the kit, what the wallet's browser is handed. */
export type Offer =
  | Readonly<{ way: 'desk' | 'phone'; url: string }>
  | Readonly<{ way: 'qr'; text: string }>
  | Readonly<{ way: 'app'; text: string }>
  | Readonly<{ way: 'inside'; call: Readonly<Record<string, string>> }>

export type WalletOrder = Readonly<{
  /** Our order's id is the platform's "merchant order number": unique there too. */
  order: Id
  amount: Money
  /** What the payer reads on the platform's page. */
  subject: string
  expiresAt: Date
  way: Way
  /** Of `inside`: whose wallet it is, as `Bound` names it. */
  payer?: string
  /** The address that the payer asks from, where the caller knows it. */
  ip?: string
  /** Where the payer's browser goes after the platform's page. Proves nothing about the money. */
  returnUrl: string
}>

/** A payment, as the platform has it. `payer` is as in `Bound`, where the platform tells it. */
type Paid = Readonly<{ amount: Money; tradeNo: string; payer?: string }>

/**
 * What the platform knows of an order. `unknown`: it did not answer, never heard of it, or said "paid"
 * without saying how much and by which payment.
 */
export type Found =
  | Readonly<{ state: 'unknown' | 'waiting' | 'closed' }>
  | (Readonly<{ state: 'paid' }> & Paid)

/** A signed callback whose signature has been checked. Its content is a claim, still to be compared. */
export type Notice = Readonly<{
  /** The platform's id of this notice: every repetition of one notice has the same. */
  id: string
  order: string
  /** Only `paid` is a payment; anything else is a reason to ask. */
  state: 'paid' | 'closed'
  /** Our account at the platform that was paid: compare with `Wallet.account`. */
  account: string
  at: Date
}> &
  Paid

export type RefundOrder = Readonly<{ order: string; refund: Id; amount: Money }>

/**
 * `stuck`: the platform has accepted the refund and keeps the money, because the payer's account cannot take it. It
 * ends when a person has seen to it at the platform, and until then it is neither paid nor refused.
 */
export type RefundSaid = 'done' | 'unknown' | Readonly<{ stuck: string }>

/** What the platform pays back: of payments so old at most, and to one payment so often at most. */
export type Refundable = Readonly<{ days: number; times?: number }>

/** Somebody's account at the platform: its stable id there, and a name that is masked. */
export type Bound = Readonly<{ payer: string; name?: string }>

export type Binding = Readonly<{
  /** Where the person lets us know the account. `state` comes back with the code: it says whose visit it was. */
  bind(ask: Readonly<{ state: string; returnUrl: string }>): string
  /** Whose account the code that came back is for. A code is good once, for minutes. */
  bound(code: string): Promise<Bound>
}>

/** A row of the platform's own bill. Sums are never negative but a fee that comes back. */
export type BillRow = Readonly<{
  kind: 'payment' | 'refund'
  order: string
  /** Ours, of a refund. */
  refund?: string
  tradeNo: string
  amount: Money
  /** What the platform keeps for it. */
  fee: Money
  at: Date
}>

/** Who pays us, as our bank's notices have it. */
export type Payer = Readonly<{ name: string; account?: string }>

export type Wallet = Readonly<{
  /** The adapter's name: the word in /v1/gateways/<name>/notify, and the inbox's key. */
  gateway: string
  /** Our account at the platform. */
  account: string
  /** As whom the platform pays us out; absent where it has not told us. */
  payer?: Payer
  /** How it can be paid; any other is refused, `way_not_offered`. */
  ways: readonly Way[]
  create(ask: WalletOrder): Promise<Offer>
  query(order: Id): Promise<Found>
  /** After `closed` it can no longer be paid. `paid`: too late, it was. */
  close(order: Id): Promise<'closed' | 'paid' | 'unknown'>
  /**
   * For an order that has ended here and that nobody could be shown how to pay: whatever became of its create. `returned`:
   * somebody had paid, and has it back without a refund of ours. Absent where the platform has no such thing.
   */
  cancel?(order: Id): Promise<'closed' | 'returned' | 'unknown'>
  refundable: Refundable
  /** `unknown` is asked again with the same `refund` id, which is paid once. */
  refund(ask: RefundOrder): Promise<RefundSaid | Readonly<{ refused: string }>>
  /** Whether it was paid back. `none`: as far as the platform knows now; what is under way may still come. */
  refundQuery(ask: Omit<RefundOrder, 'amount'>): Promise<RefundSaid | 'none'>
  /** Absent where the platform tells nobody's account. */
  binding?: Binding
  /** Absent where the platform makes none. A day of the platform's own calendar, +08:00: `2026-11-29`. */
  bill?(day: string): AsyncIterable<BillRow>
  /** Throws the Refusal `bad_signature` for anything that the platform did not say just now. */
  verify(headers: Headers, rawBody: Buffer): Promise<Notice>
  /** What the platform wants to hear, exactly, so that it stops repeating the notice. */
  success: Readonly<{ status: number; type: string; body: string }>
}>

/** What a payment goes back by: the platform, or the bank, that it came through. */
export type Route = Pick<Wallet, 'gateway' | 'refund' | 'refundQuery'>
