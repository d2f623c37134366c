/** Every "no" the ledger can give. */
export type Refused =
  | 'amount_out_of_range'
  | 'other_currency'
  | 'same_account'
  | 'no_such_book'
  | 'no_such_account'
  | 'account_exists'
  | 'account_closed'
  | 'account_frozen'
  | 'account_not_empty'
  | 'insufficient_funds'
  | 'no_room'
  | 'limits_crossed'
  | 'no_such_pend'
  | 'pend_ended'
  | 'pend_exceeded'
  | 'no_such_bar'
  | 'bar_ended'
  | 'bars_full'
  | 'no_floor'
  | 'id_already_used'
  | 'archived'
  | 'busy'
  | 'outcome_unknown'

/** A "no" that we expected. Thrown, so that the transaction around it leaves no trace. */
export class Refusal<Code extends string = string> extends Error {
  override readonly name = 'Refusal'
  readonly code: Code
  /** What the sentence to the caller is made of: amounts, ids, names. Never a secret. */
  readonly facts: Readonly<Record<string, unknown>>

  constructor(code: Code, facts: Readonly<Record<string, unknown>> = {}) {
    super(code)
    this.code = code
    this.facts = facts
  }
}

/** The connection broke: neither a yes nor a no. Asked again with the same ids, it becomes one. */
export const outcomeUnknown = (cause: unknown) =>
  new Refusal<Refused>('outcome_unknown', { cause: String(cause) })
