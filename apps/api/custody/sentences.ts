/** What is refused about an issuer, and about what goes back no more, in words; the rest of custody's sentences are in ../sentences.*.ts. */
import type { Refused } from '@bursar/custody'
import type { Sentence } from '../facts.ts'

type Words = Readonly<
  Record<Extract<Refused, `issuer_${string}` | 'nothing_past_refund'>, Sentence>
>

export const custodyZh: Words = {
  nothing_past_refund: ['没有这样的充值', '没有平台已不能退款的充值，余额可以原路退回。'],
  issuer_has_members: ['已有会员', '这家发卡方已有会员，其余额的使用范围不能再改。'],
  issuer_not_open: ['尚未开通', '这张一卡通还没有开通，暂时不能办理。'],
  issuer_not_the_operators: [
    '不是运营方的发卡方',
    '只有运营方自己申请、已通过审核、行业为一卡通的商户才能全平台通用。',
  ],
  issuer_sells_nothing: ['发卡方不收款', '通用余额请在各家商户使用，发卡方自己不卖东西。'],
  issuer_there_already: ['已有发卡方', '这个资金池已有一家全平台通用的发卡方。'],
}

export const custodyEn: Words = {
  nothing_past_refund: [
    'No such top-up',
    'There is no top-up that its platform pays back no more. What is left goes back the way it came.',
  ],
  issuer_has_members: [
    'It has members',
    'This issuer has members already. How far their balance is good cannot change any more.',
  ],
  issuer_not_open: ['Not open yet', 'This card is not open yet. It takes no members so far.'],
  issuer_not_the_operators: [
    'Not the operator’s issuer',
    'Only an active merchant of the trade “one card” that the operator’s own people applied for can be good everywhere.',
  ],
  issuer_sells_nothing: [
    'The issuer takes no payments',
    'This balance is for the merchants of the pool. The issuer itself sells nothing.',
  ],
  issuer_there_already: [
    'There is an issuer',
    'This pool has an issuer whose balances are good everywhere already.',
  ],
}
