/** The real Alipay, where the environment names it. What is half there, or malformed, stops the start with one sentence. */
import { Hindrance } from '@bursar/database'
import { alipayWallet, Misconfigured, settingsOf, type AlipayOptions } from '@bursar/gateway-alipay'

type Report = (sentence: string) => void

export function alipayIn(
  environment: NodeJS.ProcessEnv,
  origin: string | undefined,
  report: Report,
): AlipayOptions | undefined {
  try {
    const settings = settingsOf(environment)
    if (!settings) return undefined
    if (!origin?.startsWith('https:'))
      throw new Misconfigured(
        'Alipay tells us of payments over https: set PUBLIC_ORIGIN to the address it reaches us at.',
      )
    const options = { ...settings, notifyUrl: `${origin}/v1/gateways/alipay/notify`, report }
    // Opened once to see whether its keys can be read, and belong together.
    alipayWallet(options)
    return options
  } catch (error) {
    if (error instanceof Misconfigured) throw new Hindrance(error.message)
    throw error
  }
}
