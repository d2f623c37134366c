/**
 * A payment platform, played: it holds what payers pay for us, and pays it out to our custody account.
 *
 *   waiting → paid       the payer confirms on the platform's page
 *   waiting → closed     we closed it, or its time is over; `pay` with `late` pays it all the same
 *
 * A refund goes back to the payer; the platform takes it from our custody account, as a bank debit.
 * An order's number means the same order for ever, and a refund's the same refund.
 */
import { randomBytes } from 'node:crypto'
import { toWire, type Money } from '@bursar/money'
import type { PlayedBank } from './bank.ts'
import type { Courier } from './courier.ts'
import type { Timers } from './timers.ts'
import { money, text, Unclear, type Said } from './wire.ts'
import type { Change, World } from './world.ts'

/** As whom the platform pays out. */
export const platformPayer = { name: 'wallet', account: '3100005500018800001' } as const

export type Order = Readonly<{
  order: string
  account: string
  minor: bigint
  currency: string
  subject: string
  expiresAt: string
  returnUrl: string
  token: string
  state: 'waiting' | 'paid' | 'closed'
  tradeNo?: string
  payer?: string
}>
export type Payer = Readonly<{ payer: string; minor: bigint }>
type Refund = Readonly<{ refund: string; order: string; minor: bigint }>
type Payout = Readonly<{ tradeNo: string; minor: bigint; currency: string; dueAt: number }>
/** What became of a payer's wish to pay. */
export type Paid = 'paid' | 'short' | 'closed'
export type PlayedWallet = ReturnType<typeof openWallet>

type Options = Readonly<{
  world: World
  timers: Timers
  courier: Courier
  bank: PlayedBank
  /** Where the platform's page is: the token is added. */
  payUrl: () => string
  /** The account at the bank to which the platform pays out, after this many milliseconds. */
  custody: string
  pause: number
  /** What a new payer's wallet holds, in fen. */
  purse: bigint
}>

/** The wallet over its world. */
export function openWallet(on: Options) {
  owes(on, on.world.all<Payout>('owed'))
  return {
    create: (said: Said) => create(on, said),
    query: (said: Said) => query(on, said),
    close: (said: Said) => close(on, said),
    refund: (said: Said) => refund(on, said),
    refundOf: (said: Said) => refundOf(on, said),
    pay: (order: string, payer: string, late = false) => pay(on, order, payer, late),
    owes: (payouts: readonly Payout[]) => owes(on, payouts),
    fill: (payer: string) => fill(on, payer),
    byToken: (token: string) => byToken(on, token),
    payerOf: (payer: string) => payerOf(on, payer),
    stateOf,
  }
}

const orderOf = ({ world }: Options, order: string) => world.get<Order>('order', order)
const payerOf = ({ world, purse }: Options, payer: string): Payer =>
  world.get<Payer>('payer', payer) ?? { payer, minor: purse }
const stateOf = (order: Order) =>
  order.state === 'waiting' && new Date(order.expiresAt) <= new Date() ? 'closed' : order.state
const keep = (order: Order): Change => ['order', order.order, order]

function create(on: Options, said: Said): Said {
  const { minor, currency } = money(said, 'amount')
  const [order, account, subject] = [
    text(said, 'order'),
    text(said, 'account'),
    text(said, 'subject'),
  ]
  const [expiresAt, returnUrl] = [text(said, 'expiresAt'), text(said, 'returnUrl')]
  if (minor <= 0n) return { refused: 'amount_not_positive' }
  if (!/^https?:\/\//.test(returnUrl)) throw new Unclear('returnUrl')
  const known = orderOf(on, order)
  if (known && (known.minor !== minor || known.currency !== currency || known.account !== account))
    return { refused: 'order_number_used' }
  if (known) return { payUrl: `${on.payUrl()}/${known.token}` }
  const token = randomBytes(24).toString('base64url')
  const made: Order = {
    ...{ order, account, minor, currency, subject, expiresAt, returnUrl, token },
    state: 'waiting',
  }
  on.world.put(keep(made), ['token', token, { order }])
  return { payUrl: `${on.payUrl()}/${token}` }
}

function query(on: Options, said: Said): Said {
  const order = orderOf(on, text(said, 'order'))
  if (!order) return { state: 'unknown' }
  return { state: stateOf(order), amount: toWire(order), tradeNo: order.tradeNo }
}

function close(on: Options, said: Said): Said {
  const order = orderOf(on, text(said, 'order'))
  if (!order) return { state: 'closed' }
  if (order.state === 'waiting') on.world.put(keep({ ...order, state: 'closed' }))
  return { state: order.state === 'paid' ? 'paid' : 'closed' }
}

/** The payer pays. `late`: although the order is closed, as a slow platform may let happen. */
function pay(on: Options, name: string, payer: string, late = false): Paid {
  const order = orderOf(on, name)
  if (!order) return 'closed'
  if (order.state === 'paid') return 'paid'
  if (stateOf(order) === 'closed' && !late) return 'closed'
  const { minor, currency, account } = order
  const held = payerOf(on, payer).minor
  if (held < minor) return 'short'
  const tradeNo = `trd_${randomBytes(12).toString('hex')}`
  const payout: Payout = { tradeNo, minor, currency, dueAt: Date.now() + on.pause }
  on.world.put(
    keep({ ...order, state: 'paid', tradeNo, payer }),
    ['payer', payer, { payer, minor: held - minor } satisfies Payer],
    ['owed', tradeNo, payout],
  )
  const at = new Date().toISOString()
  on.courier.send('wallet', {
    order: name,
    state: 'paid',
    amount: toWire(order),
    tradeNo,
    account,
    at,
  })
  on.timers.at(payout.dueAt, () => payOut(on, payout))
  return 'paid'
}

/** To the custody account, one credit per payment, with the payment's number as its reference. */
function payOut({ bank, custody }: Options, payout: Payout): void {
  const { tradeNo, minor, currency } = payout
  bank.credit(custody, { minor, currency }, platformPayer, tradeNo, ['owed', tradeNo, null])
}

function refund(on: Options, said: Said): Said {
  const [order, name, amount] = [
    orderOf(on, text(said, 'order')),
    text(said, 'refund'),
    money(said, 'amount'),
  ]
  if (!order || order.state !== 'paid' || !order.payer) return { refused: 'order_not_paid' }
  const known = on.world.get<Refund>('refund', name)
  if (known) {
    const same = known.minor === amount.minor && known.order === order.order
    return same ? { state: 'done' } : { refused: 'refund_number_used' }
  }
  const before = on.world.all<Refund>('refund').filter(one => one.order === order.order)
  const left = before.reduce((sum, one) => sum - one.minor, order.minor)
  if (amount.minor <= 0n || amount.minor > left) return { refused: 'more_than_was_paid' }
  const out: Money = { minor: -amount.minor, currency: amount.currency }
  const payer = payerOf(on, order.payer)
  on.world.put(
    ['refund', name, { refund: name, order: order.order, minor: amount.minor } satisfies Refund],
    ['payer', payer.payer, { ...payer, minor: payer.minor + amount.minor } satisfies Payer],
    ...on.bank.move(on.custody, out, name, 'wallet'),
  )
  return { state: 'done' }
}

function refundOf({ world }: Options, said: Said): Said {
  const [order, name] = [text(said, 'order'), text(said, 'refund')]
  return { state: world.get<Refund>('refund', name)?.order === order ? 'done' : 'none' }
}

/** A test wallet is filled up again for nothing. */
const fill = (on: Options, payer: string) =>
  on.world.put(['payer', payer, { payer, minor: on.purse } satisfies Payer])
const byToken = (on: Options, token: string) => {
  const found = on.world.get<{ order: string }>('token', token)
  return found && orderOf(on, found.order)
}

function owes(on: Options, payouts: readonly Payout[]): void {
  for (const payout of payouts) on.timers.at(payout.dueAt, () => payOut(on, payout))
}
