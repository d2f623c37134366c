/**
 * A bank, played: custody accounts with a balance and a statement, and payments out of them.
 *
 *   accepted → paid                 after a pause
 *   accepted → bounced              the account ends in 9999, or the name has 不符 or "mismatch" in it
 *   accepted → paid → bounced       the account ends in 8888: the money comes back after it was paid
 *   refused at once                 the account ends in 0000, or our balance is short
 *
 * A reference is paid once: the same instruction again is answered as the first was. One that was closed
 * before it came, or after it was refused, is refused for good.
 */
import { createHash, randomUUID } from 'node:crypto'
import { toWire, type Money } from '@bursar/money'
import type { Courier } from './courier.ts'
import { credited, giveBack, returnOf, type BankPayer } from './returns.ts'
import type { Timers } from './timers.ts'
import { money, text, Unclear, type Said } from './wire.ts'
import type { Change, World } from './world.ts'

/** `lines` is the number of the statement's last line. */
type Account = Readonly<{ account: string; minor: bigint; currency: string; lines: number }>
type Line = Readonly<{
  account: string
  no: number
  at: string
  change: bigint
  after: bigint
  reference: string
  payer: string
}>
type State = 'accepted' | 'paid' | 'bounced'
type Payment = Readonly<{
  payout: string
  account: string
  minor: bigint
  currency: string
  payee: string
  state: State
  reason?: string
  dueAt: number
}>
export type PlayedBank = ReturnType<typeof openBank>

type Options = Readonly<{
  world: World
  timers: Timers
  courier: Courier
  /** How long an accepted payment waits, in milliseconds. */
  pause: number
}>

/** The bank over its world. */
export function openBank(on: Options) {
  for (const { payout, state, payee, dueAt } of on.world.all<Payment>('payment'))
    if (state === 'accepted') on.timers.at(dueAt, () => execute(on, payout))
    else if (state === 'paid') comesBack(on, payout, payee.split(' ')[0] ?? '')
  return {
    credit: (
      to: string,
      amount: Money,
      payer: BankPayer,
      reference: string,
      ...besides: Change[]
    ) => credit(on, to, amount, payer, reference, ...besides),
    move: (account: string, change: Money, reference: string, payer: string) =>
      move(on, account, change, reference, payer),
    make: (said: Said) => make(on, said),
    query: (said: Said) => query(on, said),
    close: (said: Said) => close(on, said),
    balance: (said: Said) => balance(on, said),
    statement: (said: Said) => statement(on, said),
    bounce: (payout: string, reason: string) => bounce(on, payout, reason),
    giveBack: (said: Said) => giveBack(deskOf(on), said),
    returnOf: (said: Said) => returnOf(on, said),
    /** Breaks its word: an instruction that it has closed is taken again. */
    reopen: (payout: string) => on.world.put(['closed', payout, null]),
  }
}

/** The bank's own number of a payment. */
export const serialOf = (payout: string): string =>
  `bnk_${createHash('sha256').update(`serial ${payout}`).digest('hex').slice(0, 20)}`

const paymentOf = ({ world }: Options, payout: string) => world.get<Payment>('payment', payout)
const linesOf = ({ world }: Options, account: string) =>
  world.all<Line>('line').filter(line => line.account === account)

const accountOf = (on: Options, account: string, currency = 'CNY'): Account =>
  on.world.get<Account>('account', account) ?? { account, minor: 0n, currency, lines: 0 }

/** The rows that move a sum onto an account, or off it. */
function move(
  on: Options,
  account: string,
  change: Money,
  reference: string,
  payer: string,
): Change[] {
  const { minor, currency, lines } = accountOf(on, account, change.currency)
  if (currency !== change.currency) throw new Unclear('currency')
  const [no, after, at] = [lines + 1, minor + change.minor, new Date().toISOString()]
  const line: Line = { account, no, at, change: change.minor, after, reference, payer }
  const now: Account = { account, minor: after, currency, lines: no }
  return [
    ['account', account, now],
    ['line', `${account}/${no}`, line],
  ]
}

/** What is not promised yet to payments that were accepted. */
function available(on: Options, account: string): bigint {
  const promised = on.world
    .all<Payment>('payment')
    .filter(one => one.account === account && one.state === 'accepted')
  return promised.reduce((left, one) => left - one.minor, accountOf(on, account).minor)
}

function tell(
  on: Options,
  kind: State | 'credit',
  account: string,
  amount: Money,
  more: Said,
  id?: string,
): void {
  on.courier.send(
    'bank',
    {
      kind,
      account,
      amount: toWire(amount),
      at: new Date().toISOString(),
      ...more,
    },
    id === undefined ? {} : { id },
  )
}

function credit(
  on: Options,
  account: string,
  amount: Money,
  payer: BankPayer,
  reference: string,
  ...besides: Change[]
) {
  const notice = `ntc_${randomUUID()}`
  on.world.put(
    ...move(on, account, amount, reference, payer.name),
    credited(notice, account, amount, payer),
    ...besides,
  )
  const by = { payer: payer.name, payerAccount: payer.account }
  tell(on, 'credit', account, amount, { ...by, reference }, notice)
}

const deskOf = (on: Options) => ({
  world: on.world,
  available: (account: string) => available(on, account),
  move: (account: string, change: Money, reference: string, payer: string) =>
    move(on, account, change, reference, payer),
})

function make(on: Options, said: Said): Said {
  const [account, payout, amount] = [
    text(said, 'account'),
    text(said, 'payout'),
    money(said, 'amount'),
  ]
  const payee = (said.payee ?? {}) as Said
  const [number, name] = [text(payee, 'account'), text(payee, 'name')]
  const known = paymentOf(on, payout)
  if (known)
    return known.minor === amount.minor && known.payee === `${number} ${name}`
      ? { state: 'accepted' }
      : { refused: 'reference_used' }
  if (on.world.get('closed', payout)) return { refused: 'closed' }
  if (amount.minor <= 0n) return { refused: 'amount_not_positive' }
  if (number.endsWith('0000')) return { refused: 'account_closed' }
  if (available(on, account) < amount.minor) return { refused: 'insufficient_balance' }
  const [to, dueAt] = [`${number} ${name}`, Date.now() + on.pause]
  const payment: Payment = { payout, account, ...amount, payee: to, state: 'accepted', dueAt }
  on.world.put(['payment', payout, payment])
  on.timers.at(dueAt, () => execute(on, payout))
  return { state: 'accepted' }
}

function execute(on: Options, payout: string): void {
  const payment = paymentOf(on, payout)
  if (payment?.state !== 'accepted') return
  const [number = '', ...name] = payment.payee.split(' ')
  if (number.endsWith('9999')) return bounce(on, payout, 'no_such_account')
  if (/不符|mismatch/.test(name.join(' '))) return bounce(on, payout, 'name_differs')
  const out = { minor: -payment.minor, currency: payment.currency }
  on.world.put(
    ['payment', payout, { ...payment, state: 'paid' } satisfies Payment],
    ...move(on, payment.account, out, payout, payment.payee),
  )
  tell(on, 'paid', payment.account, payment, { payout, serial: serialOf(payout) })
  comesBack(on, payout, number)
}

function comesBack(on: Options, payout: string, number: string): void {
  if (number.endsWith('8888'))
    on.timers.at(Date.now() + on.pause, () => bounce(on, payout, 'returned_by_payee_bank'))
}

/** Not paid, or the money comes back to our account after it was paid. */
function bounce(on: Options, payout: string, reason: string): void {
  const payment = paymentOf(on, payout)
  if (!payment || payment.state === 'bounced') return
  const bounced = { ...payment, state: 'bounced', reason } satisfies Payment
  const back =
    payment.state === 'paid'
      ? move(on, payment.account, payment, `${payout}/bounced`, payment.payee)
      : []
  on.world.put(['payment', payout, bounced], ...back)
  tell(on, 'bounced', payment.account, payment, { payout, serial: serialOf(payout), reason })
}

function query(on: Options, said: Said): Said {
  const payout = text(said, 'payout')
  const payment = paymentOf(on, payout)
  if (!payment) return { state: on.world.get('closed', payout) ? 'closed' : 'none' }
  const { state, reason } = payment
  return { state, amount: toWire(payment), serial: serialOf(payout), reason }
}

/** What has not come is refused from now on; what has is told as it stands. */
function close(on: Options, said: Said): Said {
  const payout = text(said, 'payout')
  if (!paymentOf(on, payout)) on.world.put(['closed', payout, { at: new Date().toISOString() }])
  return query(on, said)
}

function balance(on: Options, said: Said): Said {
  const account = text(said, 'account')
  const { minor, currency } = accountOf(on, account)
  if (said.at === undefined) return { balance: toWire({ minor, currency }) }
  const at = text(said, 'at')
  const last = linesOf(on, account).findLast(line => line.at <= at)
  return { balance: toWire({ minor: last?.after ?? 0n, currency }) }
}

function statement(on: Options, said: Said): Said {
  const account = text(said, 'account')
  const { currency } = accountOf(on, account)
  const after = Number(said.after ?? 0)
  const sum = (minor: bigint) => toWire({ minor, currency })
  const lines = linesOf(on, account).filter(line => line.no > after)
  const told = lines.slice(0, 500).map(line => {
    return { ...line, change: sum(line.change), after: sum(line.after) }
  })
  return { lines: told }
}
