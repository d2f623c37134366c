/**
 * A bank, played: custody accounts with a balance and a statement, and payments out of them.
 *
 *   accepted → paid                 after a pause
 *   accepted → bounced              the account ends in 9999, or the name has 不符 or "mismatch" in it
 *   accepted → paid → bounced       the account ends in 8888: the money comes back after it was paid
 *   refused at once                 the account ends in 0000, or our balance is short
 *
 * A reference is paid once: the same instruction again is answered as the first was.
 */
import { toWire, type Money } from '@bursar/money'
import type { Courier } from './courier.ts'
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

export function openBank({ world, timers, courier, pause }: Options) {
  const paymentOf = (payout: string) => world.get<Payment>('payment', payout)
  const linesOf = (account: string) =>
    world.all<Line>('line').filter(line => line.account === account)

  const accountOf = (account: string, currency = 'CNY'): Account =>
    world.get<Account>('account', account) ?? { account, minor: 0n, currency, lines: 0 }

  /** The rows that move a sum onto an account, or off it. */
  function move(account: string, change: Money, reference: string, payer: string): Change[] {
    const { minor, currency, lines } = accountOf(account, change.currency)
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
  function available(account: string): bigint {
    const promised = world
      .all<Payment>('payment')
      .filter(one => one.account === account && one.state === 'accepted')
    return promised.reduce((left, one) => left - one.minor, accountOf(account).minor)
  }

  function tell(kind: State | 'credit', account: string, amount: Money, more: Said): void {
    courier.send('bank', {
      kind,
      account,
      amount: toWire(amount),
      at: new Date().toISOString(),
      ...more,
    })
  }

  function credit(
    account: string,
    amount: Money,
    payer: string,
    reference: string,
    ...besides: Change[]
  ) {
    world.put(...move(account, amount, reference, payer), ...besides)
    tell('credit', account, amount, { payer, reference })
  }

  function make(said: Said): Said {
    const [account, payout, amount] = [
      text(said, 'account'),
      text(said, 'payout'),
      money(said, 'amount'),
    ]
    const payee = said.payee as Said
    const [number, name] = [text(payee, 'account'), text(payee, 'name')]
    const known = paymentOf(payout)
    if (known)
      return known.minor === amount.minor && known.payee === `${number} ${name}`
        ? { state: 'accepted' }
        : { refused: 'reference_used' }
    if (amount.minor <= 0n) return { refused: 'amount_not_positive' }
    if (number.endsWith('0000')) return { refused: 'account_closed' }
    if (available(account) < amount.minor) return { refused: 'insufficient_balance' }
    const [to, dueAt] = [`${number} ${name}`, Date.now() + pause]
    const payment: Payment = { payout, account, ...amount, payee: to, state: 'accepted', dueAt }
    world.put(['payment', payout, payment])
    timers.at(dueAt, () => execute(payout))
    return { state: 'accepted' }
  }

  function execute(payout: string): void {
    const payment = paymentOf(payout)
    if (payment?.state !== 'accepted') return
    const [number = '', ...name] = payment.payee.split(' ')
    if (number.endsWith('9999')) return bounce(payout, 'no_such_account')
    if (/不符|mismatch/.test(name.join(' '))) return bounce(payout, 'name_differs')
    const out = { minor: -payment.minor, currency: payment.currency }
    world.put(
      ['payment', payout, { ...payment, state: 'paid' } satisfies Payment],
      ...move(payment.account, out, payout, payment.payee),
    )
    tell('paid', payment.account, payment, { payout })
    comesBack(payout, number)
  }

  function comesBack(payout: string, number: string): void {
    if (number.endsWith('8888'))
      timers.at(Date.now() + pause, () => bounce(payout, 'returned_by_payee_bank'))
  }

  /** Not paid, or the money comes back to our account after it was paid. */
  function bounce(payout: string, reason: string): void {
    const payment = paymentOf(payout)
    if (!payment || payment.state === 'bounced') return
    const bounced = { ...payment, state: 'bounced', reason } satisfies Payment
    const back =
      payment.state === 'paid'
        ? move(payment.account, payment, `${payout}/bounced`, payment.payee)
        : []
    world.put(['payment', payout, bounced], ...back)
    tell('bounced', payment.account, payment, { payout, reason })
  }

  function query(said: Said): Said {
    const payment = paymentOf(text(said, 'payout'))
    return payment ? { state: payment.state, reason: payment.reason } : { state: 'none' }
  }

  function balance(said: Said): Said {
    const account = text(said, 'account')
    const { minor, currency } = accountOf(account)
    if (said.at === undefined) return { balance: toWire({ minor, currency }) }
    const at = text(said, 'at')
    const last = linesOf(account).findLast(line => line.at <= at)
    return { balance: toWire({ minor: last?.after ?? 0n, currency }) }
  }

  function statement(said: Said): Said {
    const account = text(said, 'account')
    const { currency } = accountOf(account)
    const after = Number(said.after ?? 0)
    const sum = (minor: bigint) => toWire({ minor, currency })
    const lines = linesOf(account).filter(line => line.no > after)
    const told = lines.slice(0, 500).map(line => {
      return { ...line, change: sum(line.change), after: sum(line.after) }
    })
    return { lines: told }
  }

  for (const { payout, state, payee, dueAt } of world.all<Payment>('payment'))
    if (state === 'accepted') timers.at(dueAt, () => execute(payout))
    else if (state === 'paid') comesBack(payout, payee.split(' ')[0] ?? '')
  return { credit, move, make, query, balance, statement, bounce, accountOf }
}
