/**
 * A custodian bank over one signed line: settlement's port `Bank` and custody's `Route`, fulfilled.
 *
 *   payment.make · payment.query · payment.close · account.balance   asked of the bank
 *   { notice, kind, account, amount, at, … }                         told to us
 *
 * The bank's "no" is `{ "refused": "…" }`, signed like every answer. Anything else is silence.
 */
import type { Route } from '@bursar/custody/wallet'
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
import type { Bank, BankNotice, Outcome } from '@bursar/settlement/bank'
import { refundOver, refundQueryOver } from './returns.ts'

export type BankOptions = LineOptions & Readonly<{ account: string }>

export function bankOverHttp(options: BankOptions): Bank & Route {
  const { gateway, account } = options
  const line = openLine(options)

  return {
    gateway,
    account,
    success: { status: 200, type: 'text/plain', body: 'success' },

    async pay({ payout, amount, payee, remark }) {
      const ask = { account, payout, amount: toWire(amount), payee, remark }
      const answer = await line.ask('payment.make', ask)
      const refused = textOf(answer, 'refused')
      if (refused) return { refused }
      return textOf(answer, 'state') === 'accepted' ? 'accepted' : 'unknown'
    },

    async query(payout: Id) {
      const answer = await line.ask('payment.query', { account, payout })
      return textOf(answer, 'state') === 'none' ? 'none' : (outcomeOf(answer) ?? 'unknown')
    },

    async close(payout: Id) {
      const answer = await line.ask('payment.close', { account, payout })
      return textOf(answer, 'state') === 'accepted' ? 'accepted' : (outcomeOf(answer) ?? 'unknown')
    },

    async verify(headers, rawBody): Promise<BankNotice> {
      const said = line.hear(headers, rawBody)
      const word = (name: string) => textOf(said, name)
      const [id, to, amount, at] = [
        word('notice'),
        word('account'),
        moneyOf(said, 'amount'),
        instantOf(said, 'at'),
      ]
      const refuse = () => new Refusal('bad_signature', { gateway, reason: 'not a notice' })
      if (!id || !to || !amount || !at) throw refuse()
      const notice = { id, account: to, amount, at }
      const [kind, payer, reference] = [word('kind'), word('payer'), word('reference')]
      const [payout, serial, reason] = [word('payout'), word('serial'), word('reason')]
      if (kind === 'paid' && payout && serial) return { ...notice, kind, payout, serial }
      if (kind === 'bounced' && payout && serial && reason)
        return { ...notice, kind, payout, serial, reason }
      const payerAccount = word('payerAccount')
      if (kind === 'credit' && payer && reference)
        return { ...notice, kind, payer, ...(payerAccount && { payerAccount }), reference }
      throw refuse()
    },

    refund: refundOver(line, account),
    refundQuery: refundQueryOver(line, account),

    async balance(at?: Date) {
      const answer = await line.ask('account.balance', {
        account,
        ...(at && { at: at.toISOString() }),
      })
      const amount = moneyOf(answer, 'balance')
      if (!amount) throw new Refusal('gateway_silent', { gateway })
      return amount
    },
  }
}

/** What became of a payment; undefined for anything that does not say of which sum it speaks. */
function outcomeOf(answer: Said | undefined): Outcome | undefined {
  const state = textOf(answer, 'state')
  if (state === 'closed') return { state }
  const [amount, serial] = [moneyOf(answer, 'amount'), textOf(answer, 'serial')]
  if (!amount || !serial) return undefined
  if (state === 'paid') return { state, amount, serial }
  if (state !== 'bounced') return undefined
  return { state, amount, serial, reason: textOf(answer, 'reason') ?? 'no reason given' }
}
