/** Yesterday's bill of a platform, with a payment that the books do not have and one whose sum differs. */
import { startTopUp, join, receiveNotice, type BillRow, type Wallet } from '@bursar/custody'
import { dayAfter, dayOf, newId, startOf } from '@bursar/kernel'
import { cny } from '@bursar/money'
import { compareBills, listBreaks, openDays, takeBills } from '@bursar/reconciliation'
import type { House } from './house.testing.ts'

const yesterday = dayAfter(dayOf(new Date()), -1)
const hour = 3_600_000
const noon = new Date(startOf(yesterday).getTime() + 12 * hour)

/** Answers the break of the payment that is missing here. */
export async function brokenBill({ books, wallet, tea, person }: House): Promise<string> {
  const rows: BillRow[] = []
  const platform: Wallet = {
    ...wallet,
    gateway: 'alipay',
    create: async () => ({ way: 'phone', url: 'https://wallet.test/' }),
    bill: async function* () {
      yield* rows
    },
    verify: async (_, rawBody) => {
      const { order, tradeNo } = JSON.parse(rawBody.toString()) as {
        order: string
        tradeNo: string
      }
      const said = { id: order, order, tradeNo, account: wallet.account, at: noon }
      return { ...said, state: 'paid', amount: cny('200.00') }
    },
  }
  const { id: by } = await person('周远')
  const { id: purse } = await join(books, { person: by, merchant: tea.id })
  for (const kept of [true, true, false]) {
    const [id, tradeNo] = [newId('top'), newId('trd').slice(4)]
    const ask = { id, purse, by, amount: cny('200.00'), returnUrl: '', at: noon }
    await startTopUp(books, platform, ask)
    const rawBody = Buffer.from(JSON.stringify({ order: id, tradeNo }))
    if (kept) await receiveNotice(books, platform, { headers: {}, rawBody })
    await books.sql`
      update custody.top_up set ended_at = ${noon} where id = ${id} and state = 'credited'`
    rows.push({
      kind: 'payment',
      order: id,
      tradeNo,
      amount: cny('200.00'),
      fee: cny('1.20'),
      at: noon,
    })
  }
  rows[1] = { ...rows[1]!, amount: cny('200.01') }
  await openDays(books, [platform])
  const now = new Date(startOf(dayAfter(yesterday)).getTime() + 10 * hour)
  await takeBills(books, [platform], { now })
  await compareBills(books)
  const [missing] = await listBreaks(books, { kind: 'wrong_state' })
  return missing!.id
}
