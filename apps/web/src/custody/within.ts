/**
 * In a wallet's own browser one pays there, with no code to scan and no page to go to: the page hands the call that
 * the platform made for this payer to the wallet's bridge, which opens its own sheet above ours.
 *
 *   WeChat   WeixinJSBridge, `getBrandWCPayRequest`
 *   Alipay   AlipayJSBridge, `tradePay`
 *
 * Whatever the sheet says when it closes, the money is told by the platform, to the server.
 */

type Call = Readonly<Record<string, string>>
type Heard = Readonly<{ err_msg?: string; resultCode?: string }>
/** A window, as far as it is looked at: a bridge comes into it some time after the page. */
export type Within = Readonly<{
  document: Pick<Document, 'addEventListener'>
  WeixinJSBridge?: { invoke(name: string, call: Call, then: (heard: Heard) => void): void }
  AlipayJSBridge?: { call(name: string, call: Call, then: (heard: Heard) => void): void }
}>
/** `none`: it is not that wallet's browser after all. */
export type Closed = 'done' | 'left' | 'none'

/** The platform whose wallet's browser this is, by what it calls itself. */
export function walletOf(userAgent: string): string | undefined {
  if (/AlipayClient/.test(userAgent)) return 'alipay'
  return /MicroMessenger/.test(userAgent) ? 'wechat-pay' : undefined
}

const bridges = {
  'wechat-pay': {
    ready: 'WeixinJSBridgeReady',
    open: ({ WeixinJSBridge: bridge }: Within, call: Call, then: (heard: Heard) => void) =>
      bridge && (bridge.invoke('getBrandWCPayRequest', call, then), true),
    isDone: ({ err_msg: said }: Heard) => said === 'get_brand_wcpay_request:ok',
  },
  alipay: {
    ready: 'AlipayJSBridgeReady',
    open: ({ AlipayJSBridge: bridge }: Within, call: Call, then: (heard: Heard) => void) =>
      bridge && (bridge.call('tradePay', call, then), true),
    // 8000 and 6004: it may have been paid.
    isDone: ({ resultCode: said }: Heard) => said === '9000' || said === '8000' || said === '6004',
  },
} as const
const isKnown = (gateway: string): gateway is keyof typeof bridges =>
  Object.hasOwn(bridges, gateway)

/** Ends when the wallet's sheet has closed, or no bridge has come within `patience` milliseconds. */
export function handOver(
  gateway: string,
  call: Call,
  within: Within = window as unknown as Within,
  patience = 3_000,
): Promise<Closed> {
  return new Promise(tell => {
    if (!isKnown(gateway)) return tell('none')
    const { ready, open, isDone } = bridges[gateway]
    const then = (heard: Heard) => tell(isDone(heard) ? 'done' : 'left')
    if (open(within, call, then)) return
    const late = setTimeout(() => tell('none'), patience)
    const came = () => {
      clearTimeout(late)
      if (!open(within, call, then)) tell('none')
    }
    within.document.addEventListener(ready, came, { once: true })
  })
}
