/**
 * The outside world of the town's month: a platform and a bank that answer at once and say exactly what
 * happened. What they did is handed to the real players at the end, so that these go on from there.
 * Nobody else speaks to them, so nothing is signed.
 */
import { createHash } from 'node:crypto'
import type { Headers, Notice, Wallet } from '@bursar/custody/wallet'
import type { Bank, BankNotice } from '@bursar/settlement/bank'
import { fromWire, money, toWire, type Money } from '@bursar/money'
import { serialOf, type Past, type PastOrder, type PastPayment } from '@bursar/sandbox'

export type TownWallet = Wallet &
  Readonly<{
    /** The payer pays: the notice that the platform sends. */
    paid(order: Paid): Readonly<{ headers: Headers; rawBody: Buffer }>
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
type Paid = Omit<PastOrder, 'returnUrl' | 'tradeNo'>

type Names = Readonly<{ gateway: string; account: string }>
const word = (text: string) => createHash('sha256').update(text).digest('hex').slice(0, 24)
const success = { status: 200, type: 'text/plain', body: 'success' } as const

export function playOutside(names: { wallet: Names; bank: Names }, now: () => Date) {
  const orders: PastOrder[] = []
  const refunds: Past['refunds'][number][] = []
  const payments: PastPayment[] = []
  const credits: Past['credits'][number][] = []
  const lines: Past['lines'][number][] = []
  const owed: { tradeNo: string; minor: bigint; currency: string }[] = []
  const move = (minor: bigint, reference: string, payer: string) =>
    void lines.push({ at: now().toISOString(), minor, reference, payer })
  const notice = (said: object, amount: Money) =>
    Buffer.from(JSON.stringify({ ...said, amount: toWire(amount), at: now() }))

  const wallet: TownWallet = {
    ...names.wallet,
    success,
    ways: ['phone'],
    refundable: { days: 365 },
    create: async ({ returnUrl }) => ({ way: 'phone', url: returnUrl }),
    query: async () => ({ state: 'unknown' }),
    close: async () => 'unknown',
    refund: async () => 'done',
    refundQuery: async () => 'done',
    verify: async (_, rawBody) => heard(rawBody) as Notice,
    paid(order) {
      const tradeNo = `trd_${word(order.order)}`
      const { minor, currency } = order
      orders.push({ ...order, tradeNo, returnUrl: 'https://bursar.example' })
      owed.push({ tradeNo, minor, currency })
      const id = `ntc_${word(`paid ${order.order}`)}`
      const said = { id, order: order.order, state: 'paid', tradeNo, account: names.wallet.account }
      return { headers: {}, rawBody: notice(said, order) }
    },
    refunded(order, refund, { minor }) {
      refunds.push({ order, refund, minor })
      move(-minor, refund, 'wallet')
    },
    paysOut: () => total(owed.splice(0)),
  }

  const bank = playBank(names.bank, { payments, credits, lines, move, notice })

  const history = (owedAt: Date): Past => ({
    ...{ orders, refunds, payments, credits, lines },
    account: names.wallet.account,
    custody: names.bank.account,
    owed: owed.map(one => ({ ...one, dueAt: owedAt.getTime() })),
  })
  return { wallet, bank, history }
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
