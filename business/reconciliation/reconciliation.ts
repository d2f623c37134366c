/**
 * Reconciliation: the platforms' own bills of each day, compared with the books.
 *
 *   open      a day is over                            a bill that is asked for until it is there
 *   take      the platform's bill, to its last row     rows, beside nothing yet
 *   compare   by our order number                      a break for each row that differs, and for each that is missing
 *   end       they agree after all                     the break ends by itself
 *   decide    it is explained, or booked               alone up to a limit; by two above it, and where money moves
 *
 * Nothing here moves money but what two people agreed to book, and that is custody's own way in. README.md tells the rest.
 */
export { forgetLines, openDays, takeAgain, takeBills, type Problem } from './bills.ts'
export { compareBills, endBreaks, type BreakKind, type Of } from './compare.ts'
export {
  listBreaks,
  readBreak,
  waitingBreaks,
  type Break,
  type BreakId,
  type BreakState,
  type Proposal,
  type ProposalId,
  type Reason,
} from './breaks.ts'
export { bookConfirmed, confirm, isBookable, isLittle, propose, reject } from './decisions.ts'
export { listDays, listPlatforms, setFee, type BillDay, type Platform } from './days.ts'
export type { Refused } from './refused.ts'
