/** The bill of the town's day, asked of the platform as the worker does it; and what somebody wants to become of a break. */
import type { Wallet } from '@bursar/custody'
import { idFor, type Books } from '@bursar/kernel'
import { compareBills, listBreaks, openDays, propose, takeBills } from '@bursar/reconciliation'
import { reviewers } from './founding.ts'

/** When the platform has been told of the town. Doing it again changes nothing. */
export async function reconcileTown(books: Books, wallet: Wallet, now: Date): Promise<void> {
  await openDays(books, [wallet], { now })
  await takeBills(books, [wallet], { now })
  await compareBills(books, { now })
  const [unheard] = await listBreaks(books, { kind: 'missing_here', state: 'open' })
  if (!unheard) return
  const note = '网咖说是当晚在支付宝后台生成的收款码，款已收到，付款人待查。'
  await propose(books, {
    ...{ id: idFor('rcp', 'town', 'proposal', 'unheard'), break: unheard.id, note },
    ...{ kind: 'book', reason: 'by_hand', by: reviewers[1], at: now },
  })
}
