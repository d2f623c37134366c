/** What crosses the wire, said once. See README.md. */
export * from './route.ts'
export * from './words.ts'
export * from './parties.ts'
export * from './parties.merchants.ts'
export * from './parties.institutions.ts'
export * from './parties.licences.ts'
export * from './parties.apiKeys.ts'
export {
  issueCode,
  joinMerchant,
  listPurses,
  listTopUps,
  listWallets,
  outcomeOfSpend,
  outcomeOfWithdrawal,
  purseStatement,
  readPurse,
  readScan,
  readSpend,
  readTopUp,
  spend,
  startTopUp,
  withdrawBalance,
} from './custody.ts'
export * from './custody.till.ts'
export * from './custody.pool.ts'
export * from './custody.proof.ts'
export * from './custody.suspense.ts'
export * from './custody.topUps.ts'
export * from './custody.parts.ts'
export * from './cashier.pictures.ts'
export {
  bindPurse,
  cancelOrder,
  checkOut,
  listBindings,
  listOwnDockets,
  listOwnTabs,
  openTab,
  outcomeOfOrder,
  pauseTimer,
  placeOrder,
  previewRefund,
  readDocket,
  readMenu,
  readPlace,
  readTab,
  resumeTimer,
  startBinding,
  startTimer,
  stopTimer,
  unbindPurse,
} from './cashier.ts'
export * from './cashier.desk.ts'
export * from './cashier.shifts.ts'
export type { GoodsOrderView, TabView } from './cashier.views.ts'
export * from './reconciliation.ts'
export * from './settlement.ts'
export * from './settlement.residues.ts'
export * from './integrators.ts'
export * from './integrators.events.ts'
export * from './integrators.webhooks.ts'
export * from './notices.ts'
export * from './notices.terminals.ts'
export * from './notices.own.ts'
export type {
  CounterView,
  EvidenceView,
  NoticeView,
  Permission,
  PromptView,
  TerminalView,
} from './notices.views.ts'
export * from './demo.ts'
