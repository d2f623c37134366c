/**
 * Somebody lets the operator know their Alipay account: Alipay's own page asks, the browser goes back with a code,
 * the operator changes the code for a token and asks whose it is. A code is good once, for three minutes.
 */
import { randomBytes } from 'node:crypto'
import type { FastifyInstance, FastifyRequest } from 'fastify'
import { payerNumber } from '../doors.ts'
import { guards, languageOf, payerOf } from '../pay-page.ts'
import { consentPage } from '../page.ts'
import type { World } from '../world.ts'
import type { AlipaySide } from './keys.ts'
import { failed, type Method } from './trade.ts'

type Asked = FastifyRequest<{ Querystring: Record<string, string> }>
/** A payer's code or token, and until when. */
type Pass = Readonly<{ payer: string; until: number }>
const threeMinutes = 3 * 60_000
const halfAYear = 180 * 24 * 3_600_000

export function bindAuthorise(server: FastifyInstance, world: World, { appId }: AlipaySide): void {
  const path = '/oauth2/publicAppAuthorize.htm'
  const good = ({ app_id: app, redirect_uri: to = '', scope = '' }: Record<string, string>) =>
    app === appId && /^https?:\/\//.test(to) && URL.canParse(to) && scope.startsWith('auth_')

  server.get(path, (request: Asked, reply) => {
    payerOf(request, reply)
    void reply.type('text/html; charset=utf-8').headers(guards(request.query['redirect_uri']))
    if (!good(request.query)) return reply.code(400).send('<h1>支付宝 · 参数有误</h1>')
    const { lang: _, ...query } = request.query
    return consentPage(languageOf(request), `${new URLSearchParams(query).toString()}&`)
  })

  server.post(path, (request: Asked, reply) => {
    if (!good(request.query)) return reply.code(400).send()
    const { redirect_uri: to = '', state = '', scope = '' } = request.query
    const code = randomBytes(16).toString('hex')
    const pass: Pass = { payer: payerOf(request, reply), until: Date.now() + threeMinutes }
    world.put(['code', code, pass])
    const back = new URL(to)
    const said = { app_id: appId, source: 'alipay_wallet', scope, auth_code: code, state }
    for (const [name, value] of Object.entries(said)) back.searchParams.set(name, value)
    return reply.redirect(back.href, 303)
  })
}

export const authoriseMethods = (world: World): Readonly<Record<string, Method>> => ({
  'alipay.system.oauth.token': (_, { code = '' }) => {
    const pass = world.get<Pass>('code', code)
    if (!pass || pass.until < Date.now())
      return failed('isv.code-invalid', '授权码code无效', '40002')
    const token = randomBytes(20).toString('hex')
    const kept: Pass = { ...pass, until: Date.now() + halfAYear }
    const [number, known] = [payerNumber(pass.payer), { payer: pass.payer }]
    world.put(['code', code, null], ['grant', token, kept], ['known', number, known])
    const seconds = String(halfAYear / 1000)
    const times = { expires_in: seconds, re_expires_in: seconds }
    const refresh = randomBytes(20).toString('hex')
    return {
      access_token: token,
      refresh_token: refresh,
      user_id: payerNumber(pass.payer),
      ...times,
    }
  },
  'alipay.user.info.share': (_, { auth_token: token = '' }) => {
    const pass = world.get<Pass>('grant', token)
    if (!pass || pass.until < Date.now())
      return failed('isv.invalid-auth-token', '无效的访问令牌', '40002')
    const user = { user_id: payerNumber(pass.payer), nick_name: nickOf(pass.payer) }
    return { code: '10000', msg: 'Success', ...user }
  },
})

/** Somebody's nickname there: any of a few, the same for ever. */
const nickOf = (payer: string): string => {
  const nicks = ['茶客小王', '爱喝酒的阿明', '网吧常客', '李小姐'] as const
  return nicks[Number(BigInt(payerNumber(payer)) % 4n)] ?? nicks[0]
}
