/**
 * A payment that agrees with its order is hot: the notices that come while others commit are credited together, each
 * with its row in the inbox, and no book waits for one of them. Whatever does not agree, or was credited before, is
 * left to arrivals.ts, which locks, compares and says why.
 */
import { Refusal, transferId, type Books } from '@bursar/kernel'
import type { Facts, Plan, Ride } from '@bursar/ledger'
import type { Money } from '@bursar/money'
import { purseAccount, transitIn } from './accounts.ts'
import type { Wallet } from './wallet.ts'

export type Payment = Readonly<{
  order: string
  amount: Money
  tradeNo: string
  account: string
  /** Whose account there paid, where the platform tells it. */
  payer?: string
}>
/** What told us: its name, once per gateway, and its words. */
export type Told = Readonly<{
  event: string
  body: Buffer
  /** When it happened, by the notice. Money has waited since then, however late we hear of it. */
  at?: Date
}>
export type Order = Readonly<{
  id: `top_${string}`
  book: number
  purse: `pur_${string}`
  minor: bigint
  currency: string
  state: string
  tradeNo: string | null
  /** Whose account at this platform the purse is paid from, where that is known. */
  payer: string | null
}>

/** Never answered: it stays in here. */
const notPlain = 'not_plain'

type Coming = Readonly<{
  wallet: Pick<Wallet, 'gateway' | 'account'>
  payment: Payment
  told: Told
  book: number
}>
/** An order, and whether this payment stands already: its money must not be in the books twice. */
type OrderFact = Order & Readonly<{ gateway: string; stands: boolean }>

const keyOf = ({ wallet, payment }: Coming) =>
  JSON.stringify([wallet.gateway, payment.order, payment.tradeNo])

/** Locks the orders that a batch of payments names, in one order. */
const orderFacts: Facts<OrderFact> = async (sql, keys) => {
  const wanted = keys.map(key => JSON.parse(key) as [string, string, string])
  const [gateways, orders, trades] = [0, 1, 2].map(no => wanted.map(one => one[no]!))
  const locked = sql`
    select from custody.top_up where id = any(${orders!}::text[]) order by id for update`
  const reading = sql<OrderFact & { trade: string }>`
    select t.id, t.book, t.purse, t.minor, t.currency, t.state, t.trade_no as "tradeNo", t.gateway,
           u.payer, w.trade_no as trade, p.place is not null as stands
    from unnest(${gateways!}::text[], ${orders!}::text[], ${trades!}::text[])
           as w (gateway, id, trade_no)
    join custody.top_up t on t.id = w.id and t.gateway = w.gateway
    left join custody.payment p on p.gateway = w.gateway and p.trade_no = w.trade_no
    left join custody.payer u on u.purse = t.purse and u.gateway = t.gateway`
  const [, rows] = await Promise.all([locked, reading])
  return new Map(rows.map(row => [JSON.stringify([row.gateway, row.id, row.trade]), row]))
}

const kept: Ride = {
  statement: `insert into custody.inbox (gateway, event, outcome, about, body)
              select gateway, event, 'credit', about, body from $rows on conflict do nothing`,
  columns: { gateway: 'text', event: 'text', about: 'text', body: 'bytea' },
}
const credited: Ride = {
  statement: `update custody.top_up t set state = 'credited', trade_no = row.trade_no, ended_at = now()
              from $rows where t.id = row.id`,
  columns: { id: 'text', trade_no: 'text' },
}

/** Whether this has credited it. False: somebody has to look. */
export async function credit(
  books: Books,
  coming: Coming,
  agrees: (order: Order) => boolean,
): Promise<boolean> {
  const { wallet, payment, told, book } = coming
  const { gateway } = wallet
  const plan = (_: Date, order: OrderFact | undefined): Plan => {
    if (!order || order.stands || !agrees(order)) throw new Refusal(notPlain)
    const { order: about, tradeNo, amount } = payment
    const row = [gateway, told.event, about, told.body]
    const sides = { debit: transitIn, credit: purseAccount(order.purse), amount }
    const id = transferId(order.id, 'credit')
    return {
      entries: [{ kind: 'post', id, event: 'top_up', subject: order.id, ...sides }],
      rides: [
        { ride: kept, row },
        { ride: credited, row: [order.id, tradeNo] },
      ],
    }
  }
  try {
    const rest = { book, facts: orderFacts, key: keyOf(coming) }
    return !(await books.submit<OrderFact>({ ...rest, plan })).again
  } catch (error) {
    if (error instanceof Refusal && error.code === notPlain) return false
    throw error
  }
}
