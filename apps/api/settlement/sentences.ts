/** What settlement alone refuses, in words; the others' sentences are in ../sentences.*.ts. */
import type { Refused as Custody } from '@bursar/custody'
import type { Refused as Settlement } from '@bursar/settlement'
import { sumsOf, type Sentence } from '../facts.ts'

type Told =
  | Extract<
      Settlement,
      | `${string}residue${string}`
      | 'holder_differs'
      | 'account_mistyped'
      | 'own_request'
      | 'payee_changed'
    >
  | Extract<Custody, 'part_not_refused'>

export const settlementZh: Readonly<Record<Told, Sentence>> = {
  own_request: ['不能审核自己的申请', '结算申请必须由另一个人审核。请交给同事处理。'],
  payee_changed: ['收款账户已变更', '申请之后收款账户变过。请驳回这笔申请，让商户重新提交。'],
  holder_differs: [
    '不是本人账户',
    facts =>
      `户名必须是本人登记的姓名${facts['name'] ? `：${String(facts['name'])}` : ''}。请用本人的账户。`,
  ],
  account_mistyped: ['卡号有误', '这个卡号的校验位不对。请对照银行卡重新输入。'],
  no_such_residue: ['没有这笔付款', '没有找到这笔银行付款。'],
  own_residue: [
    '不能审核自己的付款',
    '这笔付款必须由另一个人审核，也不能由本店的人审核。请交给同事处理。',
  ],
  residue_decided: ['已经处理过', '这笔付款已经通过、驳回或撤回。刷新后查看结果。'],
  residue_exceeds_part: [
    '超出被拒退的金额',
    facts => {
      const told = sumsOf(facts, 'zh-CN', ['most'])
      return `${told ? `这笔退款还能付到银行账户的有 ${told[0]}，不够 ${told[1]}。` : '这笔退款还能付到银行账户的金额不够。'}请减少金额。`
    },
  ],
  part_not_refused: ['没有被拒退', '只有支付平台拒绝退回的款项才能付到银行账户。'],
}

export const settlementEn: Readonly<Record<Told, Sentence>> = {
  own_request: [
    'Your own request',
    'Another person must review a settlement request. Hand it to a colleague.',
  ],
  payee_changed: [
    'Payee changed',
    'The payee’s account has changed since the request. Reject it, so that the merchant asks again.',
  ],
  holder_differs: [
    'Not your own account',
    facts =>
      `The account must be in the name that you registered with${facts['name'] ? `: ${String(facts['name'])}` : ''}. Use an account of your own.`,
  ],
  account_mistyped: [
    'Not a card number',
    'The check digit of this card number is wrong. Compare it with the card and type it again.',
  ],
  no_such_residue: ['No such payment', 'This payment to a bank account was not found.'],
  own_residue: [
    'Your own, or your shop’s',
    'Another person must review this payment. Hand it to a colleague.',
  ],
  residue_decided: [
    'Already decided',
    'This payment has been approved, rejected or withdrawn. Reload to see the result.',
  ],
  residue_exceeds_part: [
    'More than was refused',
    facts => {
      const told = sumsOf(facts, 'en', ['most'])
      return `${told ? `${told[0]} of this refund can still be paid to a bank account, not ${told[1]}.` : 'Less of this refund can still be paid to a bank account.'} Choose a smaller amount.`
    },
  ],
  part_not_refused: [
    'Not refused',
    'Only what the platform has refused to take back is paid to a bank account.',
  ],
}
