/**
 * Where a payer meets the played WeChat Pay: the way from a phone's browser to the order, what the wallet's own
 * browser does when a page calls it, and the page on which somebody lets an app know who they are.
 *
 *   GET  /cgi-bin/mmpayweb-bin/checkmweb   ?prepay_id&redirect_url                 H5
 *   GET  /bridge                           ?appId&timeStamp&nonceStr&package&…     JSAPI, as getBrandWCPayRequest
 *   GET  /connect/oauth2/authorize         ?appid&redirect_uri&state               a code, by the person's word
 *   GET  /sns/oauth2/access_token          ?appid&secret&code                      whose code it was, once
 */
import { randomBytes } from 'node:crypto'
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { consentPage, page } from '../page.ts'
import { guards, languageOf, payerOf } from '../pay-page.ts'
import type { Order } from '../wallet.ts'
import { isCall } from './seal.ts'
import { byPrepayId, openidOf, type WechatOrder, type WechatWorld } from './orders.ts'

type Words = Readonly<Record<string, string>>
type Asked = FastifyRequest<{ Querystring: Words }>
type Grant = Readonly<{ payer: string; until: number }>

const codeLives = 300_000
export function bindWechatDoors(
  pages: FastifyInstance,
  calls: FastifyInstance,
  on: WechatWorld,
): void {
  const grants = new Map<string, Grant>()
  pages.get('/cgi-bin/mmpayweb-bin/checkmweb', (request: Asked, reply) => {
    const { prepay_id: prepayId = '', redirect_url: returnUrl = '' } = request.query
    const order = orderOf(on, byPrepayId(on, prepayId))
    if (!order) return sorry(request, reply)
    if (isAddress(returnUrl)) on.world.put(['order', order.order, { ...order, returnUrl }])
    return reply.redirect(`${on.publicUrl()}/pay/${order.token}`, 302)
  })

  pages.get('/bridge', (request: Asked, reply) => {
    const { package: what = '', returnUrl = '' } = request.query
    const order = orderOf(on, byPrepayId(on, what.replace(/^prepay_id=/, '')))
    const openid = order && on.world.get<WechatOrder>('wechat-order', order.order)?.openid
    const isPayer = openid === openidOf(on.keys.appid, payerOf(request, reply))
    if (!order || !isCall(on.keys, request.query) || !isPayer) return sorry(request, reply)
    if (isAddress(returnUrl)) on.world.put(['order', order.order, { ...order, returnUrl }])
    return reply.redirect(`${on.publicUrl()}/pay/${order.token}`, 302)
  })

  pages.get('/connect/oauth2/authorize', (request: Asked, reply) => {
    if (!isWish(on, request.query)) return sorry(request, reply)
    payerOf(request, reply)
    const { lang: _, ...asked } = request.query
    const query = `${new URLSearchParams(asked).toString()}&`
    return shown(reply, asked['redirect_uri']).send(consentPage(languageOf(request), query))
  })

  pages.post('/connect/oauth2/authorize', (request: Asked, reply) => {
    if (!isWish(on, request.query)) return sorry(request, reply)
    const payer = payerOf(request, reply)
    const code = randomBytes(16).toString('hex')
    grants.set(code, { payer, until: Date.now() + codeLives })
    const to = new URL(request.query['redirect_uri']!)
    to.searchParams.set('code', code)
    to.searchParams.set('state', request.query['state'] ?? '')
    return reply.redirect(to.href, 303)
  })

  calls.get('/sns/oauth2/access_token', (request: Asked, reply) => {
    const { appid, secret, code = '', grant_type: kind } = request.query
    if (appid !== on.keys.appid) return reply.send({ errcode: 40013, errmsg: 'invalid appid' })
    if (secret !== on.keys.appSecret)
      return reply.send({ errcode: 40125, errmsg: 'invalid appsecret' })
    const grant = grants.get(code)
    grants.delete(code)
    if (kind !== 'authorization_code' || !grant || grant.until < Date.now())
      return reply.send({ errcode: 40029, errmsg: 'invalid code' })
    const openid = openidOf(appid, grant.payer)
    on.world.put(['openid', openid, { payer: grant.payer }])
    const tokens = { access_token: randomBytes(32).toString('hex'), refresh_token: openid }
    return reply.send({ ...tokens, expires_in: 7200, openid, scope: 'snsapi_base' })
  })
}

const isAddress = (text: string) => /^https?:\/\//.test(text) && URL.canParse(text)
const orderOf = ({ world }: WechatWorld, number: string | undefined) =>
  number === undefined ? undefined : world.get<Order>('order', number)

const isWish = ({ keys }: WechatWorld, asked: Words) =>
  asked['appid'] === keys.appid &&
  asked['response_type'] === 'code' &&
  isAddress(asked['redirect_uri'] ?? '')

const shown = (reply: FastifyReply, to?: string) =>
  reply.type('text/html; charset=utf-8').headers(guards(to))

const sorry = (request: Asked, reply: FastifyReply): FastifyReply =>
  shown(reply.code(404)).send(page({ state: 'unknown', language: languageOf(request) }))
