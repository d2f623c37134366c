/** What reconciliation refuses, in words; the others' sentences are in ../sentences.*.ts. */
import type { Refused as Custody } from '@bursar/custody'
import type { Refused } from '@bursar/reconciliation'
import type { Sentence } from '../facts.ts'

/** Proposals have the same words as custody's. */
type Words = Readonly<Record<Exclude<Refused, Custody>, Sentence>>

export const reconciliationZh: Words = {
  bill_not_over: ['这一天还没有过完', '平台在第二天上午才出账单。请明天上午再取。'],
  bills_of_all_pools: [
    '账单是全部资金池的',
    '平台账单不分资金池，只有监管全部资金池的机构可以看。',
  ],
  break_changed: [
    '账单已更正',
    '平台账单重新取过，金额已经不同。请驳回这个提议，按新的金额重新提出。',
  ],
  break_decided: ['已有提议或已处理', '这笔差异已有待确认的提议，或已经处理完。刷新后查看。'],
  no_such_bill: ['没有这份账单', '没有这个平台这一天的账单。'],
  no_such_break: ['没有这笔差异', '没有找到这笔差异。'],
  nothing_to_book: ['没有可以入账的款项', '这类差异不能补记入账，只能说明原因。'],
}

export const reconciliationEn: Words = {
  bill_not_over: [
    'The day is not over',
    'A platform makes its bill the next morning. Ask again tomorrow.',
  ],
  bills_of_all_pools: [
    'The bills are of all pools',
    'A platform’s bill knows no pools: only who watches over all of them may read it.',
  ],
  break_changed: [
    'The bill was corrected',
    'The bill was taken again and names another sum. Reject this proposal and propose anew.',
  ],
  break_decided: [
    'Proposed or settled already',
    'This break has an open proposal, or is settled. Reload to see it.',
  ],
  no_such_bill: ['No such bill', 'There is no bill of this platform on that day.'],
  no_such_break: ['No such break', 'This break was not found.'],
  nothing_to_book: [
    'Nothing to book',
    'A break of this kind has no payment to take in. Say why it differs instead.',
  ],
}
