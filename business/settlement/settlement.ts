/**
 * Settlement pays merchants the money that they have earned, in three moments:
 *
 *   request   the merchant asks, and the sum is set aside     earned → requested
 *   review    somebody else agrees, or it goes back           requested → earned
 *   payout    the bank pays it, or it goes back               requested → transit out → custody
 *
 * Agreeing moves no money: it only opens the door to the payout (payouts.ts). A payout may still come
 * back after it was paid. Where the bank's word and the books differ is a break (breaks.ts). README.md
 * has every movement.
 */
export { masked } from './accountNumbers.ts'
export { bankAnswered } from './answers.ts'
export type { Bank, BankNotice, BankRefused, Outcome, Payee, PaymentOrder } from './bank.ts'
export {
  listBreaks,
  openBreaks,
  type Break,
  type BreakFilter,
  type BreakKind,
  type OpenBreaks,
} from './breaks.ts'
export { evidence, type Evidence, type EvidenceLine } from './evidence.ts'
export type { Result } from './hearing.ts'
export { askBank, bookPaid, payOut } from './payouts.ts'
export {
  listRequests,
  position,
  requestOf,
  type Filter,
  type Listed,
  type Page,
  type Position,
  type RequestDetails,
} from './reads.ts'
export type { Refused } from './refused.ts'
export { request, review, withdraw, type Ask, type Review, type Withdrawal } from './requests.ts'
export type { Request, RequestId, State, Step } from './steps.ts'
export { payResidues } from './residuePayouts.ts'
export { reviewResidue, withdrawResidue, type ResidueReview } from './residueReviews.ts'
export { askResidue, type ResidueId } from './residues.ts'
export {
  listRefused,
  listResidues,
  pendedOf,
  readResidue,
  type ListedResidue,
  type RefusedRow,
} from './shownResidues.ts'
export { waitingRequests, waitingResidues, type Waiting } from './waiting.ts'
