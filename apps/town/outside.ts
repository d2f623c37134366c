/**
 * The outside world of the town's month: a platform and a bank that answer at once and say exactly what
 * happened. What they did is handed to the real players at the end, so that these go on from there.
 * Nobody else speaks to them, so nothing is signed.
 */
import { createHash } from 'node:crypto'
import type { Headers, Notice, Wallet } from '@bursar/custody/wallet'
import type { Bank, BankNotice } from '@bursar/settlement/bank'
import { fromWire, money, toWire, type Money } from '@bursar/money'
import { dayOf } from '@bursar/kernel'
import { fenTooMuch, leftOut } from './plan.ts'
import {
  payersOut,
  serialOf,
  type Door,
  type Past,
  type PastOrder,
  type PastPayment,
} from '@bursar/sandbox'

export type TownWallet = Wallet &
  Readonly<{
    /** The payer pays: the notice that the platform sends. Of a payment that is `held` the payout comes a week later. */
    paid(order: Paid, payout?: 'held'): Readonly<{ headers: Headers; rawBody: Buffer }>
    refunded(order: string, refund: string, amount: Money): void
    /** What the platform has collected since it last paid out; it is paid out now. */
    paysOut(): Money
  }>
export type TownBank = Bank &
  Readonly<{
    /** With a reason: bounced. */
    says(payment: PastPayment): Buffer
    /** Somebody pays us: the notice that the bank sends. */
    receives(amount: Money, reference: string, payer: BankPayer): Told
  }>
type BankPayer = Readonly<{ name: string; account: string }>
type Told = Readonly<{ event: string; body: Buffer }>
type Paid = Omit<PastOrder, 'returnUrl' | 'tradeNo' | 'door' | 'account' | 'paidAt'>

export type Names = Readonly<{ gateway: string; account: string }>
const word = (text: string) => createHash('sha256').update(text).digest('hex').slice(0, 24)
const week = 7 * 86_400_000
const success = { status: 200, type: 'text/plain', body: 'success' } as const

type Outside = Readonly<{ wallet: Names; alipay: Names; bank: Names }>

export function playOutside(names: Outside, now: () => Date) {
  const orders: PastOrder[] = []
  const refunds: Past['refunds'][number][] = []
  const payments: PastPayment[] = []
  const credits: Past['credits'][number][] = []
  const lines: Past['lines'][number][] = []
  const move = (minor: bigint, reference: string, payer: string) =>
    void lines.push({ at: now().toISOString(), minor, reference, payer })
  const notice = (said: object, amount: Money) =>
    Buffer.from(JSON.stringify({ ...said, amount: toWire(amount), at: now() }))

  const owed: Owed[] = []
  const books = { orders, refunds, owed, move, notice, now }
  const wallet = playWallet(names.wallet, 'wallet', books)
  const alipay = playWallet(names.alipay, 'alipay', books)
  const bank = playBank(names.bank, { payments, credits, lines, move, notice })

  const history = (owedAt: Date): Past => ({
    ...{ orders, refunds, payments, credits, lines },
    account: names.wallet.account,
    custody: names.bank.account,
    owed: owed.map(({ held, ...one }) => ({
      ...one,
      dueAt: owedAt.getTime() + (held ? week : 0),
    })),
    spoils: spoilsOf(orders),
  })
  return { wallet, alipay, bank, history }
}

type Owed = Readonly<{
  tradeNo: string
  door: Door
  minor: bigint
  currency: string
  held: boolean
}>
type Kept = Pick<Done, 'move' | 'notice'> &
  Readonly<{
    orders: PastOrder[]
    refunds: Past['refunds'][number][]
    owed: Owed[]
    now(): Date
  }>

function playWallet(names: Names, door: Door, on: Kept): TownWallet {
  const { orders, refunds, owed, move, notice, now } = on
  const of = door === 'wallet' ? {} : { door, account: names.account }
  return {
    ...names,
    success,
    ways: ['phone'],
    refundable: { days: 365 },
    create: async ({ returnUrl }) => ({ way: 'phone', url: returnUrl }),
    query: async () => ({ state: 'unknown' }),
    close: async () => 'unknown',
    refund: async () => 'done',
    refundQuery: async () => 'done',
    verify: async (_, rawBody) => heard(rawBody) as Notice,
    paid(order, payout) {
      const tradeNo = numberOf(door, order.order, now())
      const { minor, currency } = order
      const [returnUrl, paidAt] = ['https://bursar.example', now().toISOString()]
      orders.push({ ...order, ...of, tradeNo, returnUrl, paidAt })
      owed.push({ tradeNo, door, minor, currency, held: payout === 'held' })
      const id = `ntc_${word(`paid ${order.order}`)}`
      const said = { id, order: order.order, state: 'paid', tradeNo, account: names.account }
      return { headers: {}, rawBody: notice(said, order) }
    },
    refunded(order, refund, { minor }) {
      refunds.push({ order, refund, minor })
      move(-minor, refund, payersOut[door].name)
    },
    paysOut() {
      const mine = owed.filter(one => one.door === door && !one.held)
      owed.splice(0, owed.length, ...owed.filter(one => !mine.includes(one)))
      return total(mine)
    },
  }
}

/** Two rows that Alipay's bill has wrong: one says a fen too much, one is not there. */
function spoilsOf(orders: readonly PastOrder[]): NonNullable<Past['spoils']> {
  const wrong = new Map([
    [fenTooMuch, 'amount'],
    [leftOut, 'missing'],
  ] as const)
  return orders.flatMap(({ door, order, minor, paidAt }) => {
    const spoil = door === 'alipay' && wrong.get(minor)
    return spoil ? [{ day: dayOf(new Date(paidAt!)), order, spoil }] : []
  })
}

/** As the platform writes its numbers; of the same order it is always the same. */
function numberOf(door: Door, order: string, at: Date): string {
  if (door === 'wallet') return `trd_${word(order)}`
  const digits = BigInt(`0x${word(order).slice(0, 16)}`) % 10n ** 16n
  return `${dayOf(at).replaceAll('-', '')}2200${String(digits).padStart(16, '0')}`
}

type Done = Readonly<{
  payments: PastPayment[]
  credits: Past['credits'][number][]
  lines: Past['lines'][number][]
  move(minor: bigint, reference: string, payer: string): void
  notice(said: object, amount: Money): Buffer
}>

function playBank(names: Names, { payments, credits, lines, move, notice }: Done): TownBank {
  return {
    ...names,
    success,
    pay: async () => 'accepted',
    query: async () => 'unknown',
    close: async () => 'unknown',
    verify: async (_, rawBody) => heard(rawBody) as BankNotice,
    balance: async () => total(lines),
    says(payment) {
      const { payout, reason, payee } = payment
      payments.push(payment)
      if (!reason) move(-payment.minor, payout, payee)
      const kind = reason ? 'bounced' : 'paid'
      const id = `ntc_${word(`${kind} ${payout}`)}`
      const [serial, { account }] = [serialOf(payout), names]
      return notice({ id, kind, payout, serial, reason, account }, payment)
    },
    receives(amount, reference, payer) {
      const event = `ntc_${reference}`
      move(amount.minor, reference, payer.name)
      credits.push({ notice: event, ...amount, payer: payer.name })
      const said = { payer: payer.name, payerAccount: payer.account, reference }
      const { account } = names
      return { event, body: notice({ notice: event, kind: 'credit', account, ...said }, amount) }
    },
  }
}

const total = (sums: readonly { minor: bigint }[]): Money =>
  money(
    sums.reduce((sum, one) => sum + one.minor, 0n),
    'CNY',
  )

function heard(rawBody: Buffer): object {
  const said = JSON.parse(rawBody.toString())
  return { ...said, amount: fromWire(said.amount), at: new Date(said.at) }
}
