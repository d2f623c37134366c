/** What people call a platform; one without a name of its own is shown by its id. */
import { useWords } from './words.ts'

const named = {
  alipay: 'wallet.alipay',
  'wechat-pay': 'wallet.wechat',
  'sandbox-wallet': 'wallet.sandbox',
} as const
const isNamed = (gateway: string): gateway is keyof typeof named => Object.hasOwn(named, gateway)

export function useGatewayName(): (gateway: string) => string {
  const say = useWords()
  return gateway => (isNamed(gateway) ? say(named[gateway]) : gateway)
}
