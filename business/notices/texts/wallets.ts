/** What the wallets' apps say on the payee's phone: WeChat, Alipay, UnionPay's 云闪付. */
import type { Found, Kind, None, Platform, Told } from './told.ts'
import { fenOf, sum } from './wording.ts'

type Rule = Readonly<{ rule: string; shape: RegExp; kind?: Kind; none?: None; title?: RegExp }>
type Wallet = Readonly<{ platform: Platform; official: RegExp; rules: readonly Rule[] }>

const shape = (words: string) => new RegExp(`(?:${words})[:：， ]?(?:金额|到账)?[:：]?\\s?${sum}`)

/** Read in this order: the first that fits is what the text is. A rule without a kind says why it is none. */
const wallets: readonly Wallet[] = [
  {
    platform: 'wechat-pay',
    official:
      /^(?:微信支付|微信收款助手|微信收款商业版|收款小账本|收款通知|微信收款|微信支付商家助手|微信)$/,
    rules: [
      {
        rule: 'wechat.outgoing',
        shape: /支付凭证|付款金额|你已支付|已支付|扣费|自动续费|向.{1,20}付款|转账给|付款成功/,
        none: 'outgoing',
      },
      {
        rule: 'wechat.pending',
        shape: /\[转账\]|请你确认收款|待确认收款|\[微信红包\]|红包/,
        none: 'not_received',
      },
      {
        rule: 'wechat.day',
        shape: /今日(?:累计|收款\d|共)|昨日|本月|本周|累计收款|收款日报|共收款|共\d+笔/,
        none: 'summary',
      },
      {
        rule: 'wechat.refund',
        shape: shape('退款成功|顾客退款|已退款|退款给顾客|退款支出|已退还'),
        kind: 'refund',
        title: /助手|商业版|小账本|收款/,
      },
      { rule: 'wechat.refunded', shape: /退款/, none: 'own_refund' },
      {
        rule: 'wechat.code',
        shape: shape(
          '个人收款码到账|二维码收款到账|经营码收款到账|二维码收款|经营收款码到账|经营码收款|二维码赞赏到账|收款单到账',
        ),
        kind: 'payment',
      },
      {
        rule: 'wechat.received',
        shape: shape(
          '微信支付收款|收款到账通知|收款到账|成功收款|已收款|收款金额|到账金额|收款成功|微信收款|已到账|收款',
        ),
        kind: 'payment',
      },
    ],
  },
  {
    platform: 'alipay',
    official:
      /^(?:支付宝|支付宝通知|支付助手|支付宝店员通|店员通|商家服务|收钱码|支付宝收钱|支付宝商家服务|蚂蚁商家中心|.*[成功收款到账付款转账退]{2,}.*)$/,
    rules: [
      {
        rule: 'alipay.outgoing',
        shape:
          /你已成功向|付款成功|支付成功|成功付款|自动扣款|消费了|交易提醒.*支出|已扣款|还款成功|转出/,
        none: 'outgoing',
      },
      {
        rule: 'alipay.own',
        // What stands behind the receipt's own sentence is an offer.
        shape: /^[^。]*(?:余额宝.*收益|收益到账|奖励金|红包|提现|理财|基金|集分宝)/,
        none: 'not_a_sale',
      },
      {
        rule: 'alipay.day',
        shape: /今日(?:累计|收款\d|共)|昨日|本月|本周|累计收款|收款日报|共收款|共\d+笔/,
        none: 'summary',
      },
      {
        rule: 'alipay.refund',
        shape: shape('退款成功|已退还顾客|向顾客退款|已退款给顾客|退还买家|已向买家退款'),
        kind: 'refund',
      },
      { rule: 'alipay.refunded', shape: /退款/, none: 'own_refund' },
      {
        rule: 'alipay.scanned',
        shape: shape('通过扫码向[你您]付款|向[你您]付款|向[你您]转账'),
        kind: 'payment',
      },
      { rule: 'alipay.transfer', shape: new RegExp(`收到.{1,20}?的?转账${sum}`), kind: 'payment' },
      {
        rule: 'alipay.assistant',
        shape: new RegExp(`${sum} ?收到一笔(?:转账|付款|收款)`),
        kind: 'payment',
      },
      {
        rule: 'alipay.received',
        shape: shape(
          '支付宝成功收款|已成功收款|成功收款|收款到账|支付宝到账|收钱码到账|收钱码收款|收款成功|收款金额|支付宝收款|店员通 ?收款|到账',
        ),
        kind: 'payment',
      },
    ],
  },
  {
    platform: 'unionpay',
    official:
      /^(?:云闪付|消息推送|银联|银联云闪付|云闪付商户|银联商务|收款到账通知|动账通知|收款通知)$/,
    rules: [
      {
        rule: 'unionpay.outgoing',
        shape: /消费|付款成功|支付成功|转出|支出|还款/,
        none: 'outgoing',
      },
      {
        rule: 'unionpay.day',
        shape: /今日(?:累计|收款\d|共)|昨日|本月|累计收款|共\d+笔/,
        none: 'summary',
      },
      { rule: 'unionpay.refund', shape: shape('退款成功|已退款|退货成功|已退还'), kind: 'refund' },
      { rule: 'unionpay.undone', shape: shape('撤销成功|已撤销|冲正'), kind: 'reversal' },
      { rule: 'unionpay.refunded', shape: /退款|退货/, none: 'own_refund' },
      {
        rule: 'unionpay.received',
        shape: shape(
          '云闪付收款|二维码收款|扫码收款|通过扫码向[你您]付款|向[你您]付款|向[你您]转账|收款到账|到账|入账|来帐|收款成功|收款金额|收款',
        ),
        kind: 'payment',
      },
    ],
  },
]

const packages: Readonly<Record<string, Platform>> = {
  'com.tencent.mm': 'wechat-pay',
  'com.eg.android.AlipayGphone': 'alipay',
  'com.alipay.m.portal': 'alipay',
  'com.unionpay': 'unionpay',
  'com.unionpay.merchant': 'unionpay',
}

/** Apps of acquirers, where a receipt names the wallet that it came by. */
const acquirers: Readonly<Record<string, RegExp>> = { 'com.wosai.cashbar': /^收钱吧$/ }
const cameBy: Readonly<Record<string, Platform>> = {
  微信: 'wechat-pay',
  支付宝: 'alipay',
  云闪付: 'unionpay',
}

/** The wallet whose app shows the notice: by the app's package, else by what the notice calls itself. */
export function walletOf(
  { package: app, title = '', sender = '' }: Told,
  text: string,
): Platform | null {
  if (app && Object.hasOwn(packages, app)) return packages[app]!
  if (app && acquirers[app]?.test(title))
    return cameBy[/来自(微信|支付宝|云闪付)/.exec(text)?.[1] ?? ''] ?? null
  // A maker's push service shows the notices of others under its own name.
  if (app && !/push|xmsf|pushservice|mms|sms|messaging/i.test(app)) return null
  if (sender) return null
  const called = `${title} ${text.slice(0, 12)}`
  if (/微信/.test(called)) return 'wechat-pay'
  if (/支付宝|店员通/.test(called)) return 'alipay'
  return /云闪付|银联商务/.test(called) ? 'unionpay' : null
}

/**
 * Reads a wallet's notice. Its title must be one of the wallet's own: a chat partner's name stands in the same place,
 * and may write "微信支付收款100元".
 */
export function wallet(text: string, told: Told, platform: Platform): Found {
  const { official, rules } = wallets.find(one => one.platform === platform)!
  const title = (told.title ?? '').trim()
  const body = text
    .replace(/^\[\d+条\] ?/, '')
    .replace(/^(微信支付|微信收款助手|微信收款商业版|支付助手): ?/, '')
  const isAcquirer = acquirers[told.package ?? '']?.test(title)
  if (title && !official.test(title) && !isAcquirer) return { none: 'not_official' }
  const whole = /\d/.test(title) ? `${title} ${body}` : body
  for (const { rule, shape: fits, kind, none, title: called } of rules) {
    const found = fits.exec(whole)
    if (!found || (called && title && !called.test(title))) continue
    if (none) return { none }
    const amount = fenOf(found)
    if (amount) return { rule, platform, kind: kind!, amount }
  }
  return { none: 'not_a_receipt' }
}
