/** GET and POST /pay/<token>: the payer sees the order, and confirms. */
import { randomBytes } from 'node:crypto'
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { page, type Language } from './page.ts'
import type { Order, PlayedWallet } from './wallet.ts'

type Asked = FastifyRequest<{ Params: { token: string }; Querystring: { lang?: string } }>
const cookieShape = /(?:^|;\s*)wallet=([\w-]{22})(?:;|$)/

export function bindPayPage(server: FastifyInstance, wallet: PlayedWallet): void {
  server.get('/pay/:token', (request: Asked, reply) => {
    const payer = payerOf(request, reply)
    const order = wallet.byToken(request.params.token)
    if (order && !order.seen) wallet.see(order)
    return show(reply, request, order, payer)
  })

  server.post('/pay/:token', (request: Asked, reply) => {
    const payer = payerOf(request, reply)
    const order = wallet.byToken(request.params.token)
    const act = new URLSearchParams(String(request.body ?? '')).get('act')
    if (act === 'fill') wallet.fill(payer)
    const paid = order && act === 'pay' && wallet.pay(order.order, payer) === 'paid'
    if (paid && order.returnUrl) return reply.redirect(order.returnUrl, 303)
    return show(reply, request, paid ? wallet.byToken(request.params.token) : order, payer)
  })

  function show(reply: FastifyReply, request: Asked, order: Order | undefined, payer: string) {
    const language = languageOf(request)
    void reply.type('text/html; charset=utf-8').headers(guards(order?.returnUrl))
    if (!order) return reply.code(404).send(page({ state: 'unknown', language }))
    const { subject, returnUrl, currency } = order
    const balance = { minor: wallet.payerOf(payer).minor, currency }
    const state = wallet.stateOf(order)
    return reply.send(
      page({ state, language, amount: order, subject, order: order.order, balance, returnUrl }),
    )
  }
}

/** One test wallet per browser. */
export function payerOf(request: FastifyRequest, reply: FastifyReply): string {
  const known = cookieShape.exec(request.headers.cookie ?? '')?.[1]
  if (known) return known
  const payer = randomBytes(16).toString('base64url')
  const secure = request.protocol === 'https' ? '; Secure' : ''
  const kept = `Path=/; HttpOnly; SameSite=Lax; Max-Age=31536000${secure}`
  void reply.header('set-cookie', `wallet=${payer}; ${kept}`)
  return payer
}

export function languageOf(request: FastifyRequest): Language {
  const { lang } = request.query as { lang?: string }
  const wish = lang ?? request.headers['accept-language'] ?? 'zh'
  return wish.startsWith('en') ? 'en' : 'zh'
}

/** A browser follows the redirect after the form only to an origin that the policy names. */
export function guards(returnUrl?: string): Record<string, string> {
  const to = returnUrl && URL.canParse(returnUrl) ? ` ${new URL(returnUrl).origin}` : ''
  return {
    'content-security-policy': `default-src 'none'; style-src 'unsafe-inline'; form-action 'self'${to}; base-uri 'none'; frame-ancestors 'none'`,
    'referrer-policy': 'no-referrer',
    'x-content-type-options': 'nosniff',
    'cache-control': 'no-store',
  }
}
