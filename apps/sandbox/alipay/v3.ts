/**
 * The same trades over Alipay's newer wire: POST /v3/alipay/trade/…, JSON both ways, signed in headers. Where a day's bill
 * lies is a GET.
 *
 *   Authorization      ALIPAY-SHA256withRSA app_id=…,nonce=…,timestamp=…,sign=… over `it\nmethod\npath\nbody\n`
 *   alipay-signature   over `timestamp\nnonce\nbody\n`; a "no" is a 4xx with a code
 */
import { createPublicKey, randomUUID, verify } from 'node:crypto'
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { answerCall } from '../answer-call.ts'
import type { Faults } from '../faults.ts'
import type { Timers } from '../timers.ts'
import { named, numberOf } from './certificates.ts'
import { rsa2, type AlipaySide } from './keys.ts'
import type { Business, Method } from './trade.ts'

type Parts = Readonly<{
  faults: Faults
  timers: Timers
  side: AlipaySide
  methods: Readonly<Record<string, Method>>
}>
type Json = Readonly<Record<string, unknown>>
const scheme = 'ALIPAY-SHA256withRSA '

export function bindV3(server: FastifyInstance, { faults, timers, side, methods }: Parts): void {
  const bill = '/v3/alipay/data/dataservice/bill/downloadurl/query'
  server.get(bill, (request, reply) => answer(request, reply, request.query as Business))
  server.post('/v3/alipay/trade/*', (request, reply) => answer(request, reply))

  function answer(request: FastifyRequest, reply: FastifyReply, query?: Business) {
    const call = (request.url.split('?')[0] ?? '').slice('/v3/'.length).replaceAll('/', '.')
    const body = Buffer.isBuffer(request.body) ? request.body.toString() : ''
    return answerCall({ faults, timers }, { party: 'alipay', call }, reply, () => {
      if (!isFromApp(side, request, body))
        return signed(side, reply, 401, { code: 'invalid-signature', message: '验签出错' })
      const method = Object.hasOwn(methods, call) ? methods[call] : undefined
      if (!method) return signed(side, reply, 404, { code: 'api-not-exist', message: '接口不存在' })
      const told = query ?? (JSON.parse(body || '{}') as Business)
      const { notify_url: notify, ...business } = told
      const said = method(business, notify === undefined ? {} : { notify_url: notify })
      const { code, msg: _, sub_code: no, sub_msg: why, ...rest } = said
      return code === '10000'
        ? signed(side, reply, 200, rest)
        : signed(side, reply, 400, { code: no, message: why, links: [] })
    })
  }
}

function isFromApp(side: AlipaySide, request: FastifyRequest, body: string): boolean {
  const { authorization = '', 'alipay-root-cert-sn': root } = request.headers
  const [, said = '', sign = ''] = /^(.*),sign=(.*)$/.exec(authorization.replace(scheme, '')) ?? []
  const fields = Object.fromEntries(said.split(',').map(one => one.split('=')))
  const isNow = Math.abs(Number(fields['timestamp']) - Date.now()) < 15 * 60_000
  if (!authorization.startsWith(scheme) || fields['app_id'] !== side.appId || !isNow) return false
  if (!named(side, fields['app_cert_sn'], typeof root === 'string' ? root : undefined)) return false
  const text = `${said}\n${request.method}\n${request.url}\n${body}\n`
  const key = createPublicKey(side.app.publicKey)
  return verify('sha256', Buffer.from(text), key, Buffer.from(sign, 'base64'))
}

function signed(side: AlipaySide, reply: FastifyReply, status: number, said: Json) {
  const [body, time, nonce] = [JSON.stringify(said), String(Date.now()), randomUUID()]
  void reply.code(status)
  const headers: Record<string, string> = {
    'content-type': 'application/json;charset=utf-8',
    ...{ 'alipay-timestamp': time, 'alipay-nonce': nonce, 'alipay-trace-id': nonce },
    'alipay-signature': rsa2(side.platform, `${time}\n${nonce}\n${body}\n`),
    ...(side.certificates && { 'alipay-sn': numberOf(side.certificates.platform) }),
  }
  return { body: Buffer.from(body), headers }
}
