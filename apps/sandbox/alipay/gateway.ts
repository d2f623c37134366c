/**
 * Alipay's door, played on its real wire: POST /gateway.do for the operator, GET /gateway.do for a payer's
 * browser. Questions are signed by the app, answers by the platform, over the bytes as they are sent.
 */
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { answerCall } from '../answer-call.ts'
import { fromBeijing } from '../doors.ts'
import type { Faults } from '../faults.ts'
import type { Timers } from '../timers.ts'
import type { PlayedWallet } from '../wallet.ts'
import { named, numberOf } from './certificates.ts'
import { rsa2, signedBy, type AlipaySide, type Fields } from './keys.ts'
import { bindV3 } from './v3.ts'
import {
  failed,
  openOrder,
  tradeMethods,
  type Answer,
  type Business,
  type Method,
} from './trade.ts'

type Parts = Readonly<{
  faults: Faults
  timers: Timers
  wallet: PlayedWallet
  side: AlipaySide
  /** What else is asked of Alipay: bills, and who somebody is. */
  more: Readonly<Record<string, Method>>
}>
type Asked = FastifyRequest<{ Querystring: Record<string, string> }>

export function bindGateway(server: FastifyInstance, parts: Parts): void {
  const { faults, timers, wallet, side, more } = parts
  const methods = { ...tradeMethods(wallet, side), ...more }

  server.post('/gateway.do', (request: Asked, reply) => {
    const form = new URLSearchParams(String(request.body ?? ''))
    const fields = { ...request.query, ...Object.fromEntries(form) }
    const { method: call = '' } = fields
    return answerCall({ faults, timers }, { party: 'alipay', call }, reply, () => {
      const answer = wrong(side, fields) ?? perform(methods, fields)
      return signed(side, call, answer)
    })
  })

  bindV3(server, { ...parts, methods })

  server.get('/gateway.do', (request: Asked, reply) => {
    const fields = request.query
    if (!pages.has(fields['method'] ?? '') || wrong(side, fields)) return noOrder(reply)
    const { order } = openOrder(wallet, side, businessOf(fields), fields)
    return order ? reply.redirect(wallet.pageOf(order), 302) : noOrder(reply)
  })
}

const pages: ReadonlySet<string> = new Set([
  'alipay.trade.page.pay',
  'alipay.trade.wap.pay',
  'alipay.trade.app.pay',
])

const noOrder = (reply: FastifyReply) =>
  reply.code(400).type('text/html; charset=utf-8').send('<h1>支付宝 · 订单信息有误</h1>')

/** Why the question is not heard at all. */
function wrong(side: AlipaySide, fields: Fields): Answer | undefined {
  if (fields['app_id'] !== side.appId)
    return failed('isv.invalid-app-id', '无效的AppID参数', '40002')
  if (fields['sign_type'] !== 'RSA2' || !signedBy(side.app, fields))
    return failed('isv.invalid-signature', '验签出错', '40002')
  if (!named(side, fields['app_cert_sn'], fields['alipay_root_cert_sn']))
    return failed('isv.invalid-app-cert-sn', '应用证书序列号无效', '40002')
  if (fields['charset'] !== 'utf-8' || fields['version'] !== '1.0')
    return failed('isv.invalid-parameter', '参数无效', '40002')
  const at = fromBeijing(fields['timestamp'] ?? '').getTime()
  // A clock in another zone is a common fault, and is told as the platform tells it.
  if (!(Math.abs(at - Date.now()) < 15 * 60_000))
    return failed('isv.invalid-timestamp', '非法的时间戳参数', '40002')
  return undefined
}

function perform(methods: Readonly<Record<string, Method>>, fields: Fields): Answer {
  const name = fields['method'] ?? ''
  const method = Object.hasOwn(methods, name) ? methods[name] : undefined
  return method
    ? method(businessOf(fields), fields)
    : failed('isv.invalid-method', '不存在的方法名', '40002')
}

function businessOf({ biz_content: text = '{}' }: Fields): Business {
  try {
    return JSON.parse(text) as Business
  } catch {
    return {}
  }
}

/** The answer's text is signed as it stands, with its slashes escaped as Alipay does it. */
function signed(side: AlipaySide, method: string, answer: Answer) {
  const text = JSON.stringify(answer).replaceAll('/', '\\/')
  const name = `${method.replaceAll('.', '_')}_response`
  const number = side.certificates && numberOf(side.certificates.platform)
  const by = number ? `"alipay_cert_sn":"${number}",` : ''
  const body = `{"${name}":${text},${by}"sign":"${rsa2(side.platform, text)}"}`
  const headers = { 'content-type': 'text/html;charset=utf-8' }
  return { body: Buffer.from(body), headers }
}
