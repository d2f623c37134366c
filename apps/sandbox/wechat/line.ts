/** Where the merchant calls the played WeChat Pay: API v3's own paths, each answer signed. */
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { answerCall } from '../answer-call.ts'
import type { Faults } from '../faults.ts'
import type { Bills } from './bill.ts'
import type { Certificates } from './certificates.ts'
import { refund, refundOf, type RefundDesk } from './refunds.ts'
import { isMerchant, wechatSeal } from './seal.ts'
import {
  close,
  Declined,
  find,
  mustBeOurs,
  order,
  transaction,
  type Kind,
  type Wish,
} from './orders.ts'
import type { Order } from '../wallet.ts'

type Json = Readonly<Record<string, unknown>>
type Words = Readonly<{ no?: string; mchid?: string; token?: string; bill_date?: string }>
type Asked = FastifyRequest<{ Params: Words; Querystring: Words }>
type Call = (wish: Wish, request: Asked) => Json | undefined
type Line = RefundDesk & Readonly<{ faults: Faults; certificates: Certificates; bills: Bills }>

/** As the platform's pages have it; any other code goes with 400. */
const statuses: Readonly<Record<string, number>> = {
  SYSTEM_ERROR: 500,
  SYSTEMERROR: 500,
  BANK_ERROR: 500,
  FREQUENCY_LIMITED: 429,
  RATELIMIT_EXCEEDED: 429,
  NOT_ENOUGH: 403,
  USER_ACCOUNT_ABNORMAL: 403,
  NO_AUTH: 403,
  ORDERNOTEXIST: 404,
  ORDER_NOT_EXIST: 404,
  RESOURCE_NOT_EXISTS: 404,
  SIGN_ERROR: 401,
}

export function bindWechat(server: FastifyInstance, on: Line): void {
  const pay = '/v3/pay/transactions'
  const create =
    (kind: Kind): Call =>
    wish =>
      order(on, kind, wish)
  const calls: readonly [name: string, method: 'GET' | 'POST', path: string, call: Call][] = [
    ['native', 'POST', `${pay}/native`, create('NATIVE')],
    ['h5', 'POST', `${pay}/h5`, create('MWEB')],
    ['jsapi', 'POST', `${pay}/jsapi`, create('JSAPI')],
    ['query', 'GET', `${pay}/out-trade-no/:no`, queried(on)],
    ['query', 'GET', `${pay}/id/:no`, queriedById(on)],
    ['close', 'POST', `${pay}/out-trade-no/:no/close`, closed(on)],
    ['refund', 'POST', '/v3/refund/domestic/refunds', wish => refund(on, wish, endOf(on))],
    [
      'refund.query',
      'GET',
      '/v3/refund/domestic/refunds/:no',
      (_, { params }) => refundOf(on, params.no!),
    ],
    ['certificates', 'GET', '/v3/certificates', () => on.certificates.shown()],
    [
      'bill',
      'GET',
      '/v3/bill/tradebill',
      (_, { query, headers }) => on.bills.order(query.bill_date ?? '', `http://${headers.host}`),
    ],
  ]
  for (const [name, method, url, call] of calls)
    server.route({
      method,
      url,
      handler: (request: Asked, reply) => answer(on, name, call, request, reply),
    })
  server.get('/v3/billdownload/file', (request: Asked, reply) => {
    if (!isMerchant(on.keys, askedOf(request))) return unsigned(on, request, reply)
    const cut = on.faults.take('wechat', ['cut']) !== undefined
    return reply.type('text/plain').send(on.bills.file(request.query.token ?? '', cut))
  })
}

const queried =
  (on: Line): Call =>
  (_, { params, query }) => {
    mustBeOurs(on.keys, query.mchid)
    return transaction(on, params.no!)
  }

const queriedById =
  (on: Line): Call =>
  (_, { params, query }) => {
    mustBeOurs(on.keys, query.mchid)
    const known = on.world.all<Order>('order').find(one => one.tradeNo === params.no)
    if (!known) throw new Declined(404, 'ORDER_NOT_EXIST', '订单不存在')
    return transaction(on, known.order)
  }

const closed =
  (on: Line): Call =>
  ({ body }, { params }) => {
    mustBeOurs(on.keys, body['mchid'])
    if (find(on, params.no!).order.state === 'closed')
      throw new Declined(400, 'ORDER_CLOSED', '该订单已关闭')
    close(on, params.no!)
    return undefined
  }

const endOf = ({ faults }: Line) =>
  faults.take('wechat', ['abnormal'], 'refund') ? 'ABNORMAL' : 'SUCCESS'

const askedOf = (request: FastifyRequest) => ({
  method: request.method,
  path: request.url,
  authorization: String(request.headers.authorization ?? ''),
  body: Buffer.isBuffer(request.body) ? request.body : Buffer.alloc(0),
})

async function answer(
  on: Line,
  name: string,
  call: Call,
  request: Asked,
  reply: FastifyReply,
): Promise<unknown> {
  const asked = askedOf(request)
  if (!isMerchant(on.keys, asked)) return unsigned(on, request, reply)
  return answerCall(on, { party: 'wechat', call: name }, reply, () => {
    const fault = on.faults.take('wechat', ['declined'], name)
    if (!fault) return written(on, request, reply, done(call, request, asked.body))
    const { code = 'SYSTEM_ERROR' } = fault
    return written(on, request, reply, {
      status: statuses[code] ?? 400,
      said: { code, message: code },
    })
  })
}

type Done = Readonly<{ status: number; said?: Json | undefined }>

function done(call: Call, request: Asked, raw: Buffer): Done {
  try {
    const body = raw.length > 0 ? (JSON.parse(raw.toString('utf8')) as Json) : {}
    const wanted = request.headers['wechatpay-serial']
    const said = call({ body, ...(typeof wanted === 'string' && { signer: wanted }) }, request)
    return { status: said ? 200 : 204, said }
  } catch (error) {
    if (!(error instanceof Declined)) throw error
    return { status: error.status, said: { code: error.code, message: error.message } }
  }
}

function written(
  { certificates }: Line,
  request: Asked,
  reply: FastifyReply,
  { status, said }: Done,
): { body: Buffer; headers: Record<string, string> } {
  const wanted = request.headers['wechatpay-serial']
  const body = said ? JSON.stringify(said) : ''
  const key = certificates.signer(typeof wanted === 'string' ? wanted : undefined)
  void reply.code(status)
  if (body) void reply.type('application/json; charset=utf-8')
  return { body: Buffer.from(body), headers: wechatSeal(key, body) }
}

function unsigned(on: Line, request: Asked, reply: FastifyReply): FastifyReply {
  const said = { code: 'SIGN_ERROR', message: '签名错误' }
  const { body, headers } = written(on, request, reply, { status: 401, said })
  return reply.headers(headers).send(body)
}
