/**
 * A payment platform over one signed line: custody's port `Wallet`, fulfilled.
 *
 *   order.create · order.query · order.close · refund.make · refund.query   asked of the platform
 *   { notice, order, state, amount, tradeNo, account, at }                  told to us
 *
 * The platform's "no" is `{ "refused": "…" }`, signed like every answer. Anything else is silence.
 */
import type { Found, Notice, Payer, Wallet } from '@bursar/custody/wallet'
import {
  instantOf,
  moneyOf,
  openLine,
  textOf,
  type LineOptions,
  type Said,
} from '@bursar/gateway-signed'
import { Refusal, type Id } from '@bursar/kernel'
import { toWire } from '@bursar/money'

export type WalletOptions = LineOptions & Readonly<{ account: string; payer?: Payer }>

export function walletOverHttp(options: WalletOptions): Wallet {
  const { gateway, account, payer } = options
  const line = openLine(options)

  return {
    gateway,
    account,
    ...(payer && { payer }),
    success: { status: 200, type: 'text/plain', body: 'success' },

    ways: ['desk', 'phone'],
    refundable: { days: 365 },

    async create({ order, amount, subject, expiresAt, way, returnUrl }) {
      if (way !== 'desk' && way !== 'phone') throw new Refusal('way_not_offered', { gateway, way })
      const answer = await line.ask('order.create', {
        account,
        order,
        amount: toWire(amount),
        subject,
        expiresAt: expiresAt.toISOString(),
        returnUrl,
      })
      const refused = textOf(answer, 'refused')
      if (refused) throw new Refusal('gateway_refused', { gateway, refused })
      const payUrl = textOf(answer, 'payUrl')
      if (!payUrl || !/^https?:\/\//.test(payUrl)) throw new Refusal('gateway_silent', { gateway })
      return { way, url: payUrl }
    },

    async query(order: Id): Promise<Found> {
      const answer = await line.ask('order.query', { account, order })
      const state = textOf(answer, 'state')
      if (state === 'waiting' || state === 'closed') return { state }
      const [amount, tradeNo] = [moneyOf(answer, 'amount'), textOf(answer, 'tradeNo')]
      const payer = textOf(answer, 'payer')
      if (state === 'paid' && amount && tradeNo)
        return { state, amount, tradeNo, ...(payer && { payer }) }
      return { state: 'unknown' }
    },

    async close(order: Id) {
      const state = textOf(await line.ask('order.close', { account, order }), 'state')
      return state === 'closed' || state === 'paid' ? state : 'unknown'
    },

    async refund({ order, refund, amount }) {
      const ask = { account, order, refund, amount: toWire(amount) }
      const answer = await line.ask('refund.make', ask)
      const refused = textOf(answer, 'refused')
      if (refused) return { refused }
      return textOf(answer, 'state') === 'done' ? 'done' : 'unknown'
    },

    async refundQuery({ order, refund }) {
      const state = textOf(await line.ask('refund.query', { account, order, refund }), 'state')
      return state === 'done' || state === 'none' ? state : 'unknown'
    },

    verify: async (headers, rawBody) => noticeOf(line.hear(headers, rawBody), gateway),
  }
}

function noticeOf(said: Said, gateway: string): Notice {
  const word = (name: string) => textOf(said, name)
  const [id, order, state, tradeNo] = ['notice', 'order', 'state', 'tradeNo'].map(word)
  const [amount, at, account] = [moneyOf(said, 'amount'), instantOf(said, 'at'), word('account')]
  const known = state === 'paid' || state === 'closed'
  const payer = word('payer')
  if (!known || !id || !order || !tradeNo || !amount || !at || !account)
    throw new Refusal('bad_signature', { gateway, reason: 'not a notice' })
  return { id, order, state, amount, tradeNo, account, at, ...(payer && { payer }) }
}
