/**
 * Where a "no" becomes a number: every code that any promise can refuse with, and its status.
 * A code without a status does not compile; nor does one without its sentences (sentences.ts).
 */
import type { Refused as Cashier } from '@bursar/cashier'
import type { Refused as Custody } from '@bursar/custody'
import type { WalletRefused } from '@bursar/custody/wallet'
import type { Refused as Integrators } from '@bursar/integrators'
import type { Refused as Ledger } from '@bursar/ledger'
import type { Refused as Notices } from '@bursar/notices'
import type { Refused as Parties } from '@bursar/parties'
import type { Refused as Reconciliation } from '@bursar/reconciliation'
import type { Refused as Settlement } from '@bursar/settlement'
import type { BankRefused } from '@bursar/settlement/bank'

/** What the API itself refuses, before any promise is asked. */
export type Refused =
  | 'malformed'
  | 'idempotency_key_required'
  | 'idempotency_key_reused'
  | 'sign_in_first'
  | 'not_allowed'
  | 'api_key_unknown'
  | 'not_for_api_keys'
  | 'scope_missing'
  | 'foreign_origin'
  | 'not_found'
  | 'method_not_allowed'
  | 'too_large'
  | 'unsupported_media_type'
  | 'too_many_requests'
  | 'too_slow'
  | 'token_missing'
  | 'unknown_key'
  | 'internal'

export type Code =
  | Refused
  | Ledger
  | Parties
  | Custody
  | WalletRefused
  | Cashier
  | Reconciliation
  | Settlement
  | BankRefused
  | Integrators
  | Notices

export const statuses = {
  malformed: 400,
  idempotency_key_required: 400,
  idempotency_key_reused: 422,
  sign_in_first: 401,
  not_allowed: 403,
  api_key_unknown: 401,
  not_for_api_keys: 403,
  scope_missing: 403,
  foreign_origin: 403,
  not_found: 404,
  method_not_allowed: 405,
  too_large: 413,
  unsupported_media_type: 415,
  too_many_requests: 429,
  too_slow: 503,
  token_missing: 401,
  unknown_key: 404,
  internal: 500,

  // ledger
  amount_out_of_range: 400,
  other_currency: 400,
  same_account: 409,
  no_such_book: 404,
  no_such_account: 404,
  account_exists: 409,
  account_closed: 409,
  account_frozen: 409,
  account_not_empty: 409,
  insufficient_funds: 409,
  no_room: 409,
  limits_crossed: 409,
  no_such_pend: 404,
  pend_ended: 409,
  pend_exceeded: 409,
  no_such_bar: 404,
  bar_ended: 409,
  bars_full: 409,
  no_floor: 409,
  id_already_used: 422,
  archived: 410,
  busy: 503,
  outcome_unknown: 503,

  // parties
  wrong_login: 401,
  login_locked: 429,
  login_taken: 409,
  login_missing: 400,
  password_too_short: 400,
  password_too_long: 400,
  password_too_common: 400,
  phone_malformed: 400,
  email_malformed: 400,
  no_such_person: 404,
  no_such_session: 404,
  no_such_merchant: 404,
  no_such_institution: 404,
  licence_taken: 409,
  own_merchant: 403,
  step_out_of_order: 409,
  reason_missing: 400,
  not_seated: 404,
  last_owner: 409,
  wrong_seat: 400,
  already_seated: 409,
  own_seat: 403,
  no_such_nomination: 404,
  already_nominated: 409,
  own_nomination: 403,
  another_must_confirm: 409,
  too_early_to_accept: 409,
  nominator_left: 409,
  no_say_in_it: 403,
  no_such_licence: 404,
  licence_entered: 409,
  licence_ends_early: 400,
  licence_of_another: 403,
  own_licence: 403,
  already_set_up: 409,
  wrong_set_up_token: 403,
  no_such_api_key: 404,
  api_key_ended: 409,
  too_many_api_keys: 409,
  expiry_passed: 400,

  // custody
  above_ceiling: 409,
  amount_differs: 409,
  bank_account_taken: 409,
  code_expired: 409,
  code_of_another_merchant: 409,
  code_unknown: 404,
  code_used: 409,
  merchant_code_closed: 409,
  merchant_code_paid: 409,
  merchant_funds_short: 409,
  merchant_not_open: 409,
  nothing_past_refund: 409,
  issuer_has_members: 409,
  issuer_not_open: 409,
  issuer_not_the_operators: 409,
  issuer_sells_nothing: 409,
  issuer_there_already: 409,
  merchant_takes_no_top_ups: 409,
  no_such_merchant_code: 404,
  no_such_outlet: 404,
  no_such_till: 404,
  till_named_before: 409,
  till_is_closed: 409,
  no_such_part: 404,
  no_such_pool: 404,
  no_such_proposal: 404,
  no_such_purse: 404,
  no_such_spend: 404,
  no_such_suspense: 404,
  no_such_term: 404,
  no_such_top_up: 404,
  no_such_withdrawal: 404,
  own_proposal: 403,
  part_not_refused: 409,
  own_purse: 403,
  payer_not_bound: 409,
  platform_scope_unlicensed: 409,
  proposal_decided: 409,
  purse_full: 409,
  purse_of_another_merchant: 409,
  purse_of_another_pool: 409,
  qr_malformed: 400,
  refund_exceeds_spend: 409,
  source_short: 409,
  spend_already_answered: 409,
  spend_not_done: 409,
  static_code_limit: 409,
  suspense_decided: 409,

  // cashier
  authorisation_unknown: 409,
  balance_not_zero: 409,
  binding_not_offered: 409,
  bound_everywhere: 409,
  count_first: 409,
  counted_twice: 400,
  day_not_over: 409,
  days_in_order: 409,
  no_such_shift: 404,
  no_such_z_report: 404,
  shift_of_another: 403,
  shift_open: 409,
  shift_step_impossible: 409,
  catalogue_of_another: 409,
  discount_exceeds_tab: 409,
  happy_hour_dear: 400,
  item_not_offered: 409,
  item_sold_out: 409,
  money_came_in: 409,
  money_at_another_merchant: 409,
  money_is_held: 409,
  name_taken: 409,
  no_such_binding: 404,
  no_such_docket: 404,
  no_such_item: 404,
  no_such_goods_order: 404,
  no_such_picture: 404,
  no_such_place: 404,
  no_such_plan: 404,
  no_such_tab: 404,
  not_the_night: 409,
  not_timed: 409,
  order_step_impossible: 409,
  place_of_another_outlet: 409,
  plan_does_not_add_up: 400,
  platform_account_bound: 409,
  picture_too_large: 400,
  picture_unreadable: 400,
  pictures_full: 409,
  prices_changed: 409,
  tab_ended: 409,
  tab_open_there: 409,
  tabs_differ: 409,
  time_is_running: 409,
  tip_is_the_guests: 400,
  top_up_needed: 409,
  total_changed: 409,

  // reconciliation
  bill_not_over: 409,
  bills_of_all_pools: 409,
  break_changed: 409,
  break_decided: 409,
  no_such_bill: 404,
  no_such_break: 404,
  nothing_to_book: 409,

  // settlement
  no_such_request: 404,
  own_request: 403,
  payee_changed: 409,
  holder_differs: 400,
  account_mistyped: 400,
  no_such_residue: 404,
  own_residue: 403,
  residue_decided: 409,
  residue_exceeds_part: 409,

  // notices
  no_such_counter: 404,
  no_open_counter: 409,
  outlet_has_a_counter: 409,
  outlet_of_another_merchant: 400,
  sums_leave_nothing: 400,
  over_before_it_begins: 400,
  no_such_notice: 404,
  nothing_to_hear: 404,
  statement_unreadable: 422,
  statement_too_long: 422,
  no_such_terminal: 404,
  terminal_is_off: 409,
  terminal_is_revoked: 409,
  terminal_may_not: 403,
  only_a_main_hears: 403,
  too_many_words: 429,
  too_many_terminals: 409,
  invitation_not_valid: 409,
  taken_up_by_another: 409,
  receiver_has_no_seat: 403,
  refund_asked_before: 409,
  refund_beyond_notice: 409,
  no_such_refund_request: 404,
  refund_request_answered: 409,

  // integrators
  no_such_order: 404,
  order_not_open: 409,
  no_such_endpoint: 404,
  endpoint_ended: 409,
  endpoint_not_live: 409,
  too_many_endpoints: 409,
  url_not_allowed: 400,
  no_such_event: 404,
  span_too_long: 409,

  // gateways
  bad_signature: 401,
  gateway_silent: 503,
  gateway_refused: 409,
  way_not_offered: 422,
  bill_broken: 502,
  bill_not_ready: 409,
} satisfies Record<Code, number>
