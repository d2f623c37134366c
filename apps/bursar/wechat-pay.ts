/** The real WeChat Pay, where the environment names it. What is half there, or malformed, stops the start with one sentence. */
import { Hindrance } from '@bursar/database'
import { HalfConfigured, settingsFrom, type WechatPayOptions } from '@bursar/gateway-wechat-pay'

export function wechatPayIn(
  environment: NodeJS.ProcessEnv,
  origin: string | undefined,
): WechatPayOptions | undefined {
  try {
    const settings = settingsFrom(environment)
    if (!settings) return undefined
    if (!origin?.startsWith('https:'))
      throw new HalfConfigured(
        'WeChat Pay tells us of payments over https: set PUBLIC_ORIGIN to the address it reaches us at.',
      )
    return { settings, notifyUrl: `${origin}/v1/gateways/wechat-pay/notify` }
  } catch (error) {
    if (error instanceof HalfConfigured) throw new Hindrance(error.message, { cause: error })
    throw error
  }
}
