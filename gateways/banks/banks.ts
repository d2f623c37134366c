/**
 * A custodian bank over one signed line: settlement's port `Bank` and custody's `Route`, fulfilled.
 *
 *   payment.make · payment.query · account.balance           asked of the bank
 *   { notice, kind, account, amount, at, … }                 told to us
 *
 * The bank's "no" is `{ "refused": "…" }`, signed like every answer. Anything else is silence.
 */
import type { Route } from '@bursar/custody/wallet'
import { instantOf, moneyOf, openLine, textOf, type LineOptions } from '@bursar/gateway-signed'
import { Refusal, type Id } from '@bursar/kernel'
import { toWire } from '@bursar/money'
import type { Bank, BankNotice } from '@bursar/settlement/bank'
import { refundOver } from './returns.ts'

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
      const state = textOf(answer, 'state')
      if (state === 'bounced') return { bounced: textOf(answer, 'reason') ?? 'no reason given' }
      return state === 'paid' || state === 'none' ? state : 'unknown'
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
      const [kind, payout, reason] = [word('kind'), word('payout'), word('reason')]
      const [payer, reference] = [word('payer'), word('reference')]
      if (kind === 'paid' && payout) return { ...notice, kind, payout }
      if (kind === 'bounced' && payout && reason) return { ...notice, kind, payout, reason }
      const payerAccount = word('payerAccount')
      if (kind === 'credit' && payer && reference)
        return { ...notice, kind, payer, ...(payerAccount && { payerAccount }), reference }
      throw refuse()
    },

    refund: refundOver(line, account),

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
