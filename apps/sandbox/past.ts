/**
 * What the world has seen before it was started: the demo town's month, told in one change. Told again,
 * it changes nothing.
 */
import { createHash } from 'node:crypto'
import { kept, type Spoil } from './bill-spoils.ts'
import type { Door } from './doors.ts'
import type { Change, World } from './world.ts'

export type PastOrder = Readonly<{
  order: string
  minor: bigint
  currency: string
  subject: string
  returnUrl: string
  /** Where it was made, if not at the nameless wallet's, and our account there. */
  door?: Door
  account?: string
  /** Of an order that was paid. */
  tradeNo?: string
  payer?: string
  paidAt?: string
}>
/** Without a reason it was paid, with one it bounced. `payee`: account, a blank, name. */
export type PastPayment = Readonly<{
  payout: string
  minor: bigint
  currency: string
  payee: string
  reason?: string
}>
export type Past = Readonly<{
  /** Our account at the platform, and at the bank. */
  account: string
  custody: string
  orders: readonly PastOrder[]
  refunds: readonly Readonly<{ order: string; refund: string; minor: bigint }>[]
  payments: readonly PastPayment[]
  /** What was paid to us, by the bank's notice of it. */
  credits: readonly Readonly<{ notice: string; minor: bigint; currency: string; payer: string }>[]
  /** The bank's statement, oldest first. */
  lines: readonly Readonly<{ at: string; minor: bigint; reference: string; payer: string }>[]
  /** What the platform has collected and not paid out yet. */
  owed: readonly Readonly<{
    tradeNo: string
    door?: Door
    minor: bigint
    currency: string
    dueAt: number
  }>[]
  /** Rows that are wrong in the bills of these days. */
  spoils?: readonly Spoil[]
}>

type Account = Readonly<{ account: string; minor: bigint; currency: string; lines: number }>

export function tell(world: World, past: Past, currency = 'CNY'): boolean {
  const { account, custody, orders, refunds, payments, credits, owed, spoils = [] } = past
  if (world.get('past', custody)) return false
  const known = world.get<Account>('account', custody)
  let [after, no] = [known?.minor ?? 0n, known?.lines ?? 0]
  const lines = past.lines.map(({ minor, ...line }): Change => {
    after += minor
    no += 1
    return ['line', `${custody}/${no}`, { ...line, account: custody, no, change: minor, after }]
  })
  world.put(
    ...orders.flatMap(order => ordered(order, account)),
    ...refunds.map((one): Change => ['refund', one.refund, one]),
    ...payments.map((one): Change => ['payment', one.payout, paid(one, custody)]),
    ...credits.map(({ notice, ...one }): Change => [
      'credit',
      notice,
      { ...one, account: custody },
    ]),
    ...lines,
    ...owed.map((one): Change => ['owed', one.tradeNo, one]),
    ...spoils.map(kept),
    ['account', custody, { account: custody, minor: after, currency, lines: no }],
    ['past', custody, { lines: past.lines.length }],
  )
  return true
}

function ordered({ tradeNo, ...order }: PastOrder, account: string): Change[] {
  const token = createHash('sha256').update(`past ${order.order}`).digest('base64url')
  const state = tradeNo ? 'paid' : 'closed'
  const row = { account, ...order, token, state, expiresAt: new Date(0).toISOString() }
  return [
    ['order', order.order, { ...row, ...(tradeNo && { tradeNo }) }],
    ['token', token, { order: order.order }],
    ...(tradeNo ? [['trade', tradeNo, { order: order.order }] satisfies Change] : []),
  ]
}

const paid = ({ reason, ...payment }: PastPayment, account: string) => ({
  ...payment,
  account,
  state: reason ? 'bounced' : 'paid',
  ...(reason && { reason }),
  dueAt: 0,
})
