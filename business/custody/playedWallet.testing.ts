/**
 * For tests: a platform in memory whose every answer the test decides. Its notices are signed: what is
 * not, it never said.
 */
import { generateKeyPairSync, randomUUID, sign, verify, type KeyObject } from 'node:crypto'
import { Refusal } from '@bursar/kernel'
import { cny, fromWire, toWire, type Money } from '@bursar/money'
import type { Found, Notice, RefundSaid, Wallet } from './wallet.ts'

type Order = { amount: Money; state: Found['state']; tradeNo: string }
/** What it answers next, where the test wants something else. */
type Says = {
  refund?: RefundSaid | { refused: string }
  refundQuery?: RefundSaid | 'none'
  query?: Found
  close?: 'closed' | 'paid' | 'unknown'
  /** Its create is never answered. */
  dumb?: true
}
const account = 'our-account'

export function playWallet(gateway = 'wallet') {
  const { publicKey, privateKey } = generateKeyPairSync('ed25519')
  const orders = new Map<string, Order>()
  const refunds = new Map<string, Money>()
  const says: Says = {}
  return {
    wallet: walletOver(gateway, publicKey, orders, refunds, says),
    orders,
    refunds,
    says,
    pay: (order: string) => void (orders.get(order)!.state = 'paid'),
    notice: (said: Partial<Notice> & { order: string }) =>
      noticeOf(privateKey, orders.get(said.order), said),
  }
}

function walletOver(
  gateway: string,
  publicKey: KeyObject,
  orders: Map<string, Order>,
  refunds: Map<string, Money>,
  says: Says,
): Wallet {
  return {
    gateway,
    account,
    ways: ['phone'],
    refundable: { days: 365 },
    success: { status: 200, type: 'text/plain', body: 'success' },
    create: async ({ order, amount }) => {
      if (says.dumb) throw new Refusal('gateway_silent', { gateway })
      if (!orders.has(order))
        orders.set(order, { amount, state: 'waiting', tradeNo: `trade-${randomUUID()}` })
      return { way: 'phone', url: `https://wallet.test/pay/${order}` }
    },
    query: async order => says.query ?? orders.get(order) ?? { state: 'unknown' },
    close: async order => {
      if (says.close) return says.close
      const known = orders.get(order)!
      if (known.state === 'waiting') known.state = 'closed'
      return known.state === 'paid' ? 'paid' : 'closed'
    },
    refund: async ({ refund, amount }) => {
      if (says.refund) return says.refund
      refunds.set(refund, amount)
      return 'done'
    },
    refundQuery: async ({ refund }) => says.refundQuery ?? (refunds.has(refund) ? 'done' : 'none'),
    verify: async (headers, rawBody) => {
      const signature = Buffer.from(String(headers['signature'] ?? ''), 'base64')
      if (!verify(null, rawBody, publicKey, signature))
        throw new Refusal('bad_signature', { gateway })
      const { amount, at, ...said } = JSON.parse(rawBody.toString())
      return { ...said, amount: fromWire(amount), at: new Date(at) } as Notice
    },
  }
}

/** A notice as it comes over the wire. */
function noticeOf(
  privateKey: KeyObject,
  known: Order | undefined,
  said: Partial<Notice> & { order: string },
) {
  const whole = {
    id: randomUUID(),
    state: 'paid',
    tradeNo: known?.tradeNo ?? `trade-${randomUUID()}`,
    account,
    ...said,
    amount: toWire(said.amount ?? known?.amount ?? cny('1.00')),
    at: new Date().toISOString(),
  }
  const rawBody = Buffer.from(JSON.stringify(whole))
  return { headers: { signature: sign(null, rawBody, privateKey).toString('base64') }, rawBody }
}
