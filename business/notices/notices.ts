/**
 * Notices: everybody at the counter knows, once, and only what they may.
 *
 *   hear      evidence of any source             facts → decide → write: notices, prompts, places
 *   tell      a prompt to whom it is for         lines: open streams, devices at the broker
 *   read      the books, for merchants with a counter
 *   nights    what was announced beside the money
 *
 * README.md has the grades, the classes, the states and the tables.
 */
export * from './words.ts'
export type { Ended, Line, Shown, Texts } from './ports.ts'
export { countersOf, mustBeTold, putCounter, type CounterShown } from './counters.ts'
export { hear, hearMain, hearNow, type Answer } from './hear.ts'
export { takeStatement, type Taken } from './statements.ts'
export { openFollower, type Follower } from './follower.ts'
export { heardByBooks, readBooks } from './reader.ts'
export {
  endedAfter,
  makeTerminal,
  readTerminal,
  setTerminal,
  stepTerminal,
  terminalBySecret,
  terminalsHeldBy,
  terminalsOf,
} from './terminals.ts'
export { acceptInvitation, handOver, inviteSub, type Invited } from './invitations.ts'
export { beat, gone, lastFor, promptFor, promptsFor } from './prompts.ts'
export { openLines, type Lines } from './lines.ts'
export { isOn, type Fields } from './view.ts'
export { sightsOf, type Sight } from './sights.ts'
export {
  listEvidence,
  listNotices,
  readNotice,
  totalsOf,
  type EvidenceShown,
  type Notice,
  type NoticeWhole,
} from './shown.ts'
export {
  answerRefund,
  askRefund,
  check,
  listRefundRequests,
  lookUp,
  mustBeAllowed,
  mute,
  totalsFor,
  type LookUp,
  type RefundRequest,
} from './counterWork.ts'
export {
  forgetEchoes,
  missedHours,
  rehearse,
  rehearseDue,
  type LastRehearsal,
} from './rehearsals.ts'
export {
  healthOf,
  notBack,
  silentMains,
  silentOf,
  type Silent,
  type TerminalHealth,
} from './health.ts'
export { readBills } from './bills.ts'
export { makeNights } from './nights.ts'
export {
  listDifferences,
  listNights,
  placeOf,
  type DifferenceShown,
  type NightShown,
} from './shownNights.ts'
export type { Refused } from './refused.ts'
