/** Custody's small town with platforms that make bills: for tests. What is in a bill, the test decides. */
import { receiveNotice, startTopUp, type BillRow, type Wallet } from '@bursar/custody'
import { useTown } from '@bursar/custody/testing'
import { dayAfter, dayOf, newId, Refusal, startOf, type Day, type PersonId } from '@bursar/kernel'
import { cny } from '@bursar/money'
import { openDays, takeBills } from './bills.ts'
import { listBreaks, type Break, type BreakFilter } from './breaks.ts'
import { compareBills, endBreaks } from './compare.ts'
import { listDays, type BillDay } from './days.ts'

export const yesterday: Day = dayAfter(dayOf(new Date()), -1)
export const noon = new Date(startOf(yesterday).getTime() + 12 * 3_600_000)
/** Bills are there when the platforms have made them; what is asked for again now is due at any hour of the day. */
const ten = startOf(dayAfter(yesterday)).getTime() + 10 * 3_600_000
const morning = new Date(Math.max(ten, Date.now()))
export const hoursLater = (hours: number) => new Date(morning.getTime() + hours * 3_600_000)

type Rows = () => AsyncIterable<BillRow>
export type Paid = Readonly<{ order: string; tradeNo: string }>
let number = 0

/** Valid inside tests. */
export function useBills() {
  const town = useTown()
  return Object.assign(town, {
    /** A row of a bill: 100.00, at noon. */
    row: (of: Partial<BillRow> & Paid): BillRow => ({
      ...{ kind: 'payment', amount: cny('100.00'), fee: cny('0.00'), at: noon },
      ...of,
    }),
    /** One of its own for each test, so that they do not see each other's bills. */
    platform: () => platformIn(town),
  })
}

function platformIn(town: ReturnType<typeof useTown>) {
  const bills = new Map<Day, Rows>()
  const wallet: Wallet = {
    ...town.wallet.wallet,
    gateway: `platform-${++number}`,
    bill: day => (bills.get(day) ?? (() => nothing(day)))(),
  }
  const { gateway } = wallet
  const list = (filter: BreakFilter) => listBreaks(town.books, { limit: 200, gateway, ...filter })
  return {
    wallet,
    /** A top-up of 100.00, asked for at noon and not paid yet. */
    async ordered(at = noon): Promise<Paid & { by: PersonId; purse: `pur_${string}` }> {
      const { person: by, purse } = await town.member(await town.merchant())
      const id = newId('top')
      const ask = { id, purse, amount: cny('100.00'), by, returnUrl: '', at }
      await startTopUp(town.books, wallet, ask)
      return { order: id, tradeNo: town.wallet.orders.get(id)!.tradeNo, by, purse }
    },
    /** The same, credited at that time. */
    async paid(at = noon) {
      const { order, ...rest } = await this.ordered(at)
      await receiveNotice(town.books, wallet, town.wallet.notice({ order, state: 'paid' }))
      await town.books.sql`update custody.top_up set ended_at = ${at} where id = ${order}`
      return { order, ...rest }
    },
    bill: (rows: readonly BillRow[], day = yesterday) => void bills.set(day, () => told(rows)),
    billOf: (rows: Rows) => void bills.set(yesterday, rows),
    /** The worker's round, as of a moment. Answers how many bills were taken. */
    async round(now = morning): Promise<number> {
      await openDays(town.books, [wallet], { now })
      const taken = await takeBills(town.books, [wallet], { now })
      await compareBills(town.books, { now })
      await endBreaks(town.books, { now })
      return taken
    },
    list,
    /** Of what, and how it differs, in the order of the alphabet. */
    kinds: async (filter: BreakFilter = { state: 'open' }): Promise<string[]> =>
      (await list(filter)).map(({ of, kind }) => `${of} ${kind}`).toSorted(),
    async single(filter: BreakFilter = {}): Promise<Break> {
      const [one, ...more] = await list(filter)
      if (!one || more.length) throw new Error(`There are ${more.length + (one ? 1 : 0)} breaks`)
      return one
    },
    day: async (of = yesterday): Promise<BillDay> =>
      (await listDays(town.books, { gateway, from: of, to: of }))[0]!,
  }
}

async function* told(rows: readonly BillRow[]): AsyncGenerator<BillRow> {
  yield* rows
}

// eslint-disable-next-line require-yield -- there is nothing to yield
async function* nothing(day: Day): AsyncGenerator<BillRow> {
  await Promise.reject(new Refusal('bill_not_ready', { day }))
}
