import { cashierEn } from './cashier/sentences.ts'
import { reconciliationEn } from './reconciliation/sentences.ts'
import { custodyEn } from './custody/sentences.ts'
import { sumsOf, type Facts, type Rules, type Sentences } from './facts.ts'
import { integratorsEn } from './integrators/sentences.ts'
import { noticesEn } from './notices/sentences.ts'
import { partiesEn } from './parties/sentences.ts'
import { settlementEn } from './settlement/sentences.ts'

const sums = (facts: Facts, ...limit: string[]) => sumsOf(facts, 'en', limit)

export const en: Sentences = {
  malformed: [
    'Something is not right',
    'Some of this does not fit. Correct the marked fields and send it again.',
  ],
  idempotency_key_required: [
    'Idempotency-Key is missing',
    'A request that moves money must carry an Idempotency-Key. Send the same one when you try again.',
  ],
  idempotency_key_reused: [
    'Idempotency-Key was used before',
    'This key belongs to a request with other content. Check that one, or use a new key.',
  ],
  sign_in_first: [
    'Sign in first',
    'You are not signed in, or your session has ended. Sign in and try again.',
  ],
  api_key_unknown: [
    'API key not valid',
    'This key is not there, has ended or has expired. Make or rotate one on the page “Integrations”.',
  ],
  not_for_api_keys: [
    'Not for API keys',
    'This route is for people who have signed in. In /docs, the routes for keys name a scope.',
  ],
  scope_missing: [
    'The key may not do this',
    facts =>
      `This key lacks the scope${facts['scope'] ? ` ${String(facts['scope'])}` : ' that is needed'}. The owner can make a key that has it.`,
  ],
  not_allowed: [
    'Not yours to do',
    'Your role does not allow this. Ask an administrator if you need it.',
  ],
  foreign_origin: [
    'From another site',
    'This request came from another site and was not carried out. Use the pages of this site.',
  ],
  not_found: ['Not found', 'It is not there, or it is not yours.'],
  method_not_allowed: [
    'Not with this method',
    'This address does something else. The Allow header names its methods.',
  ],
  too_large: ['Too large', 'At most 1 MiB can be sent at once. Send it in parts.'],
  unsupported_media_type: ['Format not supported', 'Send application/json.'],
  too_many_requests: ['Too many requests', 'Wait a moment and try again.'],
  too_slow: [
    'It took too long',
    'The outcome is not known yet. Try again with the same Idempotency-Key; nothing is done twice.',
  ],
  unknown_key: [
    'Nothing by this key',
    'It has done nothing so far. Send the request again with the same key for a definite answer.',
  ],
  token_missing: ['A token is missing', 'Send the Bearer token that was set for this.'],
  internal: [
    'Something went wrong',
    'The fault is ours. Try again later; give the request id when you contact us.',
  ],

  amount_out_of_range: [
    'Amount out of range',
    'An amount must be above zero and at most ¥10 trillion.',
  ],
  other_currency: ['Other currency', 'This account is not kept in that currency.'],
  same_account: ['Same account', 'Money cannot go from an account to itself.'],
  no_such_book: ['No such book', 'This book was not found.'],
  no_such_account: ['No such account', 'This account was not found.'],
  account_exists: ['Account exists', 'This account has been opened already.'],
  account_closed: ['Account closed', 'This account is closed; nothing goes in or out.'],
  account_frozen: [
    'Account restricted',
    'This account cannot make this payment now. Ask the operator why.',
  ],
  account_not_empty: [
    'Account not empty',
    'There is money in the account. Clear it before closing.',
  ],
  insufficient_funds: [
    'Not enough money',
    facts => {
      const told = sums(facts, 'available', 'balance')
      return `${told ? `The balance is ${told[0]}, not enough for ${told[1]}.` : 'The balance is not enough.'} Top up first, or pay another way.`
    },
  ],
  no_room: [
    'Above the ceiling',
    facts => {
      const told = sums(facts, 'room')
      return told
        ? `There is room for ${told[0]}, not for ${told[1]}. Choose a smaller amount.`
        : 'The balance would rise above its ceiling. Choose a smaller amount.'
    },
  ],
  limits_crossed: [
    'Limits cross',
    'The floor may not be above the ceiling, nor either beyond the balance.',
  ],
  no_such_pend: ['No such reservation', 'This reservation was not found.'],
  pend_ended: ['Reservation ended', 'This reservation was settled, released or has expired.'],
  pend_exceeded: ['More than reserved', 'No more can be settled than was reserved.'],
  no_such_bar: ['No such bar', 'This bar was not found.'],
  bar_ended: ['Bar ended', 'This bar was lifted or has lapsed.'],
  bars_full: ['Too many bars', 'No more bars can be laid on this account.'],
  no_floor: ['No amount to bar', 'This account has no floor, so no amount of it can be barred.'],
  archived: ['In the archive', 'This was done long ago and lies in the archive by now.'],
  id_already_used: ['Id used before', 'This id belongs to a request with other content.'],
  busy: [
    'Busy',
    'Too many requests at the moment; this one was not carried out. Try again shortly.',
  ],
  outcome_unknown: [
    'Outcome not known yet',
    'We cannot say yet whether it was done. Try again with the same Idempotency-Key; nothing is done twice.',
  ],

  ...partiesEn,
  ...custodyEn,
  ...cashierEn,
  ...settlementEn,
  ...reconciliationEn,
  ...integratorsEn,
  ...noticesEn,

  above_ceiling: [
    'Above the ceiling',
    facts => {
      const told = sums(facts, 'room')
      return `${told ? `This purse has room for ${told[0]}, not for ${told[1]}.` : 'This purse cannot hold it.'} Choose another purse, or return it to its payer.`
    },
  ],
  amount_differs: ['Amounts differ', 'The amount is not the one in the QR code. Scan it again.'],
  bank_account_taken: [
    'Account taken',
    'This account at this bank belongs to another pool. Check it; each pool needs an account of its own.',
  ],
  code_expired: [
    'Code expired',
    'A payment code is good for 60 seconds. Ask the customer to refresh it.',
  ],
  code_of_another_merchant: [
    'Code for another merchant',
    'This code pays another merchant. Ask the customer to open the code for yours.',
  ],
  code_unknown: [
    'Code not known',
    'There is no such payment code. Ask the customer to refresh it.',
  ],
  code_used: ['Code used', 'A payment code pays once. Ask the customer to refresh it.'],
  merchant_code_closed: [
    'QR code closed',
    'This QR code is no longer in use. Ask the shop for a new one.',
  ],
  merchant_code_paid: ['Already paid', 'This QR code was for one payment, and it has been paid.'],
  merchant_funds_short: [
    'Merchant cannot bear it',
    facts => {
      const told = sums(facts, 'available', 'earned')
      return `${told ? `There is ${told[0]} to refund from, not enough for ${told[1]}.` : 'There is not enough to refund from.'} Wait for new takings, or refund less.`
    },
  ],
  merchant_not_open: [
    'Merchant not open',
    'This merchant is not open, so this cannot be done now.',
  ],
  merchant_takes_no_top_ups: [
    'No top-ups now',
    'This merchant takes no top-ups now. Balances are not affected.',
  ],
  no_such_merchant_code: ['No such QR code', 'This QR code was not found. Check it and try again.'],
  no_such_outlet: ['No such outlet', 'This outlet was not found.'],
  no_such_pool: ['No such pool', 'This pool was not found.'],
  no_such_proposal: ['No such proposal', 'This proposal was not found.'],
  no_such_part: ['No such refund', 'This refund was not found.'],
  no_such_purse: ['No such purse', 'This purse was not found.'],
  no_such_spend: ['No such spend', 'This spend was not found.'],
  no_such_suspense: ['Not in suspense', 'This money in suspense was not found.'],
  no_such_term: ['No such term', 'The equation has no such term.'],
  no_such_top_up: ['No such top-up', 'This top-up was not found.'],
  no_such_withdrawal: ['No such withdrawal', 'This withdrawal was not found.'],
  own_proposal: [
    'Your own proposal',
    'Another person must confirm or reject a proposal. Hand it to a colleague.',
  ],
  payer_not_bound: [
    'No account is bound yet',
    'To pay inside the wallet, bind your account there first. Nothing has been charged.',
  ],
  own_purse: [
    'A purse of your own',
    'This purse is yours, or of a merchant where you have a seat. Hand it to a colleague.',
  ],
  proposal_decided: [
    'Decided already',
    'This proposal has been confirmed or rejected. Reload to see what became of it.',
  ],
  purse_full: [
    'Above the ceiling',
    facts => {
      const told = sums(facts, 'room')
      return told
        ? `There is room for ${told[0]}, not for ${told[1]}. Choose a smaller amount.`
        : 'The balance would rise above its ceiling. Choose a smaller amount.'
    },
  ],
  purse_of_another_merchant: [
    'Another merchant’s purse',
    'A prepaid balance can be spent at its own merchant only.',
  ],
  purse_of_another_pool: [
    'A purse of another pool',
    'Money cannot go from one pool into another. Choose another purse, or return it to its payer.',
  ],
  qr_malformed: [
    'QR code not understood',
    'This is not a payment QR code, or it is damaged. Scan again, or type the code.',
  ],
  refund_exceeds_spend: [
    'More than was spent',
    facts => {
      const told = sums(facts, 'left', 'refundable', 'available')
      return told
        ? `${told[0]} of this spend can still be refunded, not ${told[1]}.`
        : 'Refunds together may not exceed the spend.'
    },
  ],
  source_short: [
    'Not enough at the source',
    facts => {
      const told = sums(facts, 'most')
      return `${told ? `${told[0]} can go back the way it came, not ${told[1]}.` : 'Less than this can go back the way it came.'} Choose a smaller amount.`
    },
  ],
  spend_already_answered: ['Already answered', 'This spend has been accepted or declined.'],
  static_code_limit: [
    'Day limit of static codes',
    facts => {
      const told = sums(facts, 'left')
      return `${told ? `Today ${told[0]} is left for static codes, not ${told[1]}.` : 'Static codes take ¥500 a day at most.'} Show your own code, or ask for one with the sum in it.`
    },
  ],
  spend_not_done: ['Spend not done', 'This spend is not done yet, so it cannot be refunded.'],
  suspense_decided: [
    'Proposed or decided already',
    'There is a proposal about this money, or it has been decided. Reload to see it.',
  ],
  no_such_request: ['No such request', 'This settlement request was not found.'],
  bad_signature: ['Bad signature', 'The signature does not fit; nothing was accepted.'],
  gateway_silent: [
    'The payment platform is silent',
    'Nothing has been charged. Try again in a while.',
  ],
  gateway_refused: [
    'The payment platform refused',
    'Nothing has been charged. Try another way, or later.',
  ],
  way_not_offered: [
    'Cannot be paid this way',
    'This platform does not offer it. Nothing has been charged; choose another way.',
  ],
  bill_broken: [
    'The bill is broken',
    'It breaks off, or has rows that are not understood. Nothing of it counts; it is fetched again.',
  ],
  bill_not_ready: [
    'The bill is not ready',
    'The platform has no bill of that day yet, or nothing happened on it. Fetch it tomorrow morning.',
  ],
}

export const enRules: Rules = {
  malformed: 'Not well formed.',
  required: 'This is required.',
  unknown_field: 'There is no such field; leave it out.',
  type: facts => `Must be of type ${String(facts['type'] ?? 'another')}.`,
  pattern: 'Not well formed.',
  unseen: 'This is required; spaces alone are no name.',
  format: facts => `Must be a ${String(facts['format'] ?? 'other format')}.`,
  choice: 'Not one of the possible values.',
  min_length: facts => `At least ${String(facts['limit'] ?? 1)} characters.`,
  max_length: facts => `At most ${String(facts['limit'] ?? '')} characters.`,
  min_items: facts => `At least ${String(facts['limit'] ?? 1)} items.`,
  max_items: facts => `At most ${String(facts['limit'] ?? '')} items.`,
  minimum: facts => `Not below ${String(facts['limit'] ?? '')}.`,
  maximum: facts => `Not above ${String(facts['limit'] ?? '')}.`,
}
