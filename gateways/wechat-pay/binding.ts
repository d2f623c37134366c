/** Whose account it is: WeChat's own authorisation answers with a code, and the code with an openid. */
import type { Binding } from '@bursar/custody/wallet'
import { Refusal } from '@bursar/kernel'
import type { Said } from './line.ts'
import type { Secret } from './secrets.ts'
import type { Settings } from './settings.ts'
import { textOf } from './words.ts'

/** The platform is busy: the code may be good all the same. */
const busy = -1

export function bindingOver(
  gateway: string,
  settings: Settings & Readonly<{ appSecret: Secret }>,
  timeout: number,
): Binding {
  const { appid, appSecret, urls } = settings
  const open = urls?.open ?? 'https://open.weixin.qq.com'
  const api = urls?.api ?? 'https://api.weixin.qq.com'
  const silent = () => new Refusal('gateway_silent', { gateway })
  return {
    /** In this order: WeChat compares the text. `snsapi_base` tells the openid and nothing else. */
    bind({ state, returnUrl }) {
      const asked = {
        appid,
        redirect_uri: returnUrl,
        response_type: 'code',
        scope: 'snsapi_base',
        state,
      }
      return `${open}/connect/oauth2/authorize?${words(asked)}#wechat_redirect`
    },
    async bound(code) {
      const asked = { appid, secret: appSecret(), code, grant_type: 'authorization_code' }
      const said = await get(`${api}/sns/oauth2/access_token?${words(asked)}`, timeout)
      const payer = textOf(said, 'openid')
      if (payer) return { payer }
      const refused = said?.['errcode']
      if (typeof refused !== 'number' || refused === busy) throw silent()
      throw new Refusal('gateway_refused', { gateway, refused: `oauth_${refused}` })
    },
  }
}

const words = (asked: Readonly<Record<string, string>>) => new URLSearchParams(asked).toString()

async function get(url: string, timeout: number): Promise<Said | undefined> {
  try {
    const signal = AbortSignal.timeout(timeout)
    const answer = await fetch(url, { signal, redirect: 'error' })
    const said: unknown = await answer.json()
    return said && typeof said === 'object' ? (said as Said) : undefined
  } catch {
    return undefined
  }
}
