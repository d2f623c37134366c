/** What happens beside the visits: the platforms pay out, and money comes that nobody ordered or nobody heard of. */
import { creditReceived, listSuspense, propose, receiveNotice } from '@bursar/custody'
import { dayOf, idFor, type Books } from '@bursar/kernel'
import { payersOut } from '@bursar/sandbox'
import { reviewers } from './founding.ts'
import type { playOutside } from './outside.ts'
import { stray, strangers, unheard } from './plan.ts'

export type Outside = ReturnType<typeof playOutside>
type Beside = Readonly<{ books: Books; outside: Outside }>

const cny = (minor: bigint) => ({ minor, currency: 'CNY' })
const unheardOrder = 'console-20418'

/** Once a day each platform pays out what it collected, in one sum. */
export async function paidOut({ books, outside }: Beside, at: Date): Promise<void> {
  const { bank } = outside
  for (const door of ['wallet', 'alipay'] as const) {
    const amount = outside[door].paysOut()
    if (amount.minor === 0n) continue
    const reference = door === 'wallet' ? `payout ${dayOf(at)}` : `${door} payout ${dayOf(at)}`
    const { name: payer, account: payerAccount } = payersOut[door]
    const { event, body } = bank.receives(amount, reference, payersOut[door])
    const credit = { gateway: bank.gateway, event, body, account: bank.account }
    await creditReceived(books, { ...credit, amount, payer, payerAccount, reference })
  }
}

/** Money that nobody ordered: it waits in suspense for a person. */
export async function strayPayment({ books, outside }: Beside): Promise<void> {
  const { wallet } = outside
  await receiveNotice(
    books,
    wallet,
    wallet.paid({ order: 'top_unknown', ...cny(stray), payer: 'somebody', subject: '' }),
  )
}

/** Nobody is told of it; the bill of that day has it. */
export function unheardPayment({ outside }: Beside): void {
  const what = { order: unheardOrder, ...cny(unheard), payer: 'somebody' }
  const subject = '星际网咖 现场收款'
  outside.alipay.paid({ ...what, subject }, 'held')
}

/** A stranger's money waits for anybody; about the other one somebody has a proposal, which waits for another. */
export async function strangersCredit({ books, outside }: Beside, at: Date): Promise<void> {
  const { bank } = outside
  const [amount, reference] = [cny(strangers), '三月茶样货款']
  const payer = { name: '蓉城茶叶行', account: '6228481000045678901' }
  const { event, body } = bank.receives(amount, reference, payer)
  const by = { payer: payer.name, payerAccount: payer.account, reference, at }
  await creditReceived(books, {
    ...{ gateway: bank.gateway, event, body, account: bank.account, amount },
    ...by,
  })
  const [other] = await listSuspense(books, { q: 'top_unknown' })
  if (!other) return
  const reason = '平台客服确认是误付，付款人要求退回。'
  const id = idFor('pro', 'town', 'proposal', 'stray')
  await propose(books, { id, suspense: other.id, by: reviewers[1], reason, at })
}
