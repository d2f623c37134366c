/** What Alipay's own browser does when a page calls `tradePay`: GET /tradePay?tradeNO, for the one buyer of that trade. */
import type { FastifyInstance, FastifyRequest } from 'fastify'
import { payerNumber } from '../doors.ts'
import { page } from '../page.ts'
import { guards, languageOf, payerOf } from '../pay-page.ts'
import type { PlayedWallet } from '../wallet.ts'
import type { World } from '../world.ts'

type Asked = FastifyRequest<{ Querystring: { tradeNO?: string; returnUrl?: string } }>

export function bindBridge(server: FastifyInstance, wallet: PlayedWallet, world: World): void {
  server.get('/tradePay', (request: Asked, reply) => {
    const { tradeNO = '', returnUrl = '' } = request.query
    const order = wallet.byTradeNo(tradeNO)
    if (!order || order.buyer !== payerNumber(payerOf(request, reply))) {
      void reply.code(404).type('text/html; charset=utf-8').headers(guards())
      return reply.send(page({ state: 'unknown', language: languageOf(request) }))
    }
    if (/^https?:\/\//.test(returnUrl) && URL.canParse(returnUrl))
      world.put(['order', order.order, { ...order, returnUrl }])
    return reply.redirect(wallet.pageOf(order), 302)
  })
}
