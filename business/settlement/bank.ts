/**
 * The port to the custodian bank: what settlement wants of any bank. An adapter in gateways/ fulfils it.
 *
 *   pay      one instruction per payout; the payout's id is its end-to-end reference
 *   notice   the bank tells us, signed, as often as it likes: paid, bounced, or money has come in
 *   query    we ask, when an answer or a notice may have been lost
 *   close    we give up: from then on the bank refuses the reference, whatever still arrives
 *
 * A time-out is not a "no": it is `unknown`, and is resolved by `query`, never by paying again. `none`
 * says that the bank has not got the instruction yet, so that it may be sent once more under the same
 * reference, which the bank pays once. It may still be on its way: only `closed` says never.
 */
import type { Id } from '@bursar/kernel'
import type { Money } from '@bursar/money'

/** Headers as Node's HTTP server gives them: names in lower case. */
export type Headers = Readonly<Record<string, string | readonly string[] | undefined>>

/** Every "no" a bank's adapter throws. */
export type BankRefused = 'bad_signature' | 'gateway_silent' | 'gateway_refused'

/** Who is paid: the merchant's own account, as it stood when the merchant asked. */
export type Payee = Readonly<{ bank: string; account: string; name: string }>

export type PaymentOrder = Readonly<{
  payout: Id
  amount: Money
  payee: Payee
  /** What the payee reads on its statement. */
  remark: string
}>

/** What became of a payment at the bank. Its content is a claim, still to be compared. */
export type Outcome =
  | Executed<{ state: 'paid' }>
  | Executed<{ state: 'bounced'; reason: string }>
  /** Not executed, and never will be. */
  | Readonly<{ state: 'closed' }>
type Executed<More> = Readonly<More & { amount: Money; serial: string }>

/** A signed notice whose signature has been checked. Its content is a claim, still to be compared. */
export type BankNotice = Readonly<{
  /** The bank's id of this notice: every repetition of one notice has the same. */
  id: string
  /** Our account at the bank: compare with `Bank.account`. */
  account: string
  amount: Money
  at: Date
}> &
  Readonly<
    /** `serial` is the bank's own number of the payment. */
    | { kind: 'paid'; payout: string; serial: string }
    | { kind: 'bounced'; payout: string; serial: string; reason: string }
    /** Somebody paid us: a platform's payout, or a stranger; with the reference that they gave. */
    | { kind: 'credit'; payer: string; payerAccount?: string; reference: string }
  >

export type Bank = Readonly<{
  /** The adapter's name: the word in /v1/gateways/<name>/notify, and the inbox's key. */
  gateway: string
  /** Our custody account at the bank. */
  account: string
  pay(order: PaymentOrder): Promise<'accepted' | 'unknown' | Readonly<{ refused: string }>>
  /** `unknown`: not executed yet, or no answer. `none`: the bank has not got it yet. */
  query(payout: Id): Promise<'unknown' | 'none' | Outcome>
  /** `accepted`: too late, it is under way. Asked again, it answers the same. */
  close(payout: Id): Promise<'unknown' | 'accepted' | Outcome>
  /** Throws the Refusal `bad_signature` for anything that the bank did not say just now. */
  verify(headers: Headers, rawBody: Buffer): Promise<BankNotice>
  /** The bank's own figure for our account, now or at the end of a moment. */
  balance(at?: Date): Promise<Money>
  /** What the bank wants to hear, exactly, so that it stops repeating the notice. */
  success: Readonly<{ status: number; type: string; body: string }>
}>
