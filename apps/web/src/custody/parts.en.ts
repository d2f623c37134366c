import type zh from './parts.zh.ts'

const en: Record<keyof typeof zh, string> = {
  parts: 'Refunds',
  partsOfOwner: 'What goes back to members’ own accounts is for the owner.',
  partsHint:
    'What goes back to payers’ own accounts, a line for each. The money follows the platform’s answer alone: without one it is asked again, and pays once however often.',
  search: 'Payer, merchant or number',
  file: 'refunds',
  empty: 'No refund is stuck. Each has its end.',
  state: 'State',
  open: 'Without an end',
  gateway: 'Platform',
  payer: 'Payer',
  merchant: 'Merchant',
  amount: 'Amount',
  at: 'Asked for',
  waited: 'Waited',
  days: '{{count}} d',
  hours: '{{count}} h',
  minutes: '{{count}} min',
  why: 'What the platform says',
  noAnswer: 'No answer yet, asked {{count}} times',
  paidNotBooked: 'Paid to the payer; booked once the platform has paid us',
  toBalance: 'The money is in the member’s balance again, and can be asked for again',
  toSuspense: 'The money is in suspense, where two people decide',
  askAgain: 'Ask again',
  asked: 'asked {{at}}',
}

export default en
