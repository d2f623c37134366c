/** Words of the refunds to payers' own accounts: what a platform keeps, or has not answered for long. */
const zh = {
  parts: '退款跟踪',
  partsOfOwner: '退回会员账户的款项只给店主看。',
  partsHint:
    '退回付款人账户的钱，一笔一行。钱只按平台的答复走：没有答复就再问，问多少次也只退一次。',
  search: '付款人、商家或单号',
  file: '退款跟踪',
  empty: '没有卡住的退款。每一笔都有结果。',
  state: '状态',
  open: '卡住的',
  gateway: '平台',
  payer: '付款人',
  merchant: '商家',
  amount: '金额',
  at: '申请时间',
  waited: '已等待',
  days: '{{count}} 天',
  hours: '{{count}} 小时',
  minutes: '{{count}} 分钟',
  why: '平台怎么说',
  noAnswer: '平台还没有答复，问过 {{count}} 次',
  paidNotBooked: '平台已退给付款人，等平台划款后入账',
  toBalance: '钱已退回会员的余额，可以再申请',
  toSuspense: '钱在挂账待查，由两个人决定',
  askAgain: '再问一次',
  asked: '{{at}} 问过',
} as const

export default zh
