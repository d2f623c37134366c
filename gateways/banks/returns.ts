/** A credit goes back to its payer through the bank: custody's port `Route`, fulfilled. `credit.return` and `return.query` are asked of the bank. */
import type { Route } from '@bursar/custody/wallet'
import { textOf, type Said } from '@bursar/gateway-signed'
import { toWire } from '@bursar/money'

type Line = Readonly<{ ask(call: string, said: Said): Promise<Said | undefined> }>

/** Against the bank's own number of the credit, which is its notice's. */
export const refundOver =
  (line: Line, account: string): Route['refund'] =>
  async ({ order: credit, refund, amount }) => {
    const ask = { account, credit, return: refund, amount: toWire(amount) }
    const answer = await line.ask('credit.return', ask)
    const refused = textOf(answer, 'refused')
    if (refused) return { refused }
    return textOf(answer, 'state') === 'done' ? 'done' : 'unknown'
  }

export const refundQueryOver =
  (line: Line, account: string): Route['refundQuery'] =>
  async ({ order: credit, refund }) => {
    const answer = await line.ask('return.query', { account, credit, return: refund })
    const state = textOf(answer, 'state')
    return state === 'done' || state === 'none' ? state : 'unknown'
  }
