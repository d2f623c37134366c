/**
 * Custody keeps prepaid money: in a supervised pool, in one purse per person and merchant, or with the pool's issuer.
 *
 *   top up      the platform has the payment     transit in → purse      or → suspense, never nowhere
 *   paid out    the platform pays us             custody → transit in
 *   spend       the consumer scans               purse → earned
 *   charge      the merchant reads a code        purse → earned
 *   hold        something is ordered             purse → earned, pended until it is paid as one spend
 *   refund      the merchant gives back          earned → purse
 *   withdraw    back to where it came from       purse → transit out → custody
 *   decide      two people on money in suspense  suspense → purse             or → transit out
 *
 * Nothing here pays a merchant: that is settlement's. README.md has the accounts, states and choices.
 */
export {
  admitMerchant,
  inCareOf,
  listPools,
  nextBook,
  openPool,
  readPool,
  type NewPool,
  type Pool,
} from './pool.ts'
export { addPlatform, endPlatform, platformsOf, type Platform } from './platforms.ts'
export {
  explainLicence,
  mustBeGoodAt,
  mustBeLawful,
  scopeOf,
  widenScope,
  type ScopeOf,
} from './scope.ts'
export { prepaymentsOf, setTakesTopUps, type PrepaymentsStep } from './prepayments.ts'
export { join, listPurses, readPurse, type Purse } from './purses.ts'
export {
  listTopUps,
  pollTopUps,
  readTopUp,
  startTopUp,
  type TopUp,
  type TopUpAsk,
  type TopUpId,
} from './topUps.ts'
export { arrive } from './arrivals.ts'
export { creditReceived, receiveNotice, type Credit } from './inbox.ts'
export { forgetCodes, issueCode, type CodeId, type IssuedCode } from './codes.ts'
export { charge, spend, type ChargeAsk, type SpendAsk } from './spends.ts'
export { answerSpend, type Answer } from './answers.ts'
export { hold, holding, release, settle, type Held, type HoldId } from './holds.ts'
export { findSpend, readSpend, type Receipt, type Spend, type SpendId } from './receipts.ts'
export { refund, refundsOf, type Refund, type RefundAsk, type RefundId } from './refunds.ts'
export { readWithdrawal, withdraw, type Withdrawal } from './withdrawals.ts'
export { giveUp, pastRefund } from './givenUp.ts'
export { pollWithdrawals, type PartId, type WithdrawalId } from './parts.ts'
export { askAgain, listParts, readPart, type PartRow } from './shownParts.ts'
export { claimSource, freeSource, holdRefusedPart } from './refusedParts.ts'
export {
  closeMerchantCode,
  createMerchantCode,
  listMerchantCodes,
  readMerchantCode,
  type MerchantCode,
  type MerchantCodeId,
} from './merchantCodes.ts'
export { crc16, decodeMerchantQr, encodeMerchantQr, type MerchantQr } from './merchantQr.ts'
export {
  accountsOf,
  equation,
  termNames,
  type AccountFigure,
  type Equation,
  type Term,
} from './equation.ts'
export { listMembers, listSpends, type Member, type SpendsAsk } from './lists.ts'
export { forgetHitches, openHitches, type Hitched } from './hitches.ts'
export { openSuspense, type OpenSuspense } from './waiting.ts'
export { merchantsOf, statementPage, type StatementAsk, type StatementPage } from './statements.ts'
export {
  astrayOf,
  findPurses,
  listSuspense,
  type Astray,
  type SuspenseFilter,
  type SuspenseId,
  type Suspended,
} from './suspense.ts'
export { readSuspense, type SuspenseDetails, type ToldProposal } from './suspended.ts'
export { decide, propose, type Proposal, type ProposalId } from './proposals.ts'
export { takings, type Takings } from './takings.ts'
export { directoryOf, mustBeOpen, type Scope, type Standing } from './directory.ts'
export type { Refused } from './refused.ts'
export type {
  BillRow,
  Binding,
  Bound,
  Found,
  Headers,
  Notice,
  Offer,
  Payer,
  Refundable,
  Route,
  Wallet,
  WalletOrder,
  WalletRefused,
  Way,
} from './wallet.ts'
