/** A notice as a phone was shown it, and what a rule finds in it. */

export type Kind = 'payment' | 'refund' | 'reversal'
export type Platform = 'wechat-pay' | 'alipay' | 'unionpay' | 'bank'
/** A notice as the phone was shown it. */
export type Told = Readonly<{
  text: string
  /** When the phone was told. What the text leaves out of its own time is taken from here. */
  at: Date
  /** Android's name of the app that shows it: com.tencent.mm. */
  package?: string
  title?: string
  /** Of an SMS: the number that it comes from. */
  sender?: string
}>
/** Why a text is no receipt. */
export type None =
  | 'advertising'
  | 'code'
  | 'not_a_receipt'
  | 'not_a_sale'
  | 'not_official'
  | 'not_received'
  | 'outgoing'
  | 'own_refund'
  | 'summary'
  | 'unclear'
/** What a rule has found. */
export type Found =
  | Readonly<{ none: None }>
  | Readonly<{ rule: string; platform: Platform; kind: Kind; amount: bigint; bank?: string }>
