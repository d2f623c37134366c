/**
 * A payment platform, played: it holds what payers pay for us, and pays it out to our custody account.
 *
 *   waiting → paid       the payer confirms on the platform's page
 *   waiting → closed     we closed it, or its time is over; `pay` with `late` pays it all the same
 *
 * A refund goes back to the payer; the platform takes it from our custody account, as a bank debit.
 * An order's number means the same order for ever, and a refund's the same refund. Platforms share this money: each has a
 * front door of its own (doors.ts), which turns its words into these.
 */
import { randomBytes } from 'node:crypto'
import { toWire, type Money } from '@bursar/money'
import type { PlayedBank } from './bank.ts'
import type { Courier } from './courier.ts'
import { payerNumber, payersOut, tradeNoOf, type Door } from './doors.ts'
import type { Timers } from './timers.ts'
import type { Change, World } from './world.ts'

export type Order = Readonly<{
  order: string
  /** Where it was made; absent at the nameless wallet's. */
  door?: Door
  account: string
  minor: bigint
  currency: string
  subject: string
  expiresAt: string
  /** Where the payer goes afterwards, if anywhere. */
  returnUrl: string
  /** Where this order's notices go, if not to the operator's one address. */
  notifyUrl?: string
  token: string
  state: 'waiting' | 'paid' | 'closed'
  /** The payer has had it before their eyes. */
  seen?: true
  tradeNo?: string
  /** The number of the one payer that it was made for. */
  buyer?: string
  payer?: string
  paidAt?: string
}>
export type NewOrder = Omit<Order, 'token' | 'state' | 'seen' | 'tradeNo' | 'payer' | 'paidAt'>
export type Payer = Readonly<{ payer: string; minor: bigint }>
export type Refund = Readonly<{ refund: string; order: string; minor: bigint; at?: string }>
type Payout = Readonly<{
  tradeNo: string
  door?: Door
  minor: bigint
  currency: string
  dueAt: number
}>
/** What became of a payer's wish to pay. */
export type Paid = 'paid' | 'short' | 'closed'
export type Refunded =
  | 'done'
  | 'done_before'
  | 'order_not_paid'
  | 'refund_number_used'
  | 'more_than_was_paid'
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
    open: (ask: NewOrder) => open(on, ask),
    find: (door: Door, order: string) => find(on, door, order),
    close: (order: Order) => close(on, order),
    refund: (order: Order | undefined, name: string, amount: Money) =>
      refund(on, order, name, amount),
    refundOf: (name: string) => on.world.get<Refund>('refund', name),
    pageOf: ({ token }: Order) => `${on.payUrl()}/${token}`,
    pay: (order: string, payer: string, late = false) => pay(on, order, payer, late),
    owes: (payouts: readonly Payout[]) => owes(on, payouts),
    fill: (payer: string) => fill(on, payer),
    byToken: (token: string) => byToken(on, token),
    see: (order: Order) => on.world.put(keep({ ...order, seen: true })),
    /** As if its payer had looked: it has a number at once. */
    number: (order: Order) => number(on, order),
    payerOf: (payer: string) => payerOf(on, payer),
    /** Whether somebody with this number has let the operator know it. */
    knows: (number: string) => on.world.get('known', number) !== undefined,
    byTradeNo: (tradeNo: string) => byTradeNo(on, tradeNo),
    orders: () => on.world.all<Order>('order'),
    refunds: () => on.world.all<Refund>('refund'),
    stateOf,
  }
}

const orderOf = ({ world }: Options, order: string) => world.get<Order>('order', order)
const payerOf = ({ world, purse }: Options, payer: string): Payer =>
  world.get<Payer>('payer', payer) ?? { payer, minor: purse }
const stateOf = (order: Order) =>
  order.state === 'waiting' && new Date(order.expiresAt) <= new Date() ? 'closed' : order.state
const keep = (order: Order): Change => ['order', order.order, order]
const doorOf = ({ door = 'wallet' }: Pick<Order, 'door'>): Door => door

/** A number of one platform means nothing to another. */
function find(on: Options, door: Door, name: string): Order | undefined {
  const order = orderOf(on, name)
  return order && doorOf(order) === door ? order : undefined
}

/** The order, known before or new; undefined if its number means another. */
function open(on: Options, ask: NewOrder): Order | undefined {
  const known = orderOf(on, ask.order)
  if (known) {
    const same = known.minor === ask.minor && known.currency === ask.currency
    return same && known.account === ask.account && doorOf(known) === doorOf(ask)
      ? known
      : undefined
  }
  const token = randomBytes(24).toString('base64url')
  const made: Order = { ...ask, token, state: 'waiting' }
  on.world.put(keep(made), ['token', token, { order: ask.order }])
  return made
}

function number(on: Options, order: Order): string {
  const tradeNo = order.tradeNo ?? tradeNoOf(doorOf(order), new Date())
  on.world.put(keep({ ...order, seen: true, tradeNo }), ['trade', tradeNo, { order: order.order }])
  return tradeNo
}

function close(on: Options, order: Order): 'paid' | 'closed' {
  if (order.state === 'waiting') on.world.put(keep({ ...order, state: 'closed' }))
  return order.state === 'paid' ? 'paid' : 'closed'
}

/** The payer pays. `late`: although the order is closed, as a slow platform may let happen. */
function pay(on: Options, name: string, payer: string, late = false): Paid {
  const order = orderOf(on, name)
  if (!order) return 'closed'
  if (order.state === 'paid') return 'paid'
  if (stateOf(order) === 'closed' && !late) return 'closed'
  const { minor, currency, account, door, notifyUrl: url } = order
  const held = payerOf(on, payer).minor
  if (held < minor) return 'short'
  const now = new Date()
  const [tradeNo, at] = [order.tradeNo ?? tradeNoOf(doorOf(order), now), now.toISOString()]
  const payout: Payout = {
    ...{ tradeNo, minor, currency, dueAt: now.getTime() + on.pause },
    ...(door && { door }),
  }
  on.world.put(
    keep({ ...order, state: 'paid', seen: true, tradeNo, payer, paidAt: at }),
    ['payer', payer, { payer, minor: held - minor } satisfies Payer],
    ['owed', tradeNo, payout],
  )
  const told = { order: name, state: 'paid', amount: toWire(order), tradeNo, account, at }
  on.courier.send(
    doorOf(order),
    { ...told, payer: payerNumber(payer), subject: order.subject },
    url ? { url } : {},
  )
  on.timers.at(payout.dueAt, () => payOut(on, payout))
  return 'paid'
}

/** To the custody account, one credit per payment, with the payment's number as its reference. */
function payOut({ bank, custody }: Options, payout: Payout): void {
  const { tradeNo, minor, currency } = payout
  const payer = payersOut[doorOf(payout)]
  bank.credit(custody, { minor, currency }, payer, tradeNo, ['owed', tradeNo, null])
}

function refund(on: Options, order: Order | undefined, name: string, amount: Money): Refunded {
  if (!order || order.state !== 'paid' || !order.payer) return 'order_not_paid'
  const known = on.world.get<Refund>('refund', name)
  if (known) {
    const same = known.minor === amount.minor && known.order === order.order
    return same ? 'done_before' : 'refund_number_used'
  }
  const before = on.world.all<Refund>('refund').filter(one => one.order === order.order)
  const left = before.reduce((sum, one) => sum - one.minor, order.minor)
  if (amount.minor <= 0n || amount.minor > left) return 'more_than_was_paid'
  const out: Money = { minor: -amount.minor, currency: amount.currency }
  const payer = payerOf(on, order.payer)
  const { minor } = amount
  const made: Refund = { refund: name, order: order.order, minor, at: new Date().toISOString() }
  on.world.put(
    ['refund', name, made],
    ['payer', payer.payer, { ...payer, minor: payer.minor + minor } satisfies Payer],
    ...on.bank.move(on.custody, out, name, payersOut[doorOf(order)].name),
  )
  return 'done'
}

/** A test wallet is filled up again for nothing. */
const fill = (on: Options, payer: string) =>
  on.world.put(['payer', payer, { payer, minor: on.purse } satisfies Payer])
const byToken = (on: Options, token: string) => {
  const found = on.world.get<{ order: string }>('token', token)
  return found && orderOf(on, found.order)
}

const byTradeNo = (on: Options, tradeNo: string) => {
  const found = on.world.get<{ order: string }>('trade', tradeNo)
  return found && orderOf(on, found.order)
}

function owes(on: Options, payouts: readonly Payout[]): void {
  for (const payout of payouts) on.timers.at(payout.dueAt, () => payOut(on, payout))
}
