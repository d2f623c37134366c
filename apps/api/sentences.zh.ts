import { cashierZh } from './cashier/sentences.ts'
import { reconciliationZh } from './reconciliation/sentences.ts'
import { custodyZh } from './custody/sentences.ts'
import { sumsOf, type Facts, type Rules, type Sentences } from './facts.ts'
import { integratorsZh } from './integrators/sentences.ts'
import { noticesZh } from './notices/sentences.ts'
import { partiesZh } from './parties/sentences.ts'
import { settlementZh } from './settlement/sentences.ts'

const sums = (facts: Facts, ...limit: string[]) => sumsOf(facts, 'zh-CN', limit)

export const zh: Sentences = {
  malformed: ['内容有误', '有的内容不符合要求，改正标出的各项后再提交。'],
  idempotency_key_required: [
    '缺少请求标识',
    '涉及资金的请求必须带 Idempotency-Key，重发时用同一个值。',
  ],
  idempotency_key_reused: [
    '请求标识已用过',
    '这个标识已用于另一笔内容不同的请求。核对原来的那一笔，或换一个新标识。',
  ],
  sign_in_first: ['请先登录', '你还没有登录，或登录已过期。登录后再试。'],
  api_key_unknown: ['密钥无效', '这个接口密钥不存在、已停用或已过期。请在“接入”页新建或轮换。'],
  not_for_api_keys: [
    '此接口不接受密钥',
    '这个接口只供登录的人使用。请看 /docs 里标有权限范围的接口。',
  ],
  scope_missing: [
    '密钥权限不足',
    facts =>
      `这个密钥没有所需的权限范围${facts['scope'] ? ` ${String(facts['scope'])}` : ''}。请负责人新建一个带此范围的密钥。`,
  ],
  not_allowed: ['没有权限', '你的身份不能做这件事。需要时请联系管理员。'],
  foreign_origin: ['来源不符', '这个请求来自别的网站，没有执行。请在本站页面上操作。'],
  not_found: ['没有找到', '没有这个内容，或者它不属于你。'],
  method_not_allowed: ['方法不适用', '这个地址不支持这种方法，请看 Allow 头里列出的方法。'],
  too_large: ['内容太大', '一次最多提交 1 MiB，请分开提交。'],
  unsupported_media_type: ['格式不支持', '请用 application/json 提交。'],
  too_many_requests: ['操作太频繁', '请稍等片刻再试。'],
  too_slow: ['处理超时', '结果尚未确定。用同一个请求标识再试一次，不会重复执行。'],
  unknown_key: [
    '这个标识还没有结果',
    '到目前为止没有用它办成任何事。用同一个标识再发一次，就有确定的结果。',
  ],
  token_missing: ['缺少令牌', '请在 Authorization 头里带上为此设置的 Bearer 令牌。'],
  internal: ['出错了', '我们这边出了问题。请稍后再试；联系客服时请提供请求编号。'],

  amount_out_of_range: ['金额超出范围', '金额必须大于零，且不超过 10 万亿元。'],
  other_currency: ['币种不符', '这个账户不用这种货币。'],
  same_account: ['账户相同', '转出和转入不能是同一个账户。'],
  no_such_book: ['没有这本账', '没有找到这本账。'],
  no_such_account: ['没有这个账户', '没有找到这个账户。'],
  account_exists: ['账户已存在', '这个账户已经开过了。'],
  account_closed: ['账户已关闭', '这个账户已关闭，不能再收付。'],
  account_frozen: ['账户被限制', '这个账户目前不能做这笔收付。请联系运营方了解原因。'],
  account_not_empty: ['账户还有余额', '账户里还有钱，结清后才能关闭。'],
  insufficient_funds: [
    '余额不足',
    facts => {
      const told = sums(facts, 'available', 'balance')
      return `${told ? `余额 ${told[0]}，不够 ${told[1]}。` : '余额不够。'}先充值，或换一种付款方式。`
    },
  ],
  no_room: [
    '超出余额上限',
    facts => {
      const told = sums(facts, 'room')
      return told
        ? `最多还能存入 ${told[0]}，放不下 ${told[1]}。请减少金额。`
        : '存入后会超过余额上限。请减少金额。'
    },
  ],
  limits_crossed: ['限额矛盾', '下限不能高于上限，也不能越过现有余额。'],
  no_such_pend: ['没有这笔预留', '没有找到这笔预留。'],
  pend_ended: ['预留已结束', '这笔预留已经完成、取消或过期。'],
  pend_exceeded: ['超过预留金额', '入账金额不能大于预留金额。'],
  no_such_bar: ['没有这项限制', '没有找到这项账户限制。'],
  bar_ended: ['限制已结束', '这项账户限制已经解除或到期。'],
  bars_full: ['限制过多', '这个账户不能再增加限制。'],
  no_floor: ['不能限制金额', '这个账户没有余额下限，不能限制其中的一笔金额。'],
  archived: ['已归档', '这笔业务早已办理，现已归档；如需查阅，请联系运营方。'],
  id_already_used: ['编号已用过', '这个编号已用于另一笔内容不同的请求。'],
  busy: ['现在很忙', '请求太多，暂时没有处理。请过一会儿再试。'],
  outcome_unknown: ['结果待定', '暂时不知道是否成功。用同一个请求标识再试一次，不会重复执行。'],

  ...partiesZh,
  ...custodyZh,
  ...cashierZh,
  ...settlementZh,
  ...reconciliationZh,
  ...integratorsZh,
  ...noticesZh,

  above_ceiling: [
    '超出余额上限',
    facts => {
      const told = sums(facts, 'room')
      return `${told ? `这个余额账户最多还能存入 ${told[0]}，放不下 ${told[1]}。` : '这个余额账户放不下这笔钱。'}请选别的余额账户，或退回付款人。`
    },
  ],
  amount_differs: ['金额不一致', '金额与商户码上的金额不一样。请重新扫码。'],
  bank_account_taken: [
    '账号已被使用',
    '这家银行的这个账号已属于另一个资金池。请核对账号，每个资金池要有自己的账号。',
  ],
  code_expired: ['付款码已过期', '付款码 60 秒内有效。请顾客刷新付款码再扫。'],
  code_of_another_merchant: [
    '不是本店的付款码',
    '这个付款码用于另一家商户。请顾客打开本店的付款码。',
  ],
  code_unknown: ['付款码无效', '没有这个付款码。请顾客刷新后再扫。'],
  code_used: ['付款码已用过', '每个付款码只能用一次。请顾客刷新付款码再扫。'],
  merchant_code_closed: ['商户码已停用', '这个商户码已停用。请向店家要新的二维码。'],
  merchant_code_paid: ['已经付过', '这个商户码是一次性的，已经付过。'],
  merchant_funds_short: [
    '商户可退金额不足',
    facts => {
      const told = sums(facts, 'available', 'earned')
      return `${told ? `可用于退款 ${told[0]}，不够 ${told[1]}。` : '可用于退款的金额不够。'}等有新的收款后再退，或减少金额。`
    },
  ],
  merchant_not_open: ['商户未营业', '这家商户目前没有营业，暂时办不了。'],
  merchant_takes_no_top_ups: ['商户暂停充值', '这家商户目前不接受充值，已有余额不受影响。'],
  no_such_merchant_code: ['没有这个商户码', '没有找到这个商户码。请核对后再试。'],
  no_such_outlet: ['没有这家门店', '没有找到这家门店。'],
  no_such_pool: ['没有这个资金池', '没有找到这个资金池。'],
  no_such_proposal: ['没有这个提议', '没有找到这个提议。'],
  no_such_part: ['没有这笔退款', '没有找到这笔退款。'],
  no_such_purse: ['没有这个余额账户', '没有找到这个余额账户。'],
  no_such_spend: ['没有这笔消费', '没有找到这笔消费。'],
  no_such_suspense: ['没有这笔暂收款', '没有找到这笔暂收款。'],
  no_such_term: ['没有这一项', '资金等式里没有这一项。'],
  no_such_top_up: ['没有这笔充值', '没有找到这笔充值。'],
  no_such_withdrawal: ['没有这笔退回', '没有找到这笔退回。'],
  own_proposal: ['不能确认自己的提议', '提议必须由另一个人确认或驳回。请交给同事处理。'],
  payer_not_bound: [
    '还没有绑定付款账户',
    '在钱包里付款，要先授权绑定你的钱包账户。还没有扣款，请先绑定。',
  ],
  own_purse: [
    '与您有关的余额账户',
    '这个余额账户是您本人的，或属于您任职的商户。请交给无关的同事处理。',
  ],
  proposal_decided: ['已经处理过', '这个提议已经确认或驳回。刷新后查看结果。'],
  purse_full: [
    '超出余额上限',
    facts => {
      const told = sums(facts, 'room')
      return told
        ? `最多还能充 ${told[0]}，放不下 ${told[1]}。请减少金额。`
        : '充值后会超过余额上限。请减少金额。'
    },
  ],
  purse_of_another_merchant: ['不是这家商户的余额', '预付余额只能在所属商户使用。'],
  purse_of_another_pool: [
    '不在同一个资金池',
    '这个余额账户属于另一个资金池，钱不能跨池划转。请另选，或退回付款人。',
  ],
  qr_malformed: ['二维码看不懂', '这不是收款二维码，或已损坏。请重新扫，或输入商户码。'],
  refund_exceeds_spend: [
    '超过可退金额',
    facts => {
      const told = sums(facts, 'left', 'refundable', 'available')
      return told ? `这笔消费还能退 ${told[0]}，不够 ${told[1]}。` : '累计退款不能超过消费金额。'
    },
  ],
  source_short: [
    '原路可退金额不足',
    facts => {
      const told = sums(facts, 'most')
      return `${told ? `能退回原支付方式的有 ${told[0]}，不够 ${told[1]}。` : '能退回原支付方式的金额不够。'}请减少金额。`
    },
  ],
  spend_already_answered: ['已经处理过', '这笔消费已经确认或谢绝过了。'],
  static_code_limit: [
    '超出静态码每日限额',
    facts => {
      const told = sums(facts, 'left')
      return `${told ? `今天扫静态码还能付 ${told[0]}，不够 ${told[1]}。` : '扫静态码每天最多付 500 元。'}请出示付款码，或让商家出一个带金额的码。`
    },
  ],
  spend_not_done: ['消费尚未完成', '这笔消费还没有完成，不能退款。'],
  suspense_decided: ['已有提议或已处理', '这笔暂收款已有待确认的提议，或已经处理完。刷新后查看。'],
  no_such_request: ['没有这笔结算申请', '没有找到这笔结算申请。'],
  bad_signature: ['签名无效', '签名核对不上，没有受理。'],
  gateway_silent: ['支付平台没有回应', '还没有扣款。请稍后再试。'],
  gateway_refused: ['支付平台没有受理', '没有扣款。请换一种方式，或稍后再试。'],
  way_not_offered: ['不能这样付款', '这个支付平台没有这种付款方式。还没有扣款，请换一种方式。'],
  bill_broken: ['账单不完整', '支付平台的账单中途断开，或有看不懂的行。没有采用，稍后会再取。'],
  bill_not_ready: [
    '账单还没有出',
    '支付平台还没有这一天的账单，或这一天没有交易。请明天上午再取。',
  ],
}

export const zhRules: Rules = {
  malformed: '格式不对。',
  required: '必填。',
  unknown_field: '没有这个字段，请去掉。',
  type: facts => `类型不对，应为 ${String(facts['type'] ?? '另一种类型')}。`,
  pattern: '格式不对。',
  unseen: '必填，不能只有空格。',
  format: facts => `格式不对，应为 ${String(facts['format'] ?? '另一种格式')}。`,
  choice: '不在可选的值之内。',
  min_length: facts => `至少 ${String(facts['limit'] ?? 1)} 个字符。`,
  max_length: facts => `最多 ${String(facts['limit'] ?? '')} 个字符。`,
  min_items: facts => `至少 ${String(facts['limit'] ?? 1)} 项。`,
  max_items: facts => `最多 ${String(facts['limit'] ?? '')} 项。`,
  minimum: facts => `不能小于 ${String(facts['limit'] ?? '')}。`,
  maximum: facts => `不能大于 ${String(facts['limit'] ?? '')}。`,
}
