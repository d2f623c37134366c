/** What a statement calls each event of the book. */
import type zh from './words.zh.ts'

export type EventWord = Extract<keyof typeof zh, `event.${string}`>

const words: Partial<Record<string, EventWord>> = {
  joined: 'event.joined',
  top_up: 'event.topUp',
  spend: 'event.spend',
  spend_done: 'event.spend',
  spend_declined: 'event.decline',
  expired: 'event.expire',
  expire: 'event.expire',
  charge: 'event.charge',
  code_used: 'event.codeUsed',
  code_closed: 'event.codeClosed',
  refund: 'event.refund',
  withdrawal: 'event.withdraw',
  withdrawal_done: 'event.withdrawDone',
  withdrawal_returned: 'event.withdrawBack',
  suspense: 'event.suspense',
  suspense_assigned: 'event.suspenseAssigned',
  suspense_returned: 'event.suspenseReturned',
  platform_paid_out: 'event.platformPaidOut',
  settlement_requested: 'event.settlementRequested',
  settlement_approved: 'event.settlementApproved',
  settlement_rejected: 'event.settlementRejected',
  settlement_withdrawn: 'event.settlementWithdrawn',
  payout_sent: 'event.payoutSent',
  payout_paid: 'event.payoutPaid',
  payout_bounced: 'event.payoutBounced',
  residue_asked: 'event.residueAsked',
  residue_approved: 'event.residueApproved',
  residue_rejected: 'event.residueRejected',
  residue_withdrawn: 'event.residueWithdrawn',
  residue_paid: 'event.residuePaid',
  residue_bounced: 'event.residueBounced',
  merchant_admitted: 'event.admitted',
  pool_opened: 'event.poolOpened',
  limit: 'event.limit',
}

/** A pend that still waits is a merchant's hold, whatever will come of it; but not what goes to a bank account. */
export const eventWord = (event: string, kind?: string): EventWord =>
  kind === 'pend' && event !== 'residue_asked'
    ? 'event.hold'
    : kind === 'expire'
      ? 'event.expire'
      : (words[event] ?? 'event.other')
