/** The platform's own page, on which the payer confirms: phone first, no script, in two languages. */
import { toWire, type Money } from '@bursar/money'

export type Language = 'zh' | 'en'
export type Sight = Readonly<{
  state: 'waiting' | 'paid' | 'closed' | 'unknown'
  language: Language
  amount?: Money
  subject?: string
  order?: string
  balance?: Money
  returnUrl?: string
}>

const words = {
  zh: {
    brand: '沙盒钱包',
    test: '测试环境 · 不是真钱',
    title: { waiting: '确认付款', paid: '已付款', closed: '订单已关闭', unknown: '没有这笔订单' },
    to: '收款方',
    pool: '资金池托管账户',
    what: '商品',
    order: '订单号',
    balance: '钱包余额',
    pay: (sum: string) => `确认付款 ${sum} 元`,
    short: (sum: string, left: string) => `余额 ${left} 元，不够 ${sum} 元。请先补足测试余额。`,
    fill: '补足测试余额',
    back: '返回商家',
    leave: '不付了，返回商家',
    closed: '这笔订单已过期或被商家关闭，没有扣款。请返回商家重新发起。',
    unknown: '链接不完整或已失效。请返回商家重新发起。',
    paid: '款项已付，商家会收到通知。',
    consent: '授权登录',
    asks: '商家想知道您的账号与昵称，用来把余额绑定到您的钱包。它不能动用您的钱。',
    agree: '同意授权',
    other: 'English',
  },
  en: {
    brand: 'Sandbox Wallet',
    test: 'Test environment · no real money',
    title: {
      waiting: 'Confirm payment',
      paid: 'Paid',
      closed: 'Order closed',
      unknown: 'No such order',
    },
    to: 'Payee',
    pool: 'Custody account of the pool',
    what: 'For',
    order: 'Order',
    balance: 'Wallet balance',
    pay: (sum: string) => `Pay CNY ${sum}`,
    short: (sum: string, left: string) =>
      `Your balance is CNY ${left}, which is less than CNY ${sum}. Refill the test balance first.`,
    fill: 'Refill test balance',
    back: 'Back to the merchant',
    leave: 'Do not pay, go back',
    closed: 'This order has expired or was closed. Nothing was taken. Go back and start again.',
    unknown: 'The link is incomplete or no longer valid. Go back and start again.',
    paid: 'The payment is made. The merchant will be told.',
    consent: 'Authorise',
    asks: 'The merchant wants to know your account and nickname, to bind a balance to your wallet. It cannot touch your money.',
    agree: 'I agree',
    other: '中文',
  },
} as const

const style = `
:root{color-scheme:light dark;--ink:#16202a;--soft:#5a6672;--line:#e3e7eb;--page:#f4f6f8;--card:#fff;--blue:#0b63ce;--ok:#0a7d4b;--warn:#9a5b00}
@media (prefers-color-scheme:dark){:root{--ink:#e8edf2;--soft:#9aa7b4;--line:#2b353f;--page:#10161c;--card:#182129;--blue:#3d8bea;--ok:#3fbf86;--warn:#e0a352}}
*{box-sizing:border-box}
body{margin:0;min-height:100vh;background:var(--page);color:var(--ink);font:16px/1.5 -apple-system,"PingFang SC","Noto Sans SC","Noto Sans CJK SC",system-ui,sans-serif;font-variant-numeric:tabular-nums}
main{max-width:430px;margin:0 auto;padding:16px 16px 32px}
header{display:flex;align-items:center;gap:10px;padding:8px 0 20px}
header svg{flex:none}
header b{font-weight:600;flex:1}
header a{color:var(--soft);font-size:14px;padding:10px 0 10px 12px}
section{background:var(--card);border:1px solid var(--line);border-radius:14px;padding:28px 20px 20px}
h1{font-size:16px;font-weight:500;color:var(--soft);margin:0;text-align:center}
.sum{font-size:44px;line-height:1.15;font-weight:600;letter-spacing:-.5px;text-align:center;margin:6px 0 24px}
.sum small{font-size:22px;font-weight:500;margin-right:4px}
dl{margin:0;border-top:1px solid var(--line)}
dl div{display:flex;justify-content:space-between;gap:16px;padding:12px 0;border-bottom:1px solid var(--line)}
dt{color:var(--soft);flex:none}dd{margin:0;text-align:right;overflow-wrap:anywhere}
dd.order{font-size:13px;line-height:1.75}
p{margin:18px 0 0}p.warn{color:var(--warn)}p.ok{color:var(--ok);text-align:center}p.mid{text-align:center}
button,.go{display:block;width:100%;min-height:50px;border:0;border-radius:10px;background:var(--blue);color:#fff;font-family:inherit;font-size:17px;font-weight:600;line-height:50px;text-align:center;text-decoration:none;cursor:pointer;margin-top:22px}
button:focus-visible,a:focus-visible{outline:3px solid var(--blue);outline-offset:2px}
.leave{display:block;text-align:center;color:var(--soft);padding:16px 0 4px}
footer{text-align:center;color:var(--soft);font-size:13px;margin-top:18px}
@media (prefers-color-scheme:dark){button,.go{color:#08131f}}
@media (min-width:700px){main{padding-top:56px}}`

const mark = `<svg width="28" height="28" viewBox="0 0 28 28" aria-hidden="true"><rect width="28" height="28" rx="8" fill="var(--blue)"/><path d="M7 10h14v9H7zM7 10l10-3v3M17 14.5h4" fill="none" stroke="#fff" stroke-width="1.8" stroke-linejoin="round"/></svg>`

const escaped = (text: string): string =>
  text.replace(/[&<>"']/g, sign => `&#${sign.codePointAt(0)};`)
/** 1234567.80 as 1,234,567.80 */
const printed = (sum: Money): string => toWire(sum).amount.replace(/\B(?=(\d{3})+\.)/g, ',')
const row = (name: string, value: string, kind = ''): string =>
  `<div><dt>${name}</dt><dd class="${kind}">${value}</dd></div>`

export function page(sight: Sight): string {
  const { state, language, amount } = sight
  const say = words[language]
  return whole(
    language,
    say.title[state],
    `${amount ? `<div class="sum"><small>¥</small>${printed(amount)}</div>` : ''}
${state === 'unknown' ? '' : facts(sight)}${act(sight)}`,
  )
}

/** Whether the operator may know whose wallet this is. */
export function consentPage(language: Language, query: string): string {
  const say = words[language]
  const form = `<form method="post"><button name="act" value="agree">${say.agree}</button></form>`
  return whole(language, say.consent, `<p>${say.asks}</p>${form}`, query)
}

function whole(language: Language, title: string, inside: string, query = ''): string {
  const say = words[language]
  const other = language === 'zh' ? 'en' : 'zh'
  return `<!doctype html>
<html lang="${language === 'zh' ? 'zh-CN' : 'en'}"><head><meta charset="utf-8">
<meta name="viewport" content="width=device-width,initial-scale=1"><meta name="robots" content="noindex">
<title>${title} · ${say.brand}</title><style>${style}</style></head>
<body><main><header>${mark}<b>${say.brand}</b><a href="?${escaped(query)}lang=${other}" hreflang="${other}">${say.other}</a></header>
<section><h1>${title}</h1>
${inside}</section>
<footer>${say.test}</footer></main></body></html>`
}

function facts({ language, subject = '', order = '', balance, state }: Sight): string {
  const say = words[language]
  const rows = [
    row(say.to, say.pool),
    row(say.what, escaped(subject)),
    row(say.order, escaped(order), 'order'),
    ...(balance && state !== 'closed' ? [row(say.balance, `¥ ${printed(balance)}`)] : []),
  ]
  return `<dl>${rows.join('')}</dl>`
}

/** What the payer can do now: one button, and always a way back. */
function act({ state, language, amount, balance, returnUrl }: Sight): string {
  const say = words[language]
  const back = (text: string, kind: string) =>
    returnUrl ? `<a class="${kind}" href="${escaped(returnUrl)}">${text}</a>` : ''
  if (state === 'unknown') return `<p class="mid">${say.unknown}</p>`
  if (state === 'closed') return `<p>${say.closed}</p>${back(say.back, 'go')}`
  if (state === 'paid') return `<p class="ok">✓ ${say.paid}</p>${back(say.back, 'go')}`
  if (!amount || !balance) return ''
  const form = (action: string, text: string) =>
    `<form method="post"><button name="act" value="${action}">${text}</button></form>`
  const short = balance.minor < amount.minor
  return short
    ? `<p class="warn">${say.short(printed(amount), printed(balance))}</p>${form('fill', say.fill)}${back(say.leave, 'leave')}`
    : `${form('pay', say.pay(printed(amount)))}${back(say.leave, 'leave')}`
}
